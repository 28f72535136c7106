"""How many millimetres a pixel is: by stature, by an object of known size, or else not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .result import SwayScale
from .signal import mean_seen, median

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..pose.track import PoseTrack

    Floats = NDArray[np.float64]

# a plate of 450 mm is the object that stands in every gym
PLATE_MM = 450.0
# eyes and ankles above the floor in statures (Winter 2009), and how far bodies differ from that
_EYE_TO_ANKLE = 0.936 - 0.039
_STATURE_ERROR = 0.04


def stature_scale(eye_to_ankle_px: float, height_m: float) -> SwayScale:
    """Scale by stature: how far apart eyes and ankles are in upright standing, pixels."""
    return SwayScale("mm", 1000.0 * height_m * _EYE_TO_ANKLE / eye_to_ankle_px, _STATURE_ERROR, "height")


def object_scale(length_px: float, length_mm: float = PLATE_MM, error_px: float = 2.0) -> SwayScale:
    """Scale by an object that is as far from the camera as the person, its length known to `error_px`."""
    return SwayScale("mm", length_mm / length_px, error_px / length_px, "object")


def leg_scale(leg_px: float) -> SwayScale:
    """Scale without millimetres: lengths in per cent of the leg."""
    return SwayScale("% leg", 100.0 / leg_px, 0.0, "leg")


def scale_of(track: PoseTrack, leg_px: float, height_m: float | None) -> SwayScale:
    """Choose the scale of a part of a track in which somebody stands upright.

    Without a stature, or where the eyes are hidden, it is the leg's.
    """
    eyes = mean_seen(track.joint("left_eye")[:, 1], track.joint("right_eye")[:, 1])
    # the lower ankle is the one that stands
    ankles = np.fmax(track.joint("left_ankle")[:, 1], track.joint("right_ankle")[:, 1])
    upright_px = median(ankles - eyes)
    if height_m is None or not np.isfinite(upright_px):
        return leg_scale(leg_px)
    return stature_scale(upright_px, height_m)
