"""Which movement a set is, and which excursions are no repetition of it at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from .edges import time_phases
from .rep_checks import find_spans, on_one_leg
from .result import Exercise
from .signal import median

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from .kinematics import Kinematics
    from .reps import RepSpan
    from .result import Detected, Family
    from .thresholds import Thresholds

    Floats = NDArray[np.float64]

FAMILIES: dict[str, Family] = {
    "squat": "squat",
    "overhead-squat": "squat",
    "single-leg-squat": "squat",
    "rdl": "hinge",
    "good-morning": "hinge",
    "deadlift": "hinge",
    "kettlebell": "hinge",
    "single-leg-rdl": "hinge",
}
_SINGLE_LEG = ("single-leg-squat", "single-leg-rdl")
_FAMILY_OF: dict[Detected, Family] = {"squat": "squat", "hinge": "hinge", "deadlift": "hinge"}
# hands this near the ankles, hanging this far below the hips, hold something that stands on the floor; leg lengths
_LOAD_FROM_FLOOR = 0.45
_HANDS_HANG = 0.15
_DEADLIFT_TRUNK_DEG = 25.0
# thighs at parallel bring the hips down by half a leg: no lift from the floor goes so deep, and no hinge
# nearly so, because knees and hips must fold to bring them down
_SQUAT_DROP = 0.5
_HINGE_DROP = 0.35
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
    lowering : (n,) array
        The signal by which they were timed, in the frames of the window; high at the bottom.
    by_hips : bool
        That signal is the drop of the hips, which every view shows; otherwise it is
        the lean of the trunk, which only the side shows well enough to judge its speed.
    window : slice
        The frames in which they were looked for.
    excursions : tuple of RepSpan
        Everything that looks like a repetition on two legs, by the hips or, where the hips stay, by the trunk.
    """

    exercise: Exercise
    spans: tuple[RepSpan, ...]
    lowering: Floats
    by_hips: bool
    window: slice
    excursions: tuple[RepSpan, ...]


def find_reps(
    kin: Kinematics,
    declared: str,
    thresholds: Thresholds,
    window: slice = slice(None),
    of_one_leg: Callable[[], Kinematics] | None = None,
) -> FoundReps:
    """Find the repetitions of one exercise, name it and time their phases; see `look_for_reps`."""
    return timed(kin, look_for_reps(kin, declared, thresholds, window, of_one_leg), thresholds)


def look_for_reps(
    kin: Kinematics,
    declared: str,
    thresholds: Thresholds,
    window: slice = slice(None),
    of_one_leg: Callable[[], Kinematics] | None = None,
) -> FoundReps:
    """Find the repetitions of one exercise and name it; the phases are roughly timed.

    Squats show in the height of the hips, hinges in the lean of the trunk. A hinge in
    which the hips also drop clearly is timed by the hips: their lowest point is sharper.

    Repetitions on one leg, in which the other foot moves, are looked for where there are
    none on two, where one foot stands alone, or where they were declared.

    Parameters
    ----------
    kin : Kinematics
        Curves of the whole track.
    declared : str
        ``auto`` or a key of `FAMILIES`; a declared exercise always wins.
    thresholds : Thresholds
    window : slice
        Frames of `kin` in which to look.
    of_one_leg : callable, optional
        Makes the curves of the leg that is stood on, which are needed rarely: the hips' height
        over a lifted foot says nothing. Without it `kin` serves.
    """
    found = _found(kin.part(window), declared, thresholds, window, one_leg=False)
    looks = not found.spans or found.exercise.detected == "single-leg"
    if declared in _SINGLE_LEG or (declared == "auto" and looks):
        lifted = _found((of_one_leg() if of_one_leg else kin).part(window), declared, thresholds, window, one_leg=True)
        # one step with a bent leg is no exercise
        if len(lifted.spans) >= max(2, len(found.spans)):
            return replace(lifted, excursions=found.excursions)
    return found


def _found(kin: Kinematics, declared: str, thresholds: Thresholds, window: slice, *, one_leg: bool) -> FoundReps:
    limits = thresholds.reps
    drop, lean = lowerings(kin)
    by_hips = find_spans(kin, drop, limits.min_drop, thresholds, one_leg=one_leg)
    by_trunk = find_spans(kin, lean, limits.min_lean, thresholds, one_leg=one_leg)
    starts, ends = np.array([(h.start_s, h.end_s) for h in by_hips]).reshape(-1, 2).T
    others = [t for t in by_trunk if not ((t.start_s < ends) & (starts < t.end_s)).any()]
    excursions = tuple(sorted((*by_hips, *others), key=lambda span: span.start_s))
    clearer = by_hips if _hips_lead(by_hips, by_trunk) else by_trunk or by_hips
    if not clearer:
        nothing = Exercise(declared, "other", FAMILIES.get(declared, "other"), 0.0)
        return FoundReps(nothing, (), drop, by_hips=True, window=window, excursions=excursions)
    detected, confidence = classify(set_shape(kin, clearer))
    family = FAMILIES.get(declared, family_of(detected))
    hips_agree = len(by_hips) == len(by_trunk) and min(s.amplitude for s in by_hips) >= 2.0 * limits.min_drop
    hips = family == "squat" or hips_agree or not by_trunk
    spans = by_hips if hips else by_trunk
    if one_leg or _mostly_on_one_leg(kin, spans):
        detected = "single-leg"
    exercise = Exercise(declared, detected, family, confidence)
    return FoundReps(exercise, spans, drop if hips else lean, hips, window, excursions)


def family_of(detected: Detected) -> Family:
    """Return the family of what a movement looks like."""
    return _FAMILY_OF.get(detected, "other")


def lowerings(kin: Kinematics) -> tuple[Floats, Floats]:
    """Return how far the hips have dropped, in leg lengths, and how far the trunk leans, in right angles.

    Hips can't drop further than the legs are long, and a trunk beyond horizontal is no deeper hinge.
    """
    drop, lean = (np.clip(q, -0.5, 1.0) for q in (1.0 - kin.hip_height, kin.trunk_inclination_deg / 90.0))
    return drop, lean


def timed(kin: Kinematics, found: FoundReps, thresholds: Thresholds) -> FoundReps:
    """Time the phases, those by the hips with the help of how far knees and hips are bent where the view shows it."""
    part = kin.part(found.window)
    bent = found.by_hips and kin.view.label in ("sagittal", "oblique")
    effort = (part.knee_flexion_deg + part.hip_flexion_deg) / 90.0 if bent else None
    limits = thresholds.reps, thresholds.filter
    spans = time_phases(found.spans, part.time_s, found.lowering, effort, *limits, by_height=found.by_hips)
    return replace(found, spans=spans)


def _mostly_on_one_leg(kin: Kinematics, spans: Sequence[RepSpan]) -> bool:
    feet = [kin.feet[slice(*np.searchsorted(kin.time_s, (s.start_s, s.end_s)))] for s in spans]
    return bool(feet) and float(np.mean([on_one_leg(one) for one in feet])) >= _MOSTLY


def _hips_lead(by_hips: Sequence[RepSpan], by_trunk: Sequence[RepSpan]) -> bool:
    """Tell whether the hips drop so clearly, as often as the trunk leans, that their bottoms are the set's.

    A trunk that leans most on the way up would otherwise name the wrong moment.
    """
    drops = [s.amplitude for s in by_hips if s.kind == "full"]
    leans = [s for s in by_trunk if s.kind == "full"]
    return bool(drops) and float(np.median(drops)) >= _CLEAR_DROP and len(drops) >= len(leans)


def set_shape(kin: Kinematics, spans: Sequence[RepSpan]) -> Shape:
    """Measure `Shape` over the full repetitions of a set."""
    return _shape(_bottom_and_top(kin, [s for s in spans if s.kind == "full"] or spans))


def shape_of_each(kin: Kinematics, spans: Sequence[RepSpan]) -> list[Shape]:
    """Measure the `Shape` of each repetition on its own."""
    return [_shape(one[..., None]) for one in np.moveaxis(_bottom_and_top(kin, spans), -1, 0)]


def _bottom_and_top(kin: Kinematics, spans: Sequence[RepSpan]) -> Floats:
    """Read the curves that `_shape` needs at the bottom and at the top of each of R repetitions, (6, 2, R)."""
    bottom = [s.bottom_s for s in spans]
    top = [s.start_s if not {"starts_at_bottom", "begins_before"} & {*s.flags} else s.end_s for s in spans]
    gained = kin.knee_flexion_deg, kin.hip_flexion_deg, kin.shank_inclination_deg, kin.hip_height
    curves = *gained, kin.trunk_inclination_deg, kin.wrist_height
    return np.array([at(kin, curve, np.array([bottom, top])) for curve in curves])


def _shape(read: Floats) -> Shape:
    knee, hip, shank, height = (median(bottom - top) for bottom, top in read[:4])
    hip_height, trunk_deg, wrist_height = read[3:, 0]
    return Shape(
        ratio=knee / hip if hip > 1.0 else np.nan,
        shank_travel_deg=abs(shank),
        trunk_deg=median(trunk_deg),
        hip_drop=-height,
        wrists_below_hips=_mostly(hip_height - wrist_height),
        wrist_height=_mostly(wrist_height),
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
    if p_hinge >= 0.5 and not shape.hip_drop >= _HINGE_DROP:
        return "hinge", round(p_hinge, 2)
    return "squat", round(max(0.5, 1.0 - p_hinge), 2)


def at(kin: Kinematics, curve: Floats, time_s: Floats) -> Floats:
    """Read a curve at given times, NaN where it is not known."""
    return np.interp(time_s, kin.time_s, curve)
