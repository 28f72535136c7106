"""What a posture shall show, frame by frame: angles, feet, hands."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .rotations import Floats

ARM_ABDUCTION_DEG = 7.0


@dataclass(frozen=True)
class Stance:
    """Where the feet stand and how the weight lies on them.

    Attributes
    ----------
    half_width_m : float
        From the middle to each ankle.
    toe_out_deg : float
        By how much each foot points outwards.
    weight_forward_m : float
        Centre of mass in front of the ankles.
    """

    half_width_m: float = 0.20
    toe_out_deg: float = 15.0
    weight_forward_m: float = 0.05


def _none() -> Floats:
    return np.zeros(1)


def _neither() -> Floats:
    return np.zeros((1, 2))


@dataclass(frozen=True, eq=False)
class Targets:
    """What a posture shall show in each of T frames; columns of (T, 2) arrays are left and right.

    Every array but the first may have one row, which then holds for all frames.

    Attributes
    ----------
    knee_flexion_deg : (T,) array
        Angle between thigh and shank in space, of the legs that carry the weight; on both
        legs the same as long as the hips are level and in the middle.
    trunk_inclination_deg : (T,) array
        Forward tilt of the line from mid-hip to mid-shoulder.
    arm_elevation_deg, arm_abduction_deg, elbow_flexion_deg : (T,) or (T, 2) arrays
        Upper arm from hanging (0) to pointing forward (90); its plane turned outwards; 0 when straight.
    knees_in_deg : (T,) array
        By how much the knees point further inwards than the toes.
    aside_m : (T,) array
        Where mid-hip (or, on one leg, the centre of mass) is, to the subject's left of the stance's middle.
    weighed : (T,) array
        0: ``aside_m`` says where mid-hip is; 1: where the centre of mass is.
    ahead_m : (T,) array
        Where the stance's middle has gone, forward: for steps.
    pelvis_roll_deg : (T,) array
        Positive when the left hip is higher.
    heel_rise_deg : (T, 2) array
        Of the foot about its ball, the toes staying flat.
    shin_travel_deg : (T,) array
        Forward tilt of the shanks beyond what balance alone would give.
    grip_drift_m : (T,) array
        How far hanging hands are held ahead of where the arms' elevation puts them.
    step_m : (T, 2, 3) array
        Where each foot has gone from its place in the stance, in world axes.
    support : (T, 2) array
        Share of the weight on each leg; rows sum to 1.
    lift : (T, 2) array
        0: the foot stands where stance and step say; 1: the leg hangs free.
    free_thigh_deg, free_knee_deg : (T,) arrays
        Of a free leg: thigh forward of hanging, knee flexion.
    """

    knee_flexion_deg: Floats
    trunk_inclination_deg: Floats
    arm_elevation_deg: Floats
    elbow_flexion_deg: Floats
    arm_abduction_deg: Floats = field(default_factory=lambda: np.full((1, 2), ARM_ABDUCTION_DEG))
    knees_in_deg: Floats = field(default_factory=_none)
    aside_m: Floats = field(default_factory=_none)
    weighed: Floats = field(default_factory=_none)
    ahead_m: Floats = field(default_factory=_none)
    pelvis_roll_deg: Floats = field(default_factory=_none)
    heel_rise_deg: Floats = field(default_factory=_neither)
    shin_travel_deg: Floats = field(default_factory=_none)
    grip_drift_m: Floats = field(default_factory=_none)
    step_m: Floats = field(default_factory=lambda: np.zeros((1, 2, 3)))
    support: Floats = field(default_factory=lambda: np.full((1, 2), 0.5))
    lift: Floats = field(default_factory=_neither)
    free_thigh_deg: Floats = field(default_factory=_none)
    free_knee_deg: Floats = field(default_factory=_none)

    def __len__(self) -> int:
        return len(self.knee_flexion_deg)

    def complete(self) -> Targets:
        """Return the same with a row for every frame and, where sides differ, a column for both."""
        return Targets(**{f.name: self._rows(f.name) for f in fields(self)})

    def _rows(self, name: str) -> Floats:
        array: Floats = getattr(self, name)
        if name in ("arm_elevation_deg", "elbow_flexion_deg") and array.ndim == 1:
            array = np.stack([array, array], axis=1)
        return np.broadcast_to(array, (len(self), *array.shape[1:]))
