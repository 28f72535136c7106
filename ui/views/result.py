"""One result on a page: the answer first, then the evidence, then what could not be seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import altair as alt
import numpy as np
import streamlit as st

from ...assess import MEANINGS, TITLES
from ..words import (
    ABOUT_SCORES,
    advice,
    criterion_of,
    for_the_app,
    headline,
    quantity,
    screens,
    sub_score,
    unseen,
    verdict,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ...assess import Criterion, Rep, SetResult, VideoAssessment

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$:~])")
_SPINE = "Shape of the back"
_COLOURS = {"likely far off": "red", "likely off": "orange", "possibly off": "orange"}
_CURVES = {
    "hip_height": ("Hip height", "leg lengths"),
    "knee_flexion_deg": ("Knee bend", "degrees"),
    "trunk_inclination_deg": ("Trunk lean", "degrees"),
}
_POINTS_DRAWN = 2000
_PAGE_WIDTH_PX, _VIDEO_HEIGHT_PX = 704, 520
_UNBROKEN = "\N{NO-BREAK SPACE}"


def plain(text: str) -> str:
    """Escape text, such as a file's name, that must not act as Markdown."""
    return _MARKDOWN.sub(r"\\\1", text)


def show_result(name: str, assessment: VideoAssessment, annotated: Path) -> None:
    """Draw the result of one video.

    Parameters
    ----------
    name : str
        Of the video, as the person knows it.
    assessment : VideoAssessment
    annotated : Path
        The video with the skeleton drawn over it.
    """
    source = assessment.sources[0]
    for number, one in enumerate(assessment.sets, start=1):
        several = f"Set {number}: " if len(assessment.sets) > 1 else ""
        st.header(several + headline(one, source.view))
        texts = [sub_score(part) for part in one.summary.scores]
        st.markdown("\n".join(f"- {plain(text[0].upper() + text[1:])}" for text in texts))
        for line in advice(one):
            st.markdown(f"**{plain(line)}**")
        for line in screens(one):
            st.markdown(plain(line))
    if any(part.interval for one in assessment.sets for part in one.summary.scores):
        st.caption(ABOUT_SCORES)
    if assessment.quality.warnings:
        st.info("\n\n".join(plain(text) for text in map(for_the_app, assessment.quality.warnings)))
    width, height = source.size
    fitting = round(_VIDEO_HEIGHT_PX * width / height)
    st.video(
        str(annotated),
        muted=True,
        width=fitting if fitting < _PAGE_WIDTH_PX else "stretch",
        alt="The video with skeleton, angles and rep count drawn over it",
    )
    st.caption(plain(f"{name}, {source.duration_s:.1f} s, {source.fps:.0f} frames a second"))
    for one in assessment.sets:
        if one.reps:
            show_reps(one)
    show_unseen(assessment)
    _show_curve(assessment)


def show_reps(one: SetResult) -> None:
    """Draw the table of the repetitions."""
    st.subheader("Rep by rep")
    measured = [c for c in one.reps[0].criteria if any(criterion_of(rep, c.id).value is not None for rep in one.reps)]
    scored = [c.id for c in measured if any(criterion_of(rep, c.id).score is not None for rep in one.reps)]
    reported = [c.id for c in measured if c.id not in scored]
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


def show_unseen(assessment: VideoAssessment) -> None:
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


def _show_curve(assessment: VideoAssessment) -> None:
    series = assessment.series[0]
    names = [name for name in _CURVES if name in series.values and np.isfinite(series.values[name]).any()]
    if not names:
        return
    st.subheader("Over time")
    name = names[0]
    if len(names) > 1:
        name = st.segmented_control("Curve", names, default=name, required=True, format_func=lambda n: _CURVES[n][0])
    reps = [rep for one in assessment.sets for rep in one.reps]
    draw(
        _chart(name, series.time_s, series.values[name], reps),
        f"{_CURVES[name][0]} over time with the bottom of each rep marked",
    )


def text_colour() -> str:
    """Return a colour that can be read on the page."""
    return "#f0f3f5" if st.context.theme.type == "dark" else "#1d2429"


def draw(chart: alt.LayerChart | alt.FacetChart, description: str) -> None:
    """Draw a chart whose axes can be read: Streamlit's own grey is too pale on a light page."""
    st.altair_chart(chart.configure_axis(labelColor=text_colour(), titleColor=text_colour()), alt=description)


def _chart(
    name: str, time_s: NDArray[np.float64], values: NDArray[np.float64], reps: Sequence[Rep]
) -> alt.LayerChart | alt.FacetChart:
    """Draw a curve with the bottoms of the repetitions, numbered."""
    title, unit = _CURVES[name]
    # a drawn line needs no more points than the screen has
    step = 1 + len(values) // _POINTS_DRAWN
    curve = [
        {"time": round(float(t), 3), "value": round(float(v), 4) if np.isfinite(v) else None}
        for t, v in zip(time_s[::step], values[::step], strict=True)
    ]
    at = np.interp([rep.bottom_s for rep in reps], time_s, values)
    bottoms = [
        {"time": rep.bottom_s, "value": float(v), "rep": str(rep.index)}
        for rep, v in zip(reps, at, strict=True)
        if np.isfinite(v)
    ]
    x = alt.X("time:Q", title="Time (s)", scale=alt.Scale(nice=False))
    y = alt.Y("value:Q", title=f"{title} ({unit})", scale=alt.Scale(zero=False, padding=18))
    line = alt.Chart(alt.InlineData(curve)).mark_line().encode(x=x, y=y)
    points = alt.Chart(alt.InlineData(bottoms)).encode(x=x, y=y, tooltip=[alt.Tooltip("rep:N", title="Rep")])
    # the number stands on the free side of the curve, in the colour of the page's text
    dy = 14 if name == "hip_height" else -14
    number = points.mark_text(dy=dy, color=text_colour())
    return alt.layer(line, points.mark_point(filled=True, size=60), number.encode(text="rep:N"))
