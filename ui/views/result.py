"""What results are made of on any page: the table of the repetitions, what could not be seen, charts to read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import streamlit as st

from ...assess import MEANINGS, TITLES
from ..words import criterion_of, measured, quantity, unseen, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    import altair as alt

    from ...assess import Assessment, Criterion, SetResult

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$:~])")
_SPINE = "Shape of the back"
_COLOURS = {"likely far off": "red", "likely off": "orange", "possibly off": "orange"}
_UNBROKEN = "\N{NO-BREAK SPACE}"


def plain(text: str) -> str:
    """Escape text, such as a file's name, that must not act as Markdown."""
    return _MARKDOWN.sub(r"\\\1", text)


def show_reps(one: SetResult) -> None:
    """Draw the table of the repetitions."""
    st.subheader("Rep by rep")
    scored, reported = measured(one)
    _show_table(one, scored)
    with st.expander("What the numbers mean"):
        st.markdown("\n".join(f"- **{TITLES[i]}**: {MEANINGS[i]}" for i in scored + reported))
        st.markdown(
            "The score runs from 0 to 100; below it stands the measured value ± its standard error. A criterion is"
            " *possibly off* from 50 % probability and *likely off* from 80 %."
        )
    if reported:
        with st.expander("Measured, but not scored in this exercise"):
            _show_table(one, reported)


def _show_table(one: SetResult, ids: Sequence[str]) -> None:
    rows = []
    for rep in one.reps:
        kind = "" if rep.kind == "full" else "(partial)"
        first = _lines(f"**{rep.index}** {kind}", f"at {rep.bottom_s:.1f} s")
        rows.append({"Rep, bottom": first} | {TITLES[i]: _cell(criterion_of(rep, i)) for i in ids})
    st.table(rows, hide_index=True, border="horizontal")


def _cell(criterion: Criterion) -> str:
    if criterion.value is None:
        return "not seen"
    text = quantity(criterion.value, criterion.unit, criterion.sem_abs)
    word = verdict(criterion)
    if criterion.score is None:
        return _lines(text)
    coloured = f":{_COLOURS[word]}[{word}]" if word in _COLOURS else word
    return _lines(f"**{criterion.score:.0f}** {coloured}", text)


def _lines(*lines: str) -> str:
    """Write lines that are broken nowhere else, however narrow the column."""
    return "  \n".join(line.strip().replace(" ", _UNBROKEN) for line in lines)


def show_unseen(assessment: Assessment) -> None:
    """Say what could not be seen, and why."""
    reasons: dict[str, list[str]] = {}
    for one in assessment.sets:
        for reason, ids in unseen(one).items():
            known = reasons.setdefault(reason, [])
            known += [i for i in ids if i not in known]
    lines = [f"**{', '.join(TITLES.get(i, _SPINE) for i in ids)}**: {plain(reason)}" for reason, ids in reasons.items()]
    if lines:
        st.subheader("What this camera could not show")
        st.markdown("\n".join(f"- {line}" for line in lines))


def text_colour() -> str:
    """Return a colour that can be read on the page."""
    return "#f0f3f5" if st.context.theme.type == "dark" else "#1d2429"


def draw(chart: alt.LayerChart | alt.FacetChart, description: str) -> None:
    """Draw a chart whose axes can be read: Streamlit's own grey is too pale on a light page."""
    st.altair_chart(chart.configure_axis(labelColor=text_colour(), titleColor=text_colour()), alt=description)
