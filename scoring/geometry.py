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
