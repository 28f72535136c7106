"""Both engines on real clips: that they agree, repeat themselves, and fail in words."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formdrift.pose import mediapipe_worker
from formdrift.pose.engine import EngineError
from formdrift.pose.estimate import follow, make_engine
from formdrift.pose.mediapipe_tasks import MediaPipeTasks, shielded
from formdrift.vision.image import ImageFrame
from formdrift.vision.source import open_video

if TYPE_CHECKING:
    from formdrift.pose.track import People

SAMPLE = Path(__file__).parents[2] / "sample_videos" / "clips" / "squat_side.mp4"
CLIPS = ["deadlift_faults_tby66/0016c_1.mp4", "gym_tracker_juris/squat.mp4", "squat_coach_zhmai/side_bodyweight.mp4"]
MAIN_JOINTS = [11, 12, 23, 24, 25, 26, 27, 28]


def track_of(clip: Path, engine: str, frames: int) -> People:
    pose = make_engine(engine, "full")
    try:
        with open_video(clip) as video:
            return follow(islice(video, frames), pose, video.info)
    finally:
        pose.close()


@pytest.mark.usefixtures("blazepose_models", "mediapipe_models")
@pytest.mark.parametrize("clip", CLIPS)
def test_both_engines_see_the_same(shared_data: Path, clip: str) -> None:
    ours, theirs = (
        track_of(shared_data / "videos" / clip, engine, 60).lifter for engine in ("blazepose-onnx", "mediapipe")
    )
    assert ours.detected.all()
    np.testing.assert_array_equal(ours.detected, theirs.detected)
    trunk_px = np.linalg.norm(ours.xy_px[:, 11:13].mean(axis=1) - ours.xy_px[:, 23:25].mean(axis=1), axis=-1)
    apart = np.linalg.norm(ours.xy_px - theirs.xy_px, axis=-1)[:, MAIN_JOINTS] / np.median(trunk_px)
    assert np.median(apart) <= 0.01
    assert np.median(np.linalg.norm(ours.world_m - theirs.world_m, axis=-1)[:, MAIN_JOINTS]) <= 0.02


@pytest.mark.usefixtures("blazepose_models", "mediapipe_models")
@pytest.mark.parametrize("clip", CLIPS)
def test_the_same_pixels_give_the_same_landmarks(shared_data: Path, clip: str) -> None:
    """In the first frame nothing that went before and no conversion of colours can hide how regions are cut out."""
    with open_video(shared_data / "videos" / clip) as video:
        frame = next(ImageFrame(f.index, f.time_s, f.rgb()) for f in video)
    seen = []
    for name in ("blazepose-onnx", "mediapipe"):
        engine = make_engine(name, "full")
        seen.append(engine.process(frame))
        engine.close()
    ours, theirs = (found.xy_px for found in seen)
    trunk_px = np.linalg.norm(theirs[11:13].mean(axis=0) - theirs[23:25].mean(axis=0))
    assert np.median(np.linalg.norm(ours - theirs, axis=-1)[MAIN_JOINTS]) <= 0.002 * trunk_px


@pytest.mark.usefixtures("blazepose_models")
def test_cutting_from_the_planes_shifts_no_landmark() -> None:
    """Against pictures converted whole, single frames differ as with a grey level of noise; the mean does not."""
    whole, planes = make_engine("blazepose-onnx", "full"), make_engine("blazepose-onnx", "full")
    with open_video(SAMPLE) as video:
        seen = [
            (planes.process(frame), whole.process(ImageFrame(frame.index, frame.time_s, frame.rgb())))
            for frame in islice(video, 0, 120, 2)
        ]
    ours, theirs = np.array([(a.xy_px, b.xy_px) for a, b in seen]).swapaxes(0, 1)[..., MAIN_JOINTS, :]
    trunk_px = np.median(np.linalg.norm(theirs[:, :2].mean(axis=1) - theirs[:, 2:4].mean(axis=1), axis=-1))
    assert np.median(np.linalg.norm(ours - theirs, axis=-1)) <= 0.012 * trunk_px
    shift = np.linalg.norm(np.median(ours - theirs, axis=(0, 1))) / trunk_px
    assert shift <= 0.002


@pytest.mark.usefixtures("blazepose_models")
def test_a_second_run_gives_the_same_bits(shared_data: Path) -> None:
    first, second = (track_of(shared_data / "videos" / CLIPS[1], "blazepose-onnx", 40).lifter for _ in range(2))
    np.testing.assert_array_equal(first.xy_px, second.xy_px)
    np.testing.assert_array_equal(first.world_m, second.world_m)
    np.testing.assert_array_equal(first.visibility, second.visibility)


@dataclass
class Spoilt:
    """Frames of a clip with some of them blacked out."""

    clip: Path
    black: range

    def __iter__(self):
        with open_video(self.clip) as video:
            for frame in islice(video, 30):
                image = frame.rgb() * np.uint8(frame.index not in self.black)
                yield ImageFrame(frame.index, frame.time_s, image)


@pytest.mark.usefixtures("blazepose_models")
def test_a_lost_person_is_found_again(shared_data: Path) -> None:
    clip = shared_data / "videos" / CLIPS[1]
    engine = make_engine("blazepose-onnx", "full")
    with open_video(clip) as video:
        track = follow(Spoilt(clip, range(10, 15)), engine, video.info).lifter
    np.testing.assert_array_equal(track.detected, [i not in range(10, 15) for i in range(30)])


@pytest.mark.parametrize("engine", ["blazepose-onnx", "mediapipe"])
@pytest.mark.usefixtures("blazepose_models", "mediapipe_models")
def test_nobody_in_an_empty_picture_and_nothing_after_closing(engine: str) -> None:
    pose = make_engine(engine, "full")
    # an odd width: rows of the picture that are not aligned
    frame = ImageFrame(0, 0.0, np.full((97, 131, 3), 90, np.uint8))
    try:
        assert pose.process(frame) is None
        assert pose.process(frame) is None
    finally:
        pose.close()
    pose.close()
    with pytest.raises(EngineError, match="has been closed: make a new one"):
        pose.process(frame)


def test_the_network_is_out_of_reach_of_mediapipe() -> None:
    environment = shielded({"PATH": "/bin", "no_proxy": "*", "NO_PROXY": "*", "https_proxy": "http://proxy:3128"})
    assert environment["PATH"] == "/bin"
    assert {name for name in environment if name.lower() == "no_proxy"} == set()
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        assert environment[name] == "http://127.0.0.1:9"


@pytest.mark.usefixtures("mediapipe_models")
def test_a_worker_that_dies_is_reported() -> None:
    engine = MediaPipeTasks("full")
    assert engine._process is not None
    engine._process.kill()
    engine._process.wait()
    frame = ImageFrame(0, 0.0, np.zeros((480, 640, 3), np.uint8))
    with pytest.raises(EngineError, match=r"MediaPipe stopped unexpectedly \(exit code -9\)"):
        engine.process(frame)


@pytest.mark.usefixtures("mediapipe_models")
def test_the_worker_ends_with_the_pipe_to_it() -> None:
    """Which is what a dying program leaves to it, however it dies."""
    engine = MediaPipeTasks("full")
    process = engine._process
    assert process is not None
    engine.close()
    assert process.returncode == 0


def test_a_file_that_is_no_model_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken.task"
    broken.write_bytes(os.urandom(1000))
    monkeypatch.setattr("formdrift.pose.mediapipe_tasks.locate", lambda _: broken)
    with pytest.raises(EngineError, match=r"MediaPipe failed .*: use the engine blazepose-onnx") as caught:
        MediaPipeTasks("full")
    assert "\n" not in str(caught.value)


def test_missing_system_libraries_are_named() -> None:
    error = OSError("libEGL.so.1: cannot open shared object file: No such file or directory")
    assert "apt-get install libegl1 libgles2" in mediapipe_worker.explain(error)
