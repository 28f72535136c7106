"""Work in the background leaves nothing of whom was erased meanwhile, and keeps what somebody said meanwhile."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from formdrift import assess
from formdrift.assess import RepCorrection, VideoAssessment
from formdrift.scoring.result import Quality, Versions
from formdrift.sessions import jobs
from formdrift.sessions.erase import erase_person
from formdrift.sessions.records import add_person, add_set
from formdrift.sessions.store import Store
from formdrift.sessions.tables import TrainingSet, Video
from formdrift.ui.home import proxy_of
from formdrift.ui.work import assess_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from formdrift.assess import SaidOfSet

SHA256 = "ab" * 32
TRACK = f"{SHA256}-0123456789abcdef"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "data")
    yield opened
    opened.close()


def with_video(store: Store, name: str, **kept: str) -> tuple[int, int, int]:
    """Add a person with one set of one video, which is being worked on; returns their numbers."""
    with store.begin() as session:
        person = add_person(session, name)
        one = add_set(session, person.id, dt.date(2026, 3, 2), "squat", [Video(path=f"{name}.mov", ours=True, **kept)])
        numbers = person.id, one.id, one.videos[0].id
    assert jobs.claim(store) == numbers[1]
    return numbers


def looks(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Let looking at a video write a track, after something happened meanwhile."""

    def look_and_keep(_: Path, tracks: Path, *__: object) -> tuple[Any, str]:
        meanwhile()
        (tracks / f"{TRACK}.npz").write_bytes(b"how somebody moved")
        source = SimpleNamespace(sha256=SHA256)
        return SimpleNamespace(people=SimpleNamespace(lifter=SimpleNamespace(source=source))), TRACK

    monkeypatch.setattr(assess, "look_and_keep", look_and_keep)


def files(store: Store) -> list[str]:
    folders = (store.tracks, store.clips, store.thumbnails, store.reports)
    return [path.name for folder in folders for path in folder.iterdir()]


def test_who_is_erased_while_a_video_is_looked_at_leaves_no_track(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    person_id, set_id, _ = with_video(store, "Robin")
    looks(monkeypatch, lambda: erase_person(store, person_id))
    assess_kept((store.folder, set_id))
    assert files(store) == []


def test_a_track_that_somebody_else_has_too_stays(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with_video(store, "Kim", track_key=TRACK)
    person_id, set_id, _ = with_video(store, "Robin")
    looks(monkeypatch, lambda: erase_person(store, person_id))
    assess_kept((store.folder, set_id))
    assert files(store) == [f"{TRACK}.npz"]


def test_who_is_erased_while_the_copy_for_browsers_is_written_leaves_none(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    person_id, set_id, _ = with_video(store, "Robin")
    looks(monkeypatch)

    def write_proxy(_: Path, target: Path) -> None:
        erase_person(store, person_id)
        target.write_bytes(b"film of Robin")

    monkeypatch.setattr(assess, "plays_in_browsers", lambda _: False)
    monkeypatch.setattr(assess, "write_proxy", write_proxy)
    assess_kept((store.folder, set_id))
    assert files(store) == []


def test_half_written_copies_are_erased_but_not_those_of_other_sets(store: Store) -> None:
    person_id, set_id, video_id = with_video(store, "Robin")
    whole = proxy_of(store, set_id, video_id)
    other = proxy_of(store, int(f"{set_id}{set_id}"), video_id)
    for path in (whole, other):
        path.with_name(f".{path.name}.4711.part").write_bytes(b"film")
    erase_person(store, person_id)
    assert files(store) == [f".{other.name}.4711.part"]


def test_a_writer_whose_half_written_file_was_erased_ends_without_a_word(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    person_id, set_id, _ = with_video(store, "Robin")

    def look_and_keep(*_: object) -> None:
        erase_person(store, person_id)
        raise FileNotFoundError

    monkeypatch.setattr(assess, "look_and_keep", look_and_keep)
    assess_kept((store.folder, set_id))


def test_a_disk_that_fails_under_wanted_work_is_not_hushed_up(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _, set_id, _ = with_video(store, "Robin")

    def look_and_keep(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(assess, "look_and_keep", look_and_keep)
    with pytest.raises(OSError, match="disk full"):
        assess_kept((store.folder, set_id))


def test_an_error_names_no_file_that_only_the_program_knows(store: Store) -> None:
    _, set_id, _ = with_video(store, "0123456789abcdef01234567")
    (store.clips / "0123456789abcdef01234567.mov").write_text("no video")
    assess_kept((store.folder, set_id))
    with store.begin() as session:
        job = session.get_one(TrainingSet, set_id).job
        assert job is not None
        assert job.state == "failed"
        assert str(job.error).startswith("This video is not a video that can be read")


def test_what_is_corrected_while_a_set_is_judged_counts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _, set_id, _ = with_video(store, "Robin")
    looks(monkeypatch)
    correction = RepCorrection(2.5, is_rep=False)
    judged = []

    def judge_set(_: object, said: SaidOfSet) -> VideoAssessment:
        judged.append(said.corrections)
        with store.begin() as session:
            session.get_one(TrainingSet, set_id).corrections = json.dumps([asdict(correction)])
        return VideoAssessment((), (), Quality(True, ()), Versions(str(len(judged)), "test"))

    monkeypatch.setattr(assess, "plays_in_browsers", lambda _: True)
    monkeypatch.setattr(assess, "judge_set", judge_set)
    assess_kept((store.folder, set_id))
    assert judged == [(), (correction,)]
    with store.begin() as session:
        one = session.get_one(TrainingSet, set_id)
        assert [kept.formdrift for kept in one.assessments] == ["2"]
        assert one.job is not None
        assert one.job.state == "done"
