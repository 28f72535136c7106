"""Read bodies out of the `anny` package: shape, joint heads, skinning weights, key points, clothing helpers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anny
import numpy as np
import torch

from ..render.body import JOINT_SEGMENT, JOINTS, SEGMENT_INDEX, SEGMENTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

BODY_VERTICES = 13380
_RACES = ("african", "asian", "caucasian")
_SEGMENT_OF_BONE = {
    "root": "pelvis",
    "spine05": "spine_1",
    "spine04": "spine_2",
    "spine03": "spine_3",
    "spine02": "spine_4",
    "spine01": "thorax",
    "pelvis": "buttock",
    "upperleg": "thigh",
    "lowerleg": "shank",
    "foot": "foot",
    "toe": "toes",
    "clavicle": "clavicle",
    "shoulder": "scapula",
    "upperarm": "upper_arm",
    "lowerarm": "forearm",
    "wrist": "hand",
    "finger": "hand",
    "metacarpal": "hand",
    "neck": "neck",
    "head": "head",
    "eye": "head",
}
# The buttock turns about the hip joint, otherwise the hip centre would move with it.
_HEAD_OF_SEGMENT = {
    "pelvis": "root",
    "spine_1": "spine05",
    "spine_2": "spine04",
    "spine_3": "spine03",
    "spine_4": "spine02",
    "thorax": "spine01",
    "neck": "neck01",
    "head": "head",
    "buttock": "upperleg01",
    "thigh": "upperleg01",
    "knee_fold": "lowerleg01",
    "shank": "lowerleg01",
    "foot": "foot",
    "toes": "toe3-1",
    "clavicle": "clavicle",
    "scapula": "shoulder01",
    "upper_arm": "upperarm01",
    "elbow_fold": "lowerarm01",
    "forearm": "lowerarm01",
    "hand": "wrist",
}
# Where skin is shared by two segments, the one in between takes part, turned half-way: plain
# blending of the two would let knees, hips and elbows collapse when they bend far.
_SOFTENED = (
    ("pelvis", "{}_buttock", "{}_thigh"),
    ("{}_thigh", "{}_knee_fold", "{}_shank"),
    ("{}_upper_arm", "{}_elbow_fold", "{}_forearm"),
)
_TOE_BONE = "toe1-2"


@dataclass(frozen=True, eq=False)
class Source:
    """What all bodies of the package share; V vertices with the helper geometry, S segments."""

    model: Any
    faces: Indices
    weights: Floats
    keypoint_names: tuple[str, ...]
    keypoint_weights: Floats
    helper_faces: dict[str, Indices]


@dataclass(frozen=True, eq=False)
class RestBody:
    """One body, its lowest point on the floor: vertices (V, 3), segment heads (S, 3), joints (J, 3), eyes (2, 3)."""

    vertices: Floats
    heads: Floats
    joints: Floats
    eyes: Floats


def read_source() -> Source:
    """Load the model (about a minute the first time; it keeps a cache of its own)."""
    model = anny.Anny(rig="anny", topology="anny-full", phenotypes="all").to(dtype=torch.float32)
    data = Path(anny.__path__[0]) / "data"
    keypoints = torch.load(data / "keypoints" / "coco.pth", weights_only=True)
    return Source(
        model=model,
        faces=np.asarray(model.faces).astype(np.int64),
        weights=_segment_weights(model),
        keypoint_names=tuple(keypoints),
        keypoint_weights=np.stack([keypoints[k].numpy() for k in keypoints]).astype(np.float64),
        helper_faces=_helper_faces(data / "mpfb2" / "3dobjs" / "base.obj"),
    )


def shape_body(source: Source, shape: dict[str, float]) -> RestBody:
    """Shape one body from macro sliders; unmentioned ones stay in the middle, the three ancestries in equal parts."""
    model = source.model
    sliders = dict.fromkeys(model.phenotype_labels, 0.5) | dict.fromkeys(_RACES, 1 / 3) | shape
    identity = torch.eye(4)[None, None].repeat(1, model.bone_count, 1, 1)
    with torch.no_grad():
        out = model(pose_parameters=identity, phenotype_kwargs=sliders)
    vertices = out["rest_vertices"][0].numpy().astype(np.float64)
    bones = out["rest_bone_heads"][0].numpy().astype(np.float64)
    floor = np.array([0.0, 0.0, vertices[:BODY_VERTICES, 2].min()])
    vertices, bones = vertices - floor, bones - floor

    def head(bone: str) -> Floats:
        point: Floats = bones[model.bone_labels.index(bone)]
        return point

    heads = np.stack([head(_bone_name(segment)) for segment in SEGMENTS])
    joints = np.stack([heads[SEGMENT_INDEX[JOINT_SEGMENT[joint]]] for joint in JOINTS])
    for joint, suffix in (("left_toe", ".L"), ("right_toe", ".R")):
        joints[JOINTS.index(joint)] = head(_TOE_BONE + suffix)
    return RestBody(vertices, heads, joints, np.stack([head("eye.L"), head("eye.R")]))


def surface_regressors(source: Source, body: RestBody) -> Floats:
    """Fold key-point weights and skinning weights into one (K, S, 4) array, exact for any pose of the segments."""
    homogeneous = np.concatenate([body.vertices, np.ones((len(body.vertices), 1))], axis=1)
    regressors = np.einsum("kv,vs,vi->ksi", source.keypoint_weights, source.weights, homogeneous, optimize=True)
    return np.asarray(regressors, dtype=np.float64)


def _bone_name(segment: str) -> str:
    side, _, part = segment.partition("_")
    if side in ("left", "right"):
        return _HEAD_OF_SEGMENT[part] + (".L" if side == "left" else ".R")
    return _HEAD_OF_SEGMENT[segment]


def _segment_name(bone: str) -> str:
    stem, _, suffix = bone.partition(".")
    stem = stem if stem in _SEGMENT_OF_BONE else stem.split("-")[0].rstrip("0123456789")
    part = _SEGMENT_OF_BONE[stem]
    return part if part in SEGMENT_INDEX else {"L": "left_", "R": "right_"}[suffix] + part


def _segment_weights(model: Any) -> Floats:
    of_bone = np.array([SEGMENT_INDEX[_segment_name(bone)] for bone in model.bone_labels])
    weights = model.vertex_bone_weights.numpy().astype(np.float64)
    bones = model.vertex_bone_indices.numpy()
    merged = np.zeros((len(weights), len(SEGMENTS)))
    np.add.at(merged, (np.arange(len(weights))[:, None], of_bone[bones]), weights)
    for side in ("left", "right"):
        for names in _SOFTENED:
            _soften(merged, *(SEGMENT_INDEX[name.format(side)] for name in names))
    return np.asarray(merged / merged.sum(axis=1, keepdims=True))


def _soften(weights: Floats, first: int, middle: int, last: int) -> None:
    """Replace a blend from first to last by one from first over middle to last, in place."""
    total = weights[:, first] + weights[:, last]
    share = weights[:, last] / np.maximum(total, 1e-12)
    weights[:, first] = total * np.maximum(1 - 2 * share, 0)
    weights[:, middle] += total * (1 - np.abs(1 - 2 * share))
    weights[:, last] = total * np.maximum(2 * share - 1, 0)


def _helper_faces(path: Path) -> dict[str, Indices]:
    groups: dict[str, list[list[int]]] = {}
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "g":
            name = rest.strip()
        elif kind == "f":
            groups.setdefault(name, []).append([int(corner.split("/")[0]) - 1 for corner in rest.split()])
    return {group: np.array(quads) for group, quads in groups.items() if group.startswith("helper-")}
