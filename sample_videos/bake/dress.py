"""Choose what of a body is drawn: skin, hair and shoes by vertex, clothes cut from the helper geometry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from ..render.body import PARTS, SEGMENT_INDEX, SEGMENTS
from .anny_source import BODY_VERTICES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .anny_source import Floats, Indices, RestBody, Source

    Mask = NDArray[np.bool_]
    Names = NDArray[np.str_]

_SCALP_PUSH_M = 0.012
_SHIRT_PUSH_M = 0.010
_SHORTS_PUSH_M = 0.022
_HIDDEN_WITHIN_M = 0.030


@dataclass(frozen=True, eq=False)
class Outfit:
    """Triangles over dressed vertices.

    Attributes
    ----------
    vertex : (N,) array
        The vertex of the source that each dressed vertex is.
    push_m : (N,) array
        How far it is moved outwards.
    part : (N,) array
        Index into ``PARTS``.
    faces : (F, 3) array
        Dressed vertices.
    """

    vertex: Indices
    push_m: Floats
    part: Indices
    faces: Indices


def dress(source: Source, body: RestBody) -> Outfit:
    """Cut clothes, colour the skin, and drop the skin beneath the clothes."""
    segment = np.array(SEGMENTS)[source.weights.argmax(axis=1)]
    kind = np.array([name.split("_", 1)[1] if name.startswith(("left_", "right_")) else name for name in segment])
    part, push = _paint(source, body, kind)
    tights = source.helper_faces["helper-tights"]
    centre = body.vertices[tights].mean(axis=1)
    shorts, shirt = _cut(body, centre, kind[tights[:, 0]])
    vertex, pushes, parts, faces = [np.arange(len(body.vertices))], [push], [part], []
    offset = len(body.vertices)
    for mask, name, distance in ((shorts, "shorts", _SHORTS_PUSH_M), (shirt, "shirt", _SHIRT_PUSH_M)):
        used, corners = np.unique(tights[mask], return_inverse=True)
        quads = corners.reshape(-1, 4) + offset
        faces += [quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]
        vertex.append(used)
        pushes.append(np.full(len(used), distance))
        parts.append(np.full(len(used), PARTS.index(name)))
        offset += len(used)
    skin = source.faces[~_hidden(source, body, kind, centre[shorts | shirt])]
    return compact(
        Outfit(np.concatenate(vertex), np.concatenate(pushes), np.concatenate(parts), np.concatenate([skin, *faces]))
    )


def compact(outfit: Outfit) -> Outfit:
    """Drop the vertices that no triangle uses."""
    used, corners = np.unique(outfit.faces, return_inverse=True)
    return Outfit(outfit.vertex[used], outfit.push_m[used], outfit.part[used], corners.reshape(-1, 3))


def dressed_vertices(outfit: Outfit, body: RestBody) -> Floats:
    """Return the dressed vertices of any body, pushed outwards, shape (N, 3)."""
    points = body.vertices[outfit.vertex]
    a, b, c = (points[outfit.faces[:, k]] for k in range(3))
    normal = np.zeros_like(points)
    for k in range(3):
        np.add.at(normal, outfit.faces[:, k], np.cross(b - a, c - a))
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-12
    return np.asarray(points + normal * outfit.push_m[:, None])


def _paint(source: Source, body: RestBody, kind: Names) -> tuple[Indices, Floats]:
    v = body.vertices
    part = np.full(len(v), PARTS.index("skin"))

    def put(name: str, where: Mask | Indices) -> None:
        part[where] = PARTS.index(name)

    ankle = body.heads[SEGMENT_INDEX["left_foot"], 2]
    put("forearm", np.isin(kind, ["forearm"]))
    put("lower_leg", np.isin(kind, ["knee_fold", "shank"]) & (v[:, 2] < body.heads[SEGMENT_INDEX["left_shank"], 2]))
    put("shoe", v[:, 2] < ankle + 0.015)
    put("sole", v[:, 2] < 0.018)
    head = np.isin(kind, ["head", "neck"]) & (np.arange(len(v)) < BODY_VERTICES)
    from_eyes = v - body.eyes.mean(axis=0)
    crown = v[head][:, 2].max() - body.eyes[:, 2].mean()
    aside = np.abs(v[:, 0])
    scalp = head & (from_eyes[:, 2] > 0.55 * crown)
    scalp |= head & (from_eyes[:, 1] > 0.085) & (from_eyes[:, 2] > -0.035)
    put("hair", scalp)
    brows = (abs(from_eyes[:, 2] - 0.022) < 0.005) & (from_eyes[:, 1] < 0.02)
    put("brow", head & brows & (aside > 0.012) & (aside < 0.05))
    lips = (abs(from_eyes[:, 2] + 0.62 * crown) < 0.008) & (from_eyes[:, 1] < -0.005)
    put("lip", head & lips & (aside < 0.022))
    for group, eye in zip(("helper-l-eye", "helper-r-eye"), body.eyes, strict=True):
        ball = np.unique(source.helper_faces[group])
        put("eye", ball)
        put("iris", ball[(np.abs(v[ball] - eye)[:, [0, 2]] < 0.0062).all(axis=1)])
    return part, np.where(scalp, _SCALP_PUSH_M, 0.0)


def _along(body: RestBody, start: str, end: str, points: Floats) -> Floats:
    """How far points lie along the way between two heads of the left half: 0 at the start, 1 at the end."""
    a, b = (body.heads[SEGMENT_INDEX[segment]] for segment in (start, end))
    folded = points * np.sign(points[:, :1]) ** [1, 0, 0]
    return np.asarray((folded - a) @ (b - a) / np.sum((b - a) ** 2))


def _along_arm(body: RestBody, points: Floats) -> Floats:
    return _along(body, "left_upper_arm", "left_forearm", points)


def _cut(body: RestBody, centre: Floats, kind: Names) -> tuple[Mask, Mask]:
    """Choose whole quads: a hem along triangles would be a saw."""
    height = body.heads[:, 2]
    knee, hip = height[SEGMENT_INDEX["left_shank"]], height[SEGMENT_INDEX["left_thigh"]]
    waist = height[SEGMENT_INDEX["spine_2"]] + 0.02
    upper_arm = np.isin(kind, ["upper_arm", "scapula"])
    arm = upper_arm | np.isin(kind, ["elbow_fold", "forearm", "hand"])
    z = centre[:, 2]
    shorts = (z < waist) & (z > knee + 0.30 * (hip - knee)) & ~arm
    torso = (z >= waist - 0.07) & (_along(body, "neck", "head", centre) < 0.0) & ~arm & (kind != "thigh")
    return shorts, torso | (upper_arm & (_along_arm(body, centre) < 0.62))


def _hidden(source: Source, body: RestBody, kind: Names, cloth_centre: Floats) -> Mask:
    """Find the skin well inside the hems, which the clothes always cover."""
    distance = np.asarray(cKDTree(cloth_centre).query(body.vertices)[0])
    faces = source.faces
    centre = body.vertices[faces].mean(axis=1)
    height = body.heads[:, 2]
    knee, hip = height[SEGMENT_INDEX["left_shank"]], height[SEGMENT_INDEX["left_thigh"]]
    arm = np.isin(kind[faces[:, 0]], ["upper_arm", "elbow_fold", "forearm"])
    inside = (faces < BODY_VERTICES).all(axis=1) & (distance[faces] < _HIDDEN_WITHIN_M).all(axis=1)
    inside &= (centre[:, 2] > knee + 0.45 * (hip - knee)) & (centre[:, 2] < height[SEGMENT_INDEX["neck"]] - 0.03)
    inside &= ~arm | (_along_arm(body, centre) < 0.4)
    return np.asarray(inside)
