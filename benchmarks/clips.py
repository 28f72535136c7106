"""How well repetitions are counted on the development clips, written to ``RESULTS.md``.

Run as ``python benchmarks/clips.py``. The clips are those of ``../shared/data/videos/videos.csv``:
they may be looked at as often as one likes, so these figures are no measure of accuracy
on clips that nobody has seen.
"""

from __future__ import annotations

import csv
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from formdrift.assess import USER_ERRORS, assess_video
from results import SHARED, publish
from synthetic.statistics import count_errors

CLIPS = SHARED / "videos"
_TOLERANCE_S = 0.3
_MANY = 3
_CAUSES = Path(__file__).with_name("clip_notes.csv")


@dataclass(frozen=True)
class Clip:
    """One row of the list of clips.

    Attributes
    ----------
    file : str
        Path below the folder of the clips.
    reps : int
        Counted by eye.
    times_s : tuple of float
        Bottoms, or lockouts where ``lockouts`` says so; empty when not noted.
    lockouts : bool
        The times name standing, not the bottom.
    negative : bool
        Another exercise: nothing may be counted.
    counted : bool
        Somebody counted; otherwise the clip is shown, but not part of the figures.
    """

    file: str
    reps: int
    times_s: tuple[float, ...]
    lockouts: bool
    negative: bool
    counted: bool


@dataclass(frozen=True)
class Count:
    """What was found in one clip; ``matched`` repetitions lie where the eye saw them."""

    clip: Clip
    detected: str
    family: str
    view: str
    yaw_deg: float | None
    full: int
    partial: int
    matched: int
    error: str = ""


def read_clips() -> list[Clip]:
    """Read the list of development clips."""
    with (CLIPS / "videos.csv").open(encoding="utf-8", newline="") as file:
        return [_clip(row) for row in csv.DictReader(file)]


def _clip(row: dict[str, str]) -> Clip:
    noted = row["bottom_times_s_or_lockouts"]
    times = () if "(" in noted else tuple(float(number) for number in re.findall(r"\d+(?:\.\d+)?", noted))
    return Clip(
        row["file"],
        int(row["reps"]),
        times,
        "lockout" in noted,
        "NEGATIVE" in row["exercise"],
        "not counted" not in noted,
    )


def count(clip: Clip) -> Count:
    """Assess one clip and match its repetitions with those seen by eye."""
    try:
        result = assess_video(CLIPS / clip.file)
    except USER_ERRORS as error:
        return Count(clip, "", "", "", None, 0, 0, 0, str(error))
    reps = [rep for one in result.sets for rep in one.reps]
    full = [rep for rep in reps if rep.kind == "full"]
    # somebody who stands at the top is at lockout from the end of one repetition to the start of the next
    tops = [*(rep.start_s for rep in full[1:]), float("inf")][: len(full)]
    spans = [
        (r.end_s, max(r.end_s, top)) if clip.lockouts else (r.bottom_s, r.bottom_s)
        for r, top in zip(full, tops, strict=True)
    ]
    first, view = result.sets[0].exercise, result.sources[0].view
    return Count(
        clip,
        first.detected,
        first.family,
        view.label,
        view.yaw_deg,
        len(full),
        len(reps) - len(full),
        _matches(spans, clip),
    )


def _matches(spans: list[tuple[float, float]], clip: Clip) -> int:
    """Count the noted times that have a repetition of their own; clips without times count by number."""
    if not clip.times_s:
        return min(len(spans), clip.reps)
    free, hits = list(spans), 0
    for noted in clip.times_s:
        near = [s for s in free if s[0] - _TOLERANCE_S <= noted <= s[1] + _TOLERANCE_S]
        if near:
            free.remove(min(near, key=lambda s: abs(s[0] - noted)))
            hits += 1
    return hits


def report() -> str:
    """Score every clip and write the section."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return table(list(pool.map(count, read_clips())))


def table(counts: list[Count]) -> str:
    """Write the table and its summary."""
    with _CAUSES.open(encoding="utf-8", newline="") as file:
        causes = {row["file"]: row["cause"] for row in csv.DictReader(file)}
    judged = [c for c in counts if c.clip.counted]
    matched, found = sum(c.matched for c in judged), sum(c.full for c in judged)
    counted = sum(c.clip.reps for c in judged)
    many = [c for c in counts if c.clip.reps >= _MANY]
    exact = sum(c.full == c.clip.reps for c in many)
    usual = count_errors([c.full for c in judged if c.clip.reps], [c.clip.reps for c in judged if c.clip.reps])
    false = sum(c.full for c in counts if c.clip.negative)
    lines = [
        f"Repetition F1 {2 * matched / (found + counted):.3f}"
        f" ({matched} matched of {counted} counted by eye, {found} found);"
        f" exact counts on {exact} of {len(many)} clips with {_MANY} repetitions or more;"
        f" counts off by one at most on {100 * usual.off_by_one:.0f} % of the clips, by {100 * usual.mae:.0f} %"
        " in the mean;"
        f" {false} full repetitions on {sum(c.clip.negative for c in counts)} clips of other exercises.",
        "",
        "| clip | by eye | full | partial | matched | movement | view | cause of a miss, seen in the frames |",
        "|---|--:|--:|--:|--:|---|---|---|",
    ]
    for c in counts:
        missed = c.full != c.clip.reps or c.matched != c.clip.reps
        note = causes.get(c.clip.file, "not looked at yet") if missed else ""
        yaw = "" if c.yaw_deg is None else f" {c.yaw_deg:.0f}°"
        shown = c.error or f"{c.detected} ({c.family})"
        cells = c.clip.file, c.clip.reps, c.full, c.partial, c.matched, shown, c.view + yaw, note
        lines.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Score every clip, print and write the section."""
    return publish("Development clips", report, CLIPS)


if __name__ == "__main__":
    sys.exit(main())
