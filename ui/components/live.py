"""The camera on the page: its picture, what is counted, and what is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..live import LIVE
from ..uploads import UPLOAD, is_stored_name
from .load import component

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Finished:
    """A set that is over: what was counted and said, and its recording's names in the folder of clips, in order."""

    count: int
    headline: str
    said: tuple[str, ...]
    pieces: tuple[str, ...]


def live(visit: str, version: str, tempo: Sequence[float] | None, *, key: str) -> Finished | None:
    """Draw the camera.

    Parameters
    ----------
    visit : str
        Key of the visit, see `formdrift.ui.live.Visits`; empty: the camera can't be started yet.
    version : str
        Changes with what is practised, so that the camera's socket is opened anew.
    tempo : sequence of float, optional
        Seconds down, bottom, up and top for the metronome.
    key : str

    Returns
    -------
    Finished or None
        Once, when a set is over. What a browser says is checked here.
    """
    data = {"key": visit, "url": LIVE, "upload": f"{UPLOAD}?name=", "version": version, "tempo": tempo and list(tempo)}
    told = component("live")(key=key, data=data, on_finished_change=lambda: None).finished
    if not told:
        return None
    pieces = [str(piece["stored"]) for piece in told["pieces"]]
    return Finished(
        count=int(told["count"]),
        headline=str(told["headline"]),
        said=tuple(str(words) for words in told["said"]),
        pieces=tuple(name for name in pieces if is_stored_name(name)),
    )
