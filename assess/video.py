"""One video: from the file to its assessment."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from ..pose.clean import clean
from ..scoring.balance_sets import BALANCE
from ..scoring.cues import set_cues
from ..scoring.exercise import FAMILIES
from ..scoring.prescription import NOTHING_PRESCRIBED
from ..scoring.result import Assessment, Quality, Source, Subject, Versions
from ..scoring.sets import score_track
from ..scoring.sway_pairs import balance_pairs
from ..scoring.tables import Table, result_tables
from .drift import assess_drift
from .errors import InputError
from .language import cue_texts
from .seen import choose, look
from .settings import load_calibrations, load_thresholds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..pose.store import TrackStore
    from ..pose.track import People, PoseTrack
    from ..scoring.balance import AssessedTrial
    from ..scoring.corrections import RepCorrection
    from ..scoring.prescription import Prescription
    from ..scoring.result import SetResult
    from ..scoring.sets import ScoredTrack, Series
    from ..scoring.thresholds import Thresholds
    from .seen import Progress, SeenVideo

# a person seen in less of the video than this is worth a word
_MOSTLY = 0.9
# and so is a choice between people that is less clear than this
_THIN_MARGIN = 0.75
# and so is a body whose head or feet are outside the picture in more of the frames than this
_CUT_OFF = 0.1


@dataclass(frozen=True)
class VideoAssessment(Assessment):
    """The assessment of a video together with its curves, which stay out of the JSON."""

    series: tuple[Series, ...] = ()
    stances: tuple[AssessedTrial, ...] = ()

    def tables(self) -> dict[str, Table]:
        """Return the long tables, column name to values, with the curves as ``series``.

        Sway has its own clock; its curve is ``sway_mm``, or ``sway_leg_pct`` without a stature.
        """
        columns: Table = {"path": [], "source": [], "time_s": [], "curve": [], "value": []}
        curves = [(one.source, one.time_s, curve, path) for one in self.series for curve, path in one.values.items()]
        for trial in self.stances:
            in_mm = trial.sway.scale is not None and trial.sway.scale.unit == "mm"
            curves.append((trial.source, trial.time_s, "sway_mm" if in_mm else "sway_leg_pct", trial.path))
        for source, time_s, curve, values in curves:
            columns["path"] += [self.sources[source].path] * len(values)
            columns["source"] += [source] * len(values)
            columns["time_s"] += time_s.tolist()
            columns["curve"] += [curve] * len(values)
            columns["value"] += values.tolist()
        return result_tables(self) | {"series": columns}


def assess_video(
    path: str | os.PathLike[str],
    exercise: str = "auto",
    *,
    engine: str = "blazepose-onnx",
    model: str = "full",
    subject: int | None = None,
    thresholds: Thresholds | None = None,
    prescription: Prescription = NOTHING_PRESCRIBED,
    progress: Progress | None = None,
    store: TrackStore | None = None,
) -> VideoAssessment:
    """Assess the person in a video.

    Parameters
    ----------
    path : str or path-like
        A video file.
    exercise : str
        ``auto`` or what was trained, see `formdrift.scoring.exercise.FAMILIES`.
    engine, model : str
        Pose engine and its weights (see `formdrift.pose.estimate.make_engine`), or ``simcc:FILE.onnx``.
    subject : int, optional
        Which of the people in it, from 0, the likeliest to be training; that one by default.
    thresholds : Thresholds, optional
        Instead of the ones that come with the product.
    prescription : Prescription
        What the lifter was asked to do.
    progress : callable, optional
        Called with the number of frames done and the number announced (0: unknown).
    store : TrackStore, optional
        Where tracks are kept, so that a video is looked at once; by default nothing is kept.

    Raises
    ------
    InputError, VideoError, ModelError, EngineError
        One sentence that says what is wrong and what to do.
    """
    check_exercise(exercise)
    seen = look(path, engine, model, progress, store=store)
    return assess_seen(seen if subject is None else choose(seen, subject), exercise, thresholds, prescription)


def assess_seen(
    seen: SeenVideo,
    exercise: str = "auto",
    thresholds: Thresholds | None = None,
    prescription: Prescription = NOTHING_PRESCRIBED,
    corrections: Sequence[RepCorrection] = (),
) -> VideoAssessment:
    """Judge what an inference pass saw; needs no video.

    Parameters
    ----------
    seen : SeenVideo
    exercise, thresholds, prescription
        As in `assess_video`.
    corrections : sequence of RepCorrection
        What somebody set right by hand.

    Raises
    ------
    InputError
        When there is no such exercise.
    """
    limits = thresholds or load_thresholds()
    scored = score_seen(seen, exercise, limits, prescription, corrections=corrections)
    return compose([scored], scored.track.sets, limits)


@dataclass(frozen=True, eq=False)
class ScoredVideo:
    """One video scored: what its track holds, where it came from, and what limits the judgement."""

    track: ScoredTrack
    source: Source
    warnings: tuple[str, ...]


def score_seen(
    seen: SeenVideo,
    exercise: str,
    limits: Thresholds,
    prescription: Prescription,
    number: int = 0,
    corrections: Sequence[RepCorrection] = (),
) -> ScoredVideo:
    """Find and judge the sets of one video, which is source `number` of an assessment; see `assess_seen`."""
    check_exercise(exercise)
    track = seen.people.lifter
    calibration = load_calibrations().models.get(track.model_id)
    here = [one for one in corrections if one.source == number]
    scored = score_track(clean(track), exercise, limits, number, calibration, prescription, here)
    info = track.source
    found = float(track.detected.mean())
    source = Source(
        id=number,
        # a byte of the name that is no text would fit into no table, page or JSON
        path=os.fsencode(info.path).decode(errors="replace"),
        sha256=info.sha256,
        duration_s=round(info.duration_s, 3),
        frames=len(track),
        fps=round(info.fps, 3),
        size=info.size,
        rotation_deg=info.rotation_deg,
        engine=seen.engine,
        model_id=track.model_id,
        detected_fraction=round(found, 4),
        subject=Subject(seen.people.subject, len(seen.people.tracks), round(seen.people.margin, 3)),
        view=scored.kinematics.view,
    )
    warnings = [*seen.warnings, *_whom(seen.people), *scored.warnings]
    if found < _MOSTLY:
        warnings.append(f"The person was seen in {100 * found:.0f} % of the video: keep head to feet in the picture.")
    outside = _outside(track)
    if outside > _CUT_OFF:
        warnings.append(
            f"Head or feet were outside the picture in {100 * outside:.0f} % of the video, where they can only be"
            " guessed: step back until the whole body stays in the picture."
        )
    return ScoredVideo(scored, source, tuple(warnings))


def compose(videos: Sequence[ScoredVideo], sets: Sequence[SetResult], limits: Thresholds) -> VideoAssessment:
    """Make one assessment of sets that were found in the given videos."""
    reps = sum(len(one.reps) for one in sets)
    warnings = list(dict.fromkeys(text for video in videos for text in video.warnings))
    stood = any(one.sway for one in sets)
    if not (reps or stood or any(one.exercise.declared == BALANCE for one in sets)):
        warnings.append(_nothing_found(sets[0].exercise.declared))
    calibrations = load_calibrations()
    calibrated = any(video.source.model_id in calibrations.models for video in videos)
    assessment = VideoAssessment(
        sources=tuple(video.source for video in videos),
        sets=tuple(replace(one, cues=set_cues(one, cue_texts(), limits)) for one in sets),
        quality=Quality(usable=reps > 0 or stood, warnings=tuple(warnings)),
        versions=Versions(_release(), limits.version, calibrations.version if calibrated else None),
        balance=balance_pairs([one.sway for one in sets]),
        series=tuple(video.track.series(video.source.id) for video in videos),
        stances=tuple(stance for video in videos for stance in video.track.stances),
    )
    return assess_drift(assessment)


def _nothing_found(declared: str) -> str:
    how = "film a whole set, standing before and after it."
    if declared == "auto":
        return f"No repetition of a squat or a hinge was found: {how}"
    return f"No repetition of the exercise you chose, '{declared}', was found: choose another one or none, or {how}"


@cache
def _release() -> str:
    return version("formdrift")


def _whom(people: People) -> list[str]:
    """Say whom else the video could be about, unless that is clear or has been chosen."""
    if people.subject != 0 or people.margin >= _THIN_MARGIN:
        return []
    others = [k for k in range(1, len(people.tracks)) if people.scores[k] > (1 - _THIN_MARGIN) * people.scores[0]]
    named = " or ".join(f"person {k} ({_place(people.tracks[k])})" for k in others)
    return [
        f"It is not clear who trains: person 0 ({_place(people.lifter)}) was taken, but it could be {named}. "
        f"Choose with --subject {others[0]}."
    ]


def _outside(track: PoseTrack) -> float:
    """Return the part of the frames with somebody in which the nose or an ankle lies outside the picture."""
    ends = np.stack([track.joint(name) for name in ("nose", "left_ankle", "right_ankle")])[:, track.detected]
    outside = np.asarray(((ends < 0) | (ends > track.frame_size)).any(axis=(0, 2)))
    return float(outside.mean()) if len(outside) else 0.0


def _place(track: PoseTrack) -> str:
    """Say where in the picture somebody is most of the time."""
    x = float(np.nanmedian(track.xy_px[..., 0])) / track.frame_size[0]
    return "on the left" if x < 1 / 3 else "on the right" if x > 2 / 3 else "in the middle"


def check_exercise(exercise: str) -> None:
    """Refuse an exercise that nobody knows.

    Raises
    ------
    InputError
    """
    known = ("auto", *FAMILIES, BALANCE)
    if exercise not in known:
        raise InputError(f"There is no exercise '{exercise}': choose one of {', '.join(known)}.")
