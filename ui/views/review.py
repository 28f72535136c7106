"""One set: the answer first, then the video and its curves, then every number and where it comes from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from ...assess import InputError, VideoAssessment
from ...sessions.errors import StoreError
from ...sessions.overview import set_line
from ...sessions.records import add_note, last_json, last_made_at, wants_talk
from ...sessions.tables import Note, TrainingSet
from ..components.compare import compare
from ..components.player import player
from ..home import home, playable
from ..words import day_name, for_the_app, load_name, seen_from, verdict
from ..work import as_people_know_it, judge_again
from .answer import show_answer, show_drift
from .correct import all_drawn, correct, drawn_anew, rep_name, somebody_else
from .evidence import show_evidence
from .parts import asked, choose_person, choose_set, link
from .result import plain, show_reps, show_unseen
from .shown import result_of, videos_of
from .today import delete, show_job, try_again

if TYPE_CHECKING:
    from ...assess import Rep
    from ...sessions.overview import SetLine
    from .shown import ShownVideo

# of a word for the worst criterion: dark enough beside light pages, light enough beside dark ones
_COLOURS = {"fine": "#2e8b57", "possibly off": "#c77700", "likely off": "#d0453a", "likely far off": "#d0453a"}
_NOT_JUDGED, _GREY = "not judged", "#7a868c"
_ORDER = ("likely far off", "likely off", "possibly off", "fine")


def page() -> None:
    """Draw the page."""
    all_drawn()
    st.title("Review a set")
    line = _which()
    if line is None:
        return
    st.caption(f"{plain(line.pseudonym)} · {day_name(line.date)} · set {line.number} · {load_name(line.load_kg)}")
    if line.state in ("waiting", "running"):
        _wait(line.id)
        return
    if line.state == "failed":
        show_job(line)
    assessment = _newest(line.id)
    if assessment is None:
        if line.state != "failed":
            st.info("This set was never scored.")
        return
    with home().store.begin() as session:
        hurts = wants_talk(session, line.person_id) is not None
    # one place on the page, however much there is to say: the player below it stays where it is
    with st.container():
        for number, one in enumerate(assessment.sets, start=1):
            show_answer(one, number, assessment, hurts=hurts)
    _film(line, assessment)
    for number, one in enumerate(assessment.sets, start=1):
        if one.reps:
            if len(assessment.sets) > 1:
                st.header(f"Set {number}")
            show_drift(one)
            show_reps(one)
            show_evidence(one)
    show_unseen(assessment)
    if assessment.quality.warnings:
        st.info("\n\n".join(plain(text) for text in map(for_the_app, assessment.quality.warnings)))
    _notes(line)
    with st.container(horizontal=True, vertical_alignment="center"):
        link("report", "Make the report", icon=":material/description:", set=line.id)
        link("trends", "Trends", icon=":material/show_chart:", person=line.person_id)
        if line.state == "done":
            delete(line.id)


def _which() -> SetLine | None:
    set_id = asked("set")
    line = None
    if set_id is not None:
        with home().store.begin() as session:
            line = set_line(session, set_id)
        if line is None:
            st.info("This set is not here any more.")
    with st.expander("Another set", expanded=line is None):
        person = choose_person("review-person", line.person_id if line else None)
        chosen = choose_set(person, "review-set", set_id) if person else None
    if line is None:
        return chosen
    if chosen is not None and chosen.id != line.id:
        st.query_params["set"] = str(chosen.id)
        return chosen
    return line


@st.fragment(run_every=1)
def _wait(set_id: int) -> None:
    with home().store.begin() as session:
        line = set_line(session, set_id)
    if line is None or line.state not in ("waiting", "running"):
        st.rerun()
    show_job(line)


def _newest(set_id: int) -> VideoAssessment | None:
    with home().store.begin() as session:
        text = last_json(session, set_id)
    return None if text is None else result_of(text)


def _film(line: SetLine, assessment: VideoAssessment) -> None:
    """Draw the player and the two repetitions side by side, or say why there is no video."""
    with home().store.begin() as session:
        made_at, films_there = last_made_at(session, line.id), bool(session.get_one(TrainingSet, line.id).videos)
    try:
        # a place of its own on the page, wait or not, for the same reason
        with st.spinner("Fetching what was seen in the video"):
            judged, films = videos_of(line.id, made_at)
    except InputError as error:
        why = as_people_know_it(home().store, line.id, str(error))
        st.info(f"No video to show. {plain(why)}", icon=":material/videocam_off:")
        if films_there:
            st.button("Look at the video again", on_click=try_again, args=(line.id,))
        return
    if judged.versions != assessment.versions:
        _refresh(line.id, assessment)
    _stage(line.id, replace(assessment, series=judged.series), films)


def _refresh(set_id: int, old: VideoAssessment) -> None:
    """Judge what was seen by today's thresholds, and say so."""
    new = judge_again(home().store, set_id)
    st.session_state["scored-anew"] = (set_id, old.versions, new.versions)
    st.rerun()


@st.fragment
def _stage(set_id: int, assessment: VideoAssessment, films: tuple[ShownVideo, ...]) -> None:
    anew = st.session_state.get("scored-anew")
    if anew and anew[0] == set_id:
        st.caption(
            f"Scored again from what was seen then: Formdrift {anew[2].formdrift} with thresholds {anew[2].thresholds}"
            f" instead of {anew[1].formdrift} with {anew[1].thresholds}."
        )
    place = 0
    if len(films) > 1:
        names = [f"Video {i + 1}, {seen_from(source.view)}" for i, source in enumerate(assessment.sources)]
        place = st.segmented_control(
            "Video", range(len(films)), default=0, required=True, format_func=names.__getitem__, key=f"film-{set_id}"
        )
    film = films[place]
    reps = [rep for one in assessment.sets for rep in one.reps if rep.source == place]
    path = playable(home().store, film.video_id)
    if path is None:
        # erased meanwhile, in another window
        st.rerun()
    if not path.is_file():
        st.info("The video does not lie where it lay: what was measured is kept.", icon=":material/videocam_off:")
        return
    blur = bool(home().option("blur_faces"))
    series = next((s for s in assessment.series if s.source == place), None)
    key = f"player-{film.video_id}"
    seen = player(
        f"/clip/{film.video_id}",
        film.size,
        film.time_s,
        series,
        [(rep, *_label(rep, assessment)) for rep in reps],
        skeleton=film.skeleton,
        people=film.people,
        faces=film.faces if blur else None,
        subject=film.subject,
        on_subject=lambda: somebody_else(set_id, film.video_id, key),
        key=key,
    )
    # after the player is drawn: it stands where it stood
    drawn_anew()
    hints = ["On each repetition: its lowest score, and its worst answer."] if reps else []
    if film.people:
        hints.append("Somebody else was the lifter? Click on them in the video.")
    if hints:
        st.caption(" ".join(hints))
    correct(set_id, place, reps, float(seen.at or 0.0), (float(film.time_s[0]), float(film.time_s[-1])))
    full = [rep for rep in reps if rep.kind == "full"]
    if len(full) > 1:
        _side_by_side(film, full, blur=blur)


def _label(rep: Rep, assessment: VideoAssessment) -> tuple[str, str]:
    """Return a word and a colour for a repetition: its worst criterion, its lowest score, and whether it is tired."""
    if rep.kind == "partial":
        return "partial", _GREY
    words = {verdict(criterion) for criterion in rep.criteria}
    word = next((one for one in _ORDER if one in words), _NOT_JUDGED)
    scores = [part.score for part in rep.scores if part.score is not None]
    score = f"{min(scores):.0f}, " if scores else ""
    tired = next((one.fatigue.first_tired_rep for one in assessment.sets if one.fatigue and rep in one.reps), None)
    changed = ", changed" if tired is not None and rep.index >= tired else ""
    return f"{score}{word}{changed}", _COLOURS.get(word, _GREY)


def _side_by_side(film: ShownVideo, full: list[Rep], *, blur: bool) -> None:
    st.subheader("Fresh and tired, side by side")
    left, right = st.columns(2)
    places = range(len(full))
    fresh, tired = (
        column.selectbox(
            word, places, index=usual, format_func=lambda i: rep_name(full[i]), key=f"{word}-{film.video_id}"
        )
        for column, word, usual in ((left, "Fresh", 0), (right, "Tired", len(full) - 1))
    )
    url = f"/clip/{film.video_id}"
    compare(
        (full[fresh], url, f"Rep {full[fresh].index}"),
        (full[tired], url, f"Rep {full[tired].index}"),
        blur=blur,
        key=f"compare-{film.video_id}",
    )


def _notes(line: SetLine) -> None:
    with home().store.begin() as session:
        notes = session.query(Note).where(Note.set_id == line.id).order_by(Note.id).all()
    with st.expander(f"Notes ({len(notes)})" if notes else "Write a note"):
        for note in notes:
            st.markdown(f"{day_name(note.written_at.date())}: {plain(note.text)}")
        text = st.text_area("Note", key=f"note-{line.id}-{len(notes)}")
        if st.button("Keep the note", key=f"keep-note-{line.id}"):
            try:
                with home().store.begin() as session:
                    add_note(session, line.person_id, text, line.id)
            except StoreError as error:
                st.error(plain(str(error)))
            else:
                st.rerun()
