"""Which movement a set is, and which excursions are no repetition of it at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .reps import regrade, segment_reps
from .result import Exercise
from .signal import median

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .kinematics import Kinematics
    from .reps import RepSpan
    from .result import Detected, Family
    from .thresholds import RepThresholds, Thresholds

    Floats = NDArray[np.float64]

FAMILIES: dict[str, Family] = {
    "squat": "squat",
    "rdl": "hinge",
    "good-morning": "hinge",
    "deadlift": "hinge",
    "kettlebell": "hinge",
}
_FAMILY_OF: dict[Detected, Family] = {"squat": "squat", "hinge": "hinge", "deadlift": "hinge"}
# hands this near the ankles, hanging this far below the hips, hold something that stands on the floor; leg lengths
_LOAD_FROM_FLOOR = 0.45
_HANDS_HANG = 0.15
_DEADLIFT_TRUNK_DEG = 25.0
# thighs at parallel bring the hips down by half a leg: no hinge or lift from the floor goes so deep
_SQUAT_DROP = 0.5
_NEAR_TOP_S = 0.5
# leg lengths
_CLEAR_DROP = 0.25
# hands count as seen when they are at this share of the bottoms
_MOSTLY = 0.75


@dataclass(frozen=True)
class Shape:
    """What tells a squat from a hinge, medians over the repetitions of a set.

    Attributes
    ----------
    ratio : float
        Knee flexion gained from top to bottom over hip flexion gained.
    shank_travel_deg : float
        Shank inclination gained.
    trunk_deg : float
        Trunk inclination at the bottom.
    hip_drop : float
        How far the hips come down, in leg lengths.
    wrists_below_hips : float
        Hips above the wrists at the bottom, in leg lengths; NaN when not seen.
    wrist_height : float
        Wrists above the ankles at the bottom, in leg lengths; NaN when not seen.
    """

    ratio: float
    shank_travel_deg: float
    trunk_deg: float
    hip_drop: float
    wrists_below_hips: float
    wrist_height: float


@dataclass(frozen=True, eq=False)
class FoundReps:
    """The repetitions of a track.

    Attributes
    ----------
    exercise : Exercise
        What was done.
    spans : tuple of RepSpan
        When.
    lowering : (N,) array
        The signal by which they were timed; high at the bottom.
    by_hips : bool
        That signal is the drop of the hips, which every view shows; otherwise it is
        the lean of the trunk, which only the side shows well enough to judge its speed.
    """

    exercise: Exercise
    spans: tuple[RepSpan, ...]
    lowering: Floats
    by_hips: bool


def find_reps(kin: Kinematics, declared: str, thresholds: Thresholds) -> FoundReps:
    """Find the repetitions of a track and name the exercise.

    Squats show in the height of the hips, hinges in the lean of the trunk. A hinge in
    which the hips also drop clearly is timed by the hips: their lowest point is sharper.

    Parameters
    ----------
    kin : Kinematics
        Curves of the whole track.
    declared : str
        ``auto`` or a key of `FAMILIES`; a declared exercise always wins.
    thresholds : Thresholds
    """
    limits = thresholds.reps
    # hips can't drop further than the legs are long, and a trunk beyond horizontal is no deeper hinge
    drop, lean = (np.clip(q, -0.5, 1.0) for q in (1.0 - kin.hip_height, kin.trunk_inclination_deg / 90.0))
    by_hips, by_trunk = _reps(kin, drop, limits.min_drop, thresholds), _reps(kin, lean, limits.min_lean, thresholds)
    clearer = by_hips if _hips_lead(by_hips, by_trunk) else by_trunk or by_hips
    if not clearer:
        return FoundReps(Exercise(declared, "other", FAMILIES.get(declared, "other"), 0.0), (), drop, by_hips=True)
    detected, confidence = classify(set_shape(kin, clearer))
    exercise = Exercise(declared, detected, FAMILIES.get(declared, _FAMILY_OF[detected]), confidence)
    hips_agree = len(by_hips) == len(by_trunk) and min(s.amplitude for s in by_hips) >= 2.0 * limits.min_drop
    if exercise.family == "squat" or hips_agree:
        return FoundReps(exercise, by_hips, drop, by_hips=True)
    return FoundReps(exercise, by_trunk, lean, by_hips=False)


def _hips_lead(by_hips: Sequence[RepSpan], by_trunk: Sequence[RepSpan]) -> bool:
    """Tell whether the hips drop so clearly, as often as the trunk leans, that their bottoms are the set's.

    A trunk that leans most on the way up would otherwise name the wrong moment.
    """
    drops = [s.amplitude for s in by_hips if s.kind == "full"]
    leans = [s for s in by_trunk if s.kind == "full"]
    return bool(drops) and float(np.median(drops)) >= _CLEAR_DROP and len(drops) >= len(leans)


def set_shape(kin: Kinematics, spans: Sequence[RepSpan]) -> Shape:
    """Measure `Shape` over the full repetitions of a set."""
    full = [s for s in spans if s.kind == "full"] or spans
    bottom = np.array([s.bottom_s for s in full])
    top = np.array([s.start_s if "starts_at_bottom" not in s.flags else s.end_s for s in full])

    def gained(curve: Floats) -> float:
        return median(at(kin, curve, bottom) - at(kin, curve, top))

    hips = gained(kin.hip_flexion_deg)
    return Shape(
        ratio=gained(kin.knee_flexion_deg) / hips if hips > 1.0 else np.nan,
        shank_travel_deg=abs(gained(kin.shank_inclination_deg)),
        trunk_deg=median(at(kin, kin.trunk_inclination_deg, bottom)),
        hip_drop=-gained(kin.hip_height),
        wrists_below_hips=_mostly(at(kin, kin.hip_height - kin.wrist_height, bottom)),
        wrist_height=_mostly(at(kin, kin.wrist_height, bottom)),
    )


def _mostly(values: Floats) -> float:
    """Median of what was seen; NaN when much was hidden, because what shows then may be a guess."""
    return median(values) if np.isfinite(values).mean() >= _MOSTLY else np.nan


def hinge_probability(ratio: float, shank_travel_deg: float, trunk_deg: float) -> float:
    """Probability that a movement is a hip hinge rather than a squat (our default, specification section C)."""
    z = 6.0 * (0.65 - ratio) + 0.15 * (12.0 - shank_travel_deg) + 0.05 * (trunk_deg - 45.0)
    return float(1.0 / (1.0 + np.exp(-np.clip(z, -60.0, 60.0))))


def classify(shape: Shape) -> tuple[Detected, float]:
    """Name the movement and how sure that is; what was not seen does not count.

    A lift from the floor bends the knees like a squat; hands hanging near the floor
    under a leaning trunk tell it apart (amendment c of the specification).
    """
    ratio = shape.ratio if np.isfinite(shape.ratio) else 0.65
    shank = shape.shank_travel_deg if np.isfinite(shape.shank_travel_deg) else 12.0
    p_hinge = hinge_probability(ratio, shank, shape.trunk_deg)
    deep = shape.hip_drop >= _SQUAT_DROP
    reaches_down = (
        not deep
        and shape.wrist_height <= _LOAD_FROM_FLOOR
        and shape.wrists_below_hips >= _HANDS_HANG
        and shape.trunk_deg >= _DEADLIFT_TRUNK_DEG
    )
    if reaches_down and not shape.ratio <= 0.5:
        return "deadlift", round(float(np.clip(1.0 - shape.wrist_height / (2.0 * _LOAD_FROM_FLOOR), 0.5, 1.0)), 2)
    if p_hinge >= 0.5 and not deep:
        return "hinge", round(p_hinge, 2)
    return "squat", round(max(0.5, 1.0 - p_hinge), 2)


def at(kin: Kinematics, curve: Floats, time_s: Floats) -> Floats:
    """Read a curve at given times, NaN where it is not known."""
    return np.interp(time_s, kin.time_s, curve)


def _reps(kin: Kinematics, signal: Floats, smallest: float, thresholds: Thresholds) -> tuple[RepSpan, ...]:
    spans = segment_reps(kin.time_s, signal, thresholds.reps, thresholds.filter, smallest)
    return regrade([s for s in spans if _is_rep(kin, signal, s, thresholds)], thresholds.reps)


def _is_rep(kin: Kinematics, signal: Floats, span: RepSpan, thresholds: Thresholds) -> bool:
    """Tell a repetition from walking, jumping, hanging and lying."""
    start, bottom, end = (int(np.searchsorted(kin.time_s, s)) for s in (span.start_s, span.bottom_s, span.end_s))
    during, rising = slice(start, end + 1), slice(bottom, end + 1)
    # a rise that was not seen is no rise
    needed = signal[during], signal[rising], kin.thigh_inclination_deg[during]
    return bool(
        all(np.isfinite(curve).mean() >= thresholds.reps.min_seen for curve in needed)
        and _joints_bend(kin, during, thresholds.reps.min_flexion_deg)
        and all(_planted(foot, thresholds.reps.max_foot_travel) for foot in np.moveaxis(kin.feet[during], 1, 0))
        and _stands(kin, span, thresholds.reps)
    )


def _joints_bend(kin: Kinematics, during: slice, smallest_deg: float) -> bool:
    """Tell whether knees or hips flex enough to explain how far the hips drop.

    Two equal segments that fold lower their end by ``1 - cos(flexion / 2)``. Hips that
    drop while the joints hardly bend belong to spread legs or to a body that tilts as a whole.
    """
    drop = np.clip(_range(kin.hip_height[during]), 0.0, 1.0)
    expected = np.degrees(2.0 * np.arccos(1.0 - drop))
    bend = max(_range(kin.knee_flexion_deg[during]), _range(kin.hip_flexion_deg[during]))
    return bool(bend >= max(smallest_deg, 0.3 * expected))


def _planted(foot: Floats, max_travel: float) -> bool:
    """Tell whether a foot stays where it is; a foot that is often hidden is not judged.

    A hidden ankle's landmark wanders, so a foot may wander twice as far as it may step.
    """
    seen = np.isfinite(foot[:, 0])
    if not seen.mean() >= 0.8:
        return True
    path = foot[seen]
    part = max(1, len(path) // 10)
    step = np.linalg.norm(np.median(path[-part:], axis=0) - np.median(path[:part], axis=0))
    wander = np.ptp(np.percentile(path, (10, 90), axis=0), axis=0).max()
    return bool(step <= max_travel and wander <= 2.0 * max_travel)


def _stands(kin: Kinematics, span: RepSpan, limits: RepThresholds) -> bool:
    """Tell whether the lifter stands upright at the end, or at the start where the video ends too early.

    Where that moment is hidden, the nearest one seen serves, up to half a second away.
    """
    top = span.start_s if "ends_early" in span.flags else span.end_s
    away = np.abs(kin.time_s - top) + np.where(np.isfinite(kin.hip_height + kin.trunk_inclination_deg), 0.0, np.inf)
    nearest = int(np.argmin(away))
    if away[nearest] > _NEAR_TOP_S:
        return False
    height, lean = kin.hip_height[nearest], kin.trunk_inclination_deg[nearest]
    return bool(height >= limits.min_standing_height and abs(lean) <= limits.max_standing_lean_deg)


def _range(curve: Floats) -> float:
    low, high = np.nanpercentile(curve, (5, 95)) if np.isfinite(curve).any() else (0.0, 0.0)
    return float(high - low)
