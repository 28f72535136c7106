"""The store keeps what it is given, survives kills and upgrades, and forgets what is erased."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, select

from formdrift.scoring.result import (
    Assessment,
    Criterion,
    Drift,
    Exercise,
    Measurement,
    Quality,
    Rep,
    SetResult,
    Source,
    Subject,
    SubScore,
    Summary,
    Versions,
    View,
)
from formdrift.sessions import jobs
from formdrift.sessions.erase import erase_person, erase_set
from formdrift.sessions.errors import StoreError
from formdrift.sessions.export import export_person
from formdrift.sessions.records import (
    add_note,
    add_person,
    add_set,
    answer_pain,
    find_or_add_person,
    find_person,
    keep_assessment,
    last_json,
    trend,
    wants_talk,
)
from formdrift.sessions.store import Store, migrate
from formdrift.sessions.tables import Base, Person, SetValue, TrainingSet, Video

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2026, 3, 2)
VIEW = View("sagittal", 88.0, 4.0, "left")


def rep(index: int, knee_deg: float, p_fault: float, kind: str = "full") -> Rep:
    measured = Measurement(
        "knee_flexion_bottom_deg", knee_deg, "deg", 2.0, 6.0, 0.5, "measured", None, "sagittal", "bottom"
    )
    judged = Criterion("SQ-DEPTH", "measured", None, 6.0, "deg", 4.0, 0.1, 90.0, (80.0, 100.0), p_fault, "sagittal")
    return Rep(
        index=index,
        source=0,
        kind=kind,  # type: ignore[arg-type]
        start_s=index,
        descent_end_s=index + 0.4,
        bottom_s=index + 0.5,
        ascent_start_s=index + 0.6,
        end_s=index + 0.9,
        flags=(),
        measurements={measured.metric: measured},
        criteria=(judged,),
        scores=(),
    )


def assessment(score: float = 84.0) -> Assessment:
    source = Source(
        0,
        "squat.mp4",
        "ab" * 32,
        30.0,
        900,
        30.0,
        (640, 480),
        0,
        "blazepose-onnx",
        "blazepose-full",
        1.0,
        Subject(0, 1),
        VIEW,
    )
    drift = (
        Drift("trunk_inclination_bottom_deg", "clear", 9.0, "deg", (4.0, 13.0), 4.6, 7, (6, 8), 0.001, 0.004),
        Drift("knee_flexion_bottom_deg", "no_detectable_change", 1.0, "deg", (-2.0, 4.0), 4.0, None, None, 0.5, 0.5),
    )
    reps = (rep(1, 100.0, 0.9), rep(2, 104.0, 0.1), rep(3, 111.0, 0.9), rep(4, 20.0, 0.0, "partial"))
    summary = Summary(3, 1, (SubScore("depth & trunk, side", score, (78.0, 89.0), 0.9),), None, None)
    one = SetResult(Exercise("auto", "squat", "squat", 0.9), reps, summary, drift)
    return Assessment((source,), (one,), Quality(True, ()), Versions("0.1.0", "2026.1"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


def with_set(
    store: Store, name: str = "Robin", *, track: str = "k1", clip: str = "clip-1.mp4", path: str | None = None
) -> int:
    """Add a person with one assessed set whose clip, track, copy for browsers and report lie in the data folder."""
    with store.begin() as session:
        person = session.scalar(select(Person).where(Person.pseudonym == name)) or add_person(session, name)
        video = Video(path=path or clip, ours=path is None, sha256="ab" * 32, track_key=track)
        one = add_set(session, person.id, DAY, "squat", [video], load_kg=60.0)
        keep_assessment(session, one.id, assessment(), json.dumps({"who": name}))
        set_id = one.id
    files = [store.tracks / f"{track}.npz", store.thumbnails / f"{set_id}-1.mp4", store.reports / f"{set_id}.html"]
    for file in [*files, *([store.clips / clip] if path is None else [])]:
        file.write_bytes(b"of " + name.encode())
    return set_id


def person_id(store: Store, name: str = "Robin") -> int:
    with store.begin() as session:
        return find_person(session, name).id


def test_what_is_put_in_comes_out_after_a_restart(store: Store):
    set_id = with_set(store)
    store.close()
    again = Store(store.folder)
    with again.begin() as session:
        one = session.get_one(TrainingSet, set_id)
        assert (one.number, one.exercise, one.load_kg, one.day.date) == (1, "squat", 60.0, DAY)
        assert json.loads(last_json(session, set_id) or "") == {"who": "Robin"}
        values = {value.name: value for value in session.scalars(select(SetValue))}
    assert values["score: depth & trunk, side"].value == 84.0
    # the median of the full repetitions; the partial one doesn't count
    assert values["knee_flexion_bottom_deg"].value == 104.0
    # likely off in two of four repetitions that could be judged
    assert values["fault: SQ-DEPTH"].value == 0.5
    assert values["drift: trunk_inclination_bottom_deg"].text == "clear"
    assert "drift: knee_flexion_bottom_deg" not in values
    assert values["onset_rep"].value == 7


@pytest.mark.parametrize("again", ["özlem Kaya", "  ÖZLEM   KAYA ", "Özlem Kaya"])
def test_a_name_is_the_same_however_it_is_written(store: Store, again: str):
    with store.begin() as session:
        person = find_or_add_person(session, "Özlem Kaya", 168.0)
        assert find_person(session, again).id == person.id
        assert find_or_add_person(session, again).height_cm == 168.0
        assert find_or_add_person(session, again, 170.0).height_cm == 170.0
        with pytest.raises(StoreError, match="already"):
            add_person(session, again)


def test_a_second_result_replaces_the_numbers_and_keeps_the_first_result(store: Store):
    set_id = with_set(store)
    with store.begin() as session:
        keep_assessment(session, set_id, assessment(score=50.0), "{}")
    with store.begin() as session:
        assert last_json(session, set_id) == "{}"
        assert len(session.get_one(TrainingSet, set_id).assessments) == 2
        points = trend(session, person_id(store), "score: depth & trunk, side")
    assert [(p.date, p.value, p.low, p.view, p.load_kg) for p in points] == [(DAY, 50.0, 78.0, "sagittal", 60.0)]


def test_a_failed_transaction_leaves_nothing(store: Store):
    with pytest.raises(StoreError), store.begin() as session:  # noqa: PT012
        add_person(session, "Robin")
        add_person(session, "Robin")
    with store.begin() as session, pytest.raises(StoreError, match="nobody called 'Robin'"):
        find_person(session, "Robin")


def test_names_are_told_apart_and_heights_are_plausible(store: Store):
    with store.begin() as session:
        add_person(session, "Robin")
        with pytest.raises(StoreError, match="already"):
            add_person(session, " robin ")
        with pytest.raises(StoreError, match="centimetres"):
            add_person(session, "Kim", height_cm=1.72)
        with pytest.raises(StoreError, match="Give a name"):
            add_person(session, "  ")


def test_erased_means_erased(store: Store):
    with_set(store)
    with_set(store, "Kim", track="k2", clip="clip-2.mp4")
    with store.begin() as session:
        robin = find_person(session, "Robin").id
        add_note(session, robin, "left knee feels odd")
        answer_pain(session, robin, True, "aching shoulder")
        answer = wants_talk(session, robin)
        assert answer is not None
        assert answer.text == "aching shoulder"
    assert any(b"aching shoulder" in file.read_bytes() for file in store.folder.glob("*.sqlite*"))
    assert erase_person(store, robin) == 4
    store.close()
    everything = [file.read_bytes() for file in store.folder.rglob("*") if file.is_file()]
    for word in (b"Robin", b"left knee", b"aching", b"clip-1", b"k1.npz"):
        assert not any(word in content for content in everything), word
    assert any(b"Kim" in content for content in everything)
    assert (store.clips / "clip-2.mp4").is_file()


def test_a_track_that_another_set_needs_and_the_users_own_video_stay(store: Store, tmp_path: Path):
    own = tmp_path / "own.mp4"
    own.write_bytes(b"mine")
    with_set(store, path=str(own))
    with_set(store, "Kim", path=str(own))
    erase_person(store, person_id(store))
    assert own.is_file()
    assert (store.tracks / "k1.npz").is_file()
    erase_person(store, person_id(store, "Kim"))
    assert own.is_file()
    assert not (store.tracks / "k1.npz").exists()


def test_one_set_can_be_erased_alone(store: Store):
    first, second = with_set(store), with_set(store, track="k2", clip="clip-2.mp4")
    erase_set(store, first)
    with store.begin() as session:
        assert [one.id for one in session.scalars(select(TrainingSet))] == [second]
    assert sorted(path.name for path in store.clips.iterdir()) == ["clip-2.mp4"]


def test_export_holds_rows_results_and_files_of_that_person_only(store: Store, tmp_path: Path):
    set_id = with_set(store)
    with_set(store, "Kim", track="k2", clip="clip-2.mp4")
    with store.begin() as session:
        add_note(session, find_person(session, "Robin").id, "keep at 60 kg")
    export_person(store, person_id(store), tmp_path / "robin.zip")
    with zipfile.ZipFile(tmp_path / "robin.zip") as archive:
        names = set(archive.namelist())
        assert {f"results/{set_id}-1.json", "tracks/k1.npz", "clips/clip-1.mp4", f"reports/{set_id}.html"} <= names
        assert not any("k2" in name or "clip-2" in name for name in names)
        assert "keep at 60 kg" in archive.read("tables/note.csv").decode()
        archive.extract("tables/training_set.parquet", tmp_path)
        assert json.loads(archive.read(f"results/{set_id}-1.json")) == {"who": "Robin"}
        assert b"Kim" not in b"".join(archive.read(name) for name in names)
    assert pq.read_table(tmp_path / "tables/training_set.parquet")["load_kg"].to_pylist() == [60.0]


def test_jobs_survive_the_program(store: Store):
    set_id = with_set(store)
    assert jobs.claim(store) == set_id
    assert jobs.claim(store) is None
    store.close()
    again = Store(store.folder)
    jobs.recover(again)
    assert jobs.claim(again) == set_id
    jobs.progress(again, set_id, 30, 90)
    jobs.finish(again, set_id)
    assert jobs.claim(again) is None
    jobs.ask_again(again, set_id)
    assert jobs.claim(again) == set_id


def test_a_set_that_ends_the_program_each_time_is_given_up(store: Store):
    set_id = with_set(store)
    for _ in range(jobs.MAX_ATTEMPTS):
        assert jobs.claim(store) == set_id
        jobs.recover(store)
    assert jobs.claim(store) is None
    with store.begin() as session:
        job = session.get_one(TrainingSet, set_id).job
        assert job is not None
        assert job.state == "failed"
        assert "another video" in (job.error or "")


def test_the_migrations_make_what_the_code_expects(store: Store):
    engine = create_engine(f"sqlite:///{store.database}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_a_filled_older_database_is_brought_up_to_date(tmp_path: Path):
    folder = tmp_path / "data"
    folder.mkdir()
    migrate(folder / "formdrift.sqlite", "0001")
    with sqlite3.connect(folder / "formdrift.sqlite") as old:
        old.execute("INSERT INTO person VALUES (1, 'Robin', 170.0, 0, '2026-01-01 10:00:00')")
        old.execute("INSERT INTO day VALUES (1, 1, '2026-01-02')")
        old.execute(
            "INSERT INTO training_set (id, day_id, number, exercise, load_kg, added_at)"
            " VALUES (7, 1, 1, 'squat', 60, '2026-01-02 10:00:00')"
        )
    old.close()
    store = Store(folder)
    with store.begin() as session:
        robin = find_person(session, "robin")
        assert [(one.exercise, one.load_kg) for one in robin.days[0].sets] == [("squat", 60.0)]
        keep_assessment(session, 7, assessment(), "{}")
    jobs.recover(store)
    assert jobs.claim(store) is None


@pytest.mark.parametrize("content", [b"no database at all, but long enough to look at" * 50, None])
def test_a_foreign_or_later_database_is_refused_in_a_sentence(tmp_path: Path, content: bytes | None):
    store = Store(tmp_path / "data")
    store.close()
    if content is not None:
        store.database.write_bytes(content)
    else:
        with sqlite3.connect(store.database) as later:
            later.execute("UPDATE alembic_version SET version_num = '9999'")
        later.close()
    with pytest.raises(StoreError, match=r"restore a copy|update this one"):
        Store(tmp_path / "data")


def test_an_empty_assessment_has_no_numbers(store: Store):
    with store.begin() as session:
        person = add_person(session, "Robin")
        one = add_set(session, person.id, DAY, "squat", [])
        keep_assessment(session, one.id, replace(assessment(), sets=()), "{}")
        assert session.scalars(select(SetValue)).all() == []
