"""Fewer triangles: drop those inside the head, simplify hands, feet and the back of the head."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import fast_simplification
import numpy as np
from scipy.spatial import cKDTree

from .dress import Outfit, compact

if TYPE_CHECKING:
    from .anny_source import Floats, Indices
    from .dress import Mask, Names

_VIEWS_DEG = range(0, 360, 30)
_ELEVATIONS_DEG = (-25.0, 5.0, 40.0)
_PIXELS_PER_M = 3000.0
_RINGS_KEPT = 2
_SIMPLIFY_BY = 0.78


def reduce(outfit: Outfit, points: Floats, kind: Names) -> Outfit:
    """Reduce an outfit.

    Parameters
    ----------
    outfit : Outfit
        Dressed, N vertices.
    points : (N, 3) array
        Its vertices on a typical body.
    kind : (N,) array of str
        The segment, without its side, that moves each vertex most.
    """
    face_kind = kind[outfit.faces[:, 0]]
    head = np.isin(face_kind, ["head", "neck"])
    keep = ~head | _seen(points, outfit.faces, head)
    faces, face_kind = outfit.faces[keep], face_kind[keep]
    behind = (face_kind == "head") & (points[faces].mean(axis=1)[:, 1] > np.median(points[kind == "head", 1]))
    coarse = np.isin(face_kind, ["hand", "foot", "toes"]) | behind
    faces = np.concatenate([faces[~coarse], _simplify(points, faces[coarse])])
    return compact(Outfit(outfit.vertex, outfit.push_m, outfit.part, faces))


def _seen(points: Floats, faces: Indices, subset: Mask) -> Mask:
    """Mark the triangles that show, or lie near one that shows, from any of a ring of views on the subset."""
    candidates = np.flatnonzero(subset)
    centre = points[faces[candidates]].reshape(-1, 3).mean(axis=0)
    seen = np.zeros(len(faces), dtype=bool)
    for yaw in _VIEWS_DEG:
        for elevation in _ELEVATIONS_DEG:
            seen[candidates[_front_faces(points - centre, faces[candidates], yaw, elevation)]] = True
    for _ in range(_RINGS_KEPT):
        vertices = np.zeros(len(points), dtype=bool)
        vertices[faces[seen]] = True
        seen = np.asarray(vertices[faces].any(axis=1))
    return seen


def _front_faces(points: Floats, faces: Indices, yaw_deg: float, elevation_deg: float) -> Indices:
    a, e = np.deg2rad([yaw_deg, elevation_deg])
    right = np.array([np.cos(a), np.sin(a), 0.0])
    towards = np.array([np.sin(a) * np.cos(e), -np.cos(a) * np.cos(e), np.sin(e)])
    flat = np.stack([points @ right, -(points @ np.cross(towards, right))], axis=1) * _PIXELS_PER_M + 700
    corners = flat[faces]
    one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    facing = np.flatnonzero(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0] < 0)
    order = facing[np.argsort((points @ towards)[faces[facing]].mean(axis=1))]
    picture = np.zeros((1400, 1400, 3), dtype=np.uint8)
    for number, corner in zip(order, np.round(corners[order] * 16).astype(np.int32), strict=True):
        code = int(number) + 1
        cv2.fillConvexPoly(picture, corner, (code & 255, code >> 8 & 255, code >> 16), cv2.LINE_8, 4)
    codes = np.unique(picture.reshape(-1, 3).astype(np.int64) @ (1, 256, 65536))
    return np.asarray(codes[codes > 0] - 1)


def _simplify(points: Floats, faces: Indices) -> Indices:
    """Simplify, then move every new vertex to the nearest old one, which has weights and a colour."""
    used, corners = np.unique(faces, return_inverse=True)
    old = points[used].astype(np.float32)
    new, new_faces = fast_simplification.simplify(
        old,
        corners.reshape(-1, 3).astype(np.int32),
        target_reduction=_SIMPLIFY_BY,
        agg=3,
        preserve_border=True,  # otherwise the seam to the rest tears open
    )
    mapped = used[cKDTree(old).query(new)[1]][new_faces]
    distinct = (mapped != np.roll(mapped, 1, axis=1)).all(axis=1)
    return np.asarray(mapped[distinct])
