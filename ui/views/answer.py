"""The answer of a set: what it was, whether form drifted, how well it was done, and what to do next."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from ...assess import CHART_STYLE, chart_legend, drift_charts, sway_headline
from ..words import ABOUT_SCORES, advice, headline, screens, sub_score
from .parts import pain_advice, sway_list
from .result import plain

if TYPE_CHECKING:
    from ...assess import Assessment, SetResult

_SVG = "http://www.w3.org/2000/svg"
# the report's charts are made for paper: what a phone is too narrow for, and the colours on a dark page
_ON_A_PHONE = "@media(max-width:420px){svg text{font-size:22px}circle{r:7px}}"
_IN_THE_DARK = """
svg text{fill:#d5dce0}.rep{fill:#f0f3f5}.out{stroke:#f0f3f5}.base{stroke:#8ecae6}.band{fill:#8ecae6;opacity:.2}
.onset{stroke:#ff8a75}.span{fill:#ff8a75;opacity:.2}
"""


def show_answer(one: SetResult, number: int, assessment: Assessment, *, hurts: bool = False) -> None:
    """Draw the one plain answer of a set, and what to do next."""
    several = f"Set {number}: " if len(assessment.sets) > 1 else ""
    if one.sway is not None:
        st.header(several + sway_headline(one.sway))
        st.markdown(sway_list(one.sway))
        return
    st.header(several + headline(one, *(source.view for source in assessment.sources)))
    _say(one)
    if hurts:
        # who is in pain is not told to move better
        pain_advice()
    texts = [sub_score(part) for part in one.summary.scores]
    st.markdown("\n".join(f"- {plain(text[0].upper() + text[1:])}" for text in texts))
    if any(part.interval for part in one.summary.scores):
        st.caption(ABOUT_SCORES)
    if not hurts:
        for text in advice(one):
            st.markdown(f"**{plain(text)}**")
    for text in screens(one):
        st.markdown(plain(text))


def _say(one: SetResult) -> None:
    """Say whether form drifted; that nothing could be tested is no good news."""
    fatigue = one.fatigue
    if fatigue is None:
        return
    sentence = plain(fatigue.sentence)
    if fatigue.drifted:
        st.warning(sentence, icon=":material/trending_down:")
        st.caption("In brackets: where the true change lies 95 times in 100.")
    elif fatigue.tested:
        st.success(sentence, icon=":material/check_circle:")
    else:
        st.info(sentence)


def show_drift(one: SetResult) -> None:
    """Draw what drifted, each against the band of today's fresh repetitions."""
    charts = drift_charts(one)
    if not charts:
        return
    st.subheader("Over the set")
    with st.container(border=True) if one.fatigue and one.fatigue.drifted else st.expander("What was looked at"):
        for title, svg in charts:
            st.markdown(f"**{plain(title)}**")
            st.html(f'<img src="{_picture(svg)}" alt="{escape(title)} over the repetitions" style="width:100%">')
        st.caption(chart_legend(one))


def _picture(svg: str) -> str:
    """Return a chart of the report as the address of a picture: drawings within a page Streamlit takes out."""
    colours = _IN_THE_DARK if st.context.theme.type == "dark" else ""
    whole = svg.replace(">", f"><style>{CHART_STYLE}{_ON_A_PHONE}{colours}</style>", 1).replace(
        "<svg", f'<svg xmlns="{_SVG}"', 1
    )
    return f"data:image/svg+xml;base64,{b64encode(whole.encode()).decode()}"
