"""The place behind the subject: a plain training room, ray-cast once per camera."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .errors import ScenarioError
from .rotations import unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .camera import Camera
    from .rotations import Floats

KEY_LIGHT = unit([0.35, -0.55, 0.95])
"""Direction towards the lamp that casts the shadow."""
FILL_LIGHT = unit([-0.6, -0.6, 0.3])

_HALF_WIDTH_M = 5.0
_CEILING_M = 3.4
_TILE_M = 0.5
_PANEL_M = 1.6
_CEILING = 0.75
_GROUT = 0.20
_PICTURE = (0.35, 0.43, 0.47)
_FAR = 1e9


@dataclass(frozen=True)
class Room:
    """Colours (RGB, 0 to 1) of a room ten metres square."""

    floor: tuple[float, float, float] = (0.40, 0.39, 0.38)
    wall: tuple[float, float, float] = (0.80, 0.79, 0.74)


def draw_room(room: Room, camera: Camera, scale: int, seed: int) -> NDArray[np.uint8]:
    """Draw the empty room.

    Returns
    -------
    (H * scale, W * scale, 3) uint8 array, RGB

    Raises
    ------
    ScenarioError
        When the camera stands outside the room.
    """
    if max(np.abs(camera.position_m[:2])) >= _HALF_WIDTH_M or not 0 < camera.position_m[2] < _CEILING_M:
        raise ScenarioError(
            f"The camera stands outside the room; keep it within {_HALF_WIDTH_M:.0f} m of the subject "
            f"and below {_CEILING_M} m."
        )
    stain = _stain(seed)
    rays = camera.rays(scale)
    nearest = np.full(rays.shape[:2], _FAR)
    colour = np.zeros(rays.shape)
    surfaces = [(2, 0.0), (2, _CEILING_M)] + [(axis, side * _HALF_WIDTH_M) for axis in (0, 1) for side in (-1, 1)]
    for axis, at in surfaces:
        with np.errstate(divide="ignore"):
            distance = (at - camera.position_m[axis]) / rays[..., axis]
        hit = (distance > 0) & (distance < nearest)
        point = camera.position_m + rays[hit] * distance[hit][:, None]
        nearest[hit] = distance[hit]
        if axis == 2:
            colour[hit] = _floor(room, point, stain) if at == 0 else _CEILING
        else:
            colour[hit] = _wall(room, point[:, 1 - axis], point[:, 2], stain) * (0.95 if axis == 0 else 0.85)
    return np.clip(colour * 255, 0, 255).astype(np.uint8)


def _floor(room: Room, point: Floats, stain: Floats) -> Floats:
    tile = np.mod(point[:, :2] / _TILE_M, 1.0)
    shade = 0.8 + 0.35 * _sample(stain, point[:, 0], point[:, 1], 100.0)
    inside = np.min(tile, axis=1) > 0.02
    return np.where(np.asarray(inside)[:, None], shade[:, None] * np.array(room.floor), _GROUT)


def _wall(room: Room, along: Floats, up: Floats, stain: Floats) -> Floats:
    colour = (0.9 + 0.1 * _sample(stain, along, up, 30.0))[:, None] * np.array(room.wall)
    panel = np.mod(along / _PANEL_M, 1.0)
    colour *= np.where(up < 0.12, 0.6, 1.0)[:, None] * np.where(panel < 0.03, 0.75, 1.0)[:, None]
    picture = (up > 1.5) & (up < 2.2) & (panel > 0.25) & (panel < 0.6)
    return np.where(picture[:, None], np.array(_PICTURE), colour)


def _stain(seed: int) -> Floats:
    coarse = np.random.default_rng(seed).random((64, 64))
    return np.asarray(cv2.resize(coarse, (1024, 1024), interpolation=cv2.INTER_CUBIC), dtype=np.float64)


def _sample(stain: Floats, u: Floats, v: Floats, per_m: float) -> Floats:
    rows, columns = (np.abs(w * per_m).astype(np.int64) % len(stain) for w in (v, u))
    return np.asarray(stain[rows, columns])
