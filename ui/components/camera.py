"""The choice of the camera to practise with."""

from __future__ import annotations

from .load import component


def camera(key: str) -> None:
    """Draw the choice; the browser keeps it, and the page that practises live reads it there."""
    component("camera")(key=key)
