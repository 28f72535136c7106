"""A stage for people trackers: actors whose places are known, and an engine that sees what a camera would."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from formdrift.pose.engine import Landmarks
from formdrift.pose.glance import Window
from formdrift.pose.region import Region
from formdrift.pose.topology import MEDIAPIPE_33, Topology
from formdrift.vision.frame import VideoInfo
from formdrift.vision.image import ImageFrame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from formdrift.vision.frame import Frame

SIZE = 640, 360
FLOOR = 330.0
FPS = 30.0
# Height of each joint over the body's, and how much of a squat's way it goes.
JOINTS = {"nose": (0.93, 1), "shoulder": (0.82, 1), "hip": (0.53, 1), "knee": (0.28, 0.1), "ankle": (0.04, 0)}


@lru_cache(maxsize=2)
def _chequered(columns: int) -> np.ndarray:
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    grey = (60 + 90 * ((x * columns // SIZE[0] + y // 60) % 2)).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def wall(time_s: float, columns: int = 8) -> np.ndarray:
    """Return a picture of a chequered wall."""
    return _chequered(columns)


@dataclass(frozen=True)
class Actor:
    """Somebody on the stage: where (pixels from the left), how deep in a squat (0 to 1), and whether there at all.

    The nearer of two (the larger) hides the other where they overlap. Somebody faint, behind a
    plate for example, is seen only where nobody else is.
    """

    x_px: Callable[[float], float]
    height_px: float = 200.0
    shirt: tuple[int, int, int] = (200, 40, 40)
    depth: Callable[[float], float] = lambda t: 0.0
    there: Callable[[float], bool] = lambda t: True
    faint: bool = False

    @lru_cache(maxsize=1000)  # noqa: B019 - actors live as long as the test
    def landmarks(self, time_s: float) -> np.ndarray:
        xy = np.empty((33, 2))
        drop = 0.3 * self.depth(time_s)
        for name, number in MEDIAPIPE_33.index.items():
            side, _, joint = name.rpartition("_")
            up, part = JOINTS.get(joint, JOINTS["nose"])
            away = {"left": 0.06, "right": -0.06}.get(side, 0.0) * self.height_px
            xy[number] = self.x_px(time_s) + away, FLOOR - (up - part * drop) * self.height_px
        named = list(MEDIAPIPE_33.index.values())
        xy[[k for k in range(33) if k not in named]] = xy[0]
        return xy

    def region(self, time_s: float) -> Region:
        xy = self.landmarks(time_s)
        return Region(tuple(xy[[23, 24]].mean(axis=0)), 1.4 * self.height_px, 0.0)


@dataclass
class Stage:
    """Satisfies `RegionEngine`; ``upside_down`` turns what is seen in regions that are not turned themselves."""

    actors: Sequence[Actor]
    engine_id: str = "stage"
    model_id: str = "stage-1"
    topology: Topology = MEDIAPIPE_33
    runs_on: str = "CPU"
    upside_down: bool = False
    finds: int = 0
    looks: int = 0

    def frames(self, seconds: float, background: Callable[[float], np.ndarray] = wall) -> Iterator[ImageFrame]:
        for index in range(round(seconds * FPS)):
            time_s = index / FPS
            picture = background(time_s).copy()
            for actor in sorted(self.actors, key=lambda a: a.height_px):
                if actor.there(time_s):
                    xy = actor.landmarks(time_s)
                    left, right = (int(np.clip(v, 0, SIZE[0])) for v in (xy[:, 0].min() - 9, xy[:, 0].max() + 9))
                    top, hips, bottom = int(xy[0, 1]), int(xy[23, 1]), int(FLOOR)
                    picture[top:hips, left:right] = actor.shirt
                    picture[hips:bottom, left:right] = 30
            yield ImageFrame(index, time_s, picture)

    def visible(self, time_s: float) -> list[int]:
        """Numbers of the actors who are not hidden, the nearest first."""
        there = [k for k, a in enumerate(self.actors) if a.there(time_s) and 0 < a.x_px(time_s) < SIZE[0]]
        there.sort(key=lambda k: -self.actors[k].height_px)
        seen: list[int] = []
        for k in there:
            x = self.actors[k].x_px(time_s)
            if all(abs(self.actors[n].x_px(time_s) - x) > 0.15 * self.actors[n].height_px for n in seen):
                seen.append(k)
        return seen

    def shows(self, frame: Frame, number: int) -> bool:
        """Tell whether an actor is in the picture and not painted over."""
        picture = frame.rgb()
        left, top = frame.corner_px if isinstance(frame, Window) else (0, 0)
        x, y = self.actors[number].landmarks(frame.time_s)[[11, 12]].mean(axis=0)
        column, row = int(x - left), int(y + 4 - top)
        if not (0 <= column < picture.shape[1] and 0 <= row < picture.shape[0]):
            return False
        return bool(np.abs(picture[row, column] - np.array(self.actors[number].shirt)).max() < 20)

    def find(self, frame: Frame) -> list[Region]:
        """Find only the nearest of those who are not painted over, as BlazePose's detector does."""
        self.finds += 1
        left, top = frame.corner_px if isinstance(frame, Window) else (0, 0)
        for number in self.visible(frame.time_s):
            if self.shows(frame, number):
                region = self.actors[number].region(frame.time_s)
                x, y = region.center_px
                return [replace(region, center_px=(x - left, y - top))]
        return []

    def look(self, frame: Frame, region: Region) -> Landmarks | None:
        """See the body that is nearest to the region's middle, if one is in it."""
        self.looks += 1
        places = {k: self.actors[k].region(frame.time_s) for k in self.visible(frame.time_s)}
        away = {k: float(np.hypot(*np.subtract(place.center_px, region.center_px))) for k, place in places.items()}
        near = [k for k in away if away[k] <= 0.25 * region.side_px]
        if not near:
            return None
        number = min(near, key=lambda k: away[k])
        if self.actors[number].faint:
            clearer = [k for k in away if away[k] <= 0.5 * region.side_px and not self.actors[k].faint]
            number = next((k for k in clearer if self.shows(frame, k)), number)
        place = places[number]
        xy = self.actors[number].landmarks(frame.time_s)
        if self.upside_down and abs(region.angle_rad) < 1:
            xy = 2 * xy[[23, 24]].mean(axis=0) - xy
        return Landmarks(xy, np.full((33, 3), 0.1), np.full(33, 0.9), 0.95, place)

    def process(self, frame: ImageFrame) -> Landmarks | None:
        raise AssertionError("a region engine is told where to look")

    def close(self) -> None:
        pass


def info(seconds: float) -> VideoInfo:
    return VideoInfo("stage.mp4", "ab" * 32, seconds, round(seconds * FPS), FPS, SIZE, 0, "h264", "yuv420p")


def squats(period_s: float = 2.0) -> Callable[[float], float]:
    return lambda t: (1 - np.cos(2 * np.pi * t / period_s)) / 2
