"""What an assessment costs once the landmarks are there, against the inference that found them.

Run as ``python benchmarks/scoring.py``. One sample clip of 8 repetitions is looked at by the
full model; its landmarks, after a rest and played one and a half times, are the set that is assessed
(12 repetitions in a minute), and played again and again with rests in between ten minutes and the hour, which
therefore hold more sets a minute. Costs are CPU seconds of this process, the least of several runs, in one run of
this program.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import cv2
import numpy as np

from formdrift.assess import video
from formdrift.assess.seen import SeenVideo
from formdrift.pose.blazepose import BlazePose
from formdrift.pose.estimate import follow
from formdrift.pose.track import People, PoseTrack
from formdrift.scoring import observed, sets
from formdrift.vision.source import open_video
from results import write_section

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from numpy.typing import NDArray

_CLIP = Path(__file__).resolve().parents[1] / "sample_videos" / "clips" / "squat_side.mp4"
_RUNS, _LONG_RUNS = 9, 3
# how often the clip is played for ten minutes and for an hour
_TEN_MINUTES, _HOUR = 15, 87
_REST_S = 12.0
# the standing of which rests are made, frames at the start of the clip
_STILL = 15
_STAGES: tuple[tuple[str, Any, str], ...] = (
    ("cleaning", video, "clean"),
    ("angles", sets, "kinematics"),
    ("repetitions", sets, "find_sets"),
    ("metrics", sets, "measure"),
    ("standing", sets, "standing_baseline"),
    ("criteria and scores", observed, "judge"),
    ("drift", video, "assess_drift"),
    ("cues", video, "set_cues"),
)


class Timed:
    """Calls a function and adds up the CPU seconds that it takes."""

    def __init__(self, function: Callable[..., Any], stage: str, spent: Counter[str]) -> None:
        self.function, self.stage, self.spent = function, stage, spent

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Call the function."""
        start = time.process_time()
        try:
            return self.function(*args, **named)
        finally:
            self.spent[self.stage] += time.process_time() - start  # type: ignore[assignment]


def inference(clip: Path) -> tuple[PoseTrack, float]:
    """Run the full model over a clip; its track and CPU seconds a frame."""
    pose, spent = BlazePose("full"), Counter[str]()
    with ExitStack() as stack:
        source = stack.enter_context(open_video(clip))
        for name in ("find", "look"):
            stack.enter_context(patch.object(pose, name, Timed(getattr(pose, name), "inference", spent)))
        track = follow(source, pose, source.info).lifter
    pose.close()
    return track, spent["inference"] / len(track)


def played(track: PoseTrack, times: int, rest_s: float = 0.0) -> PoseTrack:
    """Play a track several times, with rests of quiet standing in between."""
    return _of_frames(track, np.tile(np.r_[_standing(round(rest_s / _step_s(track))), np.arange(len(track))], times))


def minute_of(track: PoseTrack) -> PoseTrack:
    """Stand, then play a track and the first half of it again, a minute together."""
    once_and_a_half = np.r_[np.arange(len(track)), np.arange(len(track) // 2)]
    rest = max(0, round(60.0 / _step_s(track)) - len(once_and_a_half))
    return _of_frames(track, np.r_[_standing(rest), once_and_a_half])


def _step_s(track: PoseTrack) -> float:
    return float(np.median(np.diff(track.time_s)))


def _standing(frames: int) -> NDArray[np.intp]:
    return np.resize(np.r_[np.arange(_STILL), np.arange(_STILL)[::-1]], frames)


def _of_frames(track: PoseTrack, order: NDArray[np.intp]) -> PoseTrack:
    return replace(
        track,
        time_s=np.arange(len(order)) * _step_s(track),
        xy_px=track.xy_px[order],
        visibility=track.visibility[order],
        world_m=None if track.world_m is None else track.world_m[order],
        camera_xy_px=None,
        segments=(),
    )


def assess(track: PoseTrack) -> tuple[float, Counter[str], tuple[int, int]]:
    """Assess a track: CPU seconds, seconds of every stage, and how many repetitions and sets were found."""
    seen = SeenVideo(People((track,), (1.0,), 0), "blazepose-onnx", ())
    spent: Counter[str] = Counter()
    with ExitStack() as stack:
        for stage, module, name in _STAGES:
            stack.enter_context(patch.object(module, name, Timed(getattr(module, name), stage, spent)))
        start = time.process_time()
        result = video.assess_seen(seen)
        whole = time.process_time() - start
    return whole, spent, (sum(len(one.reps) for one in result.sets), len(result.sets))


def cheapest(track: PoseTrack, runs: int) -> tuple[float, Counter[str], tuple[int, int]]:
    """Assess a track several times and keep the run that cost least."""
    return min((assess(track) for _ in range(runs)), key=lambda one: one[0])


def main() -> int:
    """Measure, print and write the section."""
    cv2.setNumThreads(1)
    track, frame_s = inference(_CLIP)
    minute, ten, hour = minute_of(track), played(track, _TEN_MINUTES, _REST_S), played(track, _HOUR, _REST_S)
    whole, spent, (reps, _) = cheapest(minute, _RUNS)
    ten_s, _, _ = cheapest(ten, _LONG_RUNS)
    long_s, long_spent, (long_reps, long_sets) = cheapest(hour, _LONG_RUNS)
    against = whole / (frame_s * len(minute))
    a_frame, a_frame_of_ten, a_frame_of_hour = whole / len(minute), ten_s / len(ten), long_s / len(hour)
    lines = [
        f"{len(minute)} frames with {reps} repetitions, {minute.time_s[-1]:.0f} s: the whole assessment takes"
        f" {100 * against:.2f} % of the CPU time that the full model needs for the same frames"
        f" ({1000 * frame_s:.1f} ms a frame, preparation of the picture included, decoding not).",
        f"An hour ({len(hour)} frames, {long_reps} repetitions in {long_sets} sets) costs {long_s:.1f} s:"
        f" {a_frame_of_hour / a_frame:.2f} times as much a frame as the one set of the minute, and"
        f" {a_frame_of_hour / a_frame_of_ten:.2f} times as much as ten minutes of the same training.",
        "",
        "| stage | ms in the minute | part | ms in the hour, a minute |",
        "|---|--:|--:|--:|",
    ]
    per_minute = len(minute) / len(hour)
    rest = whole - sum(spent.values()), long_s - sum(long_spent.values())
    rows = [(stage, spent[stage], long_spent[stage]) for stage, _, _ in _STAGES if stage in long_spent]
    for stage, short, long in [*rows, ("the rest", *rest), ("all", whole, long_s)]:
        lines.append(f"| {stage} | {1000 * short:.1f} | {100 * short / whole:.0f} % | {1000 * long * per_minute:.1f} |")
    text = "\n".join(lines) + "\n"
    write_section("Cost of the assessment", text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
