"""Sentences for people, in catalogues that can be translated."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def cue_texts(language: str = "en") -> dict[str, str]:
    """Return the default wording of every cue, by its id."""
    catalogue = tomllib.loads(files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))
    return {cue: wordings["external"] for cue, wordings in catalogue["cues"].items()}
