"""The first page: pick a video, have it scored, see the answer."""

from __future__ import annotations

import logging
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO

import streamlit as st

from ...assess import USER_ERRORS, VideoAssessment, assess_seen, look, write_overlay
from ..words import EXERCISE_NAMES
from .parts import path_of
from .result import plain
from .scored import show_result

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.delta_generator import DeltaGenerator

_log = logging.getLogger(__name__)

UPLOAD, PATH, SAMPLE = "Upload a video", "A file on this computer", "A sample"
_FORMATS = ("mp4", "mov", "m4v", "avi", "mkv", "webm", "mpg", "mpeg", "3gp", "mts")
_UPLOAD_MB = 500
# A browser needs no more news than this, and each piece costs the analysis time.
_NEWS_EVERY_S = 0.2
_OUR_FAULT = "This video could not be scored, and that is our fault: the details stand in the terminal of the program."
HOW_TO_FILM = """
- Put the camera at **hip height**, **3 to 4 m away**, exactly **from the side**. It must not move.
  From the front it shows the knees and the symmetry of a squat instead.
- Keep your **whole body** in the picture, head to feet, all the way down. One person only.
- **Stand still for 2 seconds**, do the set, and stand still again.
- Good light and clothes that show hips and knees help. Film at 30 frames a second or more.
"""


@dataclass(frozen=True)
class Picked:
    """A video that somebody chose: a path on this machine, or an upload to be put there."""

    name: str
    path: Path | None
    upload: BinaryIO | None = None


@dataclass(frozen=True, eq=False)
class Shown:
    """What the page shows of a scored video."""

    name: str
    assessment: VideoAssessment
    annotated: Path


@st.cache_resource(scope="session", show_spinner=False, on_release=TemporaryDirectory.cleanup)
def workspace() -> TemporaryDirectory[str]:
    """Return the private folder of this visit; it is erased when the visit or the server ends."""
    return TemporaryDirectory(prefix="formdrift-")


def page() -> None:
    """Draw the page as the session's state asks for."""
    state = st.session_state
    busy = bool(state.setdefault("busy", False))
    st.title("Just score a video")
    st.markdown("Technique of squats and hip hinges from one video. It stays on this computer, and nothing is kept.")
    picked = _pick(busy)
    exercise = st.selectbox(
        "Exercise", list(EXERCISE_NAMES), format_func=EXERCISE_NAMES.__getitem__, key="exercise", disabled=busy
    )
    st.button("Score this video", type="primary", on_click=_begin, disabled=busy or picked is None)
    # What was shown before gives way to the progress bar at once.
    place = st.empty()
    if busy:
        if picked is not None:
            _work(picked, exercise, place)
        # Not when Streamlit interrupts the script: then the next run does the work again.
        state.busy = False
        st.rerun()
    with place.container():
        _show()


def _show() -> None:
    state = st.session_state
    if "error" in state:
        st.error(plain(state.error))
    elif "shown" in state:
        show_result(state.shown.name, state.shown.assessment, state.shown.annotated)
    else:
        st.subheader("How to film")
        st.markdown(HOW_TO_FILM)


def _pick(busy: bool) -> Picked | None:
    how = st.radio("Video", (UPLOAD, PATH, SAMPLE), horizontal=True, key="how", disabled=busy)
    if how == UPLOAD:
        upload = st.file_uploader("Video file", type=_FORMATS, max_upload_size=_UPLOAD_MB, key="upload", disabled=busy)
        return None if upload is None else Picked(upload.name, None, upload)
    if how == PATH:
        typed = st.text_input("Where the video lies", key="path", placeholder="~/Videos/squat.mp4", disabled=busy)
        path = path_of(typed)
        return Picked(path.name, path) if typed.strip() else None
    from ...sample_videos.samples import samples

    # the set that tires comes first: it shows most
    shipped = {sample.path: sample for sample in sorted(samples(), key=lambda s: s.name != "squat_side")}
    path = st.selectbox("Sample", list(shipped), format_func=lambda p: shipped[p].what, key="sample", disabled=busy)
    return Picked(path.name, path)


def _begin() -> None:
    """Start afresh: with everything disabled while it runs, no click can interrupt the analysis."""
    st.session_state.busy = True
    st.session_state.pop("shown", None)
    st.session_state.pop("error", None)


def _work(picked: Picked, exercise: str, place: DeltaGenerator) -> None:
    """Score a video and keep what came of it in the session."""
    folder = Path(workspace().name)
    for old in folder.iterdir():
        old.unlink()
    annotated = folder / "annotated.mp4"
    try:
        video = picked.path or _store(picked, folder)
        seen = look(video, progress=_progress(place, "Step 1 of 2: following the body"))
        assessment = assess_seen(seen, exercise)
        write_overlay(
            video, seen.people.lifter, assessment, annotated, _progress(place, "Step 2 of 2: drawing the video")
        )
        st.session_state.shown = Shown(picked.name, assessment, annotated)
    except USER_ERRORS as error:
        st.session_state.error = str(error)
    except Exception:
        _log.exception("scoring a video failed")
        st.session_state.error = _OUR_FAULT
    finally:
        if picked.upload is not None:
            (folder / _stored_name(picked)).unlink(missing_ok=True)


def _store(picked: Picked, folder: Path) -> Path:
    """Write an upload to the private folder under a name of ours."""
    assert picked.upload is not None
    target = folder / _stored_name(picked)
    picked.upload.seek(0)
    with target.open("xb") as file:
        shutil.copyfileobj(picked.upload, file)
    return target


def _stored_name(picked: Picked) -> str:
    ending = Path(picked.name).suffix.lower().removeprefix(".")
    return f"video.{ending if ending in _FORMATS else 'mp4'}"


def _progress(place: DeltaGenerator, what: str) -> Callable[[int, int], None]:
    """Return a callback that moves a new bar."""
    bar = place.progress(0.0, text=what)
    last_s = 0.0

    def update(done: int, total: int) -> None:
        nonlocal last_s
        if time.monotonic() - last_s < _NEWS_EVERY_S and done != total:
            return
        last_s = time.monotonic()
        of = f" of {total}" if total else ""
        bar.progress(min(1.0, done / total) if total else 0.0, text=f"{what}: {done}{of} frames")

    return update
