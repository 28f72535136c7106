"""A batch from beginning to end: only what is missing or out of date is done, and every result is kept at once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from ..settings import load_calibrations
from .folder import OutFolder, write_whole
from .outputs import FORMATS, write_tables
from .work import Outcome, Task, assess_task, failure
from .workers import WorkerDiedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ...scoring.thresholds import Thresholds
    from .outputs import Format
    from .videos import Video

    Run = Callable[[Callable[[Task], Outcome], Iterable[Task]], Iterator[tuple[Task, Outcome | BaseException]]]

_DIED = "The program broke down on this video, twice: send it to us if you may, or convert it to MP4 and try again."
_OUR_FAULT = "This video could not be scored, and that is our fault: {}."


@dataclass(frozen=True)
class Progress:
    """How far a batch is.

    Attributes
    ----------
    done, failed, total : int
        Videos of this run, without those that were done before.
    skipped : int
        Videos whose results were there and up to date.
    error : str or None
        Of the video that just failed.
    """

    done: int
    failed: int
    total: int
    skipped: int
    error: str | None = None


def run_batch(
    videos: Sequence[Video],
    folder: OutFolder,
    thresholds: Thresholds,
    run: Run,
    *,
    resume: bool = True,
    opensim: bool = False,
) -> Iterator[Progress]:
    """Assess videos and keep every result as it comes; hold the folder's lock meanwhile.

    Parameters
    ----------
    videos : sequence of Video
    folder : OutFolder
    thresholds : Thresholds
    run : callable
        Does the work: `workers.run_in_pool` or `workers.run_on_cluster`.
    resume : bool
        Leave alone what is done and up to date.
    opensim : bool
        Also write TRC and MOT files.
    """
    scoring = scoring_name(thresholds)
    todo = [left for video in videos if (left := _task(video, folder, thresholds, scoring, resume, opensim))]
    # read as they are handed over: all tracks of an archive together fill the memory
    tasks = (replace(task, track=folder.track(name)) for task, name in todo)
    done = failed = 0
    for task, answer in run(assess_task, tasks):
        outcome = answer if not isinstance(answer, BaseException) else _failed(task, answer)
        keep(outcome, folder)
        error = outcome.record.get("error")
        done, failed = done + 1, failed + bool(error)
        yield Progress(done, failed, len(todo), len(videos) - len(todo), error)
    if not todo:
        yield Progress(0, 0, 0, len(videos))


def scoring_name(thresholds: Thresholds) -> str:
    """Return a name that changes whenever the same tracks would be judged otherwise."""
    made_by = [asdict(thresholds), load_calibrations().version, version("formdrift")]
    return hashlib.sha256(json.dumps(made_by, sort_keys=True).encode()).hexdigest()[:16]


def keep(outcome: Outcome, folder: OutFolder) -> None:
    """Write what a worker sent: first the files, then the record that says they are there."""
    key = outcome.record["batch"]["key"]
    for name, content in outcome.files.items():
        write_whole(folder.root / name, content)
    # in one line: indenting costs four times as much
    text = json.dumps(outcome.record, ensure_ascii=False, allow_nan=False) + "\n"
    # a byte of a name that is no text becomes an escape, as JSON has it
    write_whole(folder.record_path(key), text.encode(errors="backslashreplace"))
    if not outcome.files:
        folder.packed_path(key).unlink(missing_ok=True)


def finish(folder: OutFolder, form: Format, heads: Iterable[Mapping[str, Any]]) -> list[Path]:
    """Put the tables of all results together, `heads` of the folder; the same results always give the same files.

    Tables that lie there in the other format are written again too: they would be out of date.
    """
    packed = [folder.packed_path(head["batch"]["key"]) for head in heads if "error" not in head]
    forms = [each for each in FORMATS if each == form or (folder.tables / f"sets.{each}").exists()]
    return [path for each in forms for path in write_tables(packed, folder.tables, each)]


def _task(
    video: Video, folder: OutFolder, thresholds: Thresholds, scoring: str, resume: bool, opensim: bool
) -> tuple[Task, str | None] | None:
    """Return what is left to do for a video, with the name of its tracks if they are kept; None when nothing is."""
    old = folder.record(video.key) if resume else None
    if old is not None and not video.stamp:
        # a video that is gone is what it was when it was there
        video = replace(video, stamp=old["batch"]["stamp"])
    if old is None or old["batch"]["stamp"] != video.stamp or not video.stamp:
        return Task(video, thresholds, scoring, opensim=opensim), None
    made = old["batch"]
    had_opensim = made.get("opensim", folder.has_opensim(video.key))
    task = Task(video, thresholds, scoring, opensim=opensim or had_opensim)
    whole = "error" in old or folder.has_tables(video.key)
    if whole and made["scoring"] == scoring and not made.get("retry") and had_opensim == task.opensim:
        return None
    return task, made.get("track")


def _failed(task: Task, error: BaseException) -> Outcome:
    if isinstance(error, WorkerDiedError):
        return Outcome(failure(task, _DIED, retry=True), {})
    if isinstance(error, Exception):
        return Outcome(failure(task, _OUR_FAULT.format(f"{type(error).__name__}: {error}"), retry=True), {})
    raise error
