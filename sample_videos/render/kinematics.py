"""Forward kinematics of global rotations, and what is carried along: joints, key points, skin.

Every segment has one rotation in world axes relative to the rest pose; only the points about
which segments turn are chained. So the joint centres of a posture are exact by construction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .body import JOINT_SEGMENT, JOINTS, PARENT, SEGMENT_INDEX, SEGMENTS
from .rotations import apply, unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .body import Body
    from .rotations import Floats

_CARRIER = np.array([SEGMENT_INDEX[JOINT_SEGMENT[joint]] for joint in JOINTS])


@dataclass(frozen=True, eq=False)
class Posture:
    """A body's segments over T frames.

    Attributes
    ----------
    rotation : (T, S, 3, 3) array
        Global rotation of each segment relative to rest.
    head : (T, S, 3) array
        Where the point is about which the segment turns, in metres.
    """

    rotation: Floats
    head: Floats

    def __len__(self) -> int:
        return len(self.head)


def forward(body: Body, rotation: Mapping[str, Floats], pelvis_m: Floats) -> Posture:
    """Chain the segments from the pelvis.

    Parameters
    ----------
    body : Body
        At rest.
    rotation : mapping of segment to (T, 3, 3) array
        For each of `SEGMENTS`.
    pelvis_m : (T, 3) array
        Where the pelvis' own head is.
    """
    heads: list[Floats] = []
    for name, parent in PARENT.items():
        if not parent:
            heads.append(pelvis_m)
            continue
        heads.append(heads[SEGMENT_INDEX[parent]] + apply(rotation[parent], body.head(name) - body.head(parent)))
    return Posture(np.stack([rotation[name] for name in SEGMENTS], axis=1), np.stack(heads, axis=1))


def joint_centres(body: Body, posture: Posture) -> Floats:
    """Return the joint centres, shape (T, J, 3), in metres."""
    arms = body.joints - body.heads[_CARRIER]
    return posture.head[:, _CARRIER] + apply(posture.rotation[:, _CARRIER], arms)


def surface_points(body: Body, posture: Posture) -> Floats:
    """Return the surface key points, shape (T, K, 3), in metres."""
    offset = posture.head - apply(posture.rotation, body.heads)
    turned = np.einsum("tsij,ksj->tki", posture.rotation, body.surface[..., :3], optimize=True)
    return np.asarray(turned + np.einsum("tsi,ks->tki", offset, body.surface[..., 3], optimize=True))


def skin(body: Body, posture: Posture, frame: int) -> Floats:
    """Return the vertices of one frame by linear blend skinning, shape (V, 3), in metres."""
    rotation = posture.rotation[frame]
    offset = posture.head[frame] - apply(rotation, body.heads)
    matrices = np.concatenate([rotation, offset[..., None]], axis=2).reshape(-1, 12).astype(np.float32)
    blended = np.einsum("vk,vkm->vm", body.mesh.weights, matrices[body.mesh.segments]).reshape(-1, 3, 4)
    moved = np.einsum("vij,vj->vi", blended[..., :3], body.vertices) + blended[..., 3]
    return np.asarray(moved, dtype=np.float64)


def two_bone(root: Floats, tip: Floats, upper_m: float, lower_m: float, pole: Floats) -> Floats:
    """Place the joint between two bones whose ends are given.

    Parameters
    ----------
    root, tip : (..., 3) arrays
        Ends of the chain, for example hip and ankle; further apart than the bones
        reach, the joint lies straight between them at the upper bone's length.
    upper_m, lower_m : float
        Lengths of the bones.
    pole : (..., 3) array
        Direction to which the joint points, for example forward for a knee.

    Returns
    -------
    (..., 3) array
        Position of the joint in between.
    """
    span = tip - root
    reach = np.linalg.norm(span, axis=-1, keepdims=True)
    along = span / reach
    near = np.minimum(reach, upper_m + lower_m)
    foot = (upper_m**2 - lower_m**2 + near**2) / (2 * near)
    height = np.sqrt(np.maximum(upper_m**2 - foot**2, 0.0))
    outward = unit(pole - np.sum(pole * along, axis=-1, keepdims=True) * along)
    return np.asarray(root + foot * along + height * outward)
