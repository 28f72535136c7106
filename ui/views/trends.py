"""How somebody changes from one session to the next: only sets that can be compared share a line."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import altair as alt
import streamlit as st

from ...assess import METRICS, sway_unit
from ...sessions.overview import names_of_numbers
from ...sessions.records import trend
from ..home import home
from ..trend_lines import comparable, daily, same_load, typical_day
from ..words import VIEW_NAMES, day_name, exercise_name, load_name, quantity
from .parts import choose_person, link
from .result import draw, plain

if TYPE_CHECKING:
    import datetime as dt

    from ...sessions.records import TrendPoint
    from ..trend_lines import Band

_NAMES = {
    "depth_angle_bottom_deg": "Depth: thigh against the floor, 0 is parallel",
    "trunk_inclination_bottom_deg": "Lean of the trunk at the bottom",
    "hip_ascent_velocity": "Speed of the way up",
    "onset_rep": "First repetition that differs",
    "sway: RMS": "Typical sway about the middle (RMS)",
    "sway: held_s": "Time that the balance was held",
    "sway: RANGE": "Sway from end to end",
    "sway: MVELO": "Mean speed of the sway",
    "sway: F95": "Pace of the sway, 95 % of it is slower",
    "reps": "Full repetitions",
}
_MORE_NAMES = {
    "partial_reps": "Partial repetitions",
    "descent_s": "Time of the way down",
    "ascent_s": "Time of the way up",
    "descent_smoothness": "Smoothness of the way down",
    "ascent_smoothness": "Smoothness of the way up",
    "descent_speed_variation": "How much the speed varies on the way down",
    "ascent_speed_variation": "How much the speed varies on the way up",
    "sticking_s": "Time of the sticking region",
    "sticking_velocity": "Slowest speed of the sticking region",
    "sway: MDIST": "Mean distance of the sway from the middle",
    "sway: TOTEX": "Whole way of the sway",
    "sway: MFREQ": "Mean frequency of the sway",
    "sway: F50": "Pace of the sway, half of it is slower",
    "sway: CFREQ": "Centre of the frequencies of the sway",
    "sway: FREQD": "Spread of the frequencies of the sway",
}
# what is no number of the set as a whole
_LEFT_OUT = ("fault: ", "drift: ")
_ALL = "all"
# so many of the newest sets tell what there is to choose from
_LATEST = 50
_SCORE = "of 100"
_FEW_DAYS = 8
# seen on light pages and on dark ones
_GREY = "#7f8b91"


def page() -> None:
    """Draw the page."""
    st.title("Trends")
    person = choose_person("trends-person")
    if person is None:
        return
    with home().store.begin() as session:
        every_set = trend(session, person.id, "reps")
    if not every_set:
        st.info(f"No set of {plain(person.pseudonym)} is scored yet: trends begin with the first.")
        link("add", "Add a set", icon=":material/add_circle:")
        return
    # what somebody trains most comes first
    exercises = [name for name, _ in Counter(one.exercise for one in every_set).most_common()]
    left, right = st.columns(2)
    exercise = left.selectbox("Exercise", exercises, format_func=exercise_name, key=f"trend-exercise-{person.id}")
    with home().store.begin() as session:
        names = names_of_numbers(session, [one.set_id for one in every_set if one.exercise == exercise][-_LATEST:])
    measure = right.selectbox(
        "What", _measures(names), format_func=measure_name, key=f"trend-what-{person.id}-{exercise}"
    )
    with home().store.begin() as session:
        points = [one for one in trend(session, person.id, measure) if one.exercise == exercise]
    points = _filtered(points, person.id)
    if not points:
        st.info("None of these sets shows this: choose another number, or film from where it can be seen.")
        return
    alike, others = comparable(points)
    _say(alike)
    _draw(alike, measure)
    _list(alike, "Sets behind this line")
    if others:
        st.subheader("Not comparable with the newest set")
        st.caption("Filmed from another side, seen by another model, or with another load: shown apart, not compared.")
        _list(others, "These sets")


def _measures(names: list[str]) -> list[str]:
    # how well comes before how evenly
    scores = sorted((n for n in names if n.startswith("score: ")), key=lambda n: ("control" in n, n))
    first = [name for name in _NAMES if name in names]
    rest = sorted(n for n in names if n not in (*scores, *first) and not n.startswith(_LEFT_OUT))
    return [*scores, *first, *rest]


def measure_name(name: str) -> str:
    """Name a number of a set in plain words."""
    known = _NAMES.get(name) or _MORE_NAMES.get(name)
    if known:
        return known
    kind, _, rest = name.rpartition(": ")
    if kind == "score":
        return f"Score: {rest}"
    return METRICS[name].title if name in METRICS else f"{kind.capitalize()}: {rest}" if kind else name


def _filtered(points: list[TrendPoint], person_id: int) -> list[TrendPoint]:
    """Ask for a view and a load where there are several."""
    views = sorted({one.view for one in points if one.view})
    loads: list[float | None] = []
    for one in reversed(points):
        if not any(same_load(one.load_kg, load) for load in loads):
            loads.append(one.load_kg)
    left, right = st.columns(2)
    view: object = _ALL
    load: object = _ALL
    if len(views) > 1:
        view = left.selectbox(
            "Filmed", [_ALL, *views], format_func=lambda v: VIEW_NAMES.get(v, "from anywhere"), key=f"view-{person_id}"
        )
    if len(loads) > 1:
        load = right.selectbox(
            "Load",
            [_ALL, *loads],
            format_func=lambda x: "any" if x == _ALL else f"about {load_name(x)}" if x else load_name(x),
            key=f"load-{person_id}",
        )
    return [
        one
        for one in points
        if view in (_ALL, one.view) and (load == _ALL or same_load(one.load_kg, load))  # type: ignore[arg-type]
    ]


def _say(points: list[TrendPoint]) -> None:
    """Say in one sentence whether the last day is a typical one."""
    days = daily(points)
    last, value = list(days.items())[-1]
    unit, band = points[-1].unit, typical_day(points)
    now = f"{day_name(last)}: {written(value, unit)}"
    if band is None:
        st.markdown(f"**{now}.** A typical day is known after three earlier days of comparable sets.")
    elif band.low <= value <= band.high:
        st.success(f"{now}, a typical day: the {band.days} days before let expect {_range(band, unit)}.")
    else:
        side = "above" if value > band.high else "below"
        st.warning(f"{now}, {side} a typical day: the {band.days} days before let expect {_range(band, unit)}.")


def _range(band: Band, unit: str) -> str:
    low, high = _ends(band, unit)
    return f"{written(low, unit)} to {written(high, unit)}"


def _ends(band: Band, unit: str) -> tuple[float, float]:
    """Return a band as far as values can lie."""
    return (max(band.low, 0.0), min(band.high, 100.0)) if unit == _SCORE else (band.low, band.high)


def written(value: float, unit: str) -> str:
    """Write a number of a set; scores and counts have no decimals."""
    if unit == _SCORE or (not unit and value == round(value)):
        return f"{value:.0f}"
    return quantity(value, sway_unit(unit))


def _draw(points: list[TrendPoint], measure: str) -> None:
    rows = [
        {
            "day": _noon(one.date),
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "set": f"set {one.number}",
            "load": load_name(one.load_kg),
        }
        for one in points
    ]
    unit = {"deg": "°"}.get(points[-1].unit, sway_unit(points[-1].unit))
    title = measure_name(measure) + (f" ({unit})" if unit else "")
    means = daily(points)
    x = _days_axis(list(means))
    scale = alt.Scale(zero=False, domainMax=100.0) if unit == _SCORE else alt.Scale(zero=False, padding=12)
    base = alt.Chart(alt.InlineData(rows))
    layers: list[alt.Chart] = []
    band = typical_day(points)
    if band is not None:
        low, high = _ends(band, unit)
        layers.append(
            alt.Chart(alt.InlineData([{"low": low, "high": high}]))
            .mark_rect(opacity=0.15)
            .encode(y=alt.Y("low:Q", scale=scale), y2="high:Q")
        )
    line = [{"day": _noon(day), "value": value} for day, value in means.items()]
    layers.append(alt.Chart(alt.InlineData(line)).mark_line(strokeDash=[4, 3]).encode(x=x, y=alt.Y("value:Q")))
    if any(row["low"] is not None for row in rows):
        errors = base.mark_rule(color=_GREY, strokeWidth=2)
        layers.append(errors.encode(x=x, y=alt.Y("low:Q", scale=scale), y2="high:Q"))
    marks = base.mark_point(filled=True, size=70).encode(
        x=x,
        y=alt.Y("value:Q", title=None, scale=scale),
        tooltip=[
            alt.Tooltip("day:T", title="Day"),
            alt.Tooltip("set:N", title="Set"),
            alt.Tooltip("load:N", title="Load"),
            alt.Tooltip("value:Q", title=title, format=".2f"),
        ],
    )
    layers.append(marks)
    st.markdown(f"**{plain(title)}**")
    draw(
        alt.layer(*layers).properties(height=320),
        f"{title} over {len(means)} days, with the error of every set and the band of a typical day",
    )
    parts = ["A point is a set, with its error where it is known"]
    if len(means) > 1:
        parts.append("the dashed line joins the means of the days")
    if band is not None:
        parts.append("the shaded band is where a typical day lies 95 times in 100")
    st.caption("; ".join(parts) + ".")


def _noon(day: dt.date) -> str:
    """Write the middle of a day for a browser, which would take a day alone for its beginning in Greenwich."""
    return f"{day}T12:00:00"


def _days_axis(days: list[dt.date]) -> alt.X:
    """Lay days out with room at both ends; few of them are all named."""
    named = [alt.DateTime(year=day.year, month=day.month, date=day.day, hours=12) for day in days]
    axis = alt.Axis(format="%d %b %Y", labelOverlap=True, labelAngle=0)
    if len(days) <= _FEW_DAYS:
        axis.values = named
    return alt.X("day:T", title=None, axis=axis, scale=alt.Scale(padding=24))


def _list(points: list[TrendPoint], title: str) -> None:
    with st.expander(f"{title} ({len(points)})"):
        newest = list(reversed(points))[:100]
        st.table(
            [
                {
                    "Day": day_name(one.date),
                    "Set": one.number,
                    "Load": load_name(one.load_kg),
                    "Filmed": VIEW_NAMES.get(one.view or "", "–"),
                    "Value": written(one.value, one.unit),
                    "": f"[Review](/review?set={one.set_id})",
                }
                for one in newest
            ],
            hide_index=True,
            border="horizontal",
        )
