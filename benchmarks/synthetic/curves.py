"""Curves as the product reads them and the same curves in truth, on one clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formdrift.assess.settings import load_thresholds
from formdrift.pose.clean import clean
from formdrift.scoring.kinematics import kinematics

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formdrift.scoring.calibration import ModelCalibration
    from formdrift.scoring.kinematics import Kinematics
    from formdrift.scoring.lifter import Plane
    from synthetic.observe import Observation

    Floats = NDArray[np.float64]

ANGLES = ("knee", "hip", "trunk", "shank", "depth")
SEGMENTS = ("trunk", "thigh", "shank")
_TRUTH = {
    "knee": "knee_flexion_sagittal_deg",
    "hip": "hip_flexion_sagittal_deg",
    "shank": "shank_inclination_deg",
    "thigh": "thigh_inclination_deg",
    "depth": "depth_deg",
}
# Further up the height of the hip hardly tells the thigh's angle; depth is read at the bottom.
_MOST_DEPTH_DEG = 45.0


@dataclass(frozen=True, eq=False)
class Curves:
    """One observation read in one plane; angles in degrees by name, shape (N,).

    Attributes
    ----------
    kin : Kinematics
        Everything that the product read.
    seen : dict of str to (N,) array
        Angles that were read.
    joints, surface : dict of str to (N,) array
        The same angles in truth: between joint centres and between points of the skin.
    """

    kin: Kinematics
    seen: dict[str, Floats]
    joints: dict[str, Floats]
    surface: dict[str, Floats]


def curves(one: Observation, plane: Plane | None = None, calibration: ModelCalibration | None = None) -> Curves:
    """Read an observation in the picture or from world landmarks; by default the view decides, as in the product.

    In the picture the truth is that of the side which the product chose as the nearer one;
    world landmarks are the mean of both sides, and so is the truth.
    """
    kin = kinematics(clean(one.track), load_thresholds(), calibration, plane)
    seen = {
        "knee": kin.knee_flexion_deg,
        "hip": kin.hip_flexion_deg,
        "trunk": kin.trunk_inclination_deg,
        "shank": kin.shank_inclination_deg,
        "thigh": kin.thigh_inclination_deg,
        "depth": kin.depth_angle_deg,
    }
    sides = (kin.side,) if kin.planar else ("left", "right")

    def truth(surface: bool) -> dict[str, Floats]:
        def on_clock(angle: str) -> Floats:
            return np.asarray(np.interp(kin.time_s, one.truth.time_s, one.truth.angle(angle, surface=surface)))

        found = {name: np.mean([on_clock(f"{s}_{angle}") for s in sides], axis=0) for name, angle in _TRUTH.items()}
        found["depth"] = np.where(np.abs(found["depth"]) <= _MOST_DEPTH_DEG, found["depth"], np.nan)
        return {**found, "trunk": on_clock("trunk_inclination_deg")}

    return Curves(kin, seen, truth(surface=False), truth(surface=True))
