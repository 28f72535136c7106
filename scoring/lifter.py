"""What a whole track tells of the lifter, before any curve is smoothed: sides, lengths, standing, and the view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.ndimage import median_filter

from .sides import LEG, SIDES, other
from .signal import bridge, sampling_rate
from .view import facing_sign, find_view

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..pose.track import PoseTrack
    from .result import View
    from .sides import Side
    from .thresholds import ViewThresholds

    Floats = NDArray[np.float64]

Plane = Literal["picture", "world"]
# of the frames: higher than standing the hips are only by chance
_HIGHEST_PERCENT = 5


@dataclass(frozen=True, eq=False)
class Lifter:
    """What a whole track tells of one person and of the camera.

    Attributes
    ----------
    side : str
        Whose leg's angles are wanted; on one leg, that one.
    leg_px, thigh_px : float
        Lengths.
    hip_height : (T,) array
        As in `Kinematics`, as it was seen.
    view : View
    facing : int
        As `facing_sign` tells it.
    planar, one_leg : bool
        As in `Kinematics`.
    """

    side: Side
    leg_px: float
    thigh_px: float
    hip_height: Floats
    view: View
    facing: int
    planar: bool
    one_leg: bool


def lifter(track: PoseTrack, limits: ViewThresholds, plane: Plane | None, *, one_leg: bool) -> Lifter:
    """Find out what a whole track tells.

    Parameters
    ----------
    track : PoseTrack
        As a camera that stood still would have seen it.
    limits : ViewThresholds
    plane : str, optional
        Where angles are to be read; by default the view decides.
    one_leg : bool
        The exercise is done on one leg.

    Returns
    -------
    Lifter
    """
    side = _standing_side(track) if one_leg else _better_side(track)
    leg, thigh = _lengths(track, side)
    height = _hip_height(track, side, leg)
    standing = standing_frames(height) & track.detected
    view, facing = find_view(track, standing, limits), facing_sign(track, standing)
    planar = view.label == "sagittal" if plane is None else plane == "picture"
    return Lifter(side, leg, thigh, height, view, facing, planar, one_leg)


def standing_frames(hip_height: Floats) -> NDArray[np.bool_]:
    """Frames in which the hips are about as high as they get; all of them where that is not seen."""
    if not np.isfinite(hip_height).any():
        return np.ones(len(hip_height), dtype=bool)
    return np.asarray(hip_height >= np.nanpercentile(hip_height, 75) - 0.05)


def mid(track: PoseTrack, joint: str) -> Floats:
    """Return the path of the middle between a left and a right joint, (T, 2) pixels."""
    return (track.joint(f"left_{joint}") + track.joint(f"right_{joint}")) / 2.0


def _better_side(track: PoseTrack) -> Side:
    """Choose the side whose leg is seen better: the near one."""
    seen = {
        side: np.mean([track.visibility[:, track.topology.index[f"{side}_{joint}"]].mean() for joint in LEG])
        for side in SIDES
    }
    return "left" if seen["left"] >= seen["right"] else "right"


def _standing_side(track: PoseTrack) -> Side:
    """Choose the leg that is stood on: its ankle is the lower one while the feet are furthest apart in height."""
    higher = track.joint("right_ankle")[:, 1] - track.joint("left_ankle")[:, 1]
    apart = np.abs(higher)
    if not np.isfinite(apart).any():
        return _better_side(track)
    lifted = apart >= np.nanpercentile(apart, 75)
    return "left" if np.median(higher[lifted]) < 0.0 else "right"


def _lengths(track: PoseTrack, side: Side) -> tuple[float, float]:
    """Leg and thigh length in pixels: what they measure when they lie in the picture plane."""
    hip, knee, ankle = (track.joint(f"{side}_{joint}") for joint in LEG)
    thigh, shank = _long(hip - knee), _long(knee - ankle)
    # both are about a quarter of the stature (Winter 2009)
    shank = thigh if np.isnan(shank) else shank
    return thigh + shank, thigh


def _long(segment: Floats) -> float:
    """Length of a (T, 2) segment where it is seen at its longest; NaN where it never has one."""
    lengths = np.hypot(*segment.T)
    known = lengths[lengths > 0.0]
    return float(np.percentile(known, 95)) if len(known) else np.nan


def _hip_height(track: PoseTrack, side: Side, leg_px: float) -> Floats:
    """Hips above the feet, in leg lengths.

    Planted feet don't move, while a hidden ankle flickers: the ankle is a running
    median over a second, bridged where it is hidden. Where neither ankle is ever seen the
    feet are a leg's length below the highest that the hips get.
    """
    hip_y = mid(track, "hip")[:, 1]
    near, far = (track.joint(f"{s}_ankle")[:, 1] for s in (side, other(side)))
    ankle_y = near if np.isfinite(near).any() else far
    if np.isfinite(ankle_y).any():
        second = max(1, round(sampling_rate(track.time_s)))
        feet_y = median_filter(bridge(ankle_y), size=second, mode="nearest")
    elif np.isfinite(hip_y).any():
        feet_y = np.full(len(hip_y), np.nanpercentile(hip_y, _HIGHEST_PERCENT) + leg_px)
    else:
        return np.full(len(hip_y), np.nan)
    return (feet_y - hip_y) / leg_px
