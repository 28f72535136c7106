"""The first page: who needs a look, and what is being worked on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ...sessions import jobs
from ...sessions.erase import erase_set
from ...sessions.overview import numbers, people, recent_sets, talks_wanted, unfinished
from ...sessions.records import now
from ...sessions.tables import PainAnswer
from ..attention import EVIDENCE, who_needs_a_look
from ..home import home
from ..words import day_name
from .parts import link, pain_advice, person_name
from .result import plain
from .shown import forget_shown

if TYPE_CHECKING:
    from ...sessions.overview import PersonLine, SetLine
    from ..attention import Look

# the last day of everybody, and the days before it that it is compared with
_DAYS = 4
_MOST_LISTED = 20


def page() -> None:
    """Draw the page."""
    st.title("Today")
    with home().store.begin() as session:
        everybody = people(session)
        recent = recent_sets(session, _DAYS)
        values = numbers(session, [line.id for line in recent], EVIDENCE)
        hurts = talks_wanted(session)
        names = {one.id: one.pseudonym for one in everybody}
        pain = {who: (names[who], answer.text) for who, answer in hurts.items()}
    demos = {one.id for one in everybody if one.demo}
    # whoever is real comes first
    looks = sorted(who_needs_a_look(recent, values, pain), key=lambda look: look.person_id in demos)
    if not everybody:
        _welcome()
        return
    _progress()
    st.subheader("Who needs a look")
    if not looks:
        st.success(
            "Nothing to see: in nobody's last session did anything change beyond its error, and nobody reported pain.",
            icon=":material/check_circle:",
        )
    for look in looks[:_MOST_LISTED]:
        _show(look, hurts.get(look.person_id))
    if len(looks) > _MOST_LISTED:
        st.caption(f"{len(looks) - _MOST_LISTED} more with weaker evidence are not listed.")
    _rest(everybody, {look.person_id for look in looks})


def _welcome() -> None:
    st.markdown(
        "Film a set from the side, whole body in the picture, and add it here. Formdrift measures every repetition"
        " and says whether the form changes as the set goes on, by how much, and how sure that is."
    )
    link("add", "Add the first set", icon=":material/add_circle:")
    link("score", "Just score a video, keep nothing", icon=":material/bolt:")


def _show(look: Look, answer: PainAnswer | None) -> None:
    with st.container(border=True):
        day = f" · {day_name(look.date)}" if look.date else ""
        st.markdown(f"**{plain(look.pseudonym)}**{day}")
        for reason in look.reasons:
            st.markdown(f"- {plain(reason)}")
        if answer is not None:
            pain_advice()
            st.button(
                "We talked about it", key=f"talked-{answer.id}", on_click=_talked, args=(answer.id,), type="primary"
            )
        with st.container(horizontal=True):
            if look.set_id is not None:
                link("review", "Look at the set", icon=":material/play_circle:", set=look.set_id)
            link("trends", "Trends", icon=":material/show_chart:", person=look.person_id)


def _talked(answer_id: int) -> None:
    with home().store.begin() as session:
        answer = session.get(PainAnswer, answer_id)
        # the person may have been erased meanwhile
        if answer is not None:
            answer.talked_at = now()


def _rest(everybody: list[PersonLine], shown: set[int]) -> None:
    """List who needs no look, and until when they trained."""
    rest = [one for one in everybody if one.id not in shown]
    if not rest:
        return
    st.subheader("Everybody else")
    st.table(
        [
            {
                "Person": plain(person_name(one)),
                "Sets": one.sets,
                "Last session": day_name(one.last) if one.last else "none yet",
            }
            for one in rest
        ],
        hide_index=True,
        border="horizontal",
    )


@st.fragment(run_every=1)
def _watch() -> None:
    with home().store.begin() as session:
        lines = unfinished(session)
    if not any(line.state in ("waiting", "running") for line in lines):
        st.rerun()
    waiting = [line for line in lines if line.state == "waiting"]
    for line in [line for line in lines if line.state != "waiting"] + waiting[:_MOST_LISTED]:
        show_job(line)
    if len(waiting) > _MOST_LISTED:
        st.caption(f"{len(waiting) - _MOST_LISTED} more sets wait for their turn.")


def _progress() -> None:
    """Show what is being worked on, anew every second while there is something, and what failed."""
    with home().store.begin() as session:
        lines = unfinished(session)
    if any(line.state in ("waiting", "running") for line in lines):
        _watch()
    else:
        for line in lines:
            show_job(line)


def show_job(line: SetLine) -> None:
    """Show how far the work on a set is, or why it failed."""
    what = f"{plain(line.pseudonym)}, {day_name(line.date)}, set {line.number}"
    if line.state == "failed":
        st.error(f"{what}: {plain(line.error or '')}", icon=":material/error:")
        with st.container(horizontal=True):
            st.button("Try again", key=f"again-{line.id}", on_click=try_again, args=(line.id,))
            delete(line.id)
    elif line.state == "waiting":
        st.progress(0.0, text=f"{what}: waits for its turn")
    elif line.state == "running":
        share = line.done / line.total if line.total else 0.0
        part = f"{100 * share:.0f} %" if line.total else "looking at the first frames"
        st.progress(min(1.0, share), text=f"{what}: following the body, {part}")


def delete(set_id: int) -> None:
    """Draw what erases a set for good, behind a second click."""
    with st.popover("Delete this set", icon=":material/delete:"):
        st.markdown("Its result, and the video if it was copied here, are erased.")
        st.button("Delete for good", key=f"delete-{set_id}", on_click=_delete, args=(set_id,))


def _delete(set_id: int) -> None:
    erase_set(home().store, set_id)
    forget_shown()


def try_again(set_id: int) -> None:
    """Put a set into the queue once more."""
    jobs.ask_again(home().store, set_id)
    home().wake()
