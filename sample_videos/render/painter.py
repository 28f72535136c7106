"""The painter's algorithm: far triangles first, one colour each, at twice the size; NumPy and OpenCV only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from scipy.sparse import csr_array

from .room import draw_room

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .camera import Camera
    from .light import Light
    from .model import Model
    from .room import Room
    from .rotations import Floats

    Image = NDArray[np.uint8]

_SCALE = 2
_SUBPIXEL_BITS = 4
_NEAREST_M = 0.2
_INSIDE_OF_CLOTH = 0.55
_GLOSS, _GLOSS_EXPONENT = 0.10, 24
_SHADOW = 0.55
_NOISE_PICTURES = 12


class Painter:
    """Draws what moves in one room, through one camera that may turn.

    Parameters
    ----------
    model : Model
        Triangles and colours of all that moves.
    camera : Camera
        Through which it is seen when it is steady.
    room : Room
        What is behind it.
    light : Light
        On all of it.
    noise : float
        Standard deviation of the sensor noise, in grey levels.
    seed : int
        Of the noise and of the room's stains: the same seed gives the same pixels.
    margin_px : int
        By how much a turning camera may look beyond the steady picture.
    """

    def __init__(
        self, model: Model, camera: Camera, room: Room, light: Light, noise: float, seed: int, margin_px: int = 0
    ) -> None:
        self._steady = camera
        self._light = light
        self._faces = model.faces
        self._thin = model.thin
        self._colour = model.colour
        corners = (np.repeat(np.arange(len(self._faces)), 3), self._faces.ravel())
        self._around = csr_array((np.ones(len(corners[0]), np.float64), corners[::-1]))
        room_picture = draw_room(room, camera, _SCALE, seed, margin_px).astype(np.float64) * light.brightness
        self._background = np.clip(room_picture, 0, 255).astype(np.uint8)
        self._margin = margin_px
        self._random = np.random.default_rng(seed)
        width, height = camera.size
        self._noise = [
            (self._random.standard_normal((height, width, 3)) * noise).round().astype(np.int16)
            for _ in range(_NOISE_PICTURES)
        ]

    def draw(self, vertices_m: Floats, camera: Camera | None = None) -> Image:
        """Draw the model with its vertices (V, 3) where they are now, through the camera as it is now; RGB."""
        camera = camera or self._steady
        vertices = np.maximum(vertices_m, (-np.inf, -np.inf, 0.0))
        picture = self._shadowed(vertices, camera)
        order, colours, corners = self._triangles(vertices, camera)
        for corner, colour in zip(corners[order], colours[order].tolist(), strict=True):
            cv2.fillConvexPoly(picture, corner, colour, cv2.LINE_8, _SUBPIXEL_BITS)
        return self._sensed(cv2.resize(picture, camera.size, interpolation=cv2.INTER_AREA))

    def _triangles(
        self, vertices: Floats, camera: Camera
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
        """Return the visible triangles from far to near, and every triangle's colour and corners."""
        xy, depth = camera.project(vertices)
        corners, away = xy[self._faces], depth[self._faces]
        one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        behind = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0] >= 0
        shown = np.flatnonzero((~behind | self._thin) & (away.min(axis=1) > _NEAREST_M))
        order = shown[np.argsort(-away[shown].mean(axis=1), kind="stable")]
        normal = self._normals(vertices)
        normal[behind] *= -1
        base = self._colour * np.where(behind, _INSIDE_OF_CLOTH, 1.0)[:, None]
        colour = base * self._light.diffuse(normal)[:, None] + self._gloss(vertices, normal, camera)[:, None]
        return order, np.clip(colour * 255, 0, 255).astype(np.int64), _fixed_point(corners * _SCALE)

    def _normals(self, vertices: Floats) -> Floats:
        a, b, c = (vertices[self._faces[:, k]] for k in range(3))
        smooth = np.asarray(self._around @ np.cross(b - a, c - a))
        smooth /= np.linalg.norm(smooth, axis=1, keepdims=True) + 1e-12
        normal = smooth[self._faces].mean(axis=1)
        return np.asarray(normal / (np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9), dtype=np.float64)

    def _gloss(self, vertices: Floats, normal: Floats, camera: Camera) -> Floats:
        """Specular term after Blinn (1977)."""
        view = camera.position_m - vertices[self._faces].mean(axis=1)
        half = view / np.linalg.norm(view, axis=1, keepdims=True) + self._light.towards
        half /= np.linalg.norm(half, axis=1, keepdims=True)
        cosine = np.clip(np.einsum("fi,fi->f", normal, half), 0, 1)
        return np.asarray(_GLOSS * self._light.brightness * self._light.strength * cosine**_GLOSS_EXPONENT)

    def _shadowed(self, vertices: Floats, camera: Camera) -> Image:
        """Return the room with the shadow on the floor."""
        width, height = camera.size
        towards = self._light.towards
        fallen = vertices - towards * (vertices[:, 2:] / towards[2])
        xy, depth = camera.project(fallen)
        faces = self._faces[::2]
        corners = _fixed_point(xy[faces[depth[faces].min(axis=1) > _NEAREST_M]])
        mask = np.zeros((height, width), np.uint8)
        for corner in corners:
            cv2.fillConvexPoly(mask, corner, 255, cv2.LINE_8, _SUBPIXEL_BITS)
        soft = cv2.GaussianBlur(cv2.dilate(mask, np.ones((3, 3), np.uint8)), (0, 0), 1.5)
        depth_of_shadow = min(0.9, _SHADOW * self._light.strength)
        light = cv2.resize(255 - (depth_of_shadow * soft).astype(np.uint8), (width * _SCALE, height * _SCALE))
        return np.asarray(cv2.multiply(self._behind(camera), cv2.merge([light] * 3), scale=1 / 255), dtype=np.uint8)

    def _behind(self, camera: Camera) -> Image:
        """Return the room as the camera sees it now: a turn of the camera is a homography of the steady picture."""
        if camera is self._steady:
            return self._background
        width, height = (_SCALE * side for side in camera.size)
        focal, middle = _SCALE * camera.focal_px, _SCALE * self._margin
        now = np.array([[focal, 0, (width - 1) / 2], [0, focal, (height - 1) / 2], [0, 0, 1.0]])
        steady = now + np.array([[0, 0, middle], [0, 0, middle], [0, 0, 0]])
        to_steady = steady @ self._steady.rotation @ camera.rotation.T @ np.linalg.inv(now)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        warped = cv2.warpPerspective(self._background, to_steady, (width, height), flags=flags)
        return np.asarray(warped, dtype=np.uint8)

    def _sensed(self, picture: cv2.typing.MatLike) -> Image:
        """Add sensor noise: one of a few pictures of it, shifted at random."""
        width, height = self._steady.size
        which, down, right = (int(self._random.integers(n)) for n in (_NOISE_PICTURES, height, width))
        noise = np.roll(self._noise[which], (down, right), (0, 1))
        return np.asarray(cv2.add(picture, noise, dtype=cv2.CV_8U), dtype=np.uint8)


def _fixed_point(xy_px: Floats) -> NDArray[np.int32]:
    """Carry continuous picture coordinates to OpenCV's, where pixel centres are whole numbers."""
    far = 1e6 / (1 << _SUBPIXEL_BITS)
    return np.round(np.clip(xy_px - 0.5, -far, far) * (1 << _SUBPIXEL_BITS)).astype(np.int32)
