"""Damages small videos in thousands of ways and reads them: nothing may crash, hang or eat the memory.

Run as ``python benchmarks/fuzz.py [--count 10000] [--first 0]``. A file is told by its number: the
same number gives the same damage. Files that fail are kept in the folder that is named at the end.
"""

from __future__ import annotations

import argparse
import resource
import select
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np

from formdrift.vision.errors import VideoError
from formdrift.vision.source import open_video
from results import write_section

if TYPE_CHECKING:
    from collections.abc import Iterator

# A worker may take this much more address space than it has once it has read a whole file.
MEMORY_BYTES = 1 << 30
TIME_LIMIT_S = 20.0
_START_LIMIT_S = 120.0
_FRAMES = 16
_SEEN_WHOLE = 3
_BASES = (
    ("mp4", "libx264", "yuv420p"),
    ("mov", "libx265", "yuv420p10le"),
    ("webm", "libvpx-vp9", "yuv420p"),
    ("mp4", "libsvtav1", "yuv420p"),
    ("mkv", "libx264", "yuv422p"),
    ("avi", "mjpeg", "yuvj420p"),
    ("ts", "libx264", "yuv420p"),
)
_QUIET = {"libx265": {"x265-params": "log-level=none"}, "libsvtav1": {"preset": "12"}}
_NOTABLE = (0, 1, 0x7F, 0x80, 0xFF)


@dataclass
class Outcome:
    """What became of the files.

    Attributes
    ----------
    counts : Counter of str
        ``read``, ``refused`` with one sentence, or what went wrong.
    failures : list of str
        The number of each file that went wrong, and how.
    peak_bytes : int
        Most memory that a worker held.
    """

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    peak_bytes: int = 0


def base_files(folder: Path) -> list[Path]:
    """Write small videos of several kinds."""
    rng = np.random.default_rng(0)
    paths = []
    for i, (ending, encoder, pixels) in enumerate(_BASES):
        paths.append(folder / f"base{i}.{ending}")
        with av.open(str(paths[-1]), "w") as container:
            stream = container.add_stream(encoder, rate=30, options=_QUIET.get(encoder, {}))
            assert isinstance(stream, av.VideoStream)
            stream.width, stream.height, stream.pix_fmt = 96, 64, pixels
            for tick in range(_FRAMES):
                # coarse noise that moves: enough of every kind of block, in few bytes
                noise = np.roll(rng.integers(0, 255, (8, 12, 3)), tick, axis=1).repeat(8, axis=0).repeat(8, axis=1)
                frame = av.VideoFrame.from_ndarray(noise.astype(np.uint8), format="rgb24")
                frame.pts, frame.time_base = tick, Fraction(1, 30)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    return paths


def damaged(number: int, bases: list[bytes]) -> tuple[int, bytes]:
    """Return which base file a number stands for, and the file with one to three kinds of damage."""
    rng = np.random.default_rng(number)
    base = int(rng.integers(len(bases)))
    data = bytearray(bases[base])
    for _ in range(rng.integers(1, 4)):
        place, length = int(rng.integers(len(data))), int(rng.integers(1, 2 + len(data) // 4))
        match rng.integers(6):
            case 0:  # single bits
                for at in rng.integers(len(data), size=rng.integers(1, 65)):
                    data[at] ^= 1 << int(rng.integers(8))
            case 1:  # cut off
                del data[max(place, 1) :]
            case 2:  # the header, which lies at the start or at the end
                edge = min(1024, len(data))
                for at in rng.integers(edge, size=rng.integers(1, 9)):
                    data[int(at) if rng.random() < 0.5 else -1 - int(at)] = int(rng.choice(_NOTABLE))
            case 3:  # a piece of another file
                other = bases[int(rng.integers(len(bases)))]
                start = int(rng.integers(len(other)))
                data[place : place + length] = other[start : start + length]
            case 4:  # a piece is missing
                if length < len(data):
                    del data[place : place + length]
            case _:  # a piece comes twice
                data[place:place] = data[place : place + length]
    return base, bytes(data)


def read(path: Path) -> str:
    """Read a file to its end and say what became of it; AssertionError where a promise is broken."""
    matrix = np.array([[0.5, 0.1, 3.0], [-0.1, 0.5, 5.0]])
    try:
        with open_video(path) as video:
            before = -np.inf
            for frame in video:
                assert np.isfinite(frame.time_s), "a time is not finite"
                assert frame.time_s > before, "times don't increase"
                before = frame.time_s
                assert frame.crop(matrix, (64, 64), repeat_edges=True).shape == (64, 64, 3)
                if frame.index < _SEEN_WHOLE:
                    width, height = frame.size
                    assert frame.rgb().shape == (height, width, 3), "a picture is not of the size it says"
    except VideoError as error:
        refusal = str(error)
    else:
        return "read"
    assert refusal.endswith("."), "a refusal is no sentence"
    assert "\n" not in refusal, "a refusal is longer than a line"
    return "refused"


def work(folder: Path) -> None:
    """Answer file numbers on standard input with what became of them; the worker's end of the pipe."""
    paths = base_files(folder)
    bases = [path.read_bytes() for path in paths]
    for path in paths:
        assert read(path) == "read", path
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY_BYTES, used + MEMORY_BYTES))
    print("ready", flush=True)
    for line in sys.stdin:
        base, data = damaged(int(line), bases)
        path = folder / f"{int(line)}{paths[base].suffix}"
        path.write_bytes(data)
        try:
            result = read(path)
            path.unlink()
        except Exception as error:
            result = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(f"{peak} {result}", flush=True)


def fuzz(numbers: Iterator[int], folder: Path) -> Outcome:
    """Have files read by a worker process, which is replaced when it dies or takes too long."""
    outcome = Outcome()
    worker = None
    try:
        for number in numbers:
            worker = worker or _started(folder)
            answer = _ask(worker, f"{number}\n", TIME_LIMIT_S)
            if answer is None:
                code = _ended(worker)
                kind = "hang" if code == -9 else f"crash ({code})"
                worker = None
            else:
                peak, kind = answer.split(" ", 1)
                outcome.peak_bytes = max(outcome.peak_bytes, int(peak))
            outcome.counts[kind.partition(":")[0]] += 1
            if kind not in ("read", "refused"):
                outcome.failures.append(f"{number}: {kind}")
    finally:
        if worker is not None:
            _ended(worker)
    return outcome


def _started(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, str(Path(__file__)), "--worker", str(folder)]
    # what encoders and decoders say to the terminal is of no interest
    worker = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1
    )
    if _ask(worker, "", _START_LIMIT_S) != "ready":
        _ended(worker)
        raise RuntimeError("the worker doesn't start")
    return worker


def _ended(worker: subprocess.Popen[str]) -> int:
    """End a worker, if it still lives, and return its exit code."""
    worker.kill()
    with suppress(BrokenPipeError):
        worker.communicate()
    return worker.returncode


def _ask(worker: subprocess.Popen[str], question: str, limit_s: float) -> str | None:
    """Return the worker's answer, or None when there is none in time or the worker has died."""
    assert worker.stdin is not None
    assert worker.stdout is not None
    try:
        worker.stdin.write(question)
        worker.stdin.flush()
    except BrokenPipeError:
        return None
    if not select.select([worker.stdout], [], [], limit_s)[0]:
        return None
    return worker.stdout.readline().strip() or None


def main() -> int:
    """Fuzz, print and write the section; exit code 1 when anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.worker:
        work(asked.worker)
        return 0
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    outcome = fuzz(iter(range(asked.first, asked.first + asked.count)), folder)
    counts = ", ".join(f"{count} {kind}" for kind, count in outcome.counts.most_common())
    text = (
        f"{asked.count} damaged files (numbers from {asked.first}): {counts}. Peak memory of a worker"
        f" {outcome.peak_bytes / 1e6:.0f} MB; address space limited to {MEMORY_BYTES >> 20} MiB above that of a worker"
        f" that has read every kind of file, and {TIME_LIMIT_S:.0f} s a file.\n"
    )
    print(text, *islice(outcome.failures, 50), sep="\n")
    if outcome.failures:
        print(f"The files are in {folder}")
        return 1
    write_section("Damaged files", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
