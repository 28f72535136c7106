"""Balance: before and after a set, left and right, eyes open and closed, and never finer than the noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import streamlit as st

from ...assess import (
    balance_pairs,
    from_json,
    pair_answer,
    pair_names,
    pair_title,
    sway_amount,
    sway_headline,
    sway_unit,
)
from ...sessions.overview import numbers, sets_of
from ...sessions.records import last_json
from ..home import home
from ..words import day_name
from .parts import choose_person, link, sway_list
from .result import draw, plain, text_colour

if TYPE_CHECKING:
    import datetime as dt

    from ...assess import BalancePair, Sway, SwayChange

_MOST_SETS = 200


def page() -> None:
    """Draw the page."""
    st.title("Balance")
    person = choose_person("balance-person")
    if person is None:
        return
    days = _trials(person.id)
    if not days:
        _teach()
        return
    day = st.selectbox("Day", list(days), format_func=day_name, key=f"balance-day-{person.id}")
    trials = days[day]
    sways = [sway for _, sway in trials]
    for pair in balance_pairs(sways):
        st.subheader(pair_title(pair))
        _compare(pair, sways)
    st.subheader("Every trial of this day")
    for number, (set_id, sway) in enumerate(trials, start=1):
        with st.container(border=True):
            st.markdown(f"**{number}. {plain(sway_headline(sway))}**")
            st.markdown(sway_list(sway))
            link("review", "Look at it", icon=":material/play_circle:", set=set_id)


def _trials(person_id: int) -> dict[dt.date, list[tuple[int, Sway]]]:
    """Return somebody's balance trials by day, the newest day first, in their order."""
    days: dict[dt.date, list[tuple[int, Sway]]] = {}
    with home().store.begin() as session:
        lines = sets_of(session, person_id, most=_MOST_SETS)
        known = numbers(session, [line.id for line in lines], ("stance",))
        for line in lines:
            if "stance" not in known[line.id]:
                continue
            text = last_json(session, line.id)
            sways = [one.sway for one in from_json(text).sets if one.sway] if text else []
            days.setdefault(line.date, [])[:0] = [(line.id, sway) for sway in sways]
    return days


def _compare(pair: BalancePair, sways: list[Sway]) -> None:
    said = plain(pair_answer(pair))
    if pair.change is None:
        st.info(said)
        return
    if pair.change.verdict == "no_detectable_change":
        st.success(said, icon=":material/check_circle:")
    else:
        st.warning(said, icon=":material/compare_arrows:")
    _draw(pair.change, [sways[i] for i in pair.before], [sways[i] for i in pair.after], pair_names(pair))


def _draw(change: SwayChange, before: list[Sway], after: list[Sway], words: tuple[str, str]) -> None:
    rows = []
    for word, trials, value in ((words[0], before, change.before), (words[1], after, change.after)):
        error = sum(one.sampling_error or 0.0 for one in trials) / len(trials) ** 1.5
        rows.append({"when": word, "value": value, "low": value * (1 - error), "high": value * (1 + error)})
    floors = [one.descriptors["RMS"].noise for one in (*before, *after)]
    known = [floor for floor in floors if floor is not None]
    x = alt.X("value:Q", title=f"Sway, RMS ({sway_unit(change.unit)})", scale=alt.Scale(zero=True))
    y = alt.Y("when:N", title=None, sort=list(words), axis=alt.Axis(labelFontSize=14))
    base = alt.Chart(alt.InlineData(rows))
    layers = [
        base.mark_bar(size=30, opacity=0.55).encode(x=x, y=y),
        base.mark_rule(strokeWidth=4, color=text_colour()).encode(x="low:Q", x2="high:Q", y=y),
    ]
    if known:
        floor = alt.Chart(alt.InlineData([{"noise": max(known)}]))
        layers.append(floor.mark_rule(strokeDash=[4, 4], color="#e0604a", strokeWidth=3).encode(x="noise:Q"))
    draw(
        alt.layer(*layers).properties(height=170),
        f"Sway {words[0]} {sway_amount(change.before, change.unit)}"
        f" and {words[1]} {sway_amount(change.after, change.unit)}",
    )
    noise = " The dashed red line is the noise floor: what a statue would seem to sway." if known else ""
    st.caption(f"The thick line is one standard error: sway differs from one time to the next.{noise}")


def _teach() -> None:
    st.info("No balance test of this person yet.")
    st.markdown(
        """
- Put the camera at hip height, 3 m away, **on something that can't shake**.
- Stand on **one leg, hands on the hips**, for 20 to 30 seconds, facing the camera.
- Film it once **before** the set and once **right after** it, with the same leg. Then the other leg.
- Add each video with the exercise *Balance test*.
"""
    )
    link("add", "Add a balance test", icon=":material/add_circle:")
