"""The frame around all pages: navigation, the look, and what stands at the bottom of each."""

from __future__ import annotations

import streamlit as st

from . import add, balance, live, report, review, score, settings, today, trends
from .parts import footer

# the page stays readable on a wide screen, and everything that can be reached by key shows where it is
_STYLE = """
<style>
  .block-container { max-width: 64rem; padding-top: 3.5rem; }
  [data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p { color: inherit; opacity: .88; }
  :focus-visible { outline: 3px solid var(--st-primary-color, #1b6a87); outline-offset: 2px; }
</style>
"""


# Without icons: a page's icon becomes the tab's, and browsers fetch that one from the internet.
_PAGES = {
    "": [
        ("today", today.page, "Today"),
        ("live", live.page, "Practise live"),
        ("add", add.page, "Add a set"),
        ("score", score.page, "Just score a video"),
    ],
    "Look closer": [
        ("review", review.page, "Review a set"),
        ("trends", trends.page, "Trends"),
        ("balance", balance.page, "Balance"),
        ("report", report.page, "Report"),
    ],
    "The app": [("settings", settings.page, "Settings and privacy")],
}


def run(first: str = "today") -> None:
    """Draw the page that was asked for; `first` where the address names none."""
    st.set_page_config(page_title="Formdrift", layout="wide")
    st.html(_STYLE)
    named = {
        name: st.Page(draw, title=title, url_path=name, default=name == first)
        for several in _PAGES.values()
        for name, draw, title in several
    }
    chosen = st.navigation({section: [named[one[0]] for one in several] for section, several in _PAGES.items()})
    # other pages link to these by name
    st.session_state["pages"] = named
    chosen.run()
    footer()
