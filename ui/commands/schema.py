"""``formdrift schema``."""

from __future__ import annotations

import click


@click.command()
def schema() -> None:
    """Print the JSON schema of the results."""
    from ...assess import schema as json_schema

    click.echo(json_schema())
