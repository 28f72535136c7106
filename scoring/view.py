"""From where the camera sees the person, and what that lets us measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from .result import View
from .signal import mean_seen, median

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from ..pose.track import PoseTrack
    from .result import ViewLabel
    from .thresholds import ViewThresholds

    Floats = NDArray[np.float64]


def line_yaw(left_m: ArrayLike, right_m: ArrayLike) -> Floats:
    """Signed yaw of the line between two paired world landmarks.

    Parameters
    ----------
    left_m, right_m : (T, 3) array
        World landmarks of the subject's left and right side (x right, z away).

    Returns
    -------
    (T,) array of degrees: 0 faces the camera, +90 shows the left side, -90 the
    right side, +-180 the back.
    """
    d = np.asarray(left_m, dtype=np.float64) - np.asarray(right_m)
    return np.asarray(np.degrees(np.arctan2(-d[..., 2], d[..., 0])))


def circular_mean(angles_deg: ArrayLike) -> float:
    """Mean direction of angles in degrees, ignoring NaN."""
    a = np.asarray(angles_deg, dtype=np.float64)
    known = np.radians(a[np.isfinite(a)])
    return float(np.degrees(np.arctan2(np.sin(known).mean(), np.cos(known).mean())))


def circular_median(angles_deg: ArrayLike) -> float:
    """Median direction of angles in degrees: the median of the deviations from their mean direction."""
    a = np.asarray(angles_deg, dtype=np.float64)
    centre = circular_mean(a)
    return _wrap(centre + median((a - centre + 180.0) % 360.0 - 180.0))


def facing_sign(track: PoseTrack, frames: NDArray[np.bool_]) -> int:
    """Tell which edge of the picture the person faces: +1 right, -1 left, 0 unknown.

    The toes decide; where they are not seen, the nose against the ears; where the face
    is hidden too, the side that the world landmarks of the hips turn to the camera.
    """
    for front, backs in (
        (("left_toe", "right_toe"), ("left_heel", "right_heel")),
        (("nose",), ("left_ear", "right_ear")),
    ):
        ahead = _mean_x(track, front, frames) - _mean_x(track, backs, frames)
        if np.isfinite(ahead).any() and (usual := median(ahead)) != 0:
            return 1 if usual > 0 else -1
    hips = line_yaw(track.joint_world("left_hip")[frames], track.joint_world("right_hip")[frames])
    if not np.isfinite(hips).any():
        return 0
    return -1 if circular_median(hips) > 0 else 1


def find_view(track: PoseTrack, frames: NDArray[np.bool_], limits: ViewThresholds) -> View:
    """Estimate the view from the hip and shoulder lines of the world landmarks.

    Parameters
    ----------
    track : PoseTrack
        One person.
    frames : (T,) bool array
        Standing frames, where both lines are long and level.
    limits : ViewThresholds
        Class borders and how well the two lines must agree.

    Returns
    -------
    View
        ``uncertain`` when there are no world landmarks or the two lines disagree.
    """
    yaws = [
        line_yaw(track.joint_world(f"left_{joint}")[frames], track.joint_world(f"right_{joint}")[frames])
        for joint in ("hip", "shoulder")
    ]
    if any(np.isfinite(yaw).sum() == 0 for yaw in yaws):
        return View("uncertain", None, None, None)
    hip, shoulder = (circular_median(yaw) for yaw in yaws)
    apart = abs(_wrap(hip - shoulder))
    signed = circular_mean([hip, shoulder])
    yaw, sem = abs(signed), max(limits.yaw_sem_deg, apart / 2.0)
    label = _label(yaw, limits) if apart <= limits.lines_agree_deg else "uncertain"
    return View(label, round(yaw, 1), round(sem, 1), _facing(yaw, label, facing_sign(track, frames)))


def sagittal_error(view: View, usual_sem_deg: float) -> float:
    """Degrees by which the camera may be off the exact side view; 90 when unknown.

    What the yaw is more uncertain than usual is added.
    """
    if view.yaw_deg is None or view.yaw_sem_deg is None:
        return 90.0
    return abs(90.0 - view.yaw_deg) + max(0.0, view.yaw_sem_deg - usual_sem_deg)


def frontal_error(view: View) -> float:
    """Degrees by which the camera is off the exact front or back; 90 when unknown."""
    return 90.0 if view.yaw_deg is None else min(view.yaw_deg, 180.0 - view.yaw_deg)


def _label(yaw_deg: float, limits: ViewThresholds) -> ViewLabel:
    if abs(90.0 - yaw_deg) <= 90.0 - limits.sagittal_min_deg:
        return "sagittal"
    return "frontal" if min(yaw_deg, 180.0 - yaw_deg) <= limits.frontal_max_deg else "oblique"


def _facing(yaw_deg: float, label: ViewLabel, sign: int) -> Literal["left", "right", "camera", "away"] | None:
    if label == "uncertain":
        return None
    if label == "frontal":
        return "camera" if yaw_deg < 90.0 else "away"
    return "right" if sign > 0 else "left"


def _mean_x(track: PoseTrack, joints: tuple[str, ...], frames: NDArray[np.bool_]) -> Floats:
    return mean_seen(*(track.joint(joint)[frames, 0] for joint in joints))


def _wrap(angle_deg: float) -> float:
    return (angle_deg + 180.0) % 360.0 - 180.0
