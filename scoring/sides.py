"""Left and right, and the joints of a leg, as landmarks are named."""

from __future__ import annotations

from typing import Literal

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")
LEG = ("hip", "knee", "ankle")


def other(side: Side) -> Side:
    """Return the other side."""
    return "right" if side == "left" else "left"
