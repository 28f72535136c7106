"""The clips and scenarios that come with the program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .render.scenario import read_scenario

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Sample:
    """A rendered clip with known truth, or a scenario to render one.

    Attributes
    ----------
    name : str
        Without folder and ending.
    what : str
        What it shows, in one line.
    path : Path
        Of the clip, whose truth lies beside it (``.truth.npz``) as does its scenario (``.toml``); or of the scenario.
    """

    name: str
    what: str
    path: Path


def samples() -> tuple[Sample, ...]:
    """Return the shipped clips in alphabetical order."""
    return _listed("clips/*.mp4")


def scenarios() -> tuple[Sample, ...]:
    """Return the scenarios that come without a clip in alphabetical order."""
    return _listed("scenarios/*.toml")


def _listed(pattern: str) -> tuple[Sample, ...]:
    paths = sorted(_FOLDER.glob(pattern))
    return tuple(Sample(path.stem, read_scenario(path.with_suffix(".toml")).description, path) for path in paths)
