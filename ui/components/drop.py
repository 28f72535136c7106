"""Where videos are dropped: they stream to the disk, however large they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ..uploads import UPLOAD, is_stored_name
from .load import component


@dataclass(frozen=True)
class Arrived:
    """A video that lies in the folder of clips: its name there, its own name, and when the file was made."""

    stored: str
    name: str
    made: dt.date | None = None


def drop(key: str) -> list[Arrived]:
    """Draw the place to drop videos.

    Returns
    -------
    list of Arrived
        Once, when videos have arrived. What a browser says is checked here: names are names of ours.
    """
    seen = component("drop")(key=key, data={"url": f"{UPLOAD}?name="}, on_arrived_change=lambda: None)
    return [
        Arrived(str(one["stored"]), str(one["name"]), _day(one.get("modified")))
        for one in seen.arrived or ()
        if is_stored_name(str(one["stored"]))
    ]


def _day(milliseconds: object) -> dt.date | None:
    try:
        return dt.datetime.fromtimestamp(float(str(milliseconds)) / 1000.0).date()
    except (ValueError, OverflowError, OSError):
        return None
