"""The demo person: six sessions of rendered sets, so that every page shows something at the first start."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import shutil
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from ...assess import from_dict
from ...sample_videos.samples import samples
from ...sessions.overview import people
from ...sessions.records import add_note, add_person, add_set, keep_assessment
from ...sessions.tables import Video

if TYPE_CHECKING:
    from ...sessions.store import Store

NAME = "Demo: Robin"
_HEIGHT_CM = 178.0
_NOTE = (
    "This person is rendered: a demo. The squat form holds longer from week to week; in the last session, a longer"
    " set, it drifts again. Erase it in the settings whenever you like."
)


def content() -> dict[str, Any]:
    """Return what is shipped: sessions, each with the days before the last one and its sets."""
    packed = files(__name__).joinpath("demo.json.gz").read_bytes()
    found: dict[str, Any] = json.loads(gzip.decompress(packed))
    return found


def add_demo(store: Store) -> None:
    """Add the demo person to a store in which nobody is yet; its last session was yesterday."""
    yesterday = dt.date.today() - dt.timedelta(days=1)
    clips = {sample.name: str(sample.path) for sample in samples()}
    with store.begin() as session:
        if people(session):
            return
        person = add_person(session, NAME, _HEIGHT_CM, demo=True)
        add_note(session, person.id, _NOTE)
        for day in content()["sessions"]:
            date = yesterday - dt.timedelta(days=day["days_ago"])
            for one in day["sets"]:
                kept = add_set(session, person.id, date, one["exercise"], _videos(one, clips), load_kg=one["load_kg"])
                assert kept.job is not None
                kept.job.state = "done"
                keep_assessment(session, kept.id, from_dict(one["result"]), json.dumps(one["result"]))
    with as_file(files(__name__).joinpath("tracks")) as tracks:
        for track in tracks.glob("*.npz"):
            shutil.copyfile(track, store.tracks / track.name)


def _videos(one: dict[str, Any], clips: dict[str, str]) -> list[Video]:
    if one["clip"] is None:
        return []
    sha256 = one["result"]["sources"][0]["sha256"]
    return [Video(path=clips[one["clip"]], ours=False, sha256=sha256, track_key=one["track"])]
