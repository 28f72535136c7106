"""Where everything lies, how to take it along, and how to erase it for good."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import streamlit as st

from ...sessions.erase import erase_person
from ...sessions.export import export_person
from ...sessions.overview import PersonLine, people
from ..components.camera import camera
from ..home import home
from .parts import person_name
from .result import plain
from .score import HOW_TO_FILM
from .shown import forget_shown


def page() -> None:
    """Draw the page."""
    st.title("Settings and privacy")
    gone = st.session_state.pop("erased", None)
    if gone:
        st.success(f"{plain(gone)} and everything about this person is erased.", icon=":material/check_circle:")
    _where()
    with home().store.begin() as session:
        everybody = people(session)
    st.subheader("A person's data")
    if everybody:
        by_id = {one.id: one for one in everybody}
        # by number: a choice that Streamlit remembers is of what was read for the page before
        person = by_id[
            st.selectbox(
                "Person", by_id, format_func=lambda i: person_name(by_id[i]), key=f"settings-person-{len(everybody)}"
            )
        ]
        _height(person)
        _export(person)
        _erase(person)
    else:
        st.info("Nobody is kept here.")
    st.subheader("Faces")
    st.toggle(
        "Hide faces when reviewing a set",
        value=bool(home().option("blur_faces")),
        key="blur",
        on_change=lambda: home().set_option("blur_faces", st.session_state.blur),
        help="Drawn over the video when you review a set, after everything was measured; the file stays as it is.",
    )
    st.subheader("Camera")
    camera("camera")
    st.subheader("Language")
    st.markdown("English is the only language of this release.")
    st.subheader("How to film")
    st.markdown(HOW_TO_FILM)


def used_bytes(folder: Path) -> int:
    """Return how much lies in a folder while files in it come and go."""
    used = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            used += path.stat().st_size if path.is_file() else 0
    return used


def _where() -> None:
    store = home().store
    st.subheader("Where everything lies")
    st.code(str(store.folder), language=None)
    used = used_bytes(store.folder)
    free = shutil.disk_usage(store.folder).free
    st.markdown(
        f"{max(1.0, used / 1e6):.0f} MB are used, {free / 1e9:.0f} GB are free. Nothing ever leaves this computer"
        " by itself: the app opens no connection to anywhere."
    )
    if home().phone_url is None:
        st.caption("The app can be reached from this computer only. `formdrift app --address 0.0.0.0` lets phones in.")
    else:
        st.caption("Whoever is in the same network and knows the password can reach the app.")


def _height(person: PersonLine) -> None:
    from ...sessions.tables import Person

    height = st.number_input(
        "Height (cm)",
        80.0,
        250.0,
        person.height_cm,
        1.0,
        "%g",
        # what was said in another window is not taken back by this one
        key=f"height-{person.id}-{person.height_cm}",
        placeholder="not known",
    )
    if height != person.height_cm:
        with home().store.begin() as session:
            session.get_one(Person, person.id).height_cm = height


def _export(person: PersonLine) -> None:
    st.markdown(
        "**Export**: everything about a person as one archive: tables, results, the points that were followed on"
        " the body, videos, reports."
    )
    if not st.button("Make the archive", key=f"export-{person.id}"):
        return
    folder = Path(tempfile.mkdtemp(prefix="formdrift-"))
    try:
        target = folder / "export.zip"
        with st.spinner("Packing"):
            export_person(home().store, person.id, target)
            content = target.read_bytes()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    st.download_button("Download the archive", content, f"formdrift-{person.id}.zip", "application/zip", type="primary")


def _erase(person: PersonLine) -> None:
    st.markdown(
        "**Erase**: everything about a person, for good: sets, results, followed points, notes, reports, and the videos"
        " that were copied here. Videos that lie elsewhere on this computer are yours and stay."
    )
    sure = st.text_input(
        f"To erase, type the name: {plain(person.pseudonym)}", key=f"sure-{person.id}", placeholder=person.pseudonym
    )
    if st.button("Erase for good", type="primary", disabled=sure.strip() != person.pseudonym, key=f"erase-{person.id}"):
        erase_person(home().store, person.id)
        forget_shown()
        st.session_state["erased"] = person.pseudonym
        st.rerun()
