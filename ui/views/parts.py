"""What several pages draw alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from ...assess import sway_lines
from ...sessions.overview import people, sets_of
from ..home import home
from ..words import FOOTER, GET_HELP, STOP, day_name, exercise_name, load_name
from .result import plain

if TYPE_CHECKING:
    from ...assess import Sway
    from ...sessions.overview import PersonLine, SetLine


def footer() -> None:
    """Say what this is not, and when to stop."""
    st.divider()
    with st.expander("When to stop"):
        st.markdown(f"{STOP}\n\n{GET_HELP}")
    st.caption(FOOTER)


def link(page: str, label: str, *, icon: str | None = None, **query: object) -> None:
    """Draw a link to another page of the app."""
    params = {name: str(value) for name, value in query.items()}
    st.page_link(st.session_state["pages"][page], label=plain(label), icon=icon, query_params=params)


def asked(name: str) -> int | None:
    """Return a number of the address, such as the set in ``?set=12``; None where there is none."""
    text = st.query_params.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 12 else None


def path_of(typed: str) -> Path:
    """Return the path that somebody typed, or copied out of a file manager, which puts quotes around it."""
    path = Path(typed.strip().strip("'\""))
    try:
        return path.expanduser()
    except RuntimeError:
        # nobody of this name has a home
        return path


def choose_person(key: str, wanted: int | None = None) -> PersonLine | None:
    """Draw a choice of everybody; who is wanted, or is named by the address, comes first.

    None, with advice, where nobody is there yet.
    """
    with home().store.begin() as session:
        everybody = people(session)
    if not everybody:
        st.info("Nobody is here yet. Add a set of somebody first.")
        link("add", "Add a set", icon=":material/add_circle:")
        return None
    wanted = asked("person") if wanted is None else wanted
    usual = next((i for i, one in enumerate(everybody) if one.id == wanted), _latest(everybody))
    return st.selectbox("Person", everybody, index=usual, format_func=person_name, key=f"{key}-{wanted}")


def _latest(everybody: list[PersonLine]) -> int:
    """Return the place of whoever trained last; the demo person only where nobody else is there."""
    ranks = [(not one.demo, one.last.toordinal() if one.last else 0) for one in everybody]
    return ranks.index(max(ranks))


def person_name(person: PersonLine) -> str:
    """Name somebody in a list."""
    return f"{person.pseudonym} (demo)" if person.demo and "demo" not in person.pseudonym.lower() else person.pseudonym


def choose_set(person: PersonLine, key: str, set_id: int | None = None) -> SetLine | None:
    """Draw a choice of somebody's sets, the newest first."""
    with home().store.begin() as session:
        lines = sets_of(session, person.id)
    if not lines:
        st.info(f"{plain(person.pseudonym)} has no sets yet.")
        link("add", "Add a set", icon=":material/add_circle:")
        return None
    usual = next((i for i, one in enumerate(lines) if one.id == set_id), 0)
    return st.selectbox("Set", lines, index=usual, format_func=set_name, key=f"{key}-{person.id}-{set_id}")


def set_name(line: SetLine) -> str:
    """Name a set in a list of one person's."""
    exercise = exercise_name(line.exercise) if line.exercise != "auto" else "exercise found from the movement"
    state = {"waiting": ", waiting", "running": ", being scored", "failed": ", failed"}.get(line.state or "", "")
    return f"{day_name(line.date)}, set {line.number}: {exercise}, {load_name(line.load_kg)}{state}"


def sway_list(sway: Sway) -> str:
    """Write what was measured of a balance test as a list, what belongs to an axis below it."""
    lines = [(len(text) - len(text.lstrip()), plain(text.strip())) for text in sway_lines(sway)]
    return "\n".join(f"{' ' * indent}- {text}" for indent, text in lines)


def pain_advice() -> None:
    """Say what to do instead of training, where somebody answered that it hurts."""
    st.warning(f"{STOP}\n\n{GET_HELP}", icon=":material/healing:")
