"""Adding a set: its videos, whose it is, and the questions that matter; the rest happens in the background."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import streamlit as st

from ...assess import InputError, read_prescription
from ...sessions.errors import StoreError
from ...sessions.overview import people, set_line, sets_of
from ...sessions.records import add_set, answer_pain, find_or_add_person
from ...sessions.tables import Video
from ..home import home
from ..words import ASK, EXERCISE_NAMES, EYES, day_name
from .films import chosen_films, without_repeated
from .parts import link, pain_advice
from .result import plain
from .today import show_job

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from ...sessions.overview import PersonLine
    from .films import Film

_ONE, _EACH = "one set: pieces of it, or its side and its front", "one set each, in this order"
_NOT_ASKED, _NO, _YES = "Not asked", "No", "Yes"
_DEPTHS = {"parallel": "Thighs parallel to the floor", "half": "Half way", "full": "As deep as it goes"}
# so many of somebody's newest sets tell what they train
_LATEST = 10
_BALANCE = "balance"


def page() -> None:
    """Draw the page."""
    st.title("Add a set")
    _just_added()
    films = chosen_films()
    if not films:
        _how_to_film()
        return
    together = _EACH
    if len(films) > 1:
        together = st.radio("These videos show", (_ONE, _EACH), key="together")
    with home().store.begin() as session:
        everybody = people(session)
    names = [one.pseudonym for one in everybody if not one.demo]
    who = st.selectbox(
        "Whose set is it?",
        names,
        index=None,
        accept_new_options=True,
        placeholder="Choose, or type a new name; it needn't be the real one",
        key="who",
    )
    known = next((one for one in everybody if one.pseudonym.lower() == str(who).strip().lower()), None)
    exercise = _exercise(known)
    date = None if together == _EACH and _own_days(films) else _asked_day(films)
    said = _details(known, exercise)
    pain, where = _pain()
    films = without_repeated(films, known)
    if st.button("Score it", type="primary", disabled=not who):
        _add(films, together == _ONE, str(who), exercise, date, said, pain, where)


def _exercise(known: PersonLine | None) -> str:
    """Ask for the exercise; somebody's last one is the likeliest, a balance test apart."""
    usual = "auto"
    if known is not None:
        with home().store.begin() as session:
            lines = sets_of(session, known.id, most=_LATEST)
        trained = [line.exercise for line in lines if line.exercise in EXERCISE_NAMES and line.exercise != _BALANCE]
        usual = trained[0] if trained else usual
    names = list(EXERCISE_NAMES)
    chosen: str = st.selectbox(
        "Exercise",
        names,
        index=names.index(usual),
        format_func=EXERCISE_NAMES.__getitem__,
        key=f"add-exercise-{known.id if known else 0}",
    )
    return chosen


def _own_days(films: list[Film]) -> bool:
    """Ask whether every set is of the day on which its video was filmed, where these are several days."""
    days = sorted({film.made for film in films if film.made})
    if len(days) < 2:
        return False
    return st.checkbox(
        f"Each on the day it was filmed, {day_name(days[0])} to {day_name(days[-1])}", value=True, key="own-days"
    )


def _asked_day(films: list[Film]) -> dt.date:
    days = [film.made for film in films if film.made is not None]
    usual = min(days, default=dt.date.today())
    return st.date_input("Day of the training", value=usual, max_value="today", key=f"day-{films[0].path}")


def _details(known: PersonLine | None, exercise: str) -> dict[str, Any]:
    balances = exercise == _BALANCE
    with st.expander(f"More, if you know it: {'leg, eyes' if balances else 'load, effort, tempo'}"):
        left, right = st.columns(2)
        said = _of_a_balance_test(left) if balances else _of_repetitions(left, right)
        said["side"] = right.selectbox(
            "Leg, if it was one",
            (None, "left", "right"),
            format_func=lambda s: {None: "Both, or not said", "left": "Left", "right": "Right"}[s],
            key="side",
        )
        said["height_cm"] = None
        if known is None or known.height_cm is None:
            said["height_cm"] = left.number_input(
                "Height (cm): turns lengths into metres", 80.0, 250.0, None, 1.0, "%g", key="height"
            )
    return said


def _of_a_balance_test(place: DeltaGenerator) -> dict[str, Any]:
    return {"eyes": place.selectbox("Eyes", list(EYES), format_func=EYES.__getitem__, key="eyes"), "tempo": None}


def _of_repetitions(left: DeltaGenerator, right: DeltaGenerator) -> dict[str, Any]:
    load = left.number_input("Load (kg)", 0.0, 600.0, None, 2.5, "%g", key="load", placeholder="none")
    spare = right.number_input("Repetitions in reserve", 0.0, 10.0, None, 0.5, "%g", key="rir", placeholder="not asked")
    tempo = left.text_input("Tempo: seconds down/bottom/up/top", key="tempo", placeholder="3/1/1/0")
    intent = right.selectbox(
        "Was every way up meant to be as fast as possible?",
        (None, "max", "controlled"),
        format_func=lambda i: {None: "Not said", "max": "Yes", "controlled": "No"}[i],
        key="intent",
    )
    depth = left.selectbox("Depth that was asked for", list(_DEPTHS), format_func=_DEPTHS.__getitem__, key="depth")
    return {
        "load_kg": load,
        "reps_in_reserve": spare,
        "tempo": tempo.strip() or None,
        "intent": intent,
        "depth_target": None if depth == "parallel" else depth,
    }


def _pain() -> tuple[bool | None, str | None]:
    answer = st.radio(ASK, (_NOT_ASKED, _NO, _YES), horizontal=True, key="pain")
    if answer != _YES:
        return (None if answer == _NOT_ASKED else False), None
    pain_advice()
    where = st.text_input("What is it? (you needn't say)", key="where")
    return True, where.strip() or None


def _add(
    films: list[Film],
    as_one: bool,
    who: str,
    exercise: str,
    date: dt.date | None,
    said: dict[str, Any],
    pain: bool | None,
    where: str | None,
) -> None:
    height = said.pop("height_cm")
    groups = [films] if as_one else [[film] for film in films]
    try:
        read_prescription(tempo=said["tempo"])
        with home().store.begin() as session:
            person = find_or_add_person(session, who, height)
            if pain is not None:
                answer_pain(session, person.id, pain, where)
            added = [
                add_set(
                    session,
                    person.id,
                    date or group[0].made or dt.date.today(),
                    exercise,
                    [Video(path=film.path, ours=film.ours) for film in group],
                    **said,
                ).id
                for group in groups
            ]
    except (InputError, StoreError) as error:
        st.error(plain(str(error)))
        return
    home().wake()
    state = st.session_state
    state["added"], state["arrived"] = added, []
    state["added-times"] = state.get("added-times", 0) + 1
    details = ("load", "rir", "tempo", "intent", "depth", "side", "eyes", "height")
    for key in ("add-path", "together", *details, "pain", "where"):
        state.pop(key, None)
    st.rerun()


@st.fragment(run_every=1)
def _watch(ids: list[int]) -> None:
    with home().store.begin() as session:
        lines = [line for set_id in ids if (line := set_line(session, set_id))]
    if not any(line.state in ("waiting", "running") for line in lines):
        st.rerun()
    for line in lines:
        show_job(line)


def _just_added() -> None:
    """Show what came of the sets that were added in this visit."""
    ids: list[int] = st.session_state.get("added", [])
    with home().store.begin() as session:
        lines = [line for set_id in ids if (line := set_line(session, set_id))]
    if any(line.state in ("waiting", "running") for line in lines):
        _watch(ids)
        st.caption("You can leave this page, reload it, or add the next set; the work goes on.")
        return
    for line in lines:
        if line.state == "done":
            with st.container(border=True):
                st.markdown(f"**{plain(line.pseudonym)}**, {day_name(line.date)}, set {line.number} is scored.")
                link("review", "See the result", icon=":material/play_circle:", set=line.id)
        else:
            show_job(line)


def _how_to_film() -> None:
    from .score import HOW_TO_FILM

    st.subheader("How to film")
    st.markdown(HOW_TO_FILM)
