"""A video that somebody's sets hold already is told, whatever it is called."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from formdrift.sessions.records import add_person, add_set
from formdrift.sessions.store import Store
from formdrift.sessions.tables import Video
from formdrift.ui.repeated import repeated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "data")
    yield opened
    opened.close()


def a_file(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def added(store: Store, name: str, *videos: Video) -> int:
    with store.begin() as session:
        person = add_person(session, name)
        add_set(session, person.id, dt.date(2026, 3, 2), "squat", videos)
        return person.id


def test_the_same_content_under_another_name_is_the_same_video(store: Store, tmp_path: Path) -> None:
    a_file(store.clips / "ours.mp4", b"a squat")
    theirs = a_file(tmp_path / "theirs.mp4", b"a hinge")
    person = added(store, "Kim", Video(path="ours.mp4", ours=True), Video(path=str(theirs), ours=False))
    files = [a_file(tmp_path / f"{i}.mp4", content) for i, content in enumerate((b"a squat", b"b squat", b"a hinge"))]
    found = repeated(store, person, files)
    assert {place: line and (line.date, line.number) for place, line in found.items()} == {
        0: (dt.date(2026, 3, 2), 1),
        2: (dt.date(2026, 3, 2), 1),
    }


def test_somebody_elses_video_may_be_added(store: Store, tmp_path: Path) -> None:
    video = a_file(tmp_path / "both.mp4", b"two people")
    added(store, "Kim", Video(path=str(video), ours=False))
    assert repeated(store, added(store, "Lou"), [video]) == {}
    assert repeated(store, None, [video]) == {}


def test_a_video_that_is_given_twice_is_told_once(store: Store, tmp_path: Path) -> None:
    files = [a_file(tmp_path / name, b"the same") for name in ("one.mp4", "two.mp4")]
    assert repeated(store, None, files) == {1: None}


def test_what_is_gone_is_like_nothing(store: Store, tmp_path: Path) -> None:
    person = added(store, "Kim", Video(path=str(tmp_path / "moved.mp4"), ours=False))
    assert repeated(store, person, [tmp_path / "gone.mp4"]) == {}
