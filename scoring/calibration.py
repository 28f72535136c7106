"""From landmarks to joint centres: by how much a segment between landmarks leans otherwise than the bone.

A pose network marks points on the body as an annotator would click them, not the centres
about which the joints turn. Within one segment the difference is a constant turn; world
landmarks, whose depth is a guess, also lean too little. Both are learned on rendered
people whose joint centres are known.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 -- read at run time to check the file of calibrations
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .geometry import inclination

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .result import View

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Lean:
    """Inclination of a bone from the inclination between its landmarks: ``offset_deg + gain * seen``."""

    offset_deg: float
    gain: float = 1.0


@dataclass(frozen=True)
class ViewCalibration:
    """The three segments of the sagittal plane, as one model sees them from one kind of view."""

    trunk: Lean
    thigh: Lean
    shank: Lean

    def joint_centres(self, points: Mapping[str, Floats]) -> dict[str, Floats]:
        """Turn shank and thigh about the knee and the trunk about the hips; lengths stay.

        What hides one segment hides no other.

        Parameters
        ----------
        points : mapping of str to (N, 2) array
            ``ankle``, ``knee``, ``hip`` of the leg, and the middles ``hips`` and ``shoulders``;
            body plane, forward and up.

        Returns
        -------
        dict of str to (N, 2) array, the same points.
        """
        knee, hips = points["knee"], points["hips"]
        return {
            "ankle": knee - _turned(points["ankle"], knee, self.shank),
            "knee": knee,
            "hip": knee + _turned(knee, points["hip"], self.thigh),
            "hips": hips,
            "shoulders": hips + _turned(hips, points["shoulders"], self.trunk),
        }


@dataclass(frozen=True)
class ModelCalibration:
    """What was learned for one model: in the picture from the side, and of world landmarks from obliquely in front."""

    side: ViewCalibration
    oblique: ViewCalibration

    def of(self, view: View, planar: bool) -> ViewCalibration | None:
        """Return what was learned for a view, in the picture (``planar``) or of world landmarks; None if nothing."""
        if planar:
            return self.side
        aside = view.label in ("oblique", "sagittal")
        return self.oblique if aside and view.yaw_deg is not None and view.yaw_deg < 90.0 else None


@dataclass(frozen=True)
class Calibrations:
    """The file of calibrations.

    Attributes
    ----------
    version : str
        Named in every result that was made with it.
    made : str
        How and when.
    models : mapping of str to ModelCalibration
        By model id.
    """

    version: str
    made: str
    models: Mapping[str, ModelCalibration]


def _turned(lower: Floats, upper: Floats, lean: Lean) -> Floats:
    """Return the segment from its lower to its upper end, leaning as the bone does."""
    angle = np.radians(lean.offset_deg + lean.gain * inclination(lower, upper))
    length = np.linalg.norm(upper - lower, axis=-1)
    return np.asarray(length[:, None] * np.stack([np.sin(angle), np.cos(angle)], axis=-1))
