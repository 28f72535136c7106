"""Setting right what was found wrongly: the exercise, the lifter, where a repetition begins and ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import streamlit as st

from ...assess import InputError
from ...sessions.tables import TrainingSet, Video
from ..home import home
from ..words import EXERCISE_NAMES
from ..work import judge_again
from .result import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...assess import Rep


def somebody_else(set_id: int, video_id: int, key: str) -> None:
    """Take the person who was clicked for the lifter, and judge the set again."""
    who = st.session_state[key].subject
    if who is None:
        return
    with home().store.begin() as session:
        session.get_one(Video, video_id).subject = int(who)
        # the repetitions that were set right were somebody else's
        session.get_one(TrainingSet, set_id).corrections = None
    _again(set_id)


def correct(set_id: int, reps: Sequence[Rep], at_s: float, *, single: bool) -> None:
    """Draw what can be set right.

    Parameters
    ----------
    set_id : int
    reps : sequence of Rep
        Of the video on show.
    at_s : float
        Time of the frame on show.
    single : bool
        Whether the set is one video: only then can repetitions be moved.
    """
    error = st.session_state.pop("correct-error", None)
    with st.expander("Something is wrong? Correct it", expanded=error is not None):
        if error:
            st.error(plain(error))
        with home().store.begin() as session:
            one = session.get_one(TrainingSet, set_id)
            declared, corrections = one.exercise, json.loads(one.corrections or "[]")
        names = list(EXERCISE_NAMES)
        chosen = st.selectbox(
            "Exercise",
            names,
            index=names.index(declared) if declared in names else 0,
            format_func=EXERCISE_NAMES.__getitem__,
            key=f"correct-exercise-{set_id}",
        )
        if chosen != declared:
            _set_exercise(set_id, chosen)
        if reps and single:
            _boundaries(set_id, reps, at_s, corrections)
        elif not single:
            st.caption("Repetitions can be moved where a set is one video.")


def _set_exercise(set_id: int, exercise: str) -> None:
    with home().store.begin() as session:
        session.get_one(TrainingSet, set_id).exercise = exercise
    _again(set_id)
    st.rerun()


def _boundaries(set_id: int, reps: Sequence[Rep], at_s: float, corrections: list[dict[str, Any]]) -> None:
    by_number = {rep.index: rep for rep in reps}
    rep = by_number[st.selectbox("Repetition", list(by_number), key=f"correct-rep-{set_id}")]
    st.caption(f"Found from {rep.start_s:.2f} s to {rep.end_s:.2f} s. The video stands at {at_s:.2f} s.")
    with st.container(horizontal=True):
        if st.button("It begins at the frame on show", disabled=at_s >= rep.bottom_s):
            _change(set_id, corrections, rep, start_s=at_s)
        if st.button("It ends at the frame on show", disabled=at_s <= rep.bottom_s):
            _change(set_id, corrections, rep, end_s=at_s)
        if st.button("It is no repetition"):
            _change(set_id, corrections, rep, is_rep=False)
        if corrections and st.button("Undo all corrections"):
            _keep(set_id, [])


def _change(set_id: int, corrections: list[dict[str, Any]], rep: Rep, **said: object) -> None:
    """Add to what was said of a repetition before."""
    others = [one for one in corrections if one["bottom_s"] != rep.bottom_s]
    before = next((one for one in corrections if one["bottom_s"] == rep.bottom_s), {"bottom_s": rep.bottom_s})
    _keep(set_id, [*others, {**before, **said}])


def _keep(set_id: int, corrections: list[dict[str, Any]]) -> None:
    with home().store.begin() as session:
        session.get_one(TrainingSet, set_id).corrections = json.dumps(corrections) if corrections else None
    _again(set_id)
    st.rerun()


def _again(set_id: int) -> None:
    """Judge a set again; what stands in the way is said on the page."""
    try:
        judge_again(home().store, set_id)
    except InputError as error:
        st.session_state["correct-error"] = str(error)
