"""The clips that come with the program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .render.scenario import read_scenario

_FOLDER = Path(__file__).parent / "clips"


@dataclass(frozen=True)
class Sample:
    """A rendered clip with known truth.

    Attributes
    ----------
    name : str
        Without folder and ending.
    what : str
        What it shows, in one line.
    path : Path
        Of the clip; its truth lies beside it (``.truth.npz``) and so does its scenario (``.toml``).
    """

    name: str
    what: str
    path: Path


def samples() -> tuple[Sample, ...]:
    """Return the shipped clips in alphabetical order."""
    clips = sorted(_FOLDER.glob("*.mp4"))
    return tuple(Sample(clip.stem, read_scenario(clip.with_suffix(".toml")).description, clip) for clip in clips)
