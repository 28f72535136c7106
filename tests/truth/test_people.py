"""Rendered people beside the lifter, and a camera in the hand: who is followed, and how the camera moved, are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from formdrift.pose.estimate import follow, make_engine
from formdrift.sample_videos.render import Scenario, Truth, render
from formdrift.vision.source import open_video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from formdrift.pose.track import People, PoseTrack

    Play = Callable[[str], tuple[Truth, People]]

SQUAT = {
    "exercise": "squat",
    "reps": 1,
    "knee_flexion_deg": (8.0, 112.0),
    "trunk_inclination_deg": (3.0, 35.0),
    "arm_elevation_deg": (10.0, 70.0),
    "descent_s": 1.2,
    "hold_s": 0.2,
    "ascent_s": 1.0,
    "pause_s": 0.4,
    "lead_in_s": 0.8,
    "lead_out_s": 0.8,
}
GYM: dict[str, Any] = {"movement": SQUAT, "room": {"style": "gym"}, "seed": 5, "video": {"fps": 15.0}}
SPOTTER = {"body": "man_tall", "action": "spot", "place_m": (0.1, 0.8), "facing_deg": 0.0}
BARBELL = {"kind": "barbell_back", "mass_share": 0.8, "plate_radius_m": 0.225}
# from the front of the side view to its back, close to the camera
PASSER = {
    "body": "man_tall",
    "action": "walk_through",
    "place_m": (0.9, -2.6),
    "facing_deg": 180.0,
    "from_s": 0.5,
    "distance_m": 5.2,
}
SIDE = {"yaw_deg": 90.0, "height_m": 1.1, "distance_m": 3.8, "aim_height_m": 0.85}
SCENES: dict[str, dict[str, Any]] = {
    "spotter": {**GYM, "body": "man_average", "camera": SIDE, "load": BARBELL, "others": [SPOTTER]},
    "passer": {**GYM, "body": "woman_average", "camera": SIDE, "others": [PASSER]},
    "tripod": {**GYM, "body": "man_average", "camera": SIDE},
    "hand": {**GYM, "body": "man_average", "camera": {**SIDE, "shake_deg": 0.3, "pan_deg_s": 0.8}},
}
# Whoever is beside somebody more striking at the start of a clip is noticed so soon.
SOON_S = 0.2
JOINTS = tuple(f"{side}_{joint}" for joint in ("shoulder", "hip", "knee", "ankle") for side in ("left", "right"))
# Bones and how wide the body is around them, over its height.
BONES = [("head", "neck", 0.06), ("neck", "left_hip", 0.1), ("neck", "right_hip", 0.1)] + [
    (f"{side}_{upper}", f"{side}_{lower}", 0.045)
    for side in ("left", "right")
    for upper, lower in (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"))
]


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory, models_present: None) -> Play:
    """Render and follow a scene once, however many tests ask for it."""
    folder: Path = tmp_path_factory.mktemp("people")
    known: dict[str, tuple[Truth, People]] = {}

    def once(name: str) -> tuple[Truth, People]:
        if name not in known:
            clip = folder / f"{name}.mp4"
            truth = render(TypeAdapter(Scenario).validate_python({"description": name, **SCENES[name]}), clip)
            with open_video(clip) as frames:
                known[name] = truth, follow(frames, make_engine("blazepose-onnx", "full"), frames.info)
        return known[name]

    return once


def of_truth(truth: Truth, points: NDArray[np.float64], names: tuple[str, ...] = JOINTS) -> NDArray[np.float64]:
    columns = [str(name) for name in truth.joint_names]
    return points[..., [columns.index(name) for name in names], :]


def seen(track: PoseTrack) -> NDArray[np.float64]:
    return np.stack([track.joint(name) for name in JOINTS], axis=1)


def height_px(box_px: NDArray[np.float64]) -> float:
    return float(np.median(box_px[:, 3] - box_px[:, 1]))


def hidden(truth: Truth) -> NDArray[np.float64]:
    """The part of the lifter's joints that are behind somebody nearer, in each frame."""
    mine = of_truth(truth, truth.joints_px)
    far = np.einsum("tc,tjc->tj", truth.projection[:, 2, :3], truth.joints_m).mean(axis=1)
    behind = np.zeros(mine.shape[:2], dtype=bool)
    for joints_px, joints_m, box_px in zip(
        truth.other_joints_px, truth.other_joints_m, truth.other_box_px, strict=True
    ):
        nearer = np.einsum("tc,tjc->tj", truth.projection[:, 2, :3], joints_m).mean(axis=1) < far
        for upper, lower, width in BONES:
            a, b = (of_truth(truth, joints_px, (name,)) for name in (upper, lower))
            along = b - a
            part = np.clip(((mine - a) * along).sum(axis=2) / (along**2).sum(axis=2), 0, 1)
            away = np.linalg.norm(mine - a - part[..., None] * along, axis=2)
            behind |= nearer[:, None] & (away < width * height_px(box_px))
    return behind.mean(axis=1)


@pytest.mark.parametrize("name", ["spotter", "passer"])
def test_the_lifter_is_followed_wherever_half_of_the_body_is_seen(name: str, play: Play) -> None:
    truth, people = play(name)
    found = seen(people.lifter)
    off = np.median(np.linalg.norm(found - of_truth(truth, truth.joints_px), axis=2), axis=1)
    off_others = np.median(np.linalg.norm(found - of_truth(truth, truth.other_joints_px), axis=3), axis=2)
    right = (off < 0.12 * height_px(truth.box_px)) & (off < off_others.min(axis=0))
    visible = hidden(truth) < 0.5
    assert right[visible & (truth.time_s > SOON_S)].mean() >= 0.99
    assert visible.all() == (name == "spotter")
    assert people.margin > 0.3


def test_how_a_hand_moved_the_hips_in_the_picture_is_known_to_five_millimetres(play: Play) -> None:
    (still, _), (shaken, people) = play("tripod"), play("hand")
    hips = ("left_hip", "right_hip")
    moved = (of_truth(shaken, shaken.joints_px, hips) - of_truth(still, still.joints_px, hips)).mean(axis=1)
    assert np.ptp(moved, axis=0).min() > 8
    lifter = people.lifter
    assert lifter.camera_xy_px is not None
    error = lifter.camera_xy_px - (moved - moved[0])
    thigh_m, thigh_px = (
        np.linalg.norm(np.diff(of_truth(shaken, points, ("left_hip", "left_knee")), axis=1), axis=2)[0, 0]
        for points in (shaken.joints_m, shaken.joints_px)
    )
    assert 1000 * error.std(axis=0).max() * thigh_m / thigh_px < 5.0


def knee_deg(track: PoseTrack) -> NDArray[np.float64]:
    hip, knee, ankle = (track.joint(f"left_{joint}") for joint in ("hip", "knee", "ankle"))
    thigh, shank = hip - knee, ankle - knee
    turn = thigh[:, 0] * shank[:, 1] - thigh[:, 1] * shank[:, 0]
    return np.degrees(np.abs(np.arctan2(turn, (thigh * shank).sum(axis=1))))


def test_a_camera_in_the_hand_leaves_angles_as_they_are(play: Play) -> None:
    (_, still), (_, shaken) = play("tripod"), play("hand")
    assert np.ptp(knee_deg(still.lifter)) > 60
    assert abs(np.median(knee_deg(shaken.lifter) - knee_deg(still.lifter))) < 1.0
