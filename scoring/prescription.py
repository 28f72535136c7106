"""What the lifter was asked to do: tempo, intent, depth, load. Nothing here is measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Intent = Literal["max", "controlled"]
DepthTarget = Literal["parallel", "half", "full"]
Leg = Literal["left", "right"]
Eyes = Literal["open", "closed"]


@dataclass(frozen=True)
class Tempo:
    """Seconds that each phase of a repetition should take (Wilk et al. 2021).

    Attributes
    ----------
    down_s, bottom_s, up_s, top_s : float or None
        Lowering, pause at the bottom, rising, pause at the top. None is "X": as fast as
        possible, so the phase has no target.
    """

    down_s: float | None
    bottom_s: float | None
    up_s: float | None
    top_s: float | None


@dataclass(frozen=True)
class Prescription:
    """What was prescribed for a set; what is None was not said.

    Attributes
    ----------
    tempo : Tempo or None
        Without one no tempo is judged.
    intent : str or None
        ``max`` when every ascent is meant to be as fast as possible: only then does a slower
        one mean fatigue. ``controlled`` otherwise.
    depth_target : str
        Depth of a squat: thighs ``parallel`` to the floor, ``half`` way, or ``full``.
    load_kg : float or None
        Load on the bar or in the hands.
    height_m : float or None
        Stature of the lifter, which turns lengths into metres.
    side : str or None
        Leg that the exercise is done on.
    eyes : str or None
        Whether they are open while somebody balances; no camera sees that from so far.
    plate_px : float or None
        Diameter in the picture, pixels, of a plate of 450 mm as far from the camera as the lifter.
    """

    tempo: Tempo | None = None
    intent: Intent | None = None
    depth_target: DepthTarget = "parallel"
    load_kg: float | None = None
    height_m: float | None = None
    side: Leg | None = None
    eyes: Eyes | None = None
    plate_px: float | None = None


NOTHING_PRESCRIBED = Prescription()


def parse_tempo(text: str) -> Tempo:
    """Read a tempo such as ``3/1/1/0`` or ``31X0``: down, bottom, up, top; X is as fast as possible.

    The pause at the top may be left out; it then has no target.

    Raises
    ------
    ValueError
        When the text is no tempo.
    """
    parts = (
        text.strip().upper().replace("-", "/").split("/") if "/" in text or "-" in text else list(text.strip().upper())
    )
    try:
        seconds = [None if part.strip() == "X" else float(part) for part in parts]
    except ValueError:
        seconds = []
    if len(seconds) not in (3, 4) or any(s is not None and not 0.0 <= s < 60.0 for s in seconds):
        raise ValueError(
            f"'{text}' is no tempo: write seconds down/bottom/up/top, such as 3/1/1/0 or 3/1/X/0, or 3/1/1 if the"
            " pause at the top does not matter."
        )
    down, bottom, up, top = (*seconds, None)[:4]
    return Tempo(down, bottom, up, top)
