"""``formdrift batch`` and ``formdrift rescore``."""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import (
    Named,
    engine_option,
    exercise_option,
    format_option,
    model_option,
    thresholds_option,
    workers_option,
)
from .progress import progress_bar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...assess import Thresholds
    from ...assess.batch.folder import OutFolder
    from ...assess.batch.outputs import Format
    from ...assess.batch.run import Run
    from ...assess.batch.videos import Video

_FAILURES_SHOWN = 20


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--out", required=True, type=Named(path_type=Path), metavar="DIR", help="Where the results go.")
@exercise_option()
@engine_option(help="What finds the body, as for `score`.")
@model_option()
@workers_option(help="Videos at a time; as many as there are processors.")
@click.option("--cluster", metavar="ADDRESS", help="Work on the Dask cluster of this scheduler instead.")
@click.option("--resume/--no-resume", default=True, show_default=True, help="Leave alone what is done already.")
@format_option()
@click.option("--opensim", is_flag=True, help="Also write TRC and MOT files for OpenSim.")
@thresholds_option()
def batch(
    paths: tuple[str, ...],
    out: Path,
    exercise: str,
    engine: str,
    model: str,
    workers: int | None,
    cluster: str | None,
    resume: bool,
    form: Format,
    opensim: bool,
    thresholds: Path | None,
) -> None:
    """Score many videos: files, folders, globs, URLs, or a CSV manifest with a column 'path'.

    Every result is kept as it comes. Stopped at any moment, the same command goes on where it was.
    """
    from ...assess import check_engine, load_thresholds
    from ...assess.batch.folder import OutFolder
    from ...assess.batch.settings import Settings
    from ...assess.batch.videos import find_videos

    limits = load_thresholds(thresholds)
    videos = find_videos(paths, Settings(exercise=exercise, engine=engine, model=model))
    if cluster is None:
        check_engine(engine, model)
    folder = OutFolder(out)
    with folder.locked():
        _work(videos, folder, limits, _runner(workers, cluster), form, resume=resume, opensim=opensim)


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="DIR")
@workers_option(help="Sets at a time; as many as there are processors.")
@format_option()
@thresholds_option()
def rescore(directory: Path, workers: int | None, form: Format, thresholds: Path | None) -> None:
    """Judge again what `batch` kept in a folder, with this release and these thresholds; needs no video."""
    from ...assess import InputError, load_thresholds
    from ...assess.batch.folder import OutFolder
    from ...assess.batch.videos import known_videos

    limits = load_thresholds(thresholds)
    folder = OutFolder(directory)
    none = InputError(f"There are no stored tracks in '{directory}': give a folder that `formdrift batch` wrote.")
    if not folder.tracks.is_dir():
        # nothing is made in a folder of somebody else
        raise none
    with folder.locked():
        videos = known_videos(folder.heads())
        if not videos:
            raise none
        _work(videos, folder, limits, _runner(workers, None), form, resume=True, opensim=False)


def _runner(workers: int | None, cluster: str | None) -> Run:
    from ...assess.batch.workers import run_in_pool, run_on_cluster, usable_cpus

    if cluster is not None:
        return partial(run_on_cluster, address=cluster)
    return partial(run_in_pool, workers=workers or usable_cpus())


def _work(
    videos: Sequence[Video],
    folder: OutFolder,
    limits: Thresholds,
    run: Run,
    form: Format,
    *,
    resume: bool,
    opensim: bool,
) -> None:
    from ...assess import InputError
    from ...assess.batch.run import finish, run_batch
    from ..batch_page import write_page

    began_s, state = time.monotonic(), None
    try:
        with progress_bar(f"{len(videos)} videos") as update:
            for state in run_batch(videos, folder, limits, run, resume=resume, opensim=opensim):
                update(state.done, state.total, f"{state.done} of {state.total} videos, {state.failed} failed")
        heads = folder.heads()
        finish(folder, form, heads)
        write_page(folder, folder.records(heads))
    except KeyboardInterrupt:
        click.echo("Stopped. The same command goes on where this one was.", err=True)
        sys.exit(1)
    except OSError as error:
        raise InputError(
            f"'{folder.root}' can't be written ({error.strerror}): put that right, and the same command goes on."
        ) from error
    asked = {video.key for video in videos}
    failures = [head for head in heads if "error" in head and head["batch"]["key"] in asked]
    for record in failures[:_FAILURES_SHOWN]:
        path, why = record["path"], record["error"]
        click.echo(f"{path}: " + why.removeprefix(f"'{path}' "), err=True)
    if len(failures) > _FAILURES_SHOWN:
        click.echo(f"… and {len(failures) - _FAILURES_SHOWN} more, all in the page below.", err=True)
    failed = len(failures)
    scored = len(asked) - failed
    assert state is not None
    minutes = (time.monotonic() - began_s) / 60
    click.echo(
        f"{scored} {'video' if scored == 1 else 'videos'} scored, {failed} not;"
        f" {state.done} of them now, in {minutes:.1f} minutes."
        f" Tables: {folder.tables}. Page: {folder.root / 'index.html'}."
    )
    sys.exit(2 if failed else 0)
