"""Published screens of the squat, as far as the camera shows them: so many of the observable criteria were met."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .result import Screen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .result import Rep
    from .thresholds import Thresholds

# criteria of the Back Squat Assessment (Myer et al. 2014, table 1) that one camera or two can show
_BSA = {
    "trunk parallel to the shins": ("SQ-LEAN",),
    "hips level": ("SQ-OBLIQ", "SQ-SHIFT"),
    "knees over the feet": ("SQ-KASR", "SQ-MKD"),
    "heels down": ("SQ-HEEL",),
    "even descent": ("SQ-CTRL",),
    "thighs at least parallel": ("SQ-DEPTH",),
    "hips and chest rise together": ("SQ-RISE",),
}
_BSA_ALL = 10
# what a deep squat of the Functional Movement Screen needs for a 3: metric and what it must fulfil
_FMS: dict[str, tuple[tuple[str, Callable[[float], bool]], ...]] = {
    "torso parallel to the shins or steeper": (("trunk_minus_shank_bottom_deg", lambda lean: lean <= 5.0),),
    "thighs below horizontal": (("depth_angle_bottom_deg", lambda depth: depth < -4.0),),
    "knees over the feet": (
        ("knee_separation_deficit", lambda deficit: deficit <= 0.08),
        ("knees_in", lambda inward: inward <= 0.03),
    ),
    "dowel over the feet": (("hand_over_midfoot", lambda offset: abs(offset) <= 0.5),),
}


def squat_screens(reps: Sequence[Rep], column: str, thresholds: Thresholds) -> tuple[Screen, ...]:
    """Report the screens that a set of squats is part of; none for other exercises.

    Parameters
    ----------
    reps : sequence of Rep
        A judged set; of two views, merged.
    column : str
        Of the rubric.
    thresholds : Thresholds
        From which probability a fault is likely.
    """
    full = [rep for rep in reps if rep.kind == "full"]
    if not full or column not in ("squat", "overhead-squat"):
        return ()
    screens = [_back_squat_assessment(full, thresholds.score.p_likely)]
    return (*screens, _deep_squat(full)) if column == "overhead-squat" else tuple(screens)


def _back_squat_assessment(reps: Sequence[Rep], p_likely: float) -> Screen:
    """Count criteria with a likely fault in half of the repetitions or more as not met."""
    missed, seen = [], 0
    for item, ids in _BSA.items():
        each = [[c.p_fault for c in rep.criteria if c.id in ids and c.p_fault is not None] for rep in reps]
        faults = [max(p) >= p_likely for p in each if p]
        seen += bool(faults)
        if faults and np.mean(faults) >= 0.5:
            missed.append(item)
    return Screen("Back Squat Assessment", seen - len(missed), seen, _BSA_ALL, tuple(missed))


def _deep_squat(reps: Sequence[Rep]) -> Screen:
    """Compare the median repetition with what scores 3; heels on a board and pain are known to the lifter only."""
    missed, seen = [], 0
    for item, needs in _FMS.items():
        each = [(_median(reps, metric), holds) for metric, holds in needs]
        known = [(value, holds) for value, holds in each if value is not None]
        seen += bool(known)
        if any(not holds(value) for value, holds in known):
            missed.append(item)
    return Screen("FMS deep squat, for a 3", seen - len(missed), seen, len(_FMS), tuple(missed))


def _median(reps: Sequence[Rep], metric: str) -> float | None:
    values = [m.value for rep in reps if (m := rep.measurements.get(metric)) and m.value is not None]
    return float(np.median(values)) if values else None
