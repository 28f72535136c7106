"""A pinhole camera around the subject: on a tripod, in an unsteady hand, or panning slowly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from .errors import ScenarioError
from .rotations import Z_AXIS, about, unit
from .sway import band_noise

if TYPE_CHECKING:
    from .rotations import Floats


SHAKE_BAND_HZ = (0.3, 4.0)
_SHAKE_SEED = 2
_FASTEST_PAN_DEG_S, _WIDEST_PAN_DEG = 5.0, 40.0
_ROUNDING_PX = 1e-6


@dataclass(frozen=True)
class CameraSetup:
    """Where the camera stands and where it looks.

    Attributes
    ----------
    yaw_deg : float
        0 in front of the subject, 90 at the subject's left side, 180 behind.
    height_m, distance_m : float
        Of the lens above the floor and, measured on the floor, from the subject.
    aim_height_m : float
        Height of the point above the subject's place that is in the middle of the picture.
    fov_deg : float
        Vertical field of view.
    roll_deg : float
        By how much the camera is tilted clockwise, so that the picture turns anticlockwise.
    shake_deg : float
        Root mean square of how far an unsteady hand turns the camera, about each of its axes.
    pan_deg_s : float
        How fast the camera turns to its right, half-way through the clip looking where it aims.
    """

    yaw_deg: float = 90.0
    height_m: float = 1.0
    distance_m: float = 3.6
    aim_height_m: float = 0.95
    fov_deg: float = 45.0
    roll_deg: float = 0.0
    shake_deg: float = 0.0
    pan_deg_s: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.shake_deg <= 2:
            raise ValueError("expected a shake of 0 to 2 degrees")
        if not -_FASTEST_PAN_DEG_S <= self.pan_deg_s <= _FASTEST_PAN_DEG_S:
            raise ValueError(f"expected a pan of at most {_FASTEST_PAN_DEG_S:.0f} degrees a second")


@dataclass(frozen=True, eq=False)
class Camera:
    """A placed camera.

    Attributes
    ----------
    position_m : (3,) array
        Of the lens.
    rotation : (3, 3) array
        World axes to the camera's: right, down, away.
    focal_px : float
        Focal length.
    size : tuple of int
        Width and height of the picture.
    """

    position_m: Floats
    rotation: Floats
    focal_px: float
    size: tuple[int, int]

    @property
    def projection(self) -> Floats:
        """The (3, 4) matrix that carries homogeneous world metres to homogeneous pixels."""
        width, height = self.size
        inner = np.array([[self.focal_px, 0, width / 2], [0, self.focal_px, height / 2], [0, 0, 1]])
        return np.asarray(inner @ np.concatenate([self.rotation, (-self.rotation @ self.position_m)[:, None]], axis=1))

    def project(self, points_m: Floats) -> tuple[Floats, Floats]:
        """Project world points (..., 3).

        Returns
        -------
        xy_px : (..., 2) array
            Continuous picture coordinates; the centre of the first pixel is (0.5, 0.5).
        depth_m : (...) array
            Distance along the optical axis.
        """
        homogeneous = points_m @ self.projection[:, :3].T + self.projection[:, 3]
        depth = homogeneous[..., 2]
        return np.asarray(homogeneous[..., :2] / depth[..., None]), np.asarray(depth)

    def rays(self, scale: int, margin_px: int = 0) -> Floats:
        """Return the world direction through every pixel of a picture ``scale`` times as large, (H, W, 3).

        ``margin_px`` original pixels are added on every side.
        """
        width, height = self.size
        x, y = (
            (np.arange((side + 2 * margin_px) * scale) + 0.5) / scale - margin_px - side / 2 for side in (width, height)
        )
        right, down = np.meshgrid(x, y)
        away = np.full_like(right, self.focal_px)
        return np.asarray(np.stack([right, down, away], axis=-1) / self.focal_px @ self.rotation)


def place_camera(setup: CameraSetup, size: tuple[int, int]) -> Camera:
    """Put a camera where a set-up says, looking at the subject's place."""
    yaw = np.deg2rad(setup.yaw_deg)
    position = np.array([np.sin(yaw) * setup.distance_m, -np.cos(yaw) * setup.distance_m, setup.height_m])
    away = unit(np.array([0.0, 0.0, setup.aim_height_m]) - position)
    right = unit(np.cross(away, Z_AXIS))
    upright = np.stack([right, np.cross(away, right), away])
    focal = size[1] / 2 / np.tan(np.deg2rad(setup.fov_deg) / 2)
    return Camera(position, about(Z_AXIS, -setup.roll_deg) @ upright, float(focal), size)


def follow(camera: Camera, setup: CameraSetup, time_s: Floats, seed: int) -> list[Camera]:
    """Return the camera of every frame: pan and shake turn it, nothing carries it away.

    Raises
    ------
    ScenarioError
        When it would pan past what it films.
    """
    if not setup.shake_deg and not setup.pan_deg_s:
        return [camera] * len(time_s)
    pan = setup.pan_deg_s * (time_s - (time_s[0] + time_s[-1]) / 2)
    if np.ptp(pan) > _WIDEST_PAN_DEG:
        raise ScenarioError(
            f"The camera would pan by {np.ptp(pan):.0f}° in {np.ptp(time_s):.0f} s; choose a pan_deg_s that keeps it "
            f"below {_WIDEST_PAN_DEG:.0f}°."
        )
    panned = camera.rotation @ about(Z_AXIS, pan)
    return [replace(camera, rotation=turn) for turn in _shake(setup, time_s, seed) @ panned]


def _shake(setup: CameraSetup, time_s: Floats, seed: int) -> Floats:
    """How an unsteady hand turns the camera, shape (T, 3, 3)."""
    random = np.random.default_rng([seed, _SHAKE_SEED])
    turns = setup.shake_deg * np.stack([band_noise(time_s, SHAKE_BAND_HZ, random) for _ in range(3)], axis=1)
    angle = np.linalg.norm(turns, axis=1)
    return about(turns / np.maximum(angle, 1e-12)[:, None] + 1e-12, angle)


def shift_px(steady: Camera, cameras: list[Camera]) -> Floats:
    """Return how far what is far away and in the middle of the steady picture has moved in each, shape (T, 2)."""
    seen = np.stack([camera.rotation for camera in cameras]) @ steady.rotation[2]
    return np.asarray(steady.focal_px * seen[:, :2] / seen[:, 2:])


def overlook_px(steady: Camera, cameras: list[Camera]) -> int:
    """Return by how many pixels the cameras look beyond the edge of the steady picture."""
    half = np.array(steady.size) / 2
    corners = np.array([[*(half * signs), steady.focal_px] for signs in ((1, 1), (1, -1), (-1, 1), (-1, -1))])
    turns = np.stack([steady.rotation @ camera.rotation.T for camera in cameras])
    seen = np.einsum("tij,cj->tci", turns, corners)
    beyond = np.abs(steady.focal_px * seen[..., :2] / seen[..., 2:]) - half
    return max(0, int(np.ceil(beyond.max() - _ROUNDING_PX)))
