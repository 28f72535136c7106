"""Options that several commands have, each to be given its help where that differs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

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


class Whole(click.IntRange):
    """A whole number, called what people call it."""

    name = "whole number"


class Number(click.FloatRange):
    """A number, called what people call it."""

    name = "number"


class Named(click.Path):
    """A path that an empty name, as of a variable that is not set, does not turn into this folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse no name."""
        if value == "":
            self.fail("the name is empty.", param, ctx)
        return super().convert(value, param, ctx)


exercise_option = partial(
    click.option,
    "--exercise",
    default="auto",
    show_default=True,
    type=click.Choice(EXERCISES),
    help="What was trained.",
)
engine_option = partial(click.option, "--engine", default="blazepose-onnx", show_default=True)
model_option = partial(
    click.option,
    "--model",
    default="full",
    show_default=True,
    type=click.Choice(["lite", "full", "heavy"]),
    help="Which of its networks: lite is faster, heavy slower.",
)
tempo_option = partial(click.option, "--tempo")
intent_option = partial(click.option, "--intent", type=click.Choice(["max", "controlled"]))
depth_target_option = partial(
    click.option,
    "--depth-target",
    default="parallel",
    show_default=True,
    type=click.Choice(["parallel", "half", "full"]),
)
load_option = partial(click.option, "--load", metavar="KG")
workers_option = partial(click.option, "--workers", type=Whole(min=1), metavar="N")
format_option = partial(
    click.option,
    "--format",
    "form",
    default="parquet",
    show_default=True,
    type=click.Choice(["parquet", "csv"]),
    help="Of the tables.",
)
thresholds_option = partial(
    click.option,
    "--thresholds",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Use your own thresholds (TOML).",
)
