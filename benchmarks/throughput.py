"""What a batch costs, and what a second worker brings: ratios within one run.

python benchmarks/throughput.py [--videos N] [--rounds N] [--thousand]

- Two workers against one that is pinned to one core, on the same videos, alternating.
- One worker against decoding and following alone in one process, on the same videos.
- Cost a frame and memory against the length of a video.
- Judging stored sets again, of whole length, against the full model's inference that they needed.
- ``--thousand``: a thousand short videos, 3 % of them broken, killed ten times on the way.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from spent import spent

from formdrift.assess import look
from formdrift.assess.batch.settings import Settings
from formdrift.assess.batch.videos import Video
from formdrift.vision.source import open_video
from formdrift.vision.write import VideoWriter
from results import write_section

_CLIPS = Path(__file__).resolve().parents[1] / "sample_videos" / "clips"
_FORMDRIFT = Path(sys.executable).with_name("formdrift")
_LENGTHS_MIN = (1, 4, 16)
_KILLS = 10
_STORED = 1000


def main() -> None:
    """Measure and write the section."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--videos", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", default="lite")
    parser.add_argument("--thousand", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = [f"Model {asked.model}, {os.cpu_count()} processors.\n", *_workers(folder, asked)]
        text += _lengths(folder, asked.model)
        text += _again(folder)
        if asked.thousand:
            text += _thousand(folder)
    write_section("Throughput", "\n".join(text))
    print("\n".join(text))


def _copies(folder: Path, count: int) -> list[Path]:
    """Write files of the same set that differ in a byte."""
    folder.mkdir()
    content = (_CLIPS / "fatigue_side.mp4").read_bytes()
    paths = [folder / f"{i:03}.mp4" for i in range(count)]
    for i, path in enumerate(paths):
        path.write_bytes(content + b"\0\0\0\x0cfree" + i.to_bytes(4, "big"))
    return paths


def _batch_s(videos: Path, out: Path, model: str, workers: int, cores: set[int] | None = None) -> float:
    shutil.rmtree(out, ignore_errors=True)
    command = [_FORMDRIFT, "batch", videos, "--out", out, "--model", model, "--workers", str(workers)]
    began = time.perf_counter()
    subprocess.run(
        command,
        check=True,
        capture_output=True,
        preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if cores else None,
    )
    return time.perf_counter() - began


def _workers(folder: Path, asked: argparse.Namespace) -> list[str]:
    videos = _copies(folder / "copies", asked.videos)
    core = {min(os.sched_getaffinity(0))}
    gains, overheads, again = [], [], []
    for _ in range(asked.rounds):
        one = _batch_s(folder / "copies", folder / "one", asked.model, 1, core)
        two = _batch_s(folder / "copies", folder / "two", asked.model, 2)
        began = time.perf_counter()
        for path in videos:
            look(path, model=asked.model)
        bare = time.perf_counter() - began
        gains.append(one / two)
        overheads.append(one / bare)
        thresholds = _other_thresholds(folder)
        began = time.perf_counter()
        subprocess.run(
            [_FORMDRIFT, "rescore", folder / "two", "--thresholds", thresholds], check=True, capture_output=True
        )
        again.append((time.perf_counter() - began) / bare)
    frames = sum(1 for _ in open_video(videos[0])) * len(videos)
    return [
        f"| {len(videos)} sets, {frames} frames, {asked.rounds} rounds | median | all |",
        "|---|--:|---|",
        _line("two workers, times as fast as one pinned to a core", gains),
        _line("one pinned worker, start and tables included, over decoding and following alone", overheads),
        _line("judging the stored sets again with two workers, start included, over the same", again),
        "",
    ]


def _line(what: str, values: list[float]) -> str:
    return f"| {what} | {statistics.median(values):.3f} | {', '.join(f'{value:.3f}' for value in values)} |"


def _lengths(folder: Path, model: str) -> list[str]:
    """Return the cost of videos of different lengths, each the same minute again and again."""
    rows = ["| length | ms a frame, all threads | most memory |", "|---|--:|--:|"]
    for minutes in _LENGTHS_MIN:
        video, out = folder / f"{minutes}.mp4", folder / f"out{minutes}"
        with VideoWriter(video, crf=30) as writer:
            frames, shift = 0, 0.0
            while shift < 60 * minutes:
                with open_video(_CLIPS / "fatigue_side.mp4") as source:
                    for frame in source:
                        writer.write(frame.rgb(), shift + frame.time_s)
                        frames += 1
                shift += frame.time_s + 1 / source.info.fps
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [_FORMDRIFT, "batch", video, "--out", out, "--model", model, "--workers", "1"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        most = _peak_mb(process)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        rows.append(f"| {minutes} min | {1000 * cpu_s / frames:.2f} | {most:.0f} MB |")
    return [*rows, ""]


def _again(folder: Path) -> list[str]:
    """Return what judging again needs of stored sets of whole length, all of them copies of one."""
    [video] = _copies(folder / "one_set", 1)
    began = time.process_time()
    length_s = look(video, model="full").people.lifter.source.duration_s
    inference_s = time.process_time() - began
    out = folder / "stored"
    _batch_s(video, out, "full", 1)
    _multiply(out)
    took = spent([_FORMDRIFT, "rescore", out, "--workers", "2", "--thresholds", _other_thresholds(folder)], folder)
    spent_s = took.cpu_s / _STORED
    return [
        f"{_STORED} stored sets of {length_s:.0f} s judged again, start and tables included:"
        f" {1000 * spent_s:.0f} ms of a processor each, {100 * spent_s / inference_s:.2f} % of what the full model took"
        f" to look at one; with two workers a thousand take {1000 * took.wall_s / _STORED:.0f} s.",
        "",
    ]


def _multiply(out: Path) -> None:
    """Put the one result of a batch, with its tracks, under as many names as there are to be."""
    [path] = (out / "videos").glob("*.json")
    record = json.loads(path.read_text(encoding="utf-8"))
    made = record["batch"]
    for i in range(1, _STORED):
        url = f"/copies/{i:04}.mp4"
        key = Video(url, made["stamp"], Settings(**made["settings"]), made["notes"]).key
        copy = record | {"batch": made | {"key": key, "url": url}}
        path.with_name(f"{key}.json").write_text(json.dumps(copy), encoding="utf-8")


def _other_thresholds(folder: Path) -> Path:
    """Write thresholds of another version, so that everything is judged again."""
    ours = Path(__file__).resolve().parents[1] / "scoring" / "thresholds.toml"
    theirs = folder / "mine.toml"
    theirs.write_text(ours.read_text().replace('version = "', 'version = "again ', 1))
    return theirs


def _peak_mb(process: subprocess.Popen[bytes]) -> float:
    """Wait for a program and return the most memory that any of its workers held."""
    most = 0.0
    while process.poll() is None:
        children = subprocess.run(["pgrep", "-P", str(process.pid)], check=False, capture_output=True, text=True)
        for child in children.stdout.split():
            try:
                status = Path(f"/proc/{child}/status").read_text()
            except OSError:
                continue
            peak = [line for line in status.splitlines() if line.startswith("VmHWM")]
            most = max([most, *(float(line.split()[1]) / 1024 for line in peak)])
        time.sleep(0.2)
    return most


def _thousand(folder: Path) -> list[str]:
    """Run a thousand short videos to the end through ten kills, and once undisturbed."""
    videos = folder / "thousand"
    good = _short_videos(videos)
    undisturbed, killed = folder / "undisturbed", folder / "killed"
    command = [_FORMDRIFT, "batch", videos, "--model", "lite", "--workers", "2", "--out"]
    began = time.perf_counter()
    subprocess.run([*command, undisturbed], check=False, capture_output=True)
    took = time.perf_counter() - began
    moments = random.Random(1)
    for _ in range(_KILLS):
        process = subprocess.Popen([*command, killed], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(0.02, 0.18) * took)
        process.send_signal(signal.SIGKILL)
        process.wait()
    last = subprocess.run([*command, killed], check=False, capture_output=True, text=True)
    names = sorted(path.name for path in (undisturbed / "tables").iterdir())
    same = all((undisturbed / "tables" / n).read_bytes() == (killed / "tables" / n).read_bytes() for n in names)
    began = time.perf_counter()
    command = [_FORMDRIFT, "rescore", killed, "--thresholds", _other_thresholds(folder)]
    subprocess.run(command, check=False, capture_output=True)
    return [
        f"1,000 videos of two seconds, {1000 - good} of them broken: {took / 60:.1f} minutes undisturbed."
        f" Killed {_KILLS} times and taken up again: {last.stdout.split(';')[0]};"
        f" the same tables, bit for bit: {'yes' if same else 'NO'}."
        f" Judging them again from their stored tracks: {time.perf_counter() - began:.0f} s."
    ]


def _short_videos(folder: Path) -> int:
    """Write a thousand short videos, each a different file, and return how many are whole."""
    folder.mkdir()
    parts = []
    for number in range(20):
        part = folder / f"part{number}.mp4"
        source = ("squat_side", "rdl_side", "squat_front", "kettlebell_deadlift")[number % 4]
        with open_video(_CLIPS / f"{source}.mp4") as video, VideoWriter(part, crf=35) as writer:
            begin_s = number % int(video.info.duration_s - 2)
            for frame in video:
                if begin_s <= frame.time_s < begin_s + 2 and frame.index % 2 == 0:
                    writer.write(frame.rgb()[::2, ::2].copy(), frame.time_s - begin_s)
        parts.append(part.read_bytes())
        part.unlink()
    broken = {33 * i: i for i in range(30)}
    for i in range(1000):
        content = parts[i % 20] + b"\0\0\0\x0cfree" + i.to_bytes(4, "big")
        if i in broken:
            content = (b"", b"text", content[:300], os.urandom(3000))[broken[i] % 4]
        (folder / f"{i:04}.mp4").write_bytes(content)
    return 1000 - len(broken)


if __name__ == "__main__":
    main()
