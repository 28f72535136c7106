"""``formdrift score``."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

import click

from .options import (
    Named,
    Number,
    Whole,
    depth_target_option,
    engine_option,
    exercise_option,
    intent_option,
    load_option,
    model_option,
    tempo_option,
    thresholds_option,
)
from .progress import progress_bar
from .targets import Targets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ...assess import Assessment, Prescription, SeenVideo, Thresholds, VideoAssessment
    from .targets import Result

_Said = TypeVar("_Said")


@click.command()
@click.argument("videos", nargs=-1, required=True, metavar="VIDEO...", type=click.Path(path_type=Path))
@click.option("--as-one-set", is_flag=True, help="The videos are pieces of one set, in order: count through.")
@click.option("--two-views", is_flag=True, help="The two videos show the same set, from the side and from the front.")
@exercise_option()
@engine_option(
    metavar="[blazepose-onnx|mediapipe|simcc:FILE.onnx]",
    help="What finds the body; simcc:FILE.onnx is a network of your own of the RTMPose kind (17 or 26 landmarks).",
)
@model_option()
@click.option(
    "--subject",
    type=Whole(min=0),
    metavar="N",
    help="Score person N, when several were seen; what was seen is then kept, so that another N takes no time.",
)
@tempo_option(
    metavar="3/1/1/0", help="Seconds asked for: down/bottom/up/top; X is as fast as possible; top can be left out."
)
@intent_option(help="max: every way up was meant to be as fast as possible; only then does slowing down mean fatigue.")
@depth_target_option(help="How deep the squat was meant to be.")
@load_option(help="Load lifted: kilograms, or pounds such as 100lb.")
@click.option("--height-cm", type=Number(), metavar="H", help="Height of the lifter, for speeds in metres.")
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
    "--plate-px",
    type=Number(),
    metavar="N",
    help="How wide a 450 mm plate beside the lifter is in the picture: a scale.",
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
@click.option("--tables", type=Named(path_type=Path), metavar="DIR", help="Write long tables as CSV files.")
@thresholds_option()
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
        InputError,
        assess_drift,
        assess_seen,
        load_thresholds,
        read_history,
        read_prescription,
    )

    together = as_one_set or two_views
    targets = Targets(report, json_target, overlay, tables)
    _check_together(videos, exercise, as_one_set=as_one_set, two_views=two_views)
    targets.check(videos, [*history, *([thresholds] if thresholds else [])], together=together)
    earlier = read_history(history)
    asked = [
        read_prescription(tempo, intent, depth_target, load, height_cm, side, seen_by, plate_px)
        for side, seen_by in zip(_of_each("--side", sides, videos), _of_each("--eyes", eyes, videos), strict=True)
    ]
    if together and (two_views or exercise != "balance") and any(said != asked[0] for said in asked):
        raise InputError("--side and --eyes differ, but together the videos are one set: say each of them once.")
    limits = load_thresholds(thresholds)
    look_at = partial(_look, engine=engine, model=model, subject=subject)
    seen: list[SeenVideo] = []
    results: list[Result]
    if together:
        seen = [look_at(video) for video in videos]
        _check_different(videos, seen)
        results = [_assess_together(seen, exercise, limits, asked, two_views=two_views)]
    elif len(videos) == 1:
        seen = [look_at(videos[0])]
        results = [assess_seen(seen[0], exercise, limits, asked[0])]
    else:
        results = list(_assess_each(videos, look_at, exercise, limits, asked))
    if earlier:
        results = [one if isinstance(one, tuple) else assess_drift(one, earlier) for one in results]
    scored = [result for result in results if not isinstance(result, tuple)]
    try:
        targets.write(results)
        if overlay:
            _write_overlay(videos[0], seen[0], scored[0], overlay)
    except USER_ERRORS:
        # a full disk does not cost what was found
        if json_target != "-":
            _print(scored)
        raise
    # printed last: who closes the pipe early has the files all the same
    _name_unused(history, earlier, scored)
    if json_target != "-":
        _print(scored)
        for what, target in (("Annotated video", overlay), ("Report", report)):
            if target and scored:
                click.echo(f"{what}: {target}")
    sys.exit(0 if len(scored) == len(results) else 2)


def _check_together(videos: tuple[Path, ...], exercise: str, *, as_one_set: bool, two_views: bool) -> None:
    from ...assess import InputError

    if as_one_set and two_views:
        raise InputError("--as-one-set and --two-views exclude each other: is it one set in pieces, or seen twice?")
    if two_views and len(videos) != 2:
        raise InputError("--two-views takes two videos of the same set: one from the side and one from the front.")
    if two_views and exercise == "balance":
        raise InputError("--two-views is for repetitions, not for balance tests: score each view by itself.")


def _check_different(videos: Sequence[Path], seen: Sequence[SeenVideo]) -> None:
    from ...assess import InputError

    first: dict[str, Path] = {}
    for video, one in zip(videos, seen, strict=True):
        same = first.setdefault(one.people.lifter.source.sha256, video)
        if same is not video:
            raise InputError(f"'{same}' and '{video}' are the same video: give each video of a set once.")


def _name_unused(
    files: Sequence[Path], days: Sequence[Sequence[Assessment]], scored: Sequence[VideoAssessment]
) -> None:
    """Say of each history file that none of the results could be compared with it."""
    from ...assess import has_a_say

    for file, day in zip(files, days, strict=True):
        if scored and not has_a_say(day, scored):
            click.echo(
                f"The history '{file}' was not used: it holds no repetitions of another video with the same exercise,"
                " camera angle, load and tempo, or an earlier file holds them already.",
                err=True,
            )


def _of_each(option: str, said: tuple[_Said, ...], videos: tuple[Path, ...]) -> tuple[_Said | None, ...]:
    """Return what an option says of each video: said once, the same of all."""
    from ...assess import InputError

    if len(said) > 1 and len(said) != len(videos):
        raise InputError(
            f"{option} was given {len(said)} times for {len(videos)} videos: give it once, or once for each in order."
        )
    return said if len(said) > 1 else (*said, None)[:1] * len(videos)


def _look(video: Path, engine: str, model: str, subject: int | None) -> SeenVideo:
    from ...assess import InputError, TrackStore, choose, look

    store = None if subject is None else TrackStore()
    try:
        with progress_bar(video.name) as update:
            seen = look(video, engine, model, update, store=store)
    except OSError as error:
        if store is None:
            raise
        raise InputError(
            f"What was seen in '{video}' can't be kept in '{store.folder}' ({error.strerror}):"
            " make room there, or set FORMDRIFT_TRACKS to another folder."
        ) from error
    return seen if subject is None else choose(seen, subject)


def _assess_each(
    videos: Sequence[Path],
    look_at: Callable[[Path], SeenVideo],
    exercise: str,
    limits: Thresholds,
    asked: Sequence[Prescription],
) -> Iterator[Result]:
    """Assess videos one by one; one that can't be used is named, and the others go on."""
    from ...assess import USER_ERRORS, assess_seen

    for video, said in zip(videos, asked, strict=True):
        try:
            result = assess_seen(look_at(video), exercise, limits, said)
        except USER_ERRORS as error:
            click.echo(str(error), err=True)
            yield video, str(error)
        else:
            yield result


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


def _print(scored: Sequence[VideoAssessment]) -> None:
    from ..report import print_assessment

    for result in scored:
        print_assessment(result, terminal=sys.stdout.isatty())


def _write_overlay(video: Path, seen: SeenVideo, result: VideoAssessment, target: Path) -> None:
    from ...assess import write_overlay

    with progress_bar(target.name) as update:
        write_overlay(video, seen.people.lifter, result, target, update)
