"""The result of one video that is not kept: the answer first, then the evidence, then what could not be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np
import streamlit as st

from ..words import ADD, for_the_app
from .answer import show_answer, show_drift
from .result import draw, plain, show_reps, show_unseen, text_colour

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ...assess import Rep, VideoAssessment

_CURVES = {
    "hip_height": ("Hip height", "leg lengths"),
    "knee_flexion_deg": ("Knee bend", "degrees"),
    "trunk_inclination_deg": ("Trunk lean", "degrees"),
}
_POINTS_DRAWN = 2000
_PAGE_WIDTH_PX, _VIDEO_HEIGHT_PX = 704, 520


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
        show_answer(one, number, assessment)
    if assessment.quality.warnings:
        st.info("\n\n".join(plain(for_the_app(text, ADD)) for text in assessment.quality.warnings))
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
            show_drift(one)
            show_reps(one)
    show_unseen(assessment)
    _show_curve(assessment)


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
