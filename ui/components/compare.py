"""Two repetitions side by side at the same phase."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...assess import Rep


@cache
def _component() -> Callable[..., Any]:
    folder = files("formdrift.ui.components")
    html, css, js = (folder.joinpath(f"compare.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    mounted: Callable[..., Any] = st.components.v2.component("formdrift_compare", html=html, css=css, js=js)
    return mounted


def compare(one: tuple[Rep, str, str], other: tuple[Rep, str, str], *, blur: bool, key: str) -> None:
    """Draw two repetitions.

    Parameters
    ----------
    one, other : (Rep, str, str)
        Each with the URL of its clip and a title.
    blur : bool
        Whether people must not be recognised; the whole picture is blurred then.
    key : str
    """
    reps = [
        {
            "url": url,
            "title": title,
            "edges": [rep.start_s, rep.descent_end_s, rep.bottom_s, rep.ascent_start_s, rep.end_s],
        }
        for rep, url, title in (one, other)
    ]
    _component()(key=key, data={"reps": reps, "blur": blur})
