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


def run() -> None:
    """Draw the page that was asked for."""
    st.set_page_config(page_title="Formdrift", layout="wide")
    st.html(_STYLE)
    pages = {
        "": [
            st.Page(today.page, title="Today", icon=":material/today:", url_path="today", default=True),
            st.Page(live.page, title="Practise live", icon=":material/videocam:", url_path="live"),
            st.Page(add.page, title="Add a set", icon=":material/add_circle:", url_path="add"),
            st.Page(score.page, title="Just score a video", icon=":material/bolt:", url_path="score"),
        ],
        "Look closer": [
            st.Page(review.page, title="Review a set", icon=":material/play_circle:", url_path="review"),
            st.Page(trends.page, title="Trends", icon=":material/show_chart:", url_path="trends"),
            st.Page(balance.page, title="Balance", icon=":material/balance:", url_path="balance"),
            st.Page(report.page, title="Report", icon=":material/description:", url_path="report"),
        ],
        "The app": [
            st.Page(settings.page, title="Settings and privacy", icon=":material/settings:", url_path="settings"),
        ],
    }
    chosen = st.navigation(pages)
    # other pages link to these by name
    st.session_state["pages"] = {page.url_path or "today": page for several in pages.values() for page in several}
    chosen.run()
    footer()
