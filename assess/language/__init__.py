"""Sentences for people, in catalogues that can be translated."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Wording = Literal["external", "internal", "praise"]


def cue_texts(language: str = "en", wording: Wording = "external") -> dict[str, str]:
    """Return one wording of every cue, by its id.

    Parameters
    ----------
    language : str
        Name of a catalogue.
    wording : str
        ``external`` names the world outside and is the default; ``internal`` names the body;
        ``praise`` is said when the fault is gone.
    """
    return {cue: wordings[wording] for cue, wordings in _catalogue(language)["cues"].items()}


def safety_texts(language: str = "en") -> dict[str, str]:
    """Return what is said about health and safety: ``footer``, ``ask``, ``stop``, ``get_help`` and ``one_sided``."""
    return dict(_catalogue(language)["safety"])


def live_texts(language: str = "en") -> dict[str, str]:
    """Return what is said and shown live, by the state it belongs to."""
    return dict(_catalogue(language)["live"])


@cache
def _catalogue(language: str) -> dict[str, Any]:
    return tomllib.loads(files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))
