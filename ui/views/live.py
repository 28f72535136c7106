"""Practising before the camera: hands-free, with feedback during the set; its recording is assessed and kept."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import streamlit as st

from ...assess import InputError, read_prescription
from ...assess.live_state import LiveSetup
from ...sessions.erase import erase_set
from ...sessions.errors import StoreError
from ...sessions.overview import people, set_line
from ...sessions.records import add_set, find_or_add_person, last_json
from ...sessions.tables import Video
from ..components.live import live
from ..home import home
from ..live import VISITS
from ..words import ASK, EXERCISE_NAMES, EYES
from .parts import link
from .result import plain
from .shown import forget_shown
from .today import show_job

if TYPE_CHECKING:
    from ..components.live import Finished

_BALANCE = "balance"
_DEPTHS = {"parallel": "Thighs parallel to the floor", "half": "Half way", "full": "As deep as it goes"}


def page() -> None:
    """Draw the page."""
    st.title("Practise live")
    with home().store.begin() as session:
        names = [one.pseudonym for one in people(session) if not one.demo]
    who = st.selectbox(
        "Who practises?",
        names,
        index=None,
        accept_new_options=True,
        placeholder="Choose, or type a new name; it needn't be the real one",
        key="live-who",
    )
    exercise = st.selectbox("Exercise", list(EXERCISE_NAMES), format_func=EXERCISE_NAMES.__getitem__, key="live-what")
    said, more = _asked(exercise)
    setup = _setup(exercise, said, more)
    visit = ""
    if who and setup is not None:
        visit = st.session_state["live-visit"] = VISITS.open(setup, st.session_state.get("live-visit"))
    elif setup is not None:
        st.info("Say who practises, then start the camera.")
    st.caption(ASK)
    finished = live(visit, repr(setup), _beats(setup, metronome=more["metronome"]), key="live-camera")
    st.caption(
        "While a set runs it is recorded, unless you switch that off. The recording stays on this computer, is assessed"
        " when the set is over, and can be deleted below. Live numbers are provisional: the recording decides."
    )
    if finished is not None and who:
        _keep(finished, str(who), exercise, said)
    _last()


def _asked(exercise: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ask for what is said of the set, and for what only the live feedback needs."""
    with st.expander("Load, depth, tempo, stop line, when the set ends"):
        left, right = st.columns(2)
        more: dict[str, Any] = {"metronome": False, "limit": None}
        if exercise == _BALANCE:
            more["seconds"] = left.slider("Seconds", 10, 30, 20, key="live-seconds")
            more["two_feet"] = right.toggle("On both feet", key="live-feet")
            eyes = left.selectbox("Eyes", list(EYES), format_func=EYES.__getitem__, key="live-eyes")
            return {"eyes": eyes}, more
        load = left.number_input("Load (kg)", 0.0, 600.0, None, 2.5, "%g", key="live-load", placeholder="none")
        depth = right.selectbox("Depth to reach", list(_DEPTHS), format_func=_DEPTHS.__getitem__, key="live-depth")
        tempo = left.text_input("Tempo: seconds down/bottom/up/top", key="live-tempo", placeholder="3/1/1/0")
        more["metronome"] = right.toggle("Metronome for the tempo", key="live-beat", disabled=not tempo.strip())
        more["end"] = left.slider("Standing still ends the set after (s)", 4, 60, 8, key="live-end")
        fast = right.toggle("Every way up as fast as possible", key="live-fast")
        if left.toggle("Stop line at a loss of velocity", key="live-line", disabled=not fast) and fast:
            more["limit"] = right.slider("Stop at a loss of (%)", 10, 50, 20, 5, key="live-limit")
            st.caption("It works only where this camera can tell that loss from its own error; it says so if not.")
    return {
        "load_kg": load,
        "tempo": tempo.strip() or None,
        "intent": "max" if fast else None,
        "depth_target": None if depth == "parallel" else depth,
    }, more


def _setup(exercise: str, said: dict[str, Any], more: dict[str, Any]) -> LiveSetup | None:
    load = said.get("load_kg")
    try:
        prescription = read_prescription(
            tempo=said.get("tempo"),
            intent=said.get("intent"),
            depth_target=said.get("depth_target") or "parallel",
            load=None if load is None else f"{load:g}",
            eyes=said.get("eyes"),
        )
        return LiveSetup(
            exercise=exercise,
            prescription=prescription,
            end_after_s=float(more.get("end", 8)),
            velocity_limit_pct=more["limit"],
            balance_s=float(more.get("seconds", 20)),
            two_feet=bool(more.get("two_feet")),
        )
    except InputError as error:
        st.error(plain(str(error)))
        return None


def _beats(setup: LiveSetup | None, *, metronome: bool) -> list[float] | None:
    """Return the seconds of each phase for the metronome; as fast as possible has no beat."""
    tempo = setup.prescription.tempo if setup is not None and metronome else None
    return None if tempo is None else [s or 0.0 for s in (tempo.down_s, tempo.bottom_s, tempo.up_s, tempo.top_s)]


def _keep(finished: Finished, who: str, exercise: str, said: dict[str, Any]) -> None:
    """Add the set with its recording, to be assessed in the background as any other."""
    state = st.session_state
    state["live-last"], state["live-set"] = finished, None
    if not finished.pieces:
        return
    try:
        with home().store.begin() as session:
            person = find_or_add_person(session, who)
            videos = [Video(path=name, ours=True) for name in finished.pieces]
            state["live-set"] = add_set(session, person.id, dt.date.today(), exercise, videos, **said).id
    except StoreError as error:
        st.error(plain(str(error)))
        return
    home().wake()


def _last() -> None:
    """Show what came of the last set."""
    finished, set_id = st.session_state.get("live-last"), st.session_state.get("live-set")
    if finished is None:
        return
    st.subheader("The last set")
    if finished.said:
        st.markdown("Said: " + "; ".join(plain(words) for words in finished.said))
    if set_id is None:
        st.markdown(f"Counted live: **{finished.count}**. It was not recorded, so this number is all there is.")
    else:
        _assessed(set_id, finished.count)


@st.fragment(run_every=1)
def _assessed(set_id: int, counted: int) -> None:
    with home().store.begin() as session:
        line, text = set_line(session, set_id), last_json(session, set_id)
    if line is None:
        st.markdown("The recording and everything made of it were deleted.")
        return
    if line.state != "done" or text is None:
        show_job(line)
    else:
        reps = sum(len(one["reps"]) for one in json.loads(text)["sets"])
        same = "the recording agrees" if reps == counted else "the recording decides"
        if line.exercise != _BALANCE:
            st.markdown(f"Counted live: **{counted}**. In the recording: **{reps}** ({same}).")
        link("review", "See the result", icon=":material/play_circle:", set=set_id)
    if st.button("Delete this recording", icon=":material/delete:", key=f"live-delete-{set_id}"):
        erase_set(home().store, set_id)
        forget_shown()
        st.rerun()
