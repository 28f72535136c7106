"""The true points of a rendered person in the place of landmarks: what a network that never errs would have seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formdrift.pose.topology import MEDIAPIPE_33
from formdrift.pose.track import PoseTrack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formdrift.sample_videos.render import Truth
    from formdrift.vision.frame import VideoInfo

    Floats = NDArray[np.float64]

# landmarks that the truth calls otherwise
_CALLED = {"toe": "big_toe", "hand": "wrist"}


def true_track(truth: Truth, source: VideoInfo) -> PoseTrack:
    """Make the track of a clip, a video of `source`, from its truth: joint centres, and the skin of head and feet."""
    points_px = _placed(truth, truth.joints_px, truth.surface_px)
    points_m = _placed(truth, truth.joints_m, truth.surface_m)
    hips_m = points_m[:, [MEDIAPIPE_33.index[f"{side}_hip"] for side in ("left", "right")]].mean(axis=1, keepdims=True)
    world_m = np.einsum("tij,tkj->tki", _camera_axes(truth.projection), points_m - hips_m)
    visibility = np.ones(points_px.shape[:2])
    return PoseTrack(truth.time_s, points_px, visibility, MEDIAPIPE_33, source.size, "truth", source, world_m)


def _placed(truth: Truth, joints: Floats, surface: Floats) -> Floats:
    """Put points into the order of the landmarks, (T, 33, D); those that the truth lacks lie at the nose."""
    column = dict(zip(truth.surface_names, np.moveaxis(surface, 1, 0), strict=True))
    column |= zip(truth.joint_names, np.moveaxis(joints, 1, 0), strict=True)
    placed = np.repeat(column["nose"][:, None], MEDIAPIPE_33.count, axis=1)
    for name, number in MEDIAPIPE_33.index.items():
        side, _, joint = name.rpartition("_")
        placed[:, number] = column[f"{side}_{_CALLED.get(joint, joint)}" if side else name]
    return placed


def _camera_axes(projection: Floats) -> Floats:
    """Return the axes of the camera in the world, (T, 3, 3): right and down in the picture, and away from it."""
    away = projection[:, 2, :3] / np.linalg.norm(projection[:, 2, :3], axis=1, keepdims=True)
    right = projection[:, 0, :3] - (projection[:, 0, :3] * away).sum(axis=1, keepdims=True) * away
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    return np.stack([right, np.cross(away, right), away], axis=1)
