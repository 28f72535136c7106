"""Balance: before and after a set, left and right, and never finer than the noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import streamlit as st

from ...assess import NotComparableError, compare_sway, from_json
from ...sessions.overview import numbers, sets_of
from ...sessions.records import last_json
from ..home import home
from ..sway_words import sway_headline, sway_lines
from ..words import day_name
from .parts import choose_person, link
from .result import plain

if TYPE_CHECKING:
    import datetime as dt

    from ...assess import Sway, SwayChange

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
    for title, before, after, words in _pairs(trials):
        st.subheader(title)
        _compare(before, after, words)
    st.subheader("Every trial of this day")
    for number, (set_id, sway) in enumerate(trials, start=1):
        with st.container(border=True):
            st.markdown(f"**{number}. {plain(sway_headline(sway))}**")
            st.markdown("\n".join(f"- {plain(text.strip())}" for text in sway_lines(sway)))
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


def _pairs(trials: list[tuple[int, Sway]]) -> list[tuple[str, list[Sway], list[Sway], tuple[str, str]]]:
    """Return what there is to compare: the first trial of a kind with later ones, and one leg with the other."""
    kinds: dict[tuple[object, ...], list[Sway]] = {}
    for _, sway in trials:
        kinds.setdefault((sway.stance, sway.side, sway.eyes, sway.axis), []).append(sway)
    pairs = []
    for (stance, side, *_), same in kinds.items():
        if len(same) > 1:
            what = f"{side} leg" if side else str(stance)
            pairs.append((f"Before and after, {what}", same[:1], same[-1:], ("before", "after")))
    for (stance, side, eyes, axis), same in kinds.items():
        other = kinds.get((stance, "right", eyes, axis))
        if side == "left" and other:
            pairs.append(("Left and right", same, other, ("left", "right")))
    return pairs


def _compare(before: list[Sway], after: list[Sway], words: tuple[str, str]) -> None:
    try:
        change = compare_sway(before, after)
    except NotComparableError as error:
        st.info(plain(str(error)))
        return
    more = 100.0 * (change.ratio - 1.0)
    if change.verdict == "no_detectable_change":
        st.success(
            f"No difference that these trials could show: they would show one from {change.mdc95_pct:.0f} % on.",
            icon=":material/check_circle:",
        )
    else:
        word = "more" if more > 0 else "less"
        st.warning(
            f"{abs(more):.0f} % {word} sway {words[1]} than {words[0]}, a {change.verdict} difference;"
            f" these trials show differences from {change.mdc95_pct:.0f} % on.",
            icon=":material/trending_up:",
        )
    _draw(change, before, after, words)


def _draw(change: SwayChange, before: list[Sway], after: list[Sway], words: tuple[str, str]) -> None:
    rows = []
    for word, trials, value in ((words[0], before, change.before), (words[1], after, change.after)):
        error = sum(one.sampling_error or 0.0 for one in trials) / len(trials) ** 1.5
        rows.append({"when": word, "value": value, "low": value * (1 - error), "high": value * (1 + error)})
    floors = [one.descriptors["RMS"].noise for one in (*before, *after)]
    known = [floor for floor in floors if floor is not None]
    x = alt.X("value:Q", title=f"Sway, RMS ({change.unit})", scale=alt.Scale(zero=True))
    y = alt.Y("when:N", title=None, sort=list(words), axis=alt.Axis(labelFontSize=14))
    base = alt.Chart(alt.InlineData(rows))
    layers = [
        base.mark_bar(size=30, opacity=0.55).encode(x=x, y=y),
        base.mark_rule(strokeWidth=4, color="#7f8b91").encode(x="low:Q", x2="high:Q", y=y),
    ]
    if known:
        floor = alt.Chart(alt.InlineData([{"noise": max(known)}]))
        layers.append(floor.mark_rule(strokeDash=[4, 4], color="#b2452f", strokeWidth=2).encode(x="noise:Q"))
    st.altair_chart(
        alt.layer(*layers).properties(height=170),
        alt=f"Sway {words[0]} {change.before:.2f} and {words[1]} {change.after:.2f} {change.unit}",
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
