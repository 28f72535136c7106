"""``formdrift samples``."""

from __future__ import annotations

from pathlib import Path

import click

from .progress import progress_bar


@click.group()
def samples() -> None:
    """List the sample videos of rendered people, or render more."""


@samples.command("list")
def list_samples() -> None:
    """List the sample videos that come with the program, and the scenarios to render more."""
    from ...sample_videos.samples import samples as shipped
    from ...sample_videos.samples import scenarios

    for sample in (*shipped(), *scenarios()):
        click.echo(f"{sample.name}: {sample.what}\n  {sample.path}")


@samples.command()
@click.argument("scenario", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="SCENARIO.toml")
@click.argument("target", type=click.Path(path_type=Path), metavar="TARGET.mp4")
@click.option("--overwrite", is_flag=True, help="Replace the video and its truth file where they exist.")
def render(scenario: Path, target: Path, overwrite: bool) -> None:
    """Render a scenario to a video, with its truth file beside it."""
    from ...assess import InputError
    from ...sample_videos.render import ScenarioError, render_file

    _check_target(target, overwrite)
    try:
        with progress_bar(target.name) as update:
            render_file(scenario, target, update)
    except ScenarioError as error:
        raise InputError(str(error)) from error
    click.echo(f"Rendered: {target}")


def _check_target(target: Path, overwrite: bool) -> None:
    """Refuse what can't be written or would be lost before any work is done."""
    from ...assess import InputError
    from ...sample_videos.render import truth_path

    if target.is_dir():
        raise InputError(f"'{target}' is a folder: give the name of a file.")
    if target.suffix.lower() != ".mp4":
        raise InputError(f"'{target}' doesn't end in .mp4, but MP4 is what is rendered: add the ending.")
    if not target.resolve().parent.is_dir():
        raise InputError(f"The folder of '{target}' does not exist: make it first.")
    for existing in (target, truth_path(target)):
        if existing.exists() and not overwrite:
            raise InputError(f"'{existing}' exists: give another name, or add --overwrite to replace it.")
