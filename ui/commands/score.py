"""``formdrift score``."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from .progress import progress_bar

if TYPE_CHECKING:
    from ...assess import Prescription, SeenVideo, Thresholds, VideoAssessment

_Said = TypeVar("_Said")

EXERCISES = (
    "auto",
    "squat",
    "overhead-squat",
    "single-leg-squat",
    "rdl",
    "good-morning",
    "deadlift",
    "kettlebell",
    "single-leg-rdl",
    "balance",
)


@click.command()
@click.argument("videos", nargs=-1, required=True, metavar="VIDEO...", type=click.Path(path_type=Path))
@click.option("--as-one-set", is_flag=True, help="The videos are pieces of one set, in order: count through.")
@click.option("--two-views", is_flag=True, help="The two videos show the same set, from the side and from the front.")
@click.option("--exercise", default="auto", show_default=True, type=click.Choice(EXERCISES), help="What was trained.")
@click.option(
    "--engine",
    default="blazepose-onnx",
    show_default=True,
    metavar="[blazepose-onnx|mediapipe|simcc:FILE.onnx]",
    help="What finds the body; simcc:FILE.onnx is a network of your own of the RTMPose kind (17 or 26 landmarks).",
)
@click.option(
    "--model",
    default="full",
    show_default=True,
    type=click.Choice(["lite", "full", "heavy"]),
    help="Which of its networks: lite is faster, heavy slower.",
)
@click.option(
    "--subject",
    type=click.IntRange(min=0),
    metavar="N",
    help="Score person N, when several were seen; what was seen is then kept, so that another N takes no time.",
)
@click.option("--tempo", metavar="3/1/1/0", help="Seconds asked for: down/bottom/up/top; X is as fast as possible.")
@click.option(
    "--intent",
    type=click.Choice(["max", "controlled"]),
    help="max: every way up was meant to be as fast as possible; only then does slowing down mean fatigue.",
)
@click.option(
    "--depth-target",
    default="parallel",
    show_default=True,
    type=click.Choice(["parallel", "half", "full"]),
    help="How deep the squat was meant to be.",
)
@click.option("--load", metavar="KG", help="Load lifted: kilograms, or pounds such as 100lb.")
@click.option("--height-cm", type=float, metavar="H", help="Height of the lifter, for speeds in metres.")
@click.option(
    "--side",
    "sides",
    multiple=True,
    type=click.Choice(["left", "right"]),
    help="The leg that was stood on; once for all videos, or once for each in their order.",
)
@click.option(
    "--eyes",
    multiple=True,
    type=click.Choice(["open", "closed"]),
    help="While balancing, as no camera sees it; once for all videos, or once for each in their order.",
)
@click.option(
    "--plate-px", type=float, metavar="N", help="How wide a 450 mm plate beside the lifter is in the picture: a scale."
)
@click.option(
    "--history",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="An earlier day of the same client, written by --json; once for each, oldest first.",
)
@click.option("--report", type=click.Path(path_type=Path), metavar="FILE.html", help="Write a report with charts.")
@click.option(
    "--json", "json_target", metavar="FILE|-", help="Write the whole result as JSON, '-' for standard output."
)
@click.option("--overlay", type=click.Path(path_type=Path), metavar="FILE.mp4", help="Write the annotated video.")
@click.option("--tables", type=click.Path(path_type=Path), metavar="DIR", help="Write long tables as CSV files.")
@click.option("--thresholds", type=click.Path(path_type=Path), metavar="FILE", help="Use your own thresholds (TOML).")
def score(
    videos: tuple[Path, ...],
    as_one_set: bool,
    two_views: bool,
    exercise: str,
    engine: str,
    model: str,
    subject: int | None,
    tempo: str | None,
    intent: Literal["max", "controlled"] | None,
    depth_target: Literal["parallel", "half", "full"],
    load: str | None,
    height_cm: float | None,
    sides: tuple[Literal["left", "right"], ...],
    eyes: tuple[Literal["open", "closed"], ...],
    plate_px: float | None,
    history: tuple[Path, ...],
    report: Path | None,
    json_target: str | None,
    overlay: Path | None,
    tables: Path | None,
    thresholds: Path | None,
) -> None:
    """Score the sets in one or more videos.

    Several videos are scored one after another. One that can't be used is named, the
    others are still scored, and the exit code is 2. With --as-one-set or --two-views they
    are one set, and one result; balance tests in one result are compared.
    """
    from ...assess import (
        USER_ERRORS,
        TrackStore,
        assess_drift,
        assess_seen,
        choose,
        load_thresholds,
        look,
        read_history,
        read_prescription,
        report_html,
    )

    _check_together(videos, as_one_set=as_one_set, two_views=two_views)
    _check_targets(videos, json_target, overlay, tables)
    if report:
        _check_report(report, videos, together=as_one_set or two_views)
    earlier = read_history(history)
    asked = [
        read_prescription(tempo, intent, depth_target, load, height_cm, side, seen_by, plate_px)
        for side, seen_by in zip(_of_each("--side", sides, videos), _of_each("--eyes", eyes, videos), strict=True)
    ]
    limits = load_thresholds(thresholds)
    store = None if subject is None else TrackStore()
    results: list[VideoAssessment | tuple[Path, str]] = []
    together: list[SeenVideo] = []
    for video, said in zip(videos, asked, strict=True):
        try:
            with progress_bar(video.name) as update:
                seen = look(video, engine, model, update, store=store)
            if subject is not None:
                seen = choose(seen, subject)
            if as_one_set or two_views:
                together.append(seen)
                continue
            result = assess_seen(seen, exercise, limits, said)
            if overlay:
                _write_overlay(video, seen, result, overlay)
        except USER_ERRORS as error:
            if as_one_set or two_views:
                raise
            click.echo(str(error), err=True)
            results.append((video, str(error)))
            continue
        results.append(result)
    if together:
        results.append(_assess_together(together, exercise, limits, asked, two_views=two_views))
    if earlier:
        results = [one if isinstance(one, tuple) else assess_drift(one, earlier) for one in results]
    scored = [result for result in results if not isinstance(result, tuple)]
    if report and scored:
        _write_text(report, report_html(scored[0]))
    if tables and scored:
        _write_tables(scored, tables)
    if json_target and (scored or len(results) > 1):
        _write_json(results, json_target)
    # printed last: who closes the pipe early has the files all the same
    if json_target != "-":
        for result in scored:
            _print(result)
        if overlay and scored:
            click.echo(f"Annotated video: {overlay}")
        if report and scored:
            click.echo(f"Report: {report}")
    sys.exit(0 if len(scored) == len(results) else 2)


def _check_together(videos: tuple[Path, ...], *, as_one_set: bool, two_views: bool) -> None:
    from ...assess import InputError

    if as_one_set and two_views:
        raise InputError("--as-one-set and --two-views exclude each other: is it one set in pieces, or seen twice?")
    if two_views and len(videos) != 2:
        raise InputError("--two-views takes two videos of the same set: one from the side and one from the front.")


def _of_each(option: str, said: tuple[_Said, ...], videos: tuple[Path, ...]) -> tuple[_Said | None, ...]:
    """Return what an option says of each video: said once, the same of all."""
    from ...assess import InputError

    if len(said) > 1 and len(said) != len(videos):
        raise InputError(
            f"{option} was given {len(said)} times for {len(videos)} videos: give it once, or once for each in order."
        )
    return said if len(said) > 1 else (*said, None)[:1] * len(videos)


def _assess_together(
    seen: list[SeenVideo], exercise: str, limits: Thresholds, asked: list[Prescription], *, two_views: bool
) -> VideoAssessment:
    from ...assess import assess_as_one_set, assess_stances, assess_two_views

    if two_views:
        one, other = seen
        return assess_two_views(one, other, exercise, limits, asked[0])
    if exercise == "balance":
        return assess_stances(seen, asked, limits)
    return assess_as_one_set(seen, exercise, limits, asked[0])


def _check_targets(
    videos: tuple[Path, ...], json_target: str | None, overlay: Path | None, tables: Path | None
) -> None:
    """Refuse what would be lost or overwritten before any work is done."""
    from ...assess import InputError, check_overlay_target

    if overlay and len(videos) > 1:
        raise InputError("--overlay takes one video: score the videos one by one to annotate each.")
    files = [Path(json_target)] if json_target and json_target != "-" else []
    files += [overlay] if overlay else []
    for target in files:
        if any(target.resolve() == video.resolve() for video in videos):
            raise InputError(f"'{target}' is the video itself: give another name, or it would be overwritten.")
        if target.is_dir():
            raise InputError(f"'{target}' is a folder: give the name of a file.")
        if not target.resolve().parent.is_dir():
            raise InputError(f"The folder of '{target}' does not exist: make it first.")
        _check_writable(target, target.resolve().parent)
    if tables and tables.exists() and not tables.is_dir():
        raise InputError(f"'{tables}' is a file: --tables takes a folder.")
    if tables:
        _check_writable(tables, next(f for f in (tables.resolve(), *tables.resolve().parents) if f.is_dir()))
    if json_target and json_target != "-":
        _check_json_target(Path(json_target), overlay)
    if overlay:
        if overlay.suffix.lower() != ".mp4":
            raise InputError(f"'{overlay}' doesn't end in .mp4, but --overlay writes MP4: add the ending.")
        check_overlay_target(videos[0], overlay)


def _check_report(report: Path, videos: tuple[Path, ...], *, together: bool) -> None:
    from ...assess import InputError

    if len(videos) > 1 and not together:
        raise InputError("--report takes one video: score the videos one by one, or --as-one-set.")
    if report.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"'{report}' doesn't end in .html, but --report writes HTML: add the ending.")
    if not report.resolve().parent.is_dir():
        raise InputError(f"The folder of '{report}' does not exist: make it first.")
    _check_writable(report, report.resolve().parent)


def _check_writable(target: Path, folder: Path) -> None:
    from ...assess import InputError

    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(f"'{target}' can't be written ({error.strerror}): choose another place.") from error


def _check_json_target(target: Path, overlay: Path | None) -> None:
    """Refuse to put a result in the place of something else, such as a video that was meant to be scored."""
    from ...assess import InputError

    if overlay and target.resolve() == overlay.resolve():
        raise InputError(f"'{target}' can't be both the JSON and the annotated video: give two names.")
    if target.is_file():
        with target.open("rb") as file:
            if file.read(1) not in (b"", b"{", b"["):
                raise InputError(f"'{target}' exists and is no JSON: give another name, or it would be overwritten.")


def _print(result: VideoAssessment) -> None:
    from ..report import print_assessment

    print_assessment(result, terminal=sys.stdout.isatty())


def _write_overlay(video: Path, seen: SeenVideo, result: VideoAssessment, target: Path) -> None:
    from ...assess import write_overlay

    with progress_bar(target.name) as update:
        write_overlay(video, seen.people.lifter, result, target, update)


def _write_json(results: list[VideoAssessment | tuple[Path, str]], target: str) -> None:
    from ...assess import to_dict

    plain: list[dict[str, Any]] = [
        {"path": str(result[0]), "error": result[1]} if isinstance(result, tuple) else to_dict(result)
        for result in results
    ]
    text = json.dumps(plain[0] if len(plain) == 1 else plain, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    if target == "-":
        click.echo(text, nl=False)
    else:
        _write_text(Path(target), text)


def _write_tables(results: list[VideoAssessment], folder: Path) -> None:
    """Write one CSV file a table, the videos below one another."""
    _make_folder(folder)
    each = [result.tables() for result in results]
    for name in each[0]:
        header = list(each[0][name])
        rows = [row for tables in each for row in zip(*tables[name].values(), strict=True)]
        text = io.StringIO(newline="")
        csv.writer(text).writerows([header, *rows])
        _write_text(folder / f"{name}.csv", text.getvalue())


def _make_folder(folder: Path) -> None:
    from ...assess import InputError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The folder '{folder}' can't be made ({error.strerror}): choose another place.") from error


def _write_text(target: Path, text: str) -> None:
    """Write a file whole or not at all."""
    from ...assess import InputError

    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        partial.write_text(text, encoding="utf-8", newline="")
        partial.replace(target)
    except OSError as error:
        raise InputError(f"'{target}' can't be written ({error.strerror}): choose another place.") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
