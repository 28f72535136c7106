"""Tracks whose truth is known, and the models and clips that some tests need."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formdrift.models.catalogue import ModelError
from formdrift.models.store import locate
from formdrift.pose.topology import MEDIAPIPE_33
from formdrift.pose.track import PoseTrack
from formdrift.vision.frame import VideoInfo

# The stage of the tests with several people is a plain module.
sys.path.insert(0, str(Path(__file__).parent))

if TYPE_CHECKING:
    from collections.abc import Callable

INFO = VideoInfo("scripted.mp4", "0" * 64, 6.0, 180, 30.0, (640, 360), 0, "h264", "yuv420p")
# x and y of the joints of somebody who stands upright, side view, in pixels; the far side is 4 px further right.
STANDING = {
    "nose": (330, 60),
    "ear": (318, 62),
    "eye": (326, 55),
    "shoulder": (310, 100),
    "elbow": (312, 145),
    "wrist": (316, 185),
    "hand": (318, 195),
    "hip": (305, 180),
    "knee": (312, 245),
    "ankle": (306, 310),
    "heel": (298, 320),
    "toe": (330, 322),
}


@pytest.fixture
def make_track() -> Callable[..., PoseTrack]:
    """Return a maker of tracks of six seconds with three smooth squats, every landmark seen."""

    def make(fps: float = 30.0, **changes: object) -> PoseTrack:
        time_s = np.arange(round(6 * fps)) / fps
        depth = (1 - np.cos(2 * np.pi * time_s / 2)) / 2
        xy_px = np.zeros((len(time_s), 33, 2))
        for name, number in MEDIAPIPE_33.index.items():
            x, y = STANDING[name.removeprefix("left_").removeprefix("right_")]
            falls = {"knee": 10, "ankle": 0, "heel": 0, "toe": 0}.get(name.split("_")[-1], 60)
            xy_px[:, number, 0] = x + 4 * name.startswith("right_") - 0.4 * falls * depth
            xy_px[:, number, 1] = y + falls * depth
        named = list(MEDIAPIPE_33.index.values())
        rest = [number for number in range(33) if number not in named]
        xy_px[:, rest] = xy_px[:, [0]] + np.array(rest)[:, None]
        # the ankles and feet sway a little: nothing that lives stands perfectly still
        xy_px[..., 0] += 0.3 * np.sin(2 * np.pi * 0.3 * time_s)[:, None]
        values = {
            "time_s": time_s,
            "xy_px": xy_px,
            "visibility": np.full(xy_px.shape[:2], 0.9),
            "topology": MEDIAPIPE_33,
            "frame_size": INFO.size,
            "model_id": "scripted",
            "source": INFO,
            "world_m": np.concatenate([xy_px / 200, xy_px[..., :1] / 300], axis=-1),
        }
        return PoseTrack(**(values | changes))

    return make


@pytest.fixture(scope="session")
def blazepose_models() -> None:
    """Skip without the weights of the ONNX engine."""
    _need("blazepose-detector", "blazepose-full")


@pytest.fixture(scope="session")
def mediapipe_models() -> None:
    """Skip without the weights of the MediaPipe engine."""
    _need("mediapipe-full")


def _need(*models: str) -> None:
    for model in models:
        try:
            locate(model)
        except ModelError as error:
            pytest.skip(f"needs the model {model}: {error}")
