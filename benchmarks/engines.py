"""How the ONNX engine compares with MediaPipe: the same landmarks, for how much less CPU.

Run as ``python benchmarks/engines.py [VIDEO...]``. CPU time includes what each engine does
to a frame's pixels, but not decoding.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from formdrift.pose.blazepose import BlazePose
from formdrift.pose.mediapipe_tasks import MediaPipeTasks
from formdrift.vision.source import open_video
from results import write_section

if TYPE_CHECKING:
    from formdrift.pose.engine import Landmarks

_DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "videos"
_CLIPS = ("deadlift_faults_tby66/0016c_1.mp4", "gym_tracker_juris/squat.mp4", "squat_coach_zhmai/side_bodyweight.mp4")
_SHOULDERS, _HIPS = [11, 12], [23, 24]
_MAIN_JOINTS = [*_SHOULDERS, *_HIPS, 25, 26, 27, 28]
_FRAMES = 300


@dataclass(frozen=True)
class Comparison:
    """Two engines on the same frames.

    Attributes
    ----------
    frames, onnx_frames, mediapipe_frames, both_frames : int
        Frames looked at, and those in which each engine and both saw somebody.
    median_pct, p95_pct : float
        Distance of the eight main joints, in percent of the trunk's length.
    onnx_ms, mediapipe_ms : float
        CPU time a frame.
    """

    frames: int
    onnx_frames: int
    mediapipe_frames: int
    both_frames: int
    median_pct: float
    p95_pct: float
    onnx_ms: float
    mediapipe_ms: float

    @property
    def ratio(self) -> float:
        """CPU time of the ONNX engine over that of MediaPipe."""
        return self.onnx_ms / self.mediapipe_ms


def compare(video: Path, variant: str = "full", frames: int = _FRAMES) -> Comparison:
    """Run both engines side by side over the first frames of a video."""
    onnx, mediapipe = BlazePose(variant), MediaPipeTasks(variant)
    seen: list[tuple[Landmarks | None, Landmarks | None]] = []
    onnx_s = 0.0
    with open_video(video) as source:
        for frame in source:
            # the picture is converted once for both, as part of decoding: only MediaPipe needs all of it
            frame.rgb()
            start = time.thread_time()
            a = onnx.process(frame)
            onnx_s += time.thread_time() - start
            seen.append((a, mediapipe.process(frame)))
            if len(seen) == frames:
                break
    mediapipe_s = mediapipe.cpu_s
    for engine in (onnx, mediapipe):
        engine.close()
    both = [(a.xy_px, b.xy_px) for a, b in seen if a is not None and b is not None]
    ours, theirs = np.array(both).reshape(-1, 2, 33, 2).swapaxes(0, 1)
    trunk_px = np.median(np.linalg.norm(theirs[:, _SHOULDERS].mean(axis=1) - theirs[:, _HIPS].mean(axis=1), axis=-1))
    apart_pct = 100 * np.linalg.norm(ours - theirs, axis=-1)[:, _MAIN_JOINTS] / trunk_px
    return Comparison(
        frames=len(seen),
        onnx_frames=sum(a is not None for a, _ in seen),
        mediapipe_frames=sum(b is not None for _, b in seen),
        both_frames=len(both),
        median_pct=float(np.median(apart_pct)),
        p95_pct=float(np.percentile(apart_pct, 95)),
        onnx_ms=1000 * onnx_s / len(seen),
        mediapipe_ms=1000 * mediapipe_s / len(seen),
    )


def table(compared: dict[str, Comparison]) -> str:
    """Write one row a video."""
    lines = [
        "The eight main joints apart, in percent of the trunk's length, and CPU time a frame in the same run,"
        " preparation of the picture included, decoding not.",
        "",
        "| video | frames | seen by ONNX, MediaPipe, both | apart, median | 95 % | ONNX ms | MediaPipe ms | ratio |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, c in compared.items():
        seen = f"{c.onnx_frames}, {c.mediapipe_frames}, {c.both_frames}"
        cells = (
            name,
            c.frames,
            seen,
            f"{c.median_pct:.2f}",
            f"{c.p95_pct:.2f}",
            f"{c.onnx_ms:.1f}",
            f"{c.mediapipe_ms:.1f}",
        )
        lines.append(f"| {' | '.join(str(cell) for cell in cells)} | {c.ratio:.2f} |")
    return "\n".join(lines) + "\n"


def main(videos: list[str]) -> int:
    """Compare, print and write the section."""
    paths = [Path(video) for video in videos] or [path for clip in _CLIPS if (path := _DATA / clip).exists()]
    if not paths:
        print("No video given: name one or more.", file=sys.stderr)
        return 2
    cv2.setNumThreads(1)  # so that the time of this thread is all the time that was spent
    text = table({"/".join(path.parts[-2:]): compare(path) for path in paths})
    write_section("Engines", text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
