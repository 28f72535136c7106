"""Formdrift beside Sports2D (Pagnon, Kim 2024): the same clip and the same networks, from the file to the results.

Sports2D brings 1.9 GB of its own, so it gets an environment of its own; nothing of it is needed for Formdrift::

    python -m venv ENV
    ENV/bin/pip install sports2d==0.8.34
    python benchmarks/sports2d.py --sports2d ENV/bin/sports2d [VIDEO...]

It looks for its networks on the internet unless they are given as files of the kinds that it
knows, so BlazePose's two networks are dressed up here: the detector as a YOLOX that has already
chosen its box, the landmarks as an RTMPose of 26 points. Both programs then run the same weights,
and nothing is fetched. Windows, its video and its pictures of every frame are off; everything
else is as it comes, with its figures once off and once on.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from rtm_networks import networks
from spent import Spent, spent

from formdrift.pose.detector import SIZE
from formdrift.vision.source import open_video
from results import SHARED, write_section

_VIDEOS = (
    Path(__file__).resolve().parents[1] / "sample_videos" / "clips" / "squat_side.mp4",
    SHARED / "videos" / "deadlift_faults_tby66" / "0016c_1.mp4",
)
_FORMDRIFT = Path(sys.executable).with_name("formdrift")
_ROUNDS = 3
_BACKENDS = {"OpenVINO, its default": ("auto", "auto"), "ONNX Runtime": ("onnxruntime", "cpu")}


@dataclass(frozen=True)
class Sports2D:
    """Sports2D in an environment of its own, with its networks as files."""

    program: Path
    detector: Path
    pose: Path

    def run(self, video: Path, frames: int, *, figures: bool, backend: tuple[str, str]) -> Spent:
        """Have a clip of one person analysed, and see that angles of the whole clip were written."""
        mode = {
            "det_class": "YOLOX",
            "det_model": str(self.detector),
            "det_input_size": [SIZE, SIZE],
            "pose_class": "RTMPose",
            "pose_model": str(self.pose),
            "pose_input_size": [192, 256],
        }
        off = ("show_realtime_results", "show_graphs", "save_vid", "save_img")
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            command = [self.program, "--video_input", video, "--result_dir", folder, "--mode", str(mode)]
            command += ["--nb_persons_to_detect", 1, "--person_ordering_method", "highest_likelihood"]
            command += ["--backend", backend[0], "--device", backend[1], "--save_graphs", figures]
            command += [word for option in off for word in (f"--{option}", False)]
            # without windows it falls over its last figure, when everything is written
            took = spent(command, folder, may_fail=figures)
            rows = sum(len(path.read_text().splitlines()) for path in folder.rglob("*_angles_person00.mot"))
            if rows < frames or figures != any(folder.rglob("*_ang_*.png")):
                raise RuntimeError(f"Sports2D left its results of '{video}' unfinished.")
            return took

    def start(self) -> Spent:
        """Load its libraries."""
        return spent([self.program.with_name("python"), "-c", "import Sports2D.process"], self.program.parent)

    def versions(self) -> str:
        """Return what is installed in its environment, and what OpenVINO reckons with there."""
        code = (
            "from importlib.metadata import version\n"
            "from openvino import Core\n"
            "print(', '.join(f'{n} {version(n)}' for n in ('sports2d', 'rtmlib', 'openvino', 'onnxruntime')),"
            " '(OpenVINO here in', Core().get_property('CPU', 'INFERENCE_PRECISION_HINT').get_type_name() + ')')"
        )
        python = self.program.with_name("python")
        return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def ours(video: Path, *, figures: bool) -> Spent:
    """Score a clip and write its tables; with the report's charts, if wanted."""
    with tempfile.TemporaryDirectory() as name:
        command: list[object] = [_FORMDRIFT, "score", video, "--tables", "tables"]
        return spent(command + (["--report", "report.html"] if figures else []), Path(name))


def table(video: Path, theirs: Sports2D, rounds: int) -> list[str]:
    """Measure one clip and return its rows."""
    with open_video(video) as source:
        frames = sum(1 for _ in source)
    measured: dict[tuple[str, bool], list[Spent]] = {}
    starts: dict[bool, list[Spent]] = {True: [], False: []}
    for _ in range(rounds):
        starts[True].append(spent([sys.executable, "-c", "import formdrift.assess, formdrift.pose.blazepose"], Path()))
        starts[False].append(theirs.start())
        for figures in (False, True):
            measured.setdefault(("Formdrift", figures), []).append(ours(video, figures=figures))
            for name, backend in _BACKENDS.items():
                took = theirs.run(video, frames, figures=figures, backend=backend)
                measured.setdefault((f"Sports2D, {name}", figures), []).append(took)
    rows = []
    for (name, figures), runs in measured.items():
        own = measured["Formdrift", figures]
        cells = ["/".join(video.parts[-2:]), str(frames), name, "on" if figures else "off"]
        cells += [f"{frames / np.median([one.wall_s for one in runs]):.1f}"]
        cells += [f"{1000 * np.median([one.cpu_s for one in runs]) / frames:.1f}"]
        for clock in ("wall_s", "cpu_s"):
            spans = [np.array([getattr(one, clock) for one in many]) for many in (runs, own)]
            start = starts[name == "Formdrift"], starts[True]
            first = [np.array([getattr(one, clock) for one in many]) for many in start]
            cells += [f"{np.median(spans[0] / spans[1]):.2f}"]
            cells += [f"{np.median((spans[0] - first[0]) / (spans[1] - first[1])):.2f}"]
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def main() -> int:
    """Measure, print and write the section."""
    parser = argparse.ArgumentParser(description="Formdrift beside Sports2D, from the file to the results.")
    parser.add_argument("videos", nargs="*", type=Path, default=[path for path in _VIDEOS if path.exists()])
    parser.add_argument("--sports2d", type=Path, required=True, metavar="ENV/bin/sports2d")
    parser.add_argument("--rounds", type=int, default=_ROUNDS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        theirs = Sports2D(asked.sports2d.absolute(), *networks(Path(name)))
        rows = [row for video in asked.videos for row in table(video.resolve(), theirs, asked.rounds)]
        versions = theirs.versions()
    lines = [
        f"{versions}, against `formdrift score --tables` (onnxruntime {version('onnxruntime')}, one thread for the"
        f" networks) on {os.cpu_count()} processors; medians of {asked.rounds} interleaved rounds, ratios within a"
        " round. Both run BlazePose's detector and its full landmarks; Sports2D with its own threads, the detector on"
        " every fourth frame, no windows, video or frame pictures. Figures are its plots; for Formdrift those of"
        " `--report`. Start: loading the libraries. Ratios above 1: Formdrift is faster, or needs less.",
        "",
        "| video | frames | program | figures | frames a second | CPU ms a frame | time over Formdrift's"
        " | without start | CPU time over Formdrift's | without start |",
        "|---|--:|---|---|--:|--:|--:|--:|--:|--:|",
        *rows,
    ]
    text = "\n".join(lines)
    write_section("Beside Sports2D", text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
