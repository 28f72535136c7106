"""The painter's algorithm: far triangles first, one colour each, at twice the size; NumPy and OpenCV only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from scipy.sparse import csr_array

from .room import FILL_LIGHT, KEY_LIGHT, draw_room

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .body import Body
    from .camera import Camera
    from .room import Room
    from .rotations import Floats

    Image = NDArray[np.uint8]

_SCALE = 2
_SUBPIXEL_BITS = 4
_INSIDE_OF_CLOTH = 0.55
_AMBIENT, _SKY, _KEY, _FILL = 0.14, 0.34, 0.66, 0.22
_GLOSS, _GLOSS_EXPONENT = 0.10, 24
_SHADOW = 0.55
_NOISE_PICTURES = 12


class Painter:
    """Draws one body in one room through one camera.

    Parameters
    ----------
    body : Body
        Whose triangles and colours are drawn.
    camera : Camera
        Through which it is seen.
    room : Room
        What is behind it.
    noise : float
        Standard deviation of the sensor noise, in grey levels.
    seed : int
        Of the noise and of the room's stains: the same seed gives the same pixels.
    """

    def __init__(self, body: Body, camera: Camera, room: Room, noise: float, seed: int) -> None:
        self._camera = camera
        self._faces = body.mesh.faces
        self._cloth = body.mesh.cloth
        self._colour = body.palette[body.mesh.part][self._faces].mean(axis=1)
        corners = (np.repeat(np.arange(len(self._faces)), 3), self._faces.ravel())
        self._around = csr_array((np.ones(len(corners[0]), np.float64), corners[::-1]))
        self._background = draw_room(room, camera, _SCALE, seed)
        self._random = np.random.default_rng(seed)
        width, height = camera.size
        self._noise = [
            (self._random.standard_normal((height, width, 3)) * noise).round().astype(np.int16)
            for _ in range(_NOISE_PICTURES)
        ]

    def draw(self, vertices_m: Floats) -> Image:
        """Draw the body with its vertices (V, 3) where they are now; returns RGB of the camera's size."""
        vertices = np.maximum(vertices_m, (-np.inf, -np.inf, 0.0))
        picture = self._shadowed(vertices)
        order, colours, corners = self._triangles(vertices)
        for corner, colour in zip(corners[order], colours[order].tolist(), strict=True):
            cv2.fillConvexPoly(picture, corner, colour, cv2.LINE_8, _SUBPIXEL_BITS)
        return self._sensed(cv2.resize(picture, self._camera.size, interpolation=cv2.INTER_AREA))

    def _triangles(self, vertices: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
        """Return the visible triangles from far to near, and every triangle's colour and corners."""
        xy, depth = self._camera.project(vertices)
        corners = xy[self._faces]
        one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        behind = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0] >= 0
        shown = np.flatnonzero(~behind | self._cloth)
        order = shown[np.argsort(-depth[self._faces[shown]].mean(axis=1), kind="stable")]
        normal = self._normals(vertices)
        normal[behind] *= -1
        base = self._colour * np.where(behind, _INSIDE_OF_CLOTH, 1.0)[:, None]
        colour = base * _diffuse(normal)[:, None] + self._gloss(vertices, normal)[:, None]
        return order, np.clip(colour * 255, 0, 255).astype(np.int64), _fixed_point(corners * _SCALE)

    def _normals(self, vertices: Floats) -> Floats:
        a, b, c = (vertices[self._faces[:, k]] for k in range(3))
        smooth = np.asarray(self._around @ np.cross(b - a, c - a))
        smooth /= np.linalg.norm(smooth, axis=1, keepdims=True) + 1e-12
        normal = smooth[self._faces].mean(axis=1)
        return np.asarray(normal / (np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9), dtype=np.float64)

    def _gloss(self, vertices: Floats, normal: Floats) -> Floats:
        """Specular term after Blinn (1977)."""
        view = self._camera.position_m - vertices[self._faces].mean(axis=1)
        half = view / np.linalg.norm(view, axis=1, keepdims=True) + KEY_LIGHT
        half /= np.linalg.norm(half, axis=1, keepdims=True)
        cosine = np.clip(np.einsum("fi,fi->f", normal, half), 0, 1)
        return np.asarray(_GLOSS * cosine**_GLOSS_EXPONENT)

    def _shadowed(self, vertices: Floats) -> Image:
        """Return the room with the body's shadow on the floor."""
        width, height = self._camera.size
        fallen = vertices - KEY_LIGHT * (vertices[:, 2:] / KEY_LIGHT[2])
        corners = _fixed_point(self._camera.project(fallen)[0][self._faces[::2]])
        mask = np.zeros((height, width), np.uint8)
        for corner in corners:
            cv2.fillConvexPoly(mask, corner, 255, cv2.LINE_8, _SUBPIXEL_BITS)
        soft = cv2.GaussianBlur(cv2.dilate(mask, np.ones((3, 3), np.uint8)), (0, 0), 1.5)
        light = cv2.resize(255 - (_SHADOW * soft).astype(np.uint8), (width * _SCALE, height * _SCALE))
        return np.asarray(cv2.multiply(self._background, cv2.merge([light] * 3), scale=1 / 255), dtype=np.uint8)

    def _sensed(self, picture: cv2.typing.MatLike) -> Image:
        """Add sensor noise: one of a few pictures of it, shifted at random."""
        width, height = self._camera.size
        which, down, right = (int(self._random.integers(n)) for n in (_NOISE_PICTURES, height, width))
        noise = np.roll(self._noise[which], (down, right), (0, 1))
        return np.asarray(cv2.add(picture, noise, dtype=cv2.CV_8U), dtype=np.uint8)


def _diffuse(normal: Floats) -> Floats:
    sky = 0.5 + 0.5 * normal[:, 2]
    key, fill = (np.clip(normal @ light, 0, 1) for light in (KEY_LIGHT, FILL_LIGHT))
    return np.asarray(_AMBIENT + _SKY * sky + _KEY * key + _FILL * fill)


def _fixed_point(xy_px: Floats) -> NDArray[np.int32]:
    """Carry continuous picture coordinates to OpenCV's, where pixel centres are whole numbers."""
    return np.round((xy_px - 0.5) * (1 << _SUBPIXEL_BITS)).astype(np.int32)
