"""Which excursions are no repetition at all: walking, jumping, hanging, lying, crouching."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .reps import regrade, segment_reps
from .signal import median

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .kinematics import Kinematics
    from .reps import RepSpan
    from .thresholds import RepThresholds, Thresholds

    Floats = NDArray[np.float64]

_NEAR_TOP_S = 0.5
# a foot seen in less of the repetition is not judged
_OFTEN = 0.8
# leg lengths: the foot that somebody stands on stays, the other one is higher by as much, or moves by as much
_STANCE_TRAVEL = 0.12
_LIFTED_HEIGHT = 0.35
_LIFTED_TRAVEL = 0.25


def find_spans(
    kin: Kinematics,
    signal: Floats,
    smallest: float,
    thresholds: Thresholds,
    *,
    one_leg: bool = False,
) -> tuple[RepSpan, ...]:
    """Find the repetitions in a signal that is high at the bottom.

    Parameters
    ----------
    kin : Kinematics
        Curves of the track.
    signal : (N,) array
        What goes up when the body goes down.
    smallest : float
        Excursions below this height are no repetition, unless they are parts of one among higher ones.
    thresholds : Thresholds
    one_leg : bool
        Only repetitions on one foot, the other one lifted; otherwise both feet must stay.
    """
    spans = segment_reps(kin.time_s, signal, thresholds.reps, thresholds.filter, smallest)
    spans = regrade([s for s in spans if _is_rep(kin, signal, s, thresholds, one_leg=one_leg)], thresholds.reps)
    return spans if any(span.amplitude >= smallest for span in spans) else ()


def _is_rep(kin: Kinematics, signal: Floats, span: RepSpan, thresholds: Thresholds, *, one_leg: bool) -> bool:
    start, bottom, end = (int(np.searchsorted(kin.time_s, s)) for s in (span.start_s, span.bottom_s, span.end_s))
    during, rising = slice(start, end + 1), slice(bottom, end + 1)
    # a rise that was not seen is no rise
    needed = signal[during], signal[rising], kin.thigh_inclination_deg[during]
    feet = kin.feet[during]
    return bool(
        all(_share(np.isfinite(curve)) >= thresholds.reps.min_seen for curve in needed)
        and _joints_bend(kin, during, thresholds.reps.min_flexion_deg)
        and (on_one_leg(feet) if one_leg else _stay(feet, thresholds.reps.max_foot_travel))
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


def _stay(feet: Floats, max_travel: float) -> bool:
    return _planted(feet[:, 0], max_travel) and _planted(feet[:, 1], max_travel)


def _planted(foot: Floats, max_travel: float) -> bool:
    """Tell whether a foot stays where it is; a foot that is often hidden is not judged.

    A hidden ankle's landmark wanders, so a foot may wander twice as far as it may step.
    """
    seen = np.isfinite(foot[:, 0])
    if not _share(seen) >= _OFTEN:
        return True
    path = foot[seen]
    part = max(1, len(path) // 10)
    step = math.hypot(*(median(coordinate[-part:]) - median(coordinate[:part]) for coordinate in path.T))
    return bool(step <= max_travel and _travel(path) <= 2.0 * max_travel)


def on_one_leg(feet: Floats) -> bool:
    """Tell whether one foot stays on the floor while the other one is clearly off it.

    Parameters
    ----------
    feet : (n, 2, 2) array
        Left and right ankle during a repetition, leg lengths. From the side the farther
        foot stands higher in the picture, so a small difference in height is no lifted foot.
    """
    left, right = feet[:, 0], feet[:, 1]
    seen = np.isfinite(left[:, 0]) & np.isfinite(right[:, 0])
    if not _share(seen) >= _OFTEN:
        return False
    travels = _travel(left[seen]), _travel(right[seen])
    apart = abs(median(left[:, 1] - right[:, 1]))
    return min(travels) <= _STANCE_TRAVEL and (apart >= _LIFTED_HEIGHT or max(travels) >= _LIFTED_TRAVEL)


def _travel(path: Floats) -> float:
    return _spread(path, 10.0)


def _stands(kin: Kinematics, span: RepSpan, limits: RepThresholds) -> bool:
    """Tell whether the lifter stands upright at the end, or at the start where the video ends too early.

    Where that moment is hidden, the nearest one seen serves, up to half a second away.
    """
    top = span.start_s if "ends_early" in span.flags else span.end_s
    near = slice(*np.searchsorted(kin.time_s, (top - _NEAR_TOP_S, top + _NEAR_TOP_S + 1e-9)))
    heights, leans = kin.hip_height[near], kin.trunk_inclination_deg[near]
    seen = np.isfinite(heights + leans).nonzero()[0]
    if not len(seen):
        return False
    nearest = seen[np.argmin(np.abs(kin.time_s[near][seen] - top))]
    height, lean = heights[nearest], leans[nearest]
    return bool(height >= limits.min_standing_height and abs(lean) <= limits.max_standing_lean_deg)


def _share(seen: NDArray[np.bool_]) -> float:
    """Return the part of the frames in which something was seen; 0 of none."""
    return np.count_nonzero(seen) / max(len(seen), 1)


def _range(curve: Floats) -> float:
    return _spread(curve[np.isfinite(curve)], 5.0)


def _spread(values: Floats, tail_pct: float) -> float:
    """Largest distance of the percentiles that leave out a tail at both ends, of one or several columns; 0 of none."""
    if not len(values):
        return 0.0
    ordered, last = values.copy(), len(values) - 1
    ordered.sort(axis=0)
    whole, part = divmod(tail_pct / 100.0 * last, 1.0)
    near, far = int(whole), min(int(whole) + 1, last)
    low = ordered[near] * (1.0 - part) + ordered[far] * part
    high = ordered[last - near] * (1.0 - part) + ordered[last - far] * part
    return float((high - low).max())
