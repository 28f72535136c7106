"""Setting right what was found wrongly: the exercise, the lifter, where a repetition begins and ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import streamlit as st

from ...assess import SAME_BOTTOM_S, InputError
from ...sessions.tables import TrainingSet, Video
from ..home import home
from ..words import EXERCISE_NAMES
from ..work import as_people_know_it, judge_again
from .result import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...assess import Rep

# the page's clock has four decimals
_ROUNDED_S = 1e-3
# in the session's state: somebody else was taken for the lifter
_CHOSEN = "lifter-chosen"


def somebody_else(set_id: int, video_id: int, key: str) -> None:
    """Take the person who was clicked for the lifter, and judge the set again."""
    who = st.session_state[key].subject
    if who is None:
        return
    with home().store.begin() as session:
        video = session.get(Video, video_id)
        if video is None:
            # erased meanwhile, in another window
            return
        video.subject = int(who)
        # the repetitions that were set right were somebody else's
        video.set.corrections = None
    _again(set_id)
    st.session_state[_CHOSEN] = True


def drawn_anew() -> None:
    """Draw the whole page when somebody was clicked: the click itself draws the video's part of it alone.

    It is asked for until `all_drawn`: what the video tells meanwhile may take the place of the request.
    """
    if _CHOSEN in st.session_state:
        st.rerun()


def all_drawn() -> None:
    """Note that the whole page is drawn by what holds now."""
    st.session_state.pop(_CHOSEN, None)


def correct(set_id: int, video: int, reps: Sequence[Rep], at_s: float, clock_s: tuple[float, float]) -> None:
    """Draw what can be set right.

    Parameters
    ----------
    set_id : int
    video : int
        Number of the set's video that is on show.
    reps : sequence of Rep
        Those whose times are of this video's clock.
    at_s : float
        Time of the frame on show.
    clock_s : tuple of float
        Times of the video's first and last frame.
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
            # what was said in another window is not taken back by this one
            key=f"correct-exercise-{set_id}-{declared}",
        )
        if chosen != declared:
            _set_exercise(set_id, chosen)
        if declared == "balance":
            return
        if reps:
            _boundaries(set_id, video, reps, at_s, corrections)
        else:
            st.caption("No repetition has its times in this video.")
        _missed(set_id, video, reps, at_s, clock_s, corrections)
        if corrections and st.button("Undo all corrections"):
            _keep(set_id, [])


def _set_exercise(set_id: int, exercise: str) -> None:
    with home().store.begin() as session:
        session.get_one(TrainingSet, set_id).exercise = exercise
    _again(set_id)
    st.rerun()


def _boundaries(set_id: int, video: int, reps: Sequence[Rep], at_s: float, corrections: list[dict[str, Any]]) -> None:
    usual = on_show(reps, at_s)
    rep = reps[
        st.selectbox(
            "Repetition",
            range(len(reps)),
            index=usual,
            format_func=lambda i: rep_name(reps[i]),
            # where the video shows another one, that one is meant
            key=f"correct-rep-{set_id}-{video}-{reps[usual].bottom_s}",
        )
    ]
    st.caption(f"Found from {rep.start_s:.2f} s to {rep.end_s:.2f} s. The video stands at {at_s:.2f} s.")
    with st.container(horizontal=True):
        if st.button("It begins at the frame on show", disabled=at_s >= rep.bottom_s):
            _keep(set_id, with_change(corrections, rep, start_s=at_s))
        if st.button("It ends at the frame on show", disabled=at_s <= rep.bottom_s):
            _keep(set_id, with_change(corrections, rep, end_s=at_s))
        if st.button("It is no repetition"):
            _keep(set_id, with_change(corrections, rep, is_rep=False))


def _missed(
    set_id: int,
    video: int,
    reps: Sequence[Rep],
    at_s: float,
    clock_s: tuple[float, float],
    corrections: list[dict[str, Any]],
) -> None:
    """Ask for a repetition that was not found."""
    st.markdown("A repetition is missing? Let the video stand at its **lowest point**.")
    within = any(rep.start_s < at_s < rep.end_s for rep in reps)
    edge = at_edge(at_s, clock_s)
    if st.button("A repetition has its lowest point here", disabled=within or edge):
        _keep(set_id, with_missed(corrections, video, at_s))
    if within:
        st.caption(f"At {at_s:.2f} s lies a repetition that was found.")
    elif edge:
        st.caption("The video stands at its first or last frame, where no repetition can have its lowest point.")


def at_edge(at_s: float, clock_s: tuple[float, float]) -> bool:
    """Return whether a time is that of a video's first or last frame, or outside."""
    first_s, last_s = clock_s
    return not first_s + _ROUNDED_S < at_s < last_s - _ROUNDED_S


def on_show(reps: Sequence[Rep], at_s: float) -> int:
    """Return the place of the repetition that a time belongs to, or else is nearest to."""
    away = [max(rep.start_s - at_s, at_s - rep.end_s, 0.0) for rep in reps]
    return away.index(min(away))


def rep_name(rep: Rep) -> str:
    """Name a repetition so that it differs from those of other sets in the same video."""
    return f"Rep {rep.index}, lowest at {rep.bottom_s:.1f} s"


def with_change(corrections: list[dict[str, Any]], rep: Rep, **said: object) -> list[dict[str, Any]]:
    """Return the corrections with something more said of a repetition, added to what was said of it before."""
    same, others = _apart(corrections, rep.source, rep.bottom_s)
    before = {name: value for one in same for name, value in one.items()}
    return [*others, {"bottom_s": rep.bottom_s, "source": rep.source, **before, **said}]


def with_missed(corrections: list[dict[str, Any]], video: int, bottom_s: float) -> list[dict[str, Any]]:
    """Return the corrections with a repetition that was not found, or was taken out; nothing else is said of it."""
    _, others = _apart(corrections, video, bottom_s)
    return [*others, {"bottom_s": bottom_s, "source": video, "missed": True}]


def _apart(
    corrections: list[dict[str, Any]], video: int, bottom_s: float
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what was said of the repetition with this bottom, and all the rest.

    Bottoms are compared as scoring does it: results are rounded otherwise than the video's clock.
    """
    same = [
        one for one in corrections if one.get("source", 0) == video and abs(one["bottom_s"] - bottom_s) < SAME_BOTTOM_S
    ]
    return same, [one for one in corrections if one not in same]


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
        st.session_state["correct-error"] = as_people_know_it(home().store, set_id, str(error))
