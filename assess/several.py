"""Several videos of one set: filmed in pieces, or from the side and from the front."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..scoring.observed import MergeError, joined, judged, side_and_front
from ..scoring.prescription import NOTHING_PRESCRIBED
from ..scoring.sets import NEEDS_SIDE
from .errors import InputError
from .settings import load_thresholds
from .video import compose, score_seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..scoring.observed import ObservedSet
    from ..scoring.prescription import Prescription
    from ..scoring.thresholds import Thresholds
    from .video import ScoredVideo, SeenVideo, VideoAssessment


def assess_as_one_set(
    clips: Sequence[SeenVideo],
    exercise: str = "auto",
    thresholds: Thresholds | None = None,
    prescription: Prescription = NOTHING_PRESCRIBED,
) -> VideoAssessment:
    """Judge clips of one set that was filmed in pieces; the repetitions are counted through.

    Parameters
    ----------
    clips : sequence of SeenVideo
        In the order in which they were filmed.
    exercise, thresholds, prescription
        As in `assess_video`.

    Raises
    ------
    InputError
        When a clip shows no repetition, or they show different exercises.
    """
    limits = thresholds or load_thresholds()
    videos = _scored(clips, exercise, limits, prescription)
    pieces = [one for video in videos for one in _observed(video)]
    try:
        whole = joined(pieces)
    except MergeError as error:
        raise InputError(str(error)) from error
    return compose(videos, [judged(whole, limits, prescription)], limits)


def assess_two_views(
    one: SeenVideo,
    other: SeenVideo,
    exercise: str = "auto",
    thresholds: Thresholds | None = None,
    prescription: Prescription = NOTHING_PRESCRIBED,
) -> VideoAssessment:
    """Judge one set that was filmed from the side and from the front, each criterion by the camera that sees it.

    Parameters
    ----------
    one, other : SeenVideo
        In any order; the repetitions of the result lie in the one from the side.
    exercise, thresholds, prescription
        As in `assess_video`.

    Raises
    ------
    InputError
        When both show the same view, more than one set, or different repetitions.
    """
    limits = thresholds or load_thresholds()
    videos = _scored([one, other], exercise, limits, prescription)
    try:
        both = side_and_front(*(_only_set(video) for video in videos))
    except MergeError as error:
        raise InputError(str(error)) from error
    whole = [replace(video, warnings=tuple(text for text in video.warnings if text != NEEDS_SIDE)) for video in videos]
    return compose(whole, [judged(both, limits, prescription)], limits)


def _scored(
    clips: Sequence[SeenVideo], exercise: str, limits: Thresholds, prescription: Prescription
) -> list[ScoredVideo]:
    return [score_seen(clip, exercise, limits, prescription, number) for number, clip in enumerate(clips)]


def _observed(video: ScoredVideo) -> tuple[ObservedSet, ...]:
    if not video.track.observed:
        raise InputError(f"No repetition was found in '{video.source.path}': leave it out, or film it anew.")
    return video.track.observed


def _only_set(video: ScoredVideo) -> ObservedSet:
    found = _observed(video)
    if len(found) > 1:
        raise InputError(f"'{video.source.path}' shows {len(found)} sets: cut it to the one that both cameras filmed.")
    return found[0]
