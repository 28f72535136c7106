"""What a camera in front (or behind) sees of the knees, the pelvis and the hips' path."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from .geometry import FOCAL_LENGTH, frontal_projection_angle
from .lifter import standing_frames
from .sides import LEG, SIDES
from .signal import butter_zero_lag, median, resample

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from ..pose.track import PoseTrack
    from .kinematics import Kinematics
    from .thresholds import Thresholds

    Floats = NDArray[np.float64]

_JOINTS = (*LEG, "shoulder", "wrist")


@dataclass(frozen=True, eq=False)
class FrontCurves:
    """Curves of the frontal plane on the clock of the kinematics; N frames, NaN where not seen.

    Attributes
    ----------
    knee_separation : (N,) array
        Distance of the knees over that of the ankles, perspective removed.
    knees_in : (N, 2) array
        How far the left and right knee lie towards the middle from their own ankle, in shank lengths.
    hip_shift : (N,) array
        Middle of the hips beside the middle of the ankles, in hip widths, towards the subject's left.
    frontal_knee_deg : (N, 2) array
        Angle of thigh and shank of the left and right leg, positive with the knee inwards.
    pelvis_tilt_deg, shoulder_tilt_deg, hands_tilt_deg : (N,) array
        Left hip, shoulder or wrist above (+) the right.
    trunk_aside_deg : (N,) array
        Lean of the trunk towards the subject's left.
    stance_width : (N,) array
        Distance of the ankles over that of the shoulders.
    hip_heights : (N, 2) array
        Left and right hip above their ankles, in leg lengths.
    """

    knee_separation: Floats
    knees_in: Floats
    hip_shift: Floats
    frontal_knee_deg: Floats
    pelvis_tilt_deg: Floats
    shoulder_tilt_deg: Floats
    hands_tilt_deg: Floats
    trunk_aside_deg: Floats
    stance_width: Floats
    hip_heights: Floats

    def part(self, frames: slice) -> FrontCurves:
        """Return the same of some frames only."""
        return replace(self, **{field.name: getattr(self, field.name)[frames] for field in fields(self)})


def knee_ankle_separation(
    left_knee_x: ArrayLike, right_knee_x: ArrayLike, left_ankle_x: ArrayLike, right_ankle_x: ArrayLike
) -> Floats:
    """Distance of the knees over that of the ankles (Ortiz et al. 2016); the same from any yaw."""
    knees, ankles = np.subtract(left_knee_x, right_knee_x), np.subtract(left_ankle_x, right_ankle_x)
    return np.asarray(np.abs(knees) / np.abs(ankles))


def perspective(distance: ArrayLike, nearer: ArrayLike) -> Floats:
    """Factor by which something `nearer` to the camera looks larger at a `distance`, same unit."""
    away, by = np.asarray(distance, dtype=np.float64), np.asarray(nearer, dtype=np.float64)
    return np.asarray(away / (away - by))


def front_curves(track: PoseTrack, kin: Kinematics, thresholds: Thresholds) -> FrontCurves:
    """Compute the curves of the frontal plane.

    Parameters
    ----------
    track : PoseTrack
        Cleaned landmarks.
    kin : Kinematics
        Of the same track: the clock, and when the person stands.
    thresholds : Thresholds
        Filters.
    """
    limits = thresholds.filter

    def smooth(joint: str) -> Floats:
        xy = resample(track.time_s, track.joint(joint), kin.time_s, limits.max_gap_s)
        return butter_zero_lag(xy, limits.fc_joint_hz, kin.fs_hz)

    left, right = ({joint: smooth(f"{side}_{joint}") for joint in _JOINTS} for side in SIDES)
    standing = standing_frames(kin.hip_height)
    # +1 where the subject's left is to the right in the picture: seen from in front; -1 from behind
    left_is = 1.0 if median((left["hip"] - right["hip"])[standing, 0]) >= 0 else -1.0
    hip_width = median(np.abs((left["hip"] - right["hip"])[standing, 0]))
    separation, inward = _knees(left, right, standing, left_is, track.frame_size)
    hips, ankles, shoulders = ((left[joint] + right[joint]) / 2.0 for joint in ("hip", "ankle", "shoulder"))
    trunk = (hips - shoulders) * [-left_is, 1.0]
    upright = np.array([1.0, -1.0])
    angles = [
        frontal_projection_angle(leg["hip"] * upright, leg["knee"] * upright, leg["ankle"] * upright, -left_is * side)
        for leg, side in ((left, 1.0), (right, -1.0))
    ]
    return FrontCurves(
        knee_separation=separation,
        knees_in=inward,
        hip_shift=left_is * (hips - ankles)[:, 0] / hip_width,
        frontal_knee_deg=np.stack(angles, axis=1),
        pelvis_tilt_deg=_tilt_deg(left["hip"], right["hip"]),
        shoulder_tilt_deg=_tilt_deg(left["shoulder"], right["shoulder"]),
        hands_tilt_deg=_tilt_deg(left["wrist"], right["wrist"]),
        trunk_aside_deg=np.degrees(np.arctan2(trunk[:, 0], trunk[:, 1])),
        stance_width=np.abs((left["ankle"] - right["ankle"])[:, 0] / (left["shoulder"] - right["shoulder"])[:, 0]),
        hip_heights=np.stack([(leg["ankle"] - leg["hip"])[:, 1] for leg in (left, right)], axis=1) / kin.leg_length,
    )


def _knees(
    left: Mapping[str, Floats],
    right: Mapping[str, Floats],
    standing: NDArray[np.bool_],
    left_is: float,
    frame_size: tuple[int, int],
) -> tuple[Floats, Floats]:
    """Measure the knees against the feet, as `FrontCurves` has it: their separation, and how far either is in.

    Knees come towards a camera in front, and go away from one behind: they are put as wide
    apart as the picture would show them if they stayed over the feet.
    """
    shanks = [_Shank.of(leg["knee"], leg["ankle"], standing) for leg in (left, right)]
    nearer = left_is * np.mean([shank.forward for shank in shanks], axis=0)
    middle = frame_size[0] / 2.0
    closer = perspective(FOCAL_LENGTH * max(frame_size), nearer)
    knees, feet = (
        [middle + (leg["knee"][:, 0] - middle) / closer for leg in (left, right)],
        [leg["ankle"][:, 0] for leg in (left, right)],
    )
    inward = [
        -left_is * side * (knee - foot) / shank.length
        for knee, foot, shank, side in zip(knees, feet, shanks, (1.0, -1.0), strict=True)
    ]
    return knee_ankle_separation(*knees, *feet), np.stack(inward, axis=1)


def _tilt_deg(left: Floats, right: Floats) -> Floats:
    """Angle by which the left of two paired joints is higher in the picture."""
    line = left - right
    return np.asarray(np.degrees(np.arctan2(-line[:, 1], np.abs(line[:, 0]))))


@dataclass(frozen=True, eq=False)
class _Shank:
    """Length of a shank in the picture plane, and how far its knee comes forward, in pixels."""

    length: float
    forward: Floats

    @classmethod
    def of(cls, knee: Floats, ankle: Floats, standing: NDArray[np.bool_]) -> _Shank:
        seen = np.linalg.norm(knee - ankle, axis=1)
        length = median(seen[standing])
        # what the shank loses in the picture, it gains along the line of sight
        return cls(length, length * np.sqrt(np.clip(1.0 - (seen / length) ** 2, 0.0, 1.0)))
