"""From one person's track to scored sets: the whole judgement, in the order it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .criteria import judge
from .exercise import find_reps
from .front import front_curves
from .kinematics import Kinematics, kinematics
from .measures import measure
from .phases import standing_baseline
from .prescription import NOTHING_PRESCRIBED
from .result import Rep, SetResult, Summary
from .rubric import SINGLE_LEG, rubric
from .screens import squat_screens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ..pose.track import PoseTrack
    from .calibration import ModelCalibration
    from .kinematics import Side
    from .metric import Metric
    from .prescription import Prescription
    from .reps import RepSpan
    from .result import Exercise, View
    from .thresholds import Thresholds

    Floats = NDArray[np.float64]

_NOT_QUIET = (
    "Nobody stands still before the set, so the lockout is compared with the straightest moment of the set:"
    " stand still for two seconds before you start."
)

# how sure the look of a movement must be to doubt the exercise that was chosen
_SURE = 0.8


@dataclass(frozen=True, eq=False)
class Series:
    """Curves of one source on one uniform clock.

    Attributes
    ----------
    source : int
        Number of the source.
    time_s : (N,) array
    values : mapping of str to (N,) array
        ``hip_height`` in leg lengths; from the side also ``knee_flexion_deg``,
        ``hip_flexion_deg``, ``trunk_inclination_deg`` and ``shank_inclination_deg``.
        NaN where not seen.
    near_side : str
        ``left`` or ``right``: whose leg the curves of the side view are.
    """

    source: int
    time_s: Floats
    values: Mapping[str, Floats]
    near_side: Side


@dataclass(frozen=True, eq=False)
class ScoredTrack:
    """What one track holds.

    Attributes
    ----------
    kinematics : Kinematics
        Curves and the view.
    sets : tuple of SetResult
        At least one; a track without repetitions gives one empty set.
    warnings : tuple of str
        What limits the judgement, in plain words.
    """

    kinematics: Kinematics
    sets: tuple[SetResult, ...]
    warnings: tuple[str, ...]

    def series(self, source: int) -> Series:
        """Return the curves for drawing."""
        k = self.kinematics
        side = {
            "knee_flexion_deg": k.knee_flexion_deg,
            "hip_flexion_deg": k.hip_flexion_deg,
            "trunk_inclination_deg": k.trunk_inclination_deg,
            "shank_inclination_deg": k.shank_inclination_deg,
        }
        return Series(source, k.time_s, {"hip_height": k.hip_height, **(side if k.planar else {})}, k.side)


def score_track(
    track: PoseTrack,
    exercise: str,
    thresholds: Thresholds,
    source: int = 0,
    calibration: ModelCalibration | None = None,
    prescription: Prescription = NOTHING_PRESCRIBED,
) -> ScoredTrack:
    """Find and judge the sets of one person's track.

    Parameters
    ----------
    track : PoseTrack
        Cleaned landmarks, at least two frames.
    exercise : str
        ``auto`` or a key of `exercise.FAMILIES`.
    thresholds : Thresholds
    source : int
        Number of the source that the track came from.
    calibration : ModelCalibration, optional
        Of the model that made the landmarks.
    prescription : Prescription
        What the lifter was asked to do.
    """
    # what exercise it is, and when, is told from the landmarks as they are: its limits were found on them
    seen = kinematics(track, thresholds, one_leg=exercise in SINGLE_LEG)
    found = find_reps(seen, exercise, thresholds)
    if rubric(found.exercise) in SINGLE_LEG and not seen.one_leg:
        seen = kinematics(track, thresholds, one_leg=True)
    kin = seen if calibration is None else seen.calibrated(calibration)
    warnings = [*_warnings(kin, thresholds), *_mismatch(found.exercise)]
    if not found.spans:
        return ScoredTrack(kin, (SetResult(found.exercise, (), Summary(0, 0, (), None, None)),), tuple(warnings))
    front = front_curves(track, kin, thresholds) if kin.view.label == "frontal" else None
    sets = []
    ended_s = -np.inf
    for group in _split(found.spans, thresholds.reps.max_rest_s):
        baseline = standing_baseline(kin, group, found.lowering, ended_s)
        ended_s = group[-1].end_s
        if kin.planar and not baseline.quiet and _NOT_QUIET not in warnings:
            warnings.append(_NOT_QUIET)
        metrics = measure(kin, group, found, baseline, front, thresholds, prescription)
        sets.append(_judged_set(found.exercise, group, metrics, kin.view, thresholds, source, prescription))
    return ScoredTrack(kin, tuple(sets), tuple(warnings))


def _judged_set(
    found: Exercise,
    spans: Sequence[RepSpan],
    metrics: Mapping[str, Metric],
    view: View,
    thresholds: Thresholds,
    source: int,
    prescription: Prescription,
) -> SetResult:
    full = np.array([span.kind == "full" for span in spans])
    judged = judge(metrics, rubric(found), view, full, thresholds, prescription)
    reps = tuple(
        Rep(
            index=i + 1,
            source=source,
            kind=span.kind,
            start_s=round(span.start_s, 3),
            descent_end_s=round(span.descent_end_s, 3),
            bottom_s=round(span.bottom_s, 3),
            ascent_start_s=round(span.ascent_start_s, 3),
            end_s=round(span.end_s, 3),
            flags=span.flags,
            measurements={name: metric.of_rep(i, view) for name, metric in metrics.items()},
            criteria=judged.criteria[i],
            scores=judged.scores[i],
        )
        for i, span in enumerate(spans)
    )
    summary = Summary(int(full.sum()), int((~full).sum()), judged.summary, None, None)
    return SetResult(found, reps, summary, screens=squat_screens(reps, rubric(found), thresholds))


def _split(spans: Sequence[RepSpan], max_rest_s: float) -> list[list[RepSpan]]:
    """Part the repetitions into sets where the lifter rests too long."""
    groups: list[list[RepSpan]] = []
    for span in spans:
        if groups and span.start_s - groups[-1][-1].end_s <= max_rest_s:
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _mismatch(exercise: Exercise) -> tuple[str, ...]:
    """Say so when a declared exercise clearly looks like the other family; it is judged as declared."""
    looks = {"squat": "a squat", "hinge": "a hip hinge", "deadlift": "a deadlift"}.get(exercise.detected)
    family = "squat" if exercise.detected == "squat" else "hinge"
    if exercise.declared == "auto" or looks is None or family == exercise.family or exercise.confidence < _SURE:
        return ()
    return (f"This looks like {looks}, but it was judged as the exercise you chose, '{exercise.declared}'.",)


def _warnings(kin: Kinematics, thresholds: Thresholds) -> tuple[str, ...]:
    limits = thresholds.filter
    found = []
    if kin.fs_hz < limits.min_velocity_fps:
        found.append(f"The video has {kin.fs_hz:.0f} frames a second: too few for speeds. Film at 30 or more.")
    elif kin.fs_hz < limits.good_velocity_fps:
        found.append(f"The video has {kin.fs_hz:.0f} frames a second: speeds are rough. Film at 30 or more.")
    if kin.view.label == "uncertain":
        found.append(
            "The camera's angle to the person could not be made out."
            " Film exactly from the side, whole body in the picture."
        )
    elif kin.oblique:
        found.append("Filmed at an angle, depth, trunk and hinge are rough. Film from the side to see them well.")
    elif not kin.planar:
        found.append("Depth, trunk and hinge are judged from the side only. Film from the side to see them.")
    return tuple(found)
