"""Triangles with colours: what the painter draws, of bodies and of things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .body import PARTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .body import Body, Floats

    Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Clothes:
    """Colours (RGB, 0 to 1) that replace a body's own; None keeps them."""

    shirt: tuple[float, float, float] | None = None
    shorts: tuple[float, float, float] | None = None
    shoe: tuple[float, float, float] | None = None
    hair: tuple[float, float, float] | None = None


@dataclass(frozen=True, eq=False)
class Model:
    """Triangles over V vertices.

    Attributes
    ----------
    faces : (F, 3) array
        Vertex numbers, anticlockwise seen from outside.
    colour : (F, 3) array
        RGB, 0 to 1.
    thin : (F,) array
        Triangles that are seen from inside too, as cloth is.
    """

    faces: NDArray[np.int32]
    colour: NDArray[np.float64]
    thin: NDArray[np.bool_]


def body_model(body: Body, clothes: Clothes) -> Model:
    """Return a body's triangles, dressed."""
    palette = body.palette.astype(np.float64)
    for part in ("shirt", "shorts", "shoe", "hair"):
        colour = getattr(clothes, part)
        if colour is not None:
            palette[PARTS.index(part)] = colour
    faces = body.mesh.faces
    return Model(faces, palette[body.mesh.part][faces].mean(axis=1), body.mesh.cloth)


def merge(models: Sequence[Model], vertices: Sequence[int]) -> Model:
    """Join models whose vertices, so many each, are stacked in the same order."""
    offsets = np.cumsum([0, *vertices[:-1]])
    return Model(
        np.concatenate([m.faces + np.int32(offset) for m, offset in zip(models, offsets, strict=True)]),
        np.concatenate([m.colour for m in models]),
        np.concatenate([m.thin for m in models]),
    )


def revolved(profile: Floats, sides: int) -> tuple[Floats, NDArray[np.int32]]:
    """Turn a profile about the x axis.

    Parameters
    ----------
    profile : (N, 2) array
        Place along the axis, growing or level, and distance from it, metres.
    sides : int
        Into how many the round is cut.

    Returns
    -------
    vertices (N * sides, 3) and faces, anticlockwise seen from outside
    """
    angle = np.arange(sides) * 2 * np.pi / sides
    x, radius = profile[:, 0], profile[:, 1]
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    vertices = np.concatenate(
        [np.broadcast_to(x[:, None, None], (len(x), sides, 1)), radius[:, None, None] * ring], axis=2
    ).reshape(-1, 3)
    row, column = np.meshgrid(np.arange(len(x) - 1), np.arange(sides), indexing="ij")
    a, b = row * sides + column, row * sides + (column + 1) % sides
    c, d = a + sides, b + sides
    quads = np.stack([a, b, d, c], axis=-1).reshape(-1, 4)
    return vertices, np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]).astype(np.int32)
