"""The place behind the subject: a plain training room, ray-cast once per camera."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from .errors import ScenarioError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .camera import Camera
    from .rotations import Floats

STYLES = ("studio", "gym", "home")
_HALF_WIDTH_M = 5.0
_CEILING_M = 3.4
_TILE_M = 0.5
_PANEL_M = 1.6
_CEILING = 0.75
_GROUT = 0.20
_PICTURE = (0.35, 0.43, 0.47)
_FAR = 1e9
_FLOORS = {"studio": (0.40, 0.39, 0.38), "gym": (0.17, 0.17, 0.18), "home": (0.55, 0.40, 0.26)}
_WALLS = {"studio": (0.80, 0.79, 0.74), "gym": (0.52, 0.54, 0.57), "home": (0.72, 0.77, 0.70)}
_STEEL, _DARK, _WINDOW, _WOOD = (0.30, 0.30, 0.32), (0.10, 0.10, 0.11), (0.86, 0.92, 0.97), (0.36, 0.25, 0.17)


@dataclass(frozen=True)
class Room:
    """A room ten metres square.

    Attributes
    ----------
    style : {'studio', 'gym', 'home'}
        Tiles and pictures; rubber floor, racks and a stripe; boards, windows and a shelf.
    floor, wall : (float, float, float) or None
        Colours (RGB, 0 to 1) that replace the style's own.
    """

    style: Literal["studio", "gym", "home"] = "studio"
    floor: tuple[float, float, float] | None = None
    wall: tuple[float, float, float] | None = None

    def __post_init__(self) -> None:
        if self.style not in STYLES:
            raise ValueError(f"expected a room of {', '.join(STYLES)}, got {self.style}")

    @property
    def floor_colour(self) -> Floats:
        """Of the floor, shape (3,)."""
        return np.array(self.floor or _FLOORS[self.style])

    @property
    def wall_colour(self) -> Floats:
        """Of the walls, shape (3,)."""
        return np.array(self.wall or _WALLS[self.style])


def draw_room(room: Room, camera: Camera, scale: int, seed: int, margin_px: int = 0) -> NDArray[np.uint8]:
    """Draw the empty room, with ``margin_px`` original pixels more on every side.

    Returns
    -------
    (H, W, 3) uint8 array, RGB
        ``scale`` times as large as the camera's picture.

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
    rays = camera.rays(scale, margin_px)
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
    shade = 0.8 + 0.35 * _sample(stain, point[:, 0], point[:, 1], 100.0)
    colour = shade[:, None] * room.floor_colour
    if room.style == "home":
        board = np.floor(point[:, 0] / 0.14)
        tone = 0.85 + 0.3 * np.mod(np.sin(board * 12.9898) * 43758.5453, 1.0)
        seam = np.mod(point[:, 0] / 0.14, 1.0) < 0.04
        return np.asarray(colour * (tone * np.where(seam, 0.6, 1.0))[:, None])
    tile = np.mod(point[:, :2] / (_TILE_M if room.style == "studio" else 2 * _TILE_M), 1.0)
    inside = np.min(tile, axis=1) > 0.02
    if room.style == "gym":
        speck = _sample(stain, point[:, 0], point[:, 1], 900.0) > 0.93
        return np.where(inside[:, None], colour + 0.08 * speck[:, None], 0.6 * colour)
    return np.where(inside[:, None], colour, _GROUT)


def _wall(room: Room, along: Floats, up: Floats, stain: Floats) -> Floats:
    colour = (0.9 + 0.1 * _sample(stain, along, up, 30.0))[:, None] * room.wall_colour
    panel = np.mod(along / _PANEL_M, 1.0)
    colour *= np.where(up < 0.12, 0.6, 1.0)[:, None]
    return {"studio": _pictures, "gym": _racks, "home": _windows}[room.style](colour, panel, up)


def _pictures(colour: Floats, panel: Floats, up: Floats) -> Floats:
    colour = colour * np.where(panel < 0.03, 0.75, 1.0)[:, None]
    return _filled(colour, (up > 1.5) & (up < 2.2) & (panel > 0.25) & (panel < 0.6), _PICTURE)


def _racks(colour: Floats, panel: Floats, up: Floats) -> Floats:
    colour = _filled(colour, (up > 2.35) & (up < 2.55), (0.62, 0.16, 0.14))
    posts = (np.abs(panel - 0.15) < 0.025) | (np.abs(panel - 0.75) < 0.025)
    colour = _filled(colour, posts & (up < 2.2), _STEEL)
    for height in (0.45, 0.95):
        colour = _filled(colour, (np.abs(up - height) < 0.03) & (panel > 0.15) & (panel < 0.75), _STEEL)
        bell = np.abs(np.mod(panel * 8, 1.0) - 0.5) < 0.38
        colour = _filled(
            colour, bell & (up > height + 0.03) & (up < height + 0.17) & (panel > 0.17) & (panel < 0.73), _DARK
        )
    return colour


def _windows(colour: Floats, panel: Floats, up: Floats) -> Floats:
    window = (up > 1.0) & (up < 2.3) & (panel > 0.3) & (panel < 0.85)
    frame = window & ((np.abs(panel - 0.575) < 0.015) | (up < 1.06) | (up > 2.24) | (panel < 0.33) | (panel > 0.82))
    colour = _filled(_filled(colour, window, _WINDOW), frame, (0.95, 0.95, 0.93))
    return _filled(colour, (up < 0.8) & (up > 0.12) & (panel < 0.22), _WOOD)


def _filled(colour: Floats, where: NDArray[np.bool_], paint: tuple[float, float, float]) -> Floats:
    return np.where(where[:, None], np.array(paint), colour)


def _stain(seed: int) -> Floats:
    coarse = np.random.default_rng(seed).random((64, 64))
    return np.asarray(cv2.resize(coarse, (1024, 1024), interpolation=cv2.INTER_CUBIC), dtype=np.float64)


def _sample(stain: Floats, u: Floats, v: Floats, per_m: float) -> Floats:
    rows, columns = (np.abs(w * per_m).astype(np.int64) % len(stain) for w in (v, u))
    return np.asarray(stain[rows, columns])
