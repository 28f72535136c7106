"""One frame after the other: how low the lifter is and where they stand, smoothed causally."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .geometry import depth_angle
from .live_reps import HINGE_ENTER_DEG, SQUAT_ENTER
from .one_euro import OneEuro
from .sides import LEG, SIDES
from .signal import median

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..pose.topology import Topology
    from .result import Family

    Floats = NDArray[np.float64]

_SURE = 0.5
# the height of planted feet is a median over so long, as offline
_FEET_S = 1.0
# upright thighs
_STANDING_DEG = 90.0
# lean that fills the bar of a hinge
_FULL_LEAN_DEG = 70.0


@dataclass(frozen=True, eq=False)
class Scale:
    """What pixels mean for one person before one camera.

    Attributes
    ----------
    leg_px, thigh_px : float
        Hip to knee to ankle, and hip to knee.
    side : str
        Whose leg is seen better.
    planar : bool
        Seen from the side: the trunk's lean shows in the picture; else in world landmarks.
    """

    leg_px: float
    thigh_px: float
    side: str
    planar: bool


def scale_of(xy_px: Floats, visibility: Floats, topology: Topology, *, planar: bool) -> Scale | None:
    """Measure somebody who stands still.

    Parameters
    ----------
    xy_px, visibility : (T, J, 2) and (T, J) array
        A second or more of standing.
    topology : Topology
    planar : bool
        See `Scale`.

    Returns
    -------
    Scale, or None where no leg was seen.
    """
    seen = {side: np.mean([visibility[:, topology.index[f"{side}_{joint}"]] for joint in LEG]) for side in SIDES}
    side = max(SIDES, key=lambda one: float(seen[one]))
    hip, knee, ankle = (xy_px[:, topology.index[f"{side}_{joint}"]] for joint in LEG)
    thigh, shank = (np.linalg.norm(a - b, axis=1) for a, b in ((hip, knee), (knee, ankle)))
    thigh_px = median(thigh)
    if not thigh_px > 0.0:
        return None
    # where the feet are never seen: both are about a quarter of the stature (Winter 2009)
    shank_px = median(shank) if np.isfinite(shank).any() else thigh_px
    return Scale(thigh_px + shank_px, thigh_px, side, planar)


@dataclass(frozen=True, eq=False)
class Posture:
    """One moment.

    Attributes
    ----------
    time_s : float
    xy_px : (J, 2) array
        Smoothed landmarks.
    drop : float
        Hips below a leg's length above the feet, in leg lengths; about 0 standing.
    lean_deg : float
        Trunk against the vertical.
    thigh_deg : float
        Thigh above (+) parallel.
    feet_x : float
        Middle of the feet in leg lengths.
    free_foot : float
        The higher foot above the lower one in leg lengths.
    """

    time_s: float
    xy_px: Floats
    drop: float
    lean_deg: float
    thigh_deg: float
    feet_x: float
    free_foot: float

    def effort(self, family: Family) -> float:
        """Return the signal by which repetitions are counted: 1 where the first ones begin to count."""
        drop, lean = self.drop / SQUAT_ENTER, self.lean_deg / HINGE_ENTER_DEG
        if family == "squat":
            return drop
        return lean if family == "hinge" else float(np.fmax(drop, lean))

    def depth(self, family: Family, target_deg: float) -> float:
        """Return how far down the lifter is: 0 standing, 1 at the target angle of the thighs, or well leant."""
        if family == "hinge":
            return self.lean_deg / _FULL_LEAN_DEG
        return (_STANDING_DEG - self.thigh_deg) / (_STANDING_DEG - target_deg)


class LiveBody:
    """Turns landmarks as the engine sees them into postures, by nothing but what came before.

    Parameters
    ----------
    scale : Scale
    topology : Topology
    """

    def __init__(self, scale: Scale, topology: Topology) -> None:
        self._scale, self._index = scale, topology.index
        self._filter = OneEuro()
        self._world = OneEuro()
        self._feet: deque[tuple[float, float]] = deque()

    def step(self, time_s: float, xy_px: Floats, world_m: Floats, visibility: Floats) -> Posture:
        """Return the posture in the next frame, from (J, 2), (J, 3) and (J,) arrays."""
        seen = np.where(visibility[:, None] >= _SURE, xy_px, np.nan)
        # the filter's settings hold for lengths in per cent of the leg
        unit = self._scale.leg_px / 100.0
        smooth = self._filter.step(time_s, seen / unit) * unit
        world = self._world.step(time_s, world_m * 100.0)
        hips, shoulders = self._middle(smooth, "hip"), self._middle(smooth, "shoulder")
        hip, knee, ankle = (smooth[self._index[f"{self._scale.side}_{joint}"]] for joint in LEG)
        feet_y = self._feet_y(time_s, float(ankle[1]))
        thigh = depth_angle(np.array([-hip[1]]), np.array([-knee[1]]), self._scale.thigh_px)[0]
        return Posture(
            time_s=time_s,
            xy_px=smooth,
            drop=1.0 - (feet_y - float(hips[1])) / self._scale.leg_px,
            lean_deg=_tilt_deg(shoulders - hips)
            if self._scale.planar
            else _tilt_deg(self._middle(world, "shoulder") - self._middle(world, "hip")),
            thigh_deg=float(thigh),
            feet_x=float(self._middle(smooth, "ankle")[0]) / self._scale.leg_px,
            free_foot=self._free_foot(smooth),
        )

    def _middle(self, points: Floats, joint: str) -> Floats:
        return np.asarray((points[self._index[f"left_{joint}"]] + points[self._index[f"right_{joint}"]]) / 2.0)

    def _feet_y(self, time_s: float, ankle_y: float) -> float:
        """Height of the planted feet: a hidden ankle flickers, the floor does not move."""
        if np.isfinite(ankle_y):
            self._feet.append((time_s, ankle_y))
        # the last sighting stays
        while len(self._feet) > 1 and self._feet[0][0] < time_s - _FEET_S:
            self._feet.popleft()
        # where no foot was ever seen any height will do: repetitions are counted from how the lifter stands
        return float(np.median([y for _, y in self._feet])) if self._feet else 0.0

    def _free_foot(self, xy: Floats) -> float:
        """Take the median of the landmarks of a foot: from the side one of them may be taken for the other leg's."""
        names = [joint for joint in ("ankle", "heel", "toe") if f"left_{joint}" in self._index]
        apart = [xy[self._index[f"left_{joint}"], 1] - xy[self._index[f"right_{joint}"], 1] for joint in names]
        known = np.array(apart)[np.isfinite(apart)]
        return float(abs(np.median(known))) / self._scale.leg_px if len(known) else float("nan")


def _tilt_deg(up: Floats) -> float:
    """Angle of a (2,) or (3,) vector against the upward vertical; y points down."""
    return float(np.degrees(np.arctan2(np.linalg.norm(np.delete(up, 1)), -up[1])))
