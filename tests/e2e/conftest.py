from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import cv2
import pytest

from formdrift.vision.source import open_video
from formdrift.vision.write import VideoWriter

if TYPE_CHECKING:
    from formdrift.vision.frame import Image

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_videos" / "clips" / "squat_side.mp4"
# standing, the first squat, standing again
_ONE_SQUAT_S = 4.4


@pytest.fixture(scope="session")
def pictures() -> list[tuple[float, Image]]:
    """Return the frames of one squat with their times."""
    with open_video(SAMPLE) as video:
        return [(frame.time_s, frame.rgb()) for frame in video if frame.time_s <= _ONE_SQUAT_S]


class Copies:
    """Makes variants of one rendered squat."""

    def __init__(self, pictures: list[tuple[float, Image]], folder: Path) -> None:
        self.pictures = pictures
        self.folder = folder

    def write(self, name: str, size: tuple[int, int] | None = None, every: int = 1) -> Path:
        """Write a copy of another size or with fewer frames."""
        width, height = size or self.pictures[0][1].shape[1::-1]
        return self._encoded(
            name,
            [(time_s, cv2.resize(picture, (width, height))) for time_s, picture in self.pictures[::every]],
            # pictures of odd size can't be stored with halved colours
            "yuv444p" if width % 2 or height % 2 else "yuv420p",
        )

    def still(self, name: str, frames: int) -> Path:
        """Write the first picture again and again: a person who never moves."""
        path = self.folder / name
        with VideoWriter(path) as writer:
            for i in range(frames):
                writer.write(self.pictures[0][1], i / 30)
        return path

    def turned(self, name: str) -> Path:
        """Store the pictures lying on their side, with a flag that players turn them by."""
        lying = [(time_s, cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE)) for time_s, picture in self.pictures]
        return self._encoded(name, lying, "yuv420p", rotation=90)

    def _encoded(self, name: str, pictures: list[tuple[float, Image]], pixels: str, rotation: int = 0) -> Path:
        path, tick = self.folder / name, Fraction(1, 90_000)
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
            assert isinstance(stream, av.VideoStream)
            stream.height, stream.width = pictures[0][1].shape[:2]
            stream.pix_fmt, stream.time_base, stream.codec_context.time_base = pixels, tick, tick
            if rotation:
                stream.set_display_rotation(rotation)
            for time_s, picture in pictures:
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                frame.pts, frame.time_base = round(time_s / tick), tick
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path


@pytest.fixture
def copies(pictures: list[tuple[float, Image]], tmp_path: Path) -> Copies:
    """Return a maker of variants in the test's own folder."""
    return Copies(pictures, tmp_path)
