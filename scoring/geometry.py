"""Angles of segments and joints in the sagittal plane, and what a camera makes of them.

Coordinates are those of the body plane: x forward (anterior), y up, any unit of length.
Angles are degrees. Flexion is reported about the medio-lateral axis (Wu et al. 2002).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


# of phones and webcams, over the picture's longer side
FOCAL_LENGTH = 0.8


def body_plane(xy_px: ArrayLike, facing: int) -> Floats:
    """Turn picture coordinates (x right, y down) into body-plane coordinates (x forward, y up).

    Parameters
    ----------
    xy_px : (..., 2) array
        Pixels of a picture whose pixels are square.
    facing : int
        +1 when the person faces the right edge of the picture, -1 for the left.

    Returns
    -------
    (..., 2) array, same unit.
    """
    signs = np.array([facing, -1.0])
    return np.asarray(np.multiply(xy_px, signs, dtype=np.float64))


def inclination(distal: ArrayLike, proximal: ArrayLike) -> Floats:
    """Inclination of a segment against the upward vertical.

    Parameters
    ----------
    distal, proximal : (..., 2) array
        Ends of the segment in the body plane.

    Returns
    -------
    (...) array of degrees, -180 to 180; 0 upright, positive tilted forward.
    """
    d = np.asarray(proximal, dtype=np.float64) - np.asarray(distal, dtype=np.float64)
    return np.asarray(np.degrees(np.arctan2(d[..., 0], d[..., 1])))


def angle_difference(a: ArrayLike, b: ArrayLike) -> Floats:
    """Return ``a - b`` in degrees, wrapped into [-180, 180)."""
    return np.asarray(np.mod(np.asarray(a, dtype=np.float64) - np.asarray(b) + 180.0, 360.0) - 180.0)


def joint_flexion(distal_deg: ArrayLike, proximal_deg: ArrayLike) -> Floats:
    """Flexion between two segments: 0 straight, positive flexed, negative hyperextended.

    Knee flexion is ``joint_flexion(shank, thigh)``; trunk-thigh ("hip") flexion is
    ``joint_flexion(trunk, thigh)`` and contains lumbar and pelvic motion.

    Parameters
    ----------
    distal_deg, proximal_deg : (...) array
        Inclinations as `inclination` gives them.
    """
    return angle_difference(distal_deg, proximal_deg)


def depth_angle(hip_y: ArrayLike, knee_y: ArrayLike, thigh_length: float) -> Floats:
    """Angle of the thigh above (+) or below (-) parallel, in degrees.

    Parameters
    ----------
    hip_y, knee_y : (...) array
        Heights, y up, in the unit of `thigh_length`.
    thigh_length : float
        Length of the thigh as seen when it lies in the picture plane.
    """
    ratio = (np.asarray(hip_y, dtype=np.float64) - np.asarray(knee_y)) / thigh_length
    return np.asarray(np.degrees(np.arcsin(np.clip(ratio, -1.0, 1.0))))


def project_inclination(theta_deg: ArrayLike, yaw_error_deg: ArrayLike) -> Floats:
    """Inclination that a camera sees from `yaw_error_deg` off the side (orthographic)."""
    theta, yaw = np.radians(theta_deg), np.radians(yaw_error_deg)
    return np.asarray(np.degrees(np.arctan2(np.sin(theta) * np.cos(yaw), np.cos(theta))))


def unproject_inclination(seen_deg: ArrayLike, yaw_error_deg: ArrayLike) -> Floats:
    """Invert `project_inclination`; meaningful up to about 30 degrees of yaw error."""
    seen, yaw = np.radians(seen_deg), np.radians(yaw_error_deg)
    return np.asarray(np.degrees(np.arctan2(np.sin(seen) / np.cos(yaw), np.cos(seen))))


def max_inclination_error(yaw_error_deg: ArrayLike) -> Floats:
    """Largest error that a yaw error can put into any inclination, in degrees.

    ``atan((1 - c) / (2 sqrt(c)))`` with ``c = cos(yaw error)``, reached at
    ``tan(theta) = 1 / sqrt(c)``. A joint angle, made of two segments, can err twice as much.
    """
    c = np.cos(np.radians(np.minimum(np.asarray(yaw_error_deg, dtype=np.float64), 89.9)))
    return np.asarray(np.degrees(np.arctan((1.0 - c) / (2.0 * np.sqrt(c)))))


def forward_plane(points_m: ArrayLike, left_hip_m: ArrayLike, right_hip_m: ArrayLike) -> Floats:
    """Project world landmarks into the person's own sagittal plane.

    Parameters
    ----------
    points_m : (T, 3) array
        World landmarks: x right, y down, z away from the camera.
    left_hip_m, right_hip_m : (T, 3) array
        The line between the hips gives the medio-lateral axis.

    Returns
    -------
    (T, 2) array: forward, up.
    """
    points, lateral = (np.asarray(a, dtype=np.float64) for a in (points_m, np.subtract(left_hip_m, right_hip_m)))
    # up x (right - left) points forward; with y down, up is (0, -1, 0)
    forward = np.stack([lateral[..., 2], -lateral[..., 0]], axis=-1)
    forward /= np.linalg.norm(forward, axis=-1, keepdims=True)
    return np.stack([(points[..., [0, 2]] * forward).sum(axis=-1), -points[..., 1]], axis=-1)


def frontal_projection_angle(hip: ArrayLike, knee: ArrayLike, ankle: ArrayLike, medial_sign: float) -> Floats:
    """Angle of thigh and shank as a camera in front sees it (FPPA): positive with the knee inward.

    Knees that bend pretend to it: see `frontal_crosstalk`. It says something of one leg,
    little bent, seen exactly from the front.

    Parameters
    ----------
    hip, knee, ankle : (..., 2) array
        Frontal plane: x to the right edge of the picture, y up.
    medial_sign : float
        +1 where the middle of the body lies towards +x of this leg, otherwise -1.

    Returns
    -------
    (...) array of degrees.
    """
    a, b, c = (np.asarray(p, dtype=np.float64) for p in (hip, knee, ankle))
    thigh, shank = b - a, c - b
    cross = thigh[..., 0] * shank[..., 1] - thigh[..., 1] * shank[..., 0]
    return np.asarray(-medial_sign * np.degrees(np.arctan2(cross, (thigh * shank).sum(axis=-1))))


def frontal_crosstalk(thigh_back_deg: ArrayLike, shank_forward_deg: ArrayLike, yaw_error_deg: ArrayLike) -> Floats:
    """Frontal projection angle that a straight leg shows a camera off the front, in degrees.

    Its thigh tilts back and its shank forward: seen `yaw_error_deg` from in front, both lean aside.
    """
    sideways = np.sin(np.radians(yaw_error_deg))
    tilts = (np.tan(np.radians(a)) * sideways for a in (thigh_back_deg, shank_forward_deg))
    return np.asarray(np.degrees(sum(np.arctan(tilt) for tilt in tilts)))


def balanced_lean(
    shank: tuple[ArrayLike, float], thigh: tuple[ArrayLike, float], trunk_length: float, foot_middle: ArrayLike
) -> Floats:
    """Trunk inclination that brings the shoulders over the middle of the foot, where a heavy bar must be.

    Parameters
    ----------
    shank, thigh : (array of degrees, float)
        Inclination, as `inclination` gives it, and length.
    trunk_length : float
        Same unit.
    foot_middle : (...) array
        Middle of the foot ahead of the ankle, same unit.

    Returns
    -------
    (...) array of degrees; NaN where no lean balances.
    """
    ahead = sum(length * np.sin(np.radians(tilt)) for tilt, length in (shank, thigh))
    sine = (np.asarray(foot_middle, dtype=np.float64) - ahead) / trunk_length
    return np.asarray(np.degrees(np.arcsin(np.where(np.abs(sine) <= 1.0, sine, np.nan))))


def chord_over_arc(curvature_deg: ArrayLike) -> Floats:
    """Length of the straight line between the ends of an evenly curved back over the back's own length.

    It falls so little with curvature that hip and shoulder points can't show a round back.
    """
    half = np.radians(curvature_deg) / 2.0
    return np.asarray(np.sinc(half / np.pi))
