"""Several videos in one assessment: a set in pieces, a set from the side and the front, balance tests one by one."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from ..scoring.balance_sets import BALANCE
from ..scoring.limits import NEEDS_SIDE
from ..scoring.observed import MergeError, joined, judged, side_and_front
from ..scoring.prescription import NOTHING_PRESCRIBED
from .errors import InputError
from .settings import load_thresholds
from .video import compose, score_seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..scoring.corrections import RepCorrection
    from ..scoring.observed import ObservedSet
    from ..scoring.prescription import Prescription
    from ..scoring.thresholds import Thresholds
    from .seen import SeenVideo
    from .video import ScoredVideo, VideoAssessment

# whoever is lowered by this part of a repetition is not standing
_CLEARLY = 0.3


def assess_as_one_set(
    clips: Sequence[SeenVideo],
    exercise: str = "auto",
    thresholds: Thresholds | None = None,
    prescription: Prescription = NOTHING_PRESCRIBED,
    corrections: Sequence[RepCorrection] = (),
) -> VideoAssessment:
    """Judge clips of one set that was filmed in pieces; the repetitions are counted through.

    A repetition that was cut in two counts once, where most of its way up is seen; where
    neither clip shows enough of it, it does not count, and a warning says so.

    Parameters
    ----------
    clips : sequence of SeenVideo
        In the order in which they were filmed.
    exercise, thresholds, prescription
        As in `assess_video`.
    corrections : sequence of RepCorrection
        What somebody set right by hand.

    Raises
    ------
    InputError
        When a clip shows no repetition, or they show different exercises.
    """
    limits = thresholds or load_thresholds()
    videos = _scored(clips, exercise, limits, prescription, corrections)
    pieces = [one for video in videos for one in _observed(video)]
    videos = [videos[0], *(_told_if_cut(*neighbours) for neighbours in pairwise(videos))]
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
    corrections: Sequence[RepCorrection] = (),
) -> VideoAssessment:
    """Judge one set that was filmed from the side and from the front, each criterion by the camera that sees it.

    Parameters
    ----------
    one, other : SeenVideo
        In any order; the repetitions of the result lie in the one from the side.
    exercise, thresholds, prescription
        As in `assess_video`.
    corrections : sequence of RepCorrection
        What somebody set right by hand in either; it holds for the other one as well.

    Raises
    ------
    InputError
        When both show the same view, more than one set, or different repetitions.
    """
    limits = thresholds or load_thresholds()
    videos = _scored([one, other], exercise, limits, prescription)
    if corrections:
        videos = _scored([one, other], exercise, limits, prescription, _of_both(videos, corrections))
    try:
        both = side_and_front(*(_only_set(video) for video in videos))
    except MergeError as error:
        raise InputError(str(error)) from error
    whole = [replace(video, warnings=tuple(text for text in video.warnings if text != NEEDS_SIDE)) for video in videos]
    return compose(whole, [judged(both, limits, prescription)], limits)


def assess_stances(
    clips: Sequence[SeenVideo], prescriptions: Sequence[Prescription], thresholds: Thresholds | None = None
) -> VideoAssessment:
    """Judge balance tests that were filmed one by one, and compare those that differ in one thing.

    Parameters
    ----------
    clips : sequence of SeenVideo
        In the order in which they were filmed.
    prescriptions : sequence of Prescription
        What was said of each: the leg, the eyes.
    thresholds : Thresholds, optional
        Instead of the ones that come with the product.
    """
    limits = thresholds or load_thresholds()
    each = enumerate(zip(clips, prescriptions, strict=True))
    videos = [score_seen(clip, BALANCE, limits, said, number) for number, (clip, said) in each]
    return compose(videos, [one for video in videos for one in video.track.sets], limits)


def _scored(
    clips: Sequence[SeenVideo],
    exercise: str,
    limits: Thresholds,
    prescription: Prescription,
    corrections: Sequence[RepCorrection] = (),
) -> list[ScoredVideo]:
    return [score_seen(clip, exercise, limits, prescription, number, corrections) for number, clip in enumerate(clips)]


def _of_both(videos: Sequence[ScoredVideo], corrections: Sequence[RepCorrection]) -> list[RepCorrection]:
    """Say of each of two videos what was said of the other: they show the same repetitions on clocks of their own."""
    one_s, other_s = (np.array([span.bottom_s for span in _only_set(video).spans]) for video in videos)
    if len(one_s) != len(other_s):
        return list(corrections)
    later_s = float(np.median(other_s - one_s))
    return [*corrections, *(c.on(1 - c.source, later_s if c.source == 0 else -later_s) for c in corrections)]


def _observed(video: ScoredVideo) -> tuple[ObservedSet, ...]:
    if not video.track.observed:
        raise InputError(
            f"No repetition was found in '{video.source.path}': leave it out, film it anew,"
            " or say --exercise balance if it is a balance test."
        )
    return video.track.observed


def _told_if_cut(before: ScoredVideo, after: ScoredVideo) -> ScoredVideo:
    """Warn in the later one of two clips where a repetition lies between them that neither shows."""
    last, first = _observed(before)[-1].spans[-1], _observed(after)[0].spans[0]
    counts = "ends_early" in last.flags or not {"starts_at_bottom", "begins_before"}.isdisjoint(first.flags)
    if counts or min(_lowered(before, -1), _lowered(after, 0)) < _CLEARLY:
        return after
    names = [Path(video.source.path).name for video in (before, after)]
    lost = f"A repetition is cut in two between '{names[0]}' and '{names[1]}': it is not counted."
    return replace(after, warnings=(*after.warnings, lost))


def _lowered(video: ScoredVideo, end: Literal[0, -1]) -> float:
    """How low the lifter is at one end of a video, as a part of the way to the bottom of the nearest repetition.

    Where a cut lies between them the end shows another place, and says nothing of that repetition.
    """
    kin, one = video.track.pieces[end], _observed(video)[end]
    low = kin.trunk_inclination_deg if one.exercise.family == "hinge" else -kin.hip_height
    span = one.spans[end]
    seen = np.isfinite(low)
    if not (seen & (span.start_s <= kin.time_s) & (kin.time_s <= span.end_s)).any():
        return 0.0
    standing, bottom = np.interp((span.end_s, span.bottom_s), kin.time_s[seen], low[seen])
    return float((low[seen][end] - standing) / (bottom - standing)) if bottom > standing else 0.0


def _only_set(video: ScoredVideo) -> ObservedSet:
    found = _observed(video)
    if len(found) > 1:
        raise InputError(f"'{video.source.path}' shows {len(found)} sets: cut it to the one that both cameras filmed.")
    return found[0]
