"""``formdrift live``."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

import click

from .options import Number, Whole, depth_target_option, exercise_option, intent_option, load_option, tempo_option
from .targets import check_new_video

if TYPE_CHECKING:
    from ...assess.live_camera import Screen, Shown
    from ...assess.live_state import LiveSetup, LiveState


@click.command()
@click.option("--camera", default="0", show_default=True, help="Number of the camera, or an address or file of video.")
@exercise_option(help="What is trained.")
@tempo_option(metavar="DOWN/BOTTOM/UP/TOP", help="Seconds that each phase should take, such as 3/1/1/0.")
@intent_option(help="max: every way up as fast as possible.")
@depth_target_option(help="Depth of a squat that was asked for.")
@load_option(help="Load: 60, 62.5kg or 100lb.")
@click.option(
    "--end-after", default=8.0, show_default=True, type=Number(), metavar="S", help="Standing for longer ends the set."
)
@click.option(
    "--stop-at",
    type=Number(5, 60),
    metavar="PERCENT",
    help="Stop line: loss of velocity at which to stop; needs --intent max.",
)
@click.option("--record", type=click.Path(path_type=Path), metavar="FILE.mp4", help="Keep the recording of the set.")
@click.option(
    "--port", default=8502, show_default=True, type=Whole(1, 65535), metavar="N", help="Of the page to look at."
)
def live(
    camera: str,
    exercise: str,
    tempo: str | None,
    intent: Literal["max", "controlled"] | None,
    depth_target: Literal["parallel", "half", "full"],
    load: str | None,
    end_after: float,
    stop_at: float | None,
    record: Path | None,
    port: int,
) -> None:
    """Practise one set before a camera attached to this machine, with feedback while it runs.

    Picture, count and cues are on a page that only this machine can open. The set ends by
    walking out or standing still; then its recording is assessed, which is what counts.
    """
    from ...assess import InputError, assess_video, read_prescription
    from ...assess.live_camera import Screen
    from ...assess.live_state import LiveSetup
    from ..live_view import serve_view, taken

    if taken(port):
        raise InputError(f"Port {port} is in use: stop what runs there or choose another one with --port.")
    if record:
        check_new_video(record)
    asked = read_prescription(tempo, intent, depth_target, load)
    setup = LiveSetup(exercise, asked, end_after, stop_at)
    with TemporaryDirectory(prefix="formdrift-") as folder:
        film = record or Path(folder) / "set.mp4"
        screen = Screen()
        with serve_view(screen, port) as url:
            click.echo(f"Look here, full screen: {url} (this machine only). Stop with Ctrl+C.", err=True)
            ended = _practise(int(camera) if camera.isdecimal() else camera, setup, film, screen)
        if ended is None or not film.is_file():
            click.echo("No set was done.", err=True)
            return
        click.echo(f"Counted live: {ended.count}, provisional. The recording is being assessed.", err=True)
        from ..report import print_assessment

        print_assessment(assess_video(film, exercise, prescription=asked), terminal=sys.stdout.isatty())
        if record:
            click.echo(f"Recording: {record}")


def _practise(source: int | str, setup: LiveSetup, film: Path, screen: Screen) -> LiveState | None:
    """Follow a set, and tell on the terminal what changes; Ctrl+C ends it."""
    from ...assess.live_camera import practise

    stop = threading.Event()
    teller = threading.Thread(target=_tell, args=(screen, stop), daemon=True)
    teller.start()
    try:
        return practise(source, setup, film, screen, stop.is_set)
    except KeyboardInterrupt:
        return None
    finally:
        stop.set()
        teller.join()


def _tell(screen: Screen, stop: threading.Event) -> None:
    from ..live_view import LOST

    told = ""
    shown: Shown | None = None
    while not stop.is_set():
        shown = screen.newer(shown.number if shown else 0, 0.5) or shown
        if shown is None:
            continue
        state = shown.state
        count = f" {state.count}" if state.phase in ("set", "done") else ""
        line = LOST if shown.lost else f"{state.headline}{count}"
        if line != told:
            click.echo(line, err=True)
            told = line
        if state.said:
            click.echo(f"\a{state.said}", err=True)
