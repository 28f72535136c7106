"""Where videos are dropped: they stream to the disk, however large they are."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import streamlit as st

from ..uploads import UPLOAD

if TYPE_CHECKING:
    from collections.abc import Callable


@cache
def _component() -> Callable[..., Any]:
    folder = files("formdrift.ui.components")
    html, css, js = (folder.joinpath(f"drop.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    mounted: Callable[..., Any] = st.components.v2.component("formdrift_drop", html=html, css=css, js=js)
    return mounted


def drop(key: str) -> list[tuple[str, str]]:
    """Draw the place to drop videos.

    Returns
    -------
    list of (str, str)
        Once, when videos have arrived: each one's name in the folder of clips and its own name.
    """
    seen = _component()(key=key, data={"url": f"{UPLOAD}?name="}, on_arrived_change=lambda: None)
    return [(one["stored"], one["name"]) for one in seen.arrived or ()]
