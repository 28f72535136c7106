"""The ``formdrift`` command."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Any

import click

from .commands.app import app
from .commands.batch import batch, rescore
from .commands.doctor import doctor
from .commands.forget import forget
from .commands.live import live
from .commands.models import models
from .commands.samples import samples
from .commands.schema import schema
from .commands.score import score
from .commands.sway import sway


class UserErrors(click.Group):
    """A group whose commands end with one sentence and exit code 2 when the input is at fault."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what the user can put right is said in one sentence."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            # imported late: it reaches the pose engines, which not every command needs
            from ..assess import USER_ERRORS

            if not isinstance(error, USER_ERRORS):
                raise
            click.echo(str(error), err=True)
            sys.exit(2)


@click.group(cls=UserErrors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="formdrift")
def main() -> None:
    """Squat and hip-hinge technique from video: measured, scored, and compared as fatigue sets in."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # a terminal that knows no '±' or '°' shows an escape in its place
            stream.reconfigure(errors="backslashreplace")


for command in (score, batch, rescore, app, live, models, samples, schema, forget, doctor, sway):
    main.add_command(command)
