"""From one person's track to scored sets: the whole judgement, in the order it is made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from .balance_sets import BALANCE, NOBODY_STOOD, balance_set, balance_trials
from .bouts import find_sets
from .corrections import corrected
from .front import front_curves
from .kinematics import Kinematics, kinematics
from .limits import NOT_QUIET, of_exercise, of_view
from .measures import measure
from .observed import ObservedSet, judged
from .phases import standing_baseline
from .prescription import NOTHING_PRESCRIBED
from .quality import advice, camera_advice, shortcomings, widening
from .result import Exercise, SetResult, Summary
from .rubric import SINGLE_LEG, rubric

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ..pose.track import PoseTrack
    from .balance import AssessedTrial
    from .calibration import ModelCalibration
    from .corrections import RepCorrection
    from .exercise import FoundReps
    from .front import FrontCurves
    from .prescription import Prescription
    from .reps import RepSpan
    from .sides import Side
    from .thresholds import Thresholds

    Floats = NDArray[np.float64]

# of a part between two cuts
_LEAST_FRAMES = 2


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
    pieces : tuple of Kinematics
        Curves and the view of each part of the track without a cut.
    main : int
        Which of them shows most repetitions, or most frames where there are none.
    observed : tuple of ObservedSet
        What the sets were judged by.
    sets : tuple of SetResult
        At least one; a track without repetitions gives one empty set.
    warnings : tuple of str
        What limits the judgement, in plain words.
    stances : tuple of AssessedTrial
        Balance tests with their curves; their judgements are sets as well, the last ones.
    """

    pieces: tuple[Kinematics, ...]
    main: int
    observed: tuple[ObservedSet, ...]
    sets: tuple[SetResult, ...]
    warnings: tuple[str, ...]
    stances: tuple[AssessedTrial, ...] = ()

    @property
    def kinematics(self) -> Kinematics:
        """Curves of the part that shows most."""
        return self.pieces[self.main]

    def series(self, source: int) -> Series:
        """Return the curves for drawing; a line breaks where the video was cut."""
        each = [_curves(piece, planar=self.kinematics.planar) for piece in self.pieces]
        values = {name: np.concatenate([curves[name] for curves in each]) for name in each[0]}
        cuts = np.cumsum([len(piece.time_s) for piece in self.pieces])[:-1]
        for curve in values.values():
            curve[cuts] = np.nan
        time_s = np.concatenate([piece.time_s for piece in self.pieces])
        return Series(source, time_s, values, self.kinematics.side)


def no_set(exercise: Exercise) -> SetResult:
    """Return the set of a track without repetitions."""
    return SetResult(exercise, (), Summary(0, 0, (), None, None))


def _curves(kin: Kinematics, *, planar: bool) -> dict[str, Floats]:
    curves = {"hip_height": kin.hip_height}
    if planar:
        side = ("knee_flexion_deg", "hip_flexion_deg", "trunk_inclination_deg", "shank_inclination_deg")
        unseen = np.full(len(kin.time_s), np.nan)
        curves |= {name: getattr(kin, name) if kin.planar else unseen for name in side}
    return curves


def score_track(
    track: PoseTrack,
    exercise: str,
    thresholds: Thresholds,
    source: int = 0,
    calibration: ModelCalibration | None = None,
    prescription: Prescription = NOTHING_PRESCRIBED,
    corrections: Sequence[RepCorrection] = (),
) -> ScoredTrack:
    """Find and judge the sets of one person's track.

    What lies on the two sides of a cut may be another place, person or camera: each part
    is judged on its own, so a cut ends a set and no filter runs across it.

    Parameters
    ----------
    track : PoseTrack
        Cleaned landmarks, at least two frames.
    exercise : str
        ``auto``, ``balance`` or a key of `exercise.FAMILIES`.
    thresholds : Thresholds
    source : int
        Number of the source that the track came from.
    calibration : ModelCalibration, optional
        Of the model that made the landmarks.
    prescription : Prescription
        What the lifter was asked to do.
    corrections : sequence of RepCorrection
        What somebody set right by hand.
    """
    asked = _Asked(exercise, thresholds, source, calibration, prescription, tuple(corrections))
    cut = _without_cuts(track)
    parts = [_score_part(part, asked) for part in cut]
    main = max(range(len(parts)), key=lambda i: (_reps_of(parts[i]), len(parts[i].kinematics.time_s)))
    shown = [part for part in parts if _reps_of(part)] or [parts[main]]
    observed = tuple(one for part in shown for one in part.observed)
    warnings = [text for part in shown for text in part.warnings]
    stances = tuple(
        trial
        for piece, part in zip(cut, parts, strict=True)
        for trial in balance_trials(piece, part.kinematics.view, exercise, prescription, part.spans, source)
    )
    if exercise == BALANCE or (stances and not observed):
        # what a camera shows of squats says nothing about standing still
        warnings = [] if stances else [NOBODY_STOOD]
    lifted = tuple(judged(one, thresholds, prescription) for one in observed)
    stood = tuple(balance_set(one.sway, exercise) for one in stances)
    return ScoredTrack(
        tuple(part.kinematics for part in parts),
        main,
        observed,
        (*lifted, *stood) or (no_set(parts[main].exercise),),
        tuple(dict.fromkeys(warnings)),
        stances,
    )


@dataclass(frozen=True, eq=False)
class _Asked:
    """What `score_track` was asked for, the same for every part of a track."""

    exercise: str
    thresholds: Thresholds
    source: int
    calibration: ModelCalibration | None
    prescription: Prescription
    corrections: tuple[RepCorrection, ...]

    def joints(self, seen: Kinematics) -> Kinematics:
        """Return the same curves between joint centres, as far as those were learned."""
        return seen if self.calibration is None else seen.calibrated(self.calibration)


@dataclass(frozen=True, eq=False)
class _Part:
    """A part of a track without a cut; without sets, ``exercise`` says what was looked for.

    Of a balance test, ``spans`` are repetitions that nobody judges: it matters when they ended.
    """

    kinematics: Kinematics
    observed: tuple[ObservedSet, ...]
    exercise: Exercise
    warnings: tuple[str, ...]
    spans: tuple[RepSpan, ...] = ()


def _reps_of(part: _Part) -> int:
    return sum(len(one.spans) for one in part.observed)


def _without_cuts(track: PoseTrack) -> list[PoseTrack]:
    """Part a track at its cuts; single frames between two cuts show no movement."""
    starts = [float(track.time_s[a]) for a, _ in track.segments] + [np.inf]
    parts = [track.between(*span) for span in pairwise(starts)]
    return [part for part in parts if len(part) >= _LEAST_FRAMES] or [replace(track, segments=())]


def _score_part(track: PoseTrack, asked: _Asked) -> _Part:
    """Find the sets of a part of a track without a cut, and measure them."""
    # what exercise it is, and when, is told from the landmarks as they are: its limits were found on them
    thresholds = asked.thresholds
    seen = kinematics(track, thresholds)
    of_one_leg = cache(lambda: kinematics(track, thresholds, one_leg=True))
    if asked.exercise == BALANCE:
        reps = tuple(span for one in find_sets(seen, "auto", thresholds, of_one_leg) for span in one.spans)
        return _Part(seen, (), Exercise(BALANCE, "other", BALANCE, 0.0), (), reps)
    found = find_sets(seen, asked.exercise, thresholds, of_one_leg)
    found = corrected(found, asked.corrections, seen.time_s, thresholds.reps)
    kin = asked.joints(seen)
    warnings = [*of_view(kin, thresholds.filter), *(text for one in found for text in of_exercise(one.exercise))]
    if not found[0].spans:
        return _Part(kin, (), found[0].exercise, tuple(warnings))
    on_one_leg = [rubric(one.exercise) in SINGLE_LEG for one in found]
    one_leg = asked.joints(of_one_leg()) if any(on_one_leg) else kin
    front = front_curves(track, kin, thresholds) if kin.view.label == "frontal" else None
    sets = []
    ended_s = -np.inf
    for one, on_one in zip(found, on_one_leg, strict=True):
        curves = (one_leg if on_one else kin).part(one.window)
        observed, limits = _observe(track, curves, front and front.part(one.window), one, ended_s, asked)
        ended_s = one.spans[-1].end_s
        sets.append(observed)
        warnings += limits
    warnings += camera_advice(track)
    spans = tuple(span for one in found for span in one.spans)
    return _Part(kin, tuple(sets), found[0].exercise, tuple(warnings), spans)


def _observe(
    track: PoseTrack, curves: Kinematics, front: FrontCurves | None, found: FoundReps, after_s: float, asked: _Asked
) -> tuple[ObservedSet, list[str]]:
    """Measure the repetitions of one set; also say what limits that.

    Parameters
    ----------
    track : PoseTrack
        The part that holds the set.
    curves : Kinematics
    front : FrontCurves or None
        Both in the frames of the set's window.
    found : FoundReps
    after_s : float
        End of the set before.
    asked : _Asked
    """
    spans, count = found.spans, len(found.spans)
    baseline = standing_baseline(curves, spans, found.lowering, after_s)
    lacking = shortcomings(track, curves, spans)
    wider = widening(lacking, count)
    metrics = measure(curves, spans, found, baseline, front, asked.thresholds, asked.prescription, wider)
    limits = [NOT_QUIET] if curves.planar and not baseline.quiet else []
    observed = ObservedSet(found.exercise, spans, metrics, (asked.source,) * count, (curves.view,) * count)
    return observed, [*limits, *advice(lacking)]
