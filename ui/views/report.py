"""A report of a set: drafted, read, approved, printed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import streamlit as st

from ...assess import from_json
from ...sessions.overview import set_line
from ...sessions.records import last_json, last_made_at, wants_talk
from ..home import home
from ..printed import About, printed, without_draft_mark
from ..words import day_name
from .parts import asked, choose_person, choose_set, link
from .result import plain

if TYPE_CHECKING:
    from pathlib import Path

    from ...sessions.overview import SetLine

_HEIGHT_PX = 900


def page() -> None:
    """Draw the page."""
    st.title("Report")
    line = _which()
    if line is None:
        return
    with home().store.begin() as session:
        text, made_at = last_json(session, line.id), last_made_at(session, line.id)
        hurts = wants_talk(session, line.person_id) is not None
    if text is None or made_at is None:
        st.info("This set is not scored yet: a report needs a result.")
        link("review", "See how far it is", icon=":material/play_circle:", set=line.id)
        return
    names = (f"{line.id}.html", f"{line.id}-draft.html", f"{line.id}-words.txt")
    approved, draft, words = (home().store.reports / name for name in names)
    written = words.read_text(encoding="utf-8") if words.is_file() else ""
    message = st.text_area(
        "Your words to the client",
        written,
        key=f"message-{line.id}",
        placeholder="What went well, what to try next time",
    )
    with st.container(horizontal=True):
        if st.button("Write the draft", type="secondary" if draft.is_file() else "primary"):
            about = About(line.pseudonym, line.date, line.number, line.load_kg, message.strip(), hurts, draft=True)
            draft.write_text(printed(from_json(text), about), encoding="utf-8")
            words.write_text(message, encoding="utf-8")
            st.rerun()
        outdated = _outdated(draft if draft.is_file() else approved, made_at, changed=message != written)
        if draft.is_file() and st.button("Approve it", type="primary", disabled=bool(outdated)):
            # what was read is what is approved
            approved.write_text(without_draft_mark(draft.read_text(encoding="utf-8")), encoding="utf-8")
            draft.unlink()
            st.rerun()
    if outdated:
        st.info(outdated)
    shown = draft if draft.is_file() else approved
    if not shown.is_file():
        st.caption("A report has one half for the client, in plain words, and one for the coach, with every number.")
        return
    content = shown.read_text(encoding="utf-8")
    if shown == approved:
        st.success("Approved. Open the file and print it, or send it: it needs nothing else.")
        name = f"{plain(line.pseudonym)}-{line.date}-set-{line.number}.html".replace("\\", "")
        st.download_button("Download the report", content, name, "text/html", type="primary")
    else:
        st.caption("This is a draft: read it, then approve it.")
    st.iframe(content, height=_HEIGHT_PX)


def _outdated(report: Path, made_at: dt.datetime, *, changed: bool) -> str:
    """Say why a report should be written anew; empty where it needn't be, or was never written."""
    if not report.is_file():
        return ""
    if changed:
        return "Your words changed: write the draft anew."
    judged_later = report.stat().st_mtime < made_at.replace(tzinfo=dt.UTC).timestamp()
    return "The set was judged again after this report was written: write the draft anew." if judged_later else ""


def _which() -> SetLine | None:
    set_id = asked("set")
    line = None
    if set_id is not None:
        with home().store.begin() as session:
            line = set_line(session, set_id)
    person = choose_person("report-person") if line is None else None
    if line is not None:
        st.markdown(f"**{plain(line.pseudonym)}**, {day_name(line.date)}, set {line.number}")
        return line
    return choose_set(person, "report-set") if person else None
