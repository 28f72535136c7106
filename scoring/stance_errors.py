"""What goes wrong while somebody balances: hops, hands that leave the hips, a free thigh that leaves its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.ndimage import median_filter

from .result import BalanceError
from .sides import SIDES
from .signal import bridge, median, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .sides import Side
    from .stance_paths import StancePaths

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

ErrorKind = Literal["touch_down", "hop", "hands_off", "free_thigh", "out_of_position"]

# leg lengths: the standing foot is somewhere else
_MOVED = 0.06
# share of the trunk's length by which a hand leaves the hips, and degrees by which the free thigh leaves its place
_HANDS_ON, _HANDS_OFF, _THIGH_OFF_DEG = 0.40, 0.25, 30.0
_KEPT_S = 0.3
# who stays out of position for so long has made another error
_OUT_S = 5.0
# errors closer than this are one
_AT_ONCE_S = 1.0
_MOST_ERRORS = 10


def hops(paths: StancePaths, side: Side, start: int, stop: int, touches: Sequence[int]) -> list[BalanceError]:
    """Find the standing foot being put somewhere else, away from touch-downs."""
    near = paths.frames(_AT_ONCE_S)
    moved = (i for i in _steps(paths, side, start, stop) if all(abs(i - touch) > near for touch in touches))
    return [BalanceError("hop", float(paths.time_s[i])) for i in moved]


def _steps(paths: StancePaths, side: Side, start: int, stop: int) -> list[int]:
    """Frames at which a foot is somewhere else for half a second than for the half second before.

    Ankle, heel, toe and hips must all have gone: a landmark alone may be mistaken, and a foot
    that hops takes the body with it.
    """
    half = paths.frames(0.5)
    if stop - start < 3 * half:
        return []
    away = np.full(stop - start - 2 * half, np.inf)
    for path in (*(paths.joints[f"{side}_{joint}"] for joint in ("ankle", "heel", "toe")), paths.middle("hip")):
        known = bridge(path[start:stop])
        if np.isfinite(known).all():
            place = median_filter(known, size=(2 * half + 1, 1), mode="nearest")
            away = np.minimum(away, np.linalg.norm(place[2 * half :] - place[: -2 * half], axis=1) / paths.leg_px)
    moved = np.isfinite(away) & (away > _MOVED)
    return [start + half + int(a + np.argmax(away[a:b])) for a, b in runs(moved)]


def step_frames(paths: StancePaths, start: int, stop: int) -> list[int]:
    """Return the frames at which either foot is put somewhere else, in order."""
    return sorted(i for side in SIDES for i in _steps(paths, side, start, stop))


def hands_off(paths: StancePaths, start: int, stop: int) -> list[BalanceError]:
    """Find hands that leave the hips, of those that were there at first."""
    found = []
    for side in SIDES:
        if _hand_is_on(paths, side, (start, stop)):
            away = _hand_from_hip(paths, side, (start, stop))
            found += _lasting(paths, away - _at_first(paths, away) > _HANDS_OFF, start, "hands_off")
    return found


def hands_seen_on(paths: StancePaths, span: tuple[int, int]) -> bool:
    """Tell whether a hand was on the hips at first."""
    return any(_hand_is_on(paths, side, span) for side in SIDES)


def _hand_is_on(paths: StancePaths, side: Side, span: tuple[int, int]) -> bool:
    return _at_first(paths, _hand_from_hip(paths, side, span)) <= _HANDS_ON


def _hand_from_hip(paths: StancePaths, side: Side, span: tuple[int, int]) -> Floats:
    """Distance of a hand from its hip in lengths of the trunk."""
    part = slice(*span)
    trunk = median(np.linalg.norm((paths.middle("shoulder") - paths.middle("hip"))[part], axis=1))
    away = paths.joints[f"{side}_wrist"][part] - paths.joints[f"{side}_hip"][part]
    return np.asarray(np.linalg.norm(away, axis=1) / trunk)


def _at_first(paths: StancePaths, curve: Floats) -> float:
    return median(curve[: paths.frames(2.0)])


def thigh_off(paths: StancePaths, free: str, start: int, stop: int) -> list[BalanceError]:
    """Find the free thigh leaving the place that it has most of the time."""
    thigh = (paths.joints[f"{free}_knee"] - paths.joints[f"{free}_hip"])[start:stop]
    angle = np.degrees(np.arctan2(thigh[:, 0], thigh[:, 1]))
    inner = np.zeros(len(angle), dtype=bool)
    # lifting and putting down move it anyway
    inner[paths.frames(1.0) : -paths.frames(1.0)] = True
    # seen from the front a thigh that points at the camera has no direction
    long_enough = np.linalg.norm(thigh, axis=1) > 0.25 * paths.leg_px
    off = (np.abs(angle - median(angle[inner & long_enough])) > _THIGH_OFF_DEG) & inner & long_enough
    return _lasting(paths, off, start, "free_thigh")


def _lasting(paths: StancePaths, mask: Mask, start: int, kind: ErrorKind) -> list[BalanceError]:
    kept = [(a, b) for a, b in runs(mask) if b - a >= paths.frames(_KEPT_S)]
    stayed = [a + paths.frames(_OUT_S) for a, b in kept if b - a > paths.frames(_OUT_S)]
    return [
        *(BalanceError(kind, float(paths.time_s[start + a])) for a, _ in kept),
        *(BalanceError("out_of_position", float(paths.time_s[start + a])) for a in stayed),
    ]


def once(events: list[BalanceError]) -> tuple[BalanceError, ...]:
    """Count errors at the same time once, the gravest of them, and no more than ten."""
    order = ("touch_down", "hop", "hands_off", "free_thigh", "out_of_position")
    kept: list[BalanceError] = []
    for event in sorted(events, key=lambda e: (order.index(e.kind), e.time_s)):
        if all(abs(event.time_s - other.time_s) > _AT_ONCE_S for other in kept):
            kept.append(BalanceError(event.kind, round(event.time_s, 2)))
    return tuple(sorted(kept, key=lambda e: e.time_s)[:_MOST_ERRORS])
