"""A camera attached to this machine, and how steady it is; a file stands in for it."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from formdrift.vision.camera import Camera
from formdrift.vision.errors import VideoError
from formdrift.vision.image import ImageFrame
from formdrift.vision.steadiness import Steadiness

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "camera.avi"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=50)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuvj420p"
        for k in range(20):
            frame = av.VideoFrame.from_ndarray(np.full((120, 160, 3), 10 * k, np.uint8), format="rgb24")
            frame.pts, frame.time_base = k, Fraction(1, 50)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def test_the_newest_picture_is_given_once(film: Path) -> None:
    with Camera(str(film)) as camera:
        first = later = camera.newest(10.0)
        assert first is not None
        # whoever looks away, for as long as this machine needs, finds that those in between are gone
        for away_s in (0.2, 1.0, 5.0):
            time.sleep(away_s)
            first, later = later, camera.newest(10.0)
            assert first is not None
            assert later is not None
            if later.index > first.index + 2:
                break
        assert later.index > first.index + 2
        assert later.time_s > first.time_s
        assert later.size == (160, 120)


def test_a_camera_that_ends_comes_back(film: Path) -> None:
    with Camera(str(film)) as camera:
        indices = []
        until = time.monotonic() + 20
        while time.monotonic() < until and (not indices or indices[-1] < 25):
            frame = camera.newest(0.5)
            indices += [] if frame is None else [frame.index]
        # the file has twenty pictures
        assert indices[-1] >= 25
        assert not camera.lost


def test_there_is_no_such_camera(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="--camera"):
        Camera(str(tmp_path / "nothing.avi"))


def watched(shift_px: float, brightness: float = 1.0) -> Steadiness:
    wall = np.random.default_rng(0).integers(0, 255, (140, 500, 3), np.uint8)
    wall = np.repeat(np.repeat(wall, 4, axis=0), 4, axis=1)
    watch = Steadiness(3.0)
    for k in range(60):
        left = 100 + round(shift_px * np.sin(k))
        watch.step(ImageFrame(k, k / 30, (wall[:480, left : left + 640] * brightness).astype(np.uint8)))
    return watch


def test_a_still_camera_is_still_and_a_shaking_one_is_not() -> None:
    assert watched(0.0).movement < 0.002
    assert 0.005 < watched(12.0).movement < 0.05


def test_brightness_is_that_of_the_picture() -> None:
    bright, dark = watched(0.0), watched(0.0, 0.1)
    assert bright.brightness == pytest.approx(127, abs=8)
    assert dark.brightness == pytest.approx(12.7, abs=1.5)
    assert dark.contrast < bright.contrast
