"""Joints of somebody who stands, on one clock: for finding what happens, never for measuring sway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .sides import SIDES
from .signal import butter_zero_lag, resample, sampling_rate, uniform_clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..pose.track import PoseTrack

    Floats = NDArray[np.float64]

_FC_HZ = 3.0
_MAX_GAP_S = 0.5


@dataclass(frozen=True, eq=False)
class StancePaths:
    """Smoothed paths of joints.

    Attributes
    ----------
    time_s : (N,) array
        Uniform clock.
    fs_hz : float
        Its rate.
    leg_px : float
        Length of the leg.
    joints : dict of str to (N, A) array
        Pixels, without the movement of the camera.
    """

    time_s: Floats
    fs_hz: float
    leg_px: float
    joints: dict[str, Floats]

    @classmethod
    def of(cls, track: PoseTrack, joints: Sequence[str], leg_px: float, axes: slice = slice(2)) -> StancePaths:
        """Smooth the given joints of both sides of a track, along both axes of the picture or along one."""
        fs = sampling_rate(track.time_s)
        clock = uniform_clock(track.time_s, fs)
        names = [f"{side}_{joint}" for side in SIDES for joint in joints]
        raw = np.stack([track.joint(name)[:, axes] for name in names], axis=1)
        if track.camera_xy_px is not None:
            raw = raw - track.camera_xy_px[:, None, axes]
        smooth = butter_zero_lag(resample(track.time_s, raw, clock, _MAX_GAP_S), _FC_HZ, fs)
        return cls(clock, fs, leg_px, {name: smooth[:, i] for i, name in enumerate(names)})

    def middle(self, joint: str) -> Floats:
        """Return the middle between the left and the right one of a joint."""
        return np.asarray((self.joints[f"left_{joint}"] + self.joints[f"right_{joint}"]) / 2.0)

    def frames(self, seconds: float) -> int:
        """Return how many frames a time takes, at least one."""
        return max(1, round(seconds * self.fs_hz))
