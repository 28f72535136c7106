"""The videos of a set that is added: dropped, sent by a phone or found in a folder, and those there already."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import segno
import streamlit as st

from ...assess import filmed_on
from ..components.drop import Arrived, drop
from ..home import home
from ..repeated import repeated
from ..uploads import ENDINGS
from ..words import day_name
from .parts import path_of
from .result import plain

if TYPE_CHECKING:
    from ...sessions.overview import PersonLine

_DROP, _PATH = "Drop or choose videos", "Videos or a folder on this computer"
_MOST_FILES = 200


@dataclass(frozen=True)
class Film:
    """A video to be added: one of ours in the folder of clips, or a file of the user's own."""

    path: str
    name: str
    ours: bool
    made: dt.date | None

    @property
    def file(self) -> Path:
        """Where it lies."""
        return home().store.clips / self.path if self.ours else Path(self.path)


def _film(file: Path, name: str, written: dt.date | None, *, ours: bool) -> Film:
    """Describe a video by its file; it was made when it says so, else when the file was written, never tomorrow."""
    made = filmed_on(file) or written
    return Film(file.name if ours else str(file), name, ours, made and min(made, dt.date.today()))


def chosen_films() -> list[Film]:
    """Draw where videos come from, and return those that are there."""
    how = st.radio("Where are the videos?", (_DROP, _PATH), horizontal=True, key="add-how")
    if how == _PATH:
        return _from_path()
    waiting: list[Arrived] = st.session_state.setdefault("arrived", [])
    waiting += drop(f"drop-{st.session_state.get('added-times', 0)}")
    phone_url = home().phone_url
    if phone_url is not None:
        _phone(phone_url)
    clips = home().store.clips
    there = [one for one in waiting if (clips / one.stored).is_file()]
    if there:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("Arrived: " + ", ".join(plain(one.name) for one in there))
            st.button("Remove", key="remove", type="tertiary", on_click=_take_back)
    return [_film(clips / one.stored, one.name, one.made, ours=True) for one in there]


def _take_back() -> None:
    """Erase what arrived and is in no set yet."""
    for one in st.session_state.arrived:
        (home().store.clips / one.stored).unlink(missing_ok=True)
    st.session_state.arrived = []


def without_repeated(films: list[Film], known: PersonLine | None) -> list[Film]:
    """Say which videos are there already; where only some are, they may be left out."""
    found = repeated(home().store, known.id if known else None, [film.file for film in films])
    if not found:
        return films
    lines = [
        f"- **{plain(films[place].name)}** is "
        + (f"in set {line.number} of {day_name(line.date)} already" if line else "among these videos twice")
        for place, line in found.items()
    ]
    every = len(found) == len(films)
    st.warning(
        "\n".join(lines)
        + "\n\nAdded again, a video counts twice in the trends."
        + (" Go on if you mean it." if every else ""),
        icon=":material/content_copy:",
    )
    if every or not st.checkbox("Leave these out", value=True, key="leave-out"):
        return films
    return [film for place, film in enumerate(films) if place not in found]


def _from_path() -> list[Film]:
    typed = st.text_input("Where they lie", key="add-path", placeholder="~/Videos/monday")
    if not typed.strip():
        return []
    found = _videos_at(path_of(typed))
    if not found:
        st.error("There is no video at this place: check the path.")
    if len(found) > _MOST_FILES:
        st.error(f"There are {len(found)} videos: add folders of at most {_MOST_FILES}.")
        return []
    if len(found) > 1:
        st.caption(f"{len(found)} videos: " + ", ".join(plain(one.name) for one in found[:12]))
    return [_film(one.resolve(), one.name, _written(one), ours=False) for one in found]


def _videos_at(path: Path) -> list[Path]:
    """Return the video of a path, or those of a folder; none where nothing can be read."""
    try:
        if path.is_file():
            return [path]
        return sorted(p for p in path.rglob("*") if p.suffix.lower()[1:] in ENDINGS and p.is_file())
    except OSError:
        return []


def _written(path: Path) -> dt.date:
    return dt.datetime.fromtimestamp(path.stat().st_mtime).date()


def _phone(url: str) -> None:
    with st.expander("From a phone", icon=":material/smartphone:"):
        st.markdown("Scan this with the phone that filmed the set; both must be in the same network.")
        # as a picture: drawings within a page Streamlit takes out
        code = segno.make(url, error="m").svg_data_uri(scale=5)
        st.html(f'<img src="{code}" alt="Code that leads to the upload page" style="background:#fff;padding:1rem">')
        st.code(url, language=None)
        _phone_arrivals()


@st.fragment(run_every=2)
def _phone_arrivals() -> None:
    sent = home().uploads.from_phone
    if sent:
        st.session_state.arrived += [Arrived(stored, name) for stored, name in sent]
        sent.clear()
        st.rerun()
