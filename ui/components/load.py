"""Components that lie beside this module, each as an HTML, a CSS and a JavaScript file of its name."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable


@cache
def component(name: str) -> Callable[..., Any]:
    """Return what draws a component; it is made known to Streamlit once."""
    html, css, js = (
        files(__package__).joinpath(f"{name}.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js")
    )
    drawn: Callable[..., Any] = st.components.v2.component(f"formdrift_{name}", html=html, css=css, js=js)
    return drawn
