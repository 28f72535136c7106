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
    """List the sample videos that come with the program."""
    from ...sample_videos.samples import samples as shipped

    for sample in shipped():
        click.echo(f"{sample.name}: {sample.what}\n  {sample.path}")


@samples.command()
@click.argument("scenario", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="SCENARIO.toml")
@click.argument("target", type=click.Path(path_type=Path), metavar="TARGET.mp4")
def render(scenario: Path, target: Path) -> None:
    """Render a scenario to a video, with its truth file beside it."""
    from ...assess import InputError
    from ...sample_videos.render import ScenarioError, render_file

    try:
        with progress_bar(target.name) as update:
            render_file(scenario, target, update)
    except ScenarioError as error:
        raise InputError(str(error)) from error
    click.echo(f"Rendered: {target}")
