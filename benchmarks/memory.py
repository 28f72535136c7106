"""How much memory a video takes a frame: two hours of frames followed with a scripted engine.

Run as ``python benchmarks/memory.py [FRAMES]``. No network runs and nothing is decoded, so that what
grows is what following people keeps.
"""

from __future__ import annotations

import resource
import sys
import time
from typing import TYPE_CHECKING

import numpy as np

from formdrift.pose.engine import Landmarks
from formdrift.pose.estimate import follow
from formdrift.pose.region import Region
from formdrift.pose.topology import MEDIAPIPE_33
from formdrift.vision.frame import VideoInfo
from formdrift.vision.image import ImageFrame
from results import write_section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from formdrift.pose.track import People
    from formdrift.vision.frame import Frame

TWO_HOURS = 216_000
_FPS = 30
# Larger than what may be kept of a frame, so that a frame that is kept shows.
_SIZE = 128, 72
_WARM_UP = 2_000


class Squatter:
    """A scripted engine: somebody who squats once in three seconds; satisfies `RegionEngine`."""

    engine_id = model_id = "scripted"
    runs_on = "CPU"
    topology = MEDIAPIPE_33

    def __init__(self) -> None:
        self._body = np.random.default_rng(0).uniform((50, 10), (80, 60), (MEDIAPIPE_33.count, 2))

    def find(self, frame: Frame) -> list[Region]:
        """Return the one region."""
        return [Region((64.0, 36.0), 60.0, 0.0)]

    def look(self, frame: Frame, region: Region) -> Landmarks:
        """Return the landmarks of the moment."""
        xy_px = self._body + np.array([0, 5 * np.sin(2 * np.pi * frame.time_s / 3)])
        world_m = np.column_stack([xy_px / 60, xy_px[:, 0] / 90])
        return Landmarks(xy_px, world_m, np.full(len(xy_px), 0.9), 0.99, Region((64.0, 36.0), 60.0, 0.0))

    def process(self, frame: Frame) -> Landmarks:
        """Look for the person."""
        return self.look(frame, self.find(frame)[0])

    def close(self) -> None:
        """Nothing is held."""


def film(count: int) -> People:
    """Follow the person through so many frames, each with a picture of its own."""
    info = VideoInfo("scripted.mp4", "0" * 64, count / _FPS, count, _FPS, _SIZE, 0, "h264", "yuv420p")

    def frames() -> Iterator[Frame]:
        for i in range(count):
            yield ImageFrame(i, i / _FPS, np.full((_SIZE[1], _SIZE[0], 3), 90, np.uint8))

    return follow(frames(), Squatter(), info)


def main(count: int) -> int:
    """Measure, print and write the section."""
    film(_WARM_UP)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    people = film(count)
    seconds = time.process_time() - start
    grown = 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / count
    text = (
        f"{len(people.lifter)} frames, {count / _FPS / 3600:.1f} hours at {_FPS} a second, followed with a scripted"
        f" engine: the peak of the process's memory grew by {grown:.0f} bytes a frame, and following took"
        f" {1000 * seconds / count:.2f} ms of CPU time a frame without networks and decoding.\n"
    )
    write_section("Memory", text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else TWO_HOURS))
