"""A body at rest: rigid segments, joint centres, surface key points and a skin to draw."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .errors import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FOLDER = Path(__file__).parent.parent / "bodies"
SIDES = ("left", "right")
VERTEX_UNIT_M = 1e-4
WEIGHT_UNIT = 255

_SPINE = ("pelvis", "spine_1", "spine_2", "spine_3", "spine_4", "thorax", "neck", "head")
_LIMBS = {
    "buttock": "pelvis",
    "thigh": "pelvis",
    "knee_fold": "{side}_thigh",
    "shank": "{side}_thigh",
    "foot": "{side}_shank",
    "toes": "{side}_foot",
    "clavicle": "thorax",
    "scapula": "{side}_clavicle",
    "upper_arm": "{side}_scapula",
    "elbow_fold": "{side}_upper_arm",
    "forearm": "{side}_upper_arm",
    "hand": "{side}_forearm",
}
PARENT: Mapping[str, str] = (
    {"pelvis": ""}
    | {b: a for a, b in pairwise(_SPINE)}
    | {f"{side}_{part}": parent.format(side=side) for side in SIDES for part, parent in _LIMBS.items()}
)
"""Segment to the segment it hangs on, every parent before its children."""

SEGMENTS = tuple(PARENT)
SEGMENT_INDEX: Mapping[str, int] = {name: i for i, name in enumerate(SEGMENTS)}

_JOINT_OF = {
    "hip": "thigh",
    "knee": "shank",
    "ankle": "foot",
    "ball": "toes",
    "toe": "toes",
    "shoulder": "upper_arm",
    "elbow": "forearm",
    "wrist": "hand",
}
JOINT_SEGMENT: Mapping[str, str] = {"neck": "neck", "head": "head"} | {
    f"{side}_{joint}": f"{side}_{part}" for side in SIDES for joint, part in _JOINT_OF.items()
}
"""Joint centre to the segment that carries it."""

JOINTS = tuple(JOINT_SEGMENT)
JOINT_INDEX: Mapping[str, int] = {name: i for i, name in enumerate(JOINTS)}

PARTS = (
    "skin",
    "forearm",
    "lower_leg",
    "hair",
    "brow",
    "lip",
    "eye",
    "iris",
    "shoe",
    "sole",
    "shirt",
    "shorts",
)
"""What a vertex of the skin shows, in the order of a palette's rows."""

CLOTH = ("shirt", "shorts")


@dataclass(frozen=True, eq=False)
class Mesh:
    """The triangles that all bodies share; V vertices, F triangles.

    Attributes
    ----------
    faces : (F, 3) array
        Vertex numbers, anticlockwise seen from outside.
    segments : (V, 6) array
        The segments that move a vertex.
    weights : (V, 6) array
        How much each of them does; rows sum to 1.
    part : (V,) array
        Index into `PARTS`.
    """

    faces: NDArray[np.int32]
    segments: NDArray[np.int32]
    weights: NDArray[np.float32]
    part: NDArray[np.uint8]

    @property
    def cloth(self) -> NDArray[np.bool_]:
        """Triangles of clothing, which are seen from inside too, shape (F,)."""
        return np.isin(self.part[self.faces[:, 0]], [PARTS.index(name) for name in CLOTH])


@dataclass(frozen=True, eq=False)
class Body:
    """One person at rest, standing on the floor z = 0 with the arms away from the trunk.

    Metres; x to the person's left, y to the back, z up. S segments, J joints, K surface
    key points, V vertices.

    Attributes
    ----------
    name : str
        Of the file it was read from.
    mesh : Mesh
        Triangles and weights.
    vertices : (V, 3) array
        Skin and clothes.
    heads : (S, 3) array
        Point about which each of `SEGMENTS` turns.
    joints : (J, 3) array
        Centres of `JOINTS`.
    surface_names : tuple of str
        Names of the surface key points (COCO's 17, toes and heels).
    surface : (K, S, 4) array
        Key point k is the sum over segments s of ``R_s c[:3] + t_s c[3]`` with
        ``c = surface[k, s]``: exactly what weights over the full, unreduced skin give.
    palette : (P, 3) array
        Colour (RGB, 0 to 1) of each of `PARTS`.
    """

    name: str
    mesh: Mesh
    vertices: NDArray[np.float32]
    heads: Floats
    joints: Floats
    surface_names: tuple[str, ...]
    surface: Floats
    palette: NDArray[np.float32]

    def head(self, segment: str) -> Floats:
        """Return the point about which a segment turns, shape (3,)."""
        point: Floats = self.heads[SEGMENT_INDEX[segment]]
        return point

    def joint(self, name: str) -> Floats:
        """Return a joint centre at rest, shape (3,)."""
        point: Floats = self.joints[JOINT_INDEX[name]]
        return point


def body_names() -> tuple[str, ...]:
    """Return the names of the bodies that can be rendered, in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.npz") if path.stem != "mesh"))


@cache
def load_body(name: str) -> Body:
    """Read one of the bodies that come with the package.

    Raises
    ------
    ScenarioError
        When there is no body of that name.
    """
    if name not in body_names():
        raise ScenarioError(f"There is no body '{name}'; choose one of {', '.join(body_names())}.")
    with np.load(FOLDER / f"{name}.npz") as stored:
        return Body(
            name=name,
            mesh=_load_mesh(),
            vertices=(stored["vertices"] * VERTEX_UNIT_M).astype(np.float32),
            heads=stored["heads"].astype(np.float64),
            joints=stored["joints"].astype(np.float64),
            surface_names=tuple(str(k) for k in stored["surface_names"]),
            surface=stored["surface"].astype(np.float64),
            palette=(stored["palette"] / 255).astype(np.float32),
        )


@cache
def _load_mesh() -> Mesh:
    with np.load(FOLDER / "mesh.npz") as stored:
        return Mesh(
            faces=stored["faces"].astype(np.int32),
            segments=stored["segments"].astype(np.int32),
            weights=(stored["weights"] / WEIGHT_UNIT).astype(np.float32),
            part=stored["part"],
        )
