"""What following a person through a video costs beside the networks that it runs.

Run as ``python benchmarks/pipeline.py [VIDEO...]``. In every round the same frames go through

- the networks alone, as often as following the person runs them, on pictures that are ready;
- the same calls with cutting out and decoding landmarks, on frames that are in memory ("bare inference");
- the whole of it: file, decoder, cut-outs, networks, landmarks, tracks;
- MediaPipe's own video loop with OpenCV, the usual twelve lines, in a process of its own.

Ratios are taken within a round and are medians over the rounds, so that a busy machine
troubles them little. Time of the processor counts all threads.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from formdrift.models.store import locate
from formdrift.pose.blazepose import SIZE, BlazePose
from formdrift.pose.detector import SIZE as DETECTOR_SIZE
from formdrift.pose.estimate import follow
from formdrift.pose.mediapipe_tasks import shielded
from formdrift.pose.ort import Network
from formdrift.vision.image import ImageFrame
from formdrift.vision.source import open_video
from results import write_section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from formdrift.pose.engine import Landmarks
    from formdrift.pose.region import Region
    from formdrift.vision.frame import Frame, VideoInfo

_SAMPLES = Path(__file__).resolve().parents[1] / "sample_videos" / "clips"
_CLIPS = Path(__file__).resolve().parents[2] / "shared" / "data" / "videos"
_VIDEOS = (
    _SAMPLES / "squat_side.mp4",
    _CLIPS / "deadlift_faults_tby66" / "0016c_1.mp4",
    _CLIPS / "squat_coach_zhmai" / "side_bodyweight.mp4",
)
_VARIANTS = ("lite", "full")
_FRAMES, _ROUNDS = 450, 3


@dataclass(frozen=True)
class Spent:
    """Wall-clock time and time of the processor, all threads, in milliseconds a frame."""

    wall_ms: float
    cpu_ms: float


class Recorder(BlazePose):
    """Remembers where it looked, so that the same calls can be made again."""

    def __init__(self, variant: str) -> None:
        super().__init__(variant)
        self.looks: list[tuple[int, Region]] = []
        self.finds: list[int] = []

    def look(self, frame: Frame, region: Region) -> Landmarks | None:
        """Look, and remember."""
        self.looks.append((frame.index, region))
        return super().look(frame, region)

    def find(self, frame: Frame) -> list[Region]:
        """Find, and remember."""
        self.finds.append(frame.index)
        return super().find(frame)


def spent(work: Callable[[], object], frames: int) -> Spent:
    """Measure a piece of work on so many frames."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Spent(1000 * (time.perf_counter() - wall) / frames, 1000 * (time.process_time() - cpu) / frames)


def whole(engine: BlazePose, video: Path, frames: int) -> None:
    """Follow the person through the file."""
    with open_video(video) as source:
        follow(islice(source, frames), engine, source.info)


def networks(landmarker: Network, detector: Network, looks: int, finds: int) -> None:
    """Run the networks on pictures that are ready."""
    rng = np.random.default_rng(0)
    cut = rng.random((SIZE, SIZE, 3), dtype=np.float32)
    picture = rng.random((DETECTOR_SIZE, DETECTOR_SIZE, 3), dtype=np.float32)
    for _ in range(looks):
        landmarker.run(cut)
    for _ in range(finds):
        detector.run(picture)


def bare(engine: BlazePose, frames: list[Frame], recorder: Recorder) -> None:
    """Make the recorded calls again on frames in memory."""
    for index, region in recorder.looks:
        engine.look(frames[index], region)
    for index in recorder.finds:
        engine.find(frames[index])


def mediapipe(video: Path, variant: str, frames: int) -> Spent:
    """Have MediaPipe's own loop run in a process of its own."""
    command = [sys.executable, __file__, "--mediapipe", variant, "--frames", str(frames), str(video)]
    ran = subprocess.run(
        command, check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=shielded(os.environ)
    )
    wall_ms, cpu_ms = ran.stdout.split()[-2:]
    return Spent(float(wall_ms), float(cpu_ms))


def mediapipe_loop(video: Path, variant: str, frames: int) -> Spent:
    """Run the loop of MediaPipe's documentation over a file, its start not counted."""
    from mediapipe import Image, ImageFormat
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(locate(f"mediapipe-{variant}"))),
        running_mode=vision.RunningMode.VIDEO,
    )

    def loop(capture: cv2.VideoCapture, count: int) -> None:
        for _ in range(count):
            _, picture = capture.read()
            image = Image(image_format=ImageFormat.SRGB, data=cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
            landmarker.detect_for_video(image, int(capture.get(cv2.CAP_PROP_POS_MSEC)))

    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        capture = cv2.VideoCapture(str(video))
        loop(capture, 1)
        return spent(partial(loop, capture, frames - 1), frames - 1)


def table(video: Path, rounds: int, frames: int) -> list[str]:
    """Measure one video and return its rows."""
    rows = []
    for variant in _VARIANTS:
        recorder = Recorder(variant)
        with open_video(video) as source:
            held: list[Frame] = list(islice(source, frames))
            follow(held, recorder, source.info)
        engine = BlazePose(variant)
        landmarker, detector = (Network(locate(f"blazepose-{name}")) for name in (variant, "detector"))
        count, looks, finds = len(held), len(recorder.looks), len(recorder.finds)
        ways: list[Callable[[], Spent]] = [
            lambda: spent(partial(networks, landmarker, detector, looks, finds), count),  # noqa: B023
            lambda: spent(partial(bare, engine, held, recorder), count),  # noqa: B023
            lambda: spent(partial(whole, engine, video, count), count),  # noqa: B023
            partial(mediapipe, video, variant, count),
        ]
        measured = [[way() for way in ways] for _ in range(rounds)]
        wall = np.array([[one.wall_ms for one in row] for row in measured])
        cpu = np.array([[one.cpu_ms for one in row] for row in measured])
        ratios = [np.median(wall[:, k] / wall[:, 2]) for k in (0, 1, 3)]
        cells = [
            "/".join(video.parts[-2:]),
            variant,
            f"{count}, {looks}, {finds}",
            *(f"{w:.1f} ({c:.1f})" for w, c in zip(np.median(wall, axis=0), np.median(cpu, axis=0), strict=True)),
            *(f"{ratio:.2f}" for ratio in ratios),
            f"{np.median(cpu[:, 3] / cpu[:, 2]):.2f}",
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def persons(video: Path, variant: str, rounds: int, frames: int) -> str:
    """Measure what a second person costs: the same one again, beside the first."""
    with open_video(video) as source:
        info: VideoInfo = source.info
        pictures = [(frame.time_s, frame.rgb()) for frame in islice(source, frames)]

    def film(people: int) -> Iterator[Frame]:
        for i, (time_s, picture) in enumerate(pictures):
            beside = picture if people == 2 else np.full_like(picture, 128)
            yield ImageFrame(i, time_s, np.concatenate([picture, beside], axis=1))

    engine = BlazePose(variant)
    found: list[int] = []
    measured = []
    for _ in range(rounds):
        row = []
        for people in (1, 2):
            held = list(film(people))
            row.append(spent(lambda: found.append(len(follow(held, engine, info).tracks)), frames))  # noqa: B023
        measured.append([one.cpu_ms for one in row])
    one, two = np.median(measured, axis=0)
    return (
        f"{variant}: {one:.1f} ms of CPU time a frame with one person, {two:.1f} with two"
        f" ({found[0]} and {found[1]} tracks): {two - one:.1f} ms for the second."
    )


def main() -> int:
    """Measure, print and write the section."""
    parser = argparse.ArgumentParser(description="Speed of following a person through a video.")
    parser.add_argument("videos", nargs="*", type=Path, default=[path for path in _VIDEOS if path.exists()])
    parser.add_argument("--frames", type=int, default=_FRAMES)
    parser.add_argument("--rounds", type=int, default=_ROUNDS)
    parser.add_argument("--mediapipe", metavar="VARIANT", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    if asked.mediapipe:
        took = mediapipe_loop(asked.videos[0], asked.mediapipe, asked.frames)
        print(took.wall_ms, took.cpu_ms)
        return 0
    lines = [
        f"Wall-clock milliseconds a frame (in brackets those of the processor, all threads), medians of {asked.rounds}"
        " interleaved rounds. Networks: those alone, on pictures that are ready. Bare: the same calls with cut-outs"
        " and landmarks, on frames in memory. Whole: from the file to the tracks. Ratios of speed, within a round.",
        "",
        "| video | network | frames, landmark and detector calls | networks | bare | whole | MediaPipe's loop"
        " | whole over networks | over bare | over MediaPipe | the same, CPU time |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        *(row for video in asked.videos for row in table(video, asked.rounds, asked.frames)),
        "",
        *(persons(asked.videos[0], variant, asked.rounds, asked.frames) + "\n" for variant in _VARIANTS),
    ]
    text = "\n".join(lines)
    write_section("Pipeline", text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
