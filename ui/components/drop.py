"""Where videos are dropped: they stream to the disk, however large they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import streamlit as st

from ..uploads import UPLOAD, is_stored_name

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Arrived:
    """A video that lies in the folder of clips: its name there, its own name, and when the file was made."""

    stored: str
    name: str
    made: dt.date | None = None


@cache
def _component() -> Callable[..., Any]:
    folder = files("formdrift.ui.components")
    html, css, js = (folder.joinpath(f"drop.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    mounted: Callable[..., Any] = st.components.v2.component("formdrift_drop", html=html, css=css, js=js)
    return mounted


def drop(key: str) -> list[Arrived]:
    """Draw the place to drop videos.

    Returns
    -------
    list of Arrived
        Once, when videos have arrived. What a browser says is checked here: names are names of ours.
    """
    seen = _component()(key=key, data={"url": f"{UPLOAD}?name="}, on_arrived_change=lambda: None)
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
