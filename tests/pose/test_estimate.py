from __future__ import annotations

import weakref
from dataclasses import dataclass, field

import numpy as np
import pytest

from formdrift.pose.engine import EngineError, Landmarks
from formdrift.pose.estimate import follow, make_engine
from formdrift.pose.topology import MEDIAPIPE_33, Topology
from formdrift.vision.frame import VideoInfo
from formdrift.vision.image import ImageFrame

INFO = VideoInfo("scripted.mp4", "0" * 64, 1.0, 5, 5.0, (64, 48), 0, "h264", "yuv420p")


@dataclass
class Scripted:
    """Sees somebody in the even frames, at x = frame number."""

    engine_id: str = "scripted"
    model_id: str = "scripted-full"
    topology: Topology = MEDIAPIPE_33
    alive: list[weakref.ref[ImageFrame]] = field(default_factory=list)

    def process(self, frame: ImageFrame) -> Landmarks | None:
        self.alive = [*(ref for ref in self.alive if ref() is not None), weakref.ref(frame)]
        assert len(self.alive) <= 2
        if frame.index % 2:
            return None
        return Landmarks(np.full((33, 2), float(frame.index)), np.full((33, 3), 0.5), np.full(33, 0.8), 0.9)

    def close(self) -> None:
        pass


def frames(count: int):
    for i in range(count):
        yield ImageFrame(i, i * i / 10, np.zeros((48, 64, 3), np.uint8))


def test_a_track_of_what_the_engine_saw_without_keeping_frames() -> None:
    done: list[int] = []
    people = follow(frames(5), Scripted(), INFO, done.append)
    track = people.lifter
    assert done == [1, 2, 3, 4, 5]
    np.testing.assert_allclose(track.time_s, [0, 0.1, 0.4, 0.9, 1.6])
    np.testing.assert_array_equal(track.xy_px[:, 7, 0], [0, np.nan, 2, np.nan, 4])
    np.testing.assert_allclose(track.visibility[:, 0], [0.8, 0, 0.8, 0, 0.8])
    np.testing.assert_array_equal(np.isnan(track.world_m).all(axis=(1, 2)), [False, True, False, True, False])
    assert (len(people.tracks), people.subject, people.margin) == (1, 0, 1.0)
    assert (track.model_id, track.frame_size, track.source) == ("scripted-full", (64, 48), INFO)


def test_a_video_without_frames() -> None:
    people = follow(frames(0), Scripted(), INFO)
    assert len(people.lifter) == 0
    assert people.scores == (0.0,)


@pytest.mark.parametrize(
    ("engine", "model", "message"),
    [
        (
            "openpose",
            "full",
            "There is no pose engine 'openpose': choose one of blazepose-onnx, mediapipe, simcc:FILE.onnx.",
        ),
        ("mediapipe", "huge", "There is no model 'huge': choose one of lite, full, heavy."),
    ],
)
def test_what_there_is_not(engine: str, model: str, message: str) -> None:
    with pytest.raises(EngineError, match="There is no") as caught:
        make_engine(engine, model)
    assert str(caught.value) == message
