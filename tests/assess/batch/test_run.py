"""A batch is worked off whole: killed at any moment it goes on, and its tables come out the same."""

from __future__ import annotations

import csv
import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from formdrift.assess import from_dict, load_thresholds
from formdrift.assess.batch.folder import OutFolder
from formdrift.assess.batch.run import finish, keep, scoring_name
from formdrift.assess.batch.settings import Settings
from formdrift.assess.batch.videos import find_videos, known_videos
from formdrift.assess.batch.work import Task, assess_task
from formdrift.models.catalogue import ModelError
from formdrift.models.store import locate
from formdrift.ui.cli import main
from formdrift.vision.source import open_video
from formdrift.vision.write import VideoWriter

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[3]
CLIPS = ROOT / "sample_videos" / "clips"
FORMDRIFT = Path(sys.executable).with_name("formdrift")
BROKEN = 4


@pytest.fixture(scope="session")
def lite() -> None:
    try:
        for model in ("blazepose-detector", "blazepose-lite"):
            locate(model)
    except ModelError as error:
        pytest.skip(str(error))


def cut(source: Path, target: Path, start_s: float, length_s: float = 2.0) -> None:
    """Write a short, small part of a clip."""
    with open_video(source) as video, VideoWriter(target, crf=35) as writer:
        for frame in video:
            if start_s <= frame.time_s < start_s + length_s and frame.index % 2 == 0:
                writer.write(frame.rgb()[::2, ::2].copy(), frame.time_s - start_s)


@pytest.fixture(scope="session")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of 40 short videos, each a different file and some broken, with one whole set among them."""
    folder = tmp_path_factory.mktemp("videos")
    parts = [folder / f"part{i}.mp4" for i in range(6)]
    for i, part in enumerate(parts):
        cut(CLIPS / ("squat_side.mp4" if i % 2 else "rdl_side.mp4"), part, 2.0 + i)
    for number in range(33):
        # a byte more at the end makes another file of the same video
        (folder / f"{number:02}.mp4").write_bytes(
            parts[number % 6].read_bytes() + bytes([0, 0, 0, 9]) + b"free" + bytes([number])
        )
    for part in parts:
        part.unlink()
    cut(CLIPS / "squat_side.mp4", folder / "set.mp4", 0.0, 8.0)
    shutil.copy(folder / "set.mp4", folder / "same.mp4")
    (folder / "empty.mp4").touch()
    (folder / "text.mp4").write_text("not a video at all")
    (folder / "head.mp4").write_bytes((folder / "00.mp4").read_bytes()[:200])
    (folder / "noise.mov").write_bytes(random.Random(1).randbytes(5000))
    (folder / "readme.txt").write_text("left alone")
    return folder


def batch(videos: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    command = [FORMDRIFT, "batch", videos, "--out", out, "--model", "lite", "--workers", "2", *more]
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def tables(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((out / "tables").iterdir())}


@pytest.fixture(scope="session")
def whole(lite: None, videos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a batch that nothing disturbed."""
    out = tmp_path_factory.mktemp("whole")
    run = batch(videos, out)
    _, said = run.communicate(timeout=600)
    assert run.returncode == 2
    assert len([line for line in said.splitlines() if line.startswith(str(videos))]) == BROKEN
    return out


def test_every_good_video_is_scored_and_every_bad_one_reported(whole: Path):
    records = list(OutFolder(whole).records())
    failed = {Path(record["path"]).name for record in records if "error" in record}
    assert failed == {"empty.mp4", "text.mp4", "head.mp4", "noise.mov"}
    assert len(records) == 39
    by_name = {Path(record["batch"]["url"]).name: record for record in records}
    one = from_dict(by_name["set.mp4"])
    assert one.sets[0].summary.full_reps == 2
    # the same bytes give the same tracks, kept once
    assert by_name["set.mp4"]["batch"]["track"] == by_name["same.mp4"]["batch"]["track"]


def test_tables_say_where_every_row_is_from(whole: Path, videos: Path):
    reps = pq.read_table(whole / "tables" / "reps.parquet").to_pylist()
    origin = ("engine", "model_id", "formdrift", "thresholds")
    assert all(row[name] for row in reps for name in origin)
    assert (
        len({row["sha256"] for row in reps if row["path"] in (str(videos / "set.mp4"), str(videos / "same.mp4"))}) == 1
    )
    sets = pq.read_table(whole / "tables" / "sets.parquet").to_pylist()
    assert [row["path"] for row in sets] == sorted(row["path"] for row in sets)


def test_the_page_shows_every_video_and_loads_nothing(whole: Path):
    page = (whole / "index.html").read_text()
    assert page.count("<tr data-name=") == 39
    assert page.count('class="failed"') == BROKEN
    assert 'src="data:image/jpeg;base64,' in page
    assert "http" not in page.replace("<!doctype html>", "")


def test_killed_ten_times_it_gives_the_same_tables(whole: Path, videos: Path, tmp_path: Path):
    records = tmp_path / "videos"
    for kill in range(10):
        run = batch(videos, tmp_path)
        until = time.monotonic() + 300
        # at moments of its own: so many results, and a little more
        while run.poll() is None and len(list(records.glob("*.json"))) < 3 * kill + 1:
            assert time.monotonic() < until
            time.sleep(0.01)
        time.sleep(0.013 * kill)
        run.send_signal(signal.SIGKILL)
        run.communicate(timeout=60)
    run = batch(videos, tmp_path)
    run.communicate(timeout=600)
    assert run.returncode == 2
    assert tables(tmp_path) == tables(whole)
    assert not list(tmp_path.rglob(".*.part"))


def test_a_second_run_leaves_everything_as_it_is(whole: Path, videos: Path):
    before = {path: path.stat().st_mtime_ns for path in (whole / "videos").iterdir()}
    kept = tables(whole)
    run = batch(videos, whole)
    said, _ = run.communicate(timeout=600)
    assert "0 of them now" in said
    assert {path: path.stat().st_mtime_ns for path in (whole / "videos").iterdir()} == before
    assert tables(whole) == kept


def test_only_what_a_killed_batch_had_begun_is_removed(tmp_path: Path):
    (tmp_path / "videos").mkdir()
    ours = tmp_path / "videos" / ".01-ab.json.4711.part"
    others = [tmp_path / ".download.mp4.part", tmp_path / "mine" / ".a.json.4711.part"]
    others[1].parent.mkdir()
    for path in (ours, *others):
        path.write_bytes(b"half")
    with OutFolder(tmp_path).locked():
        assert not ours.exists()
    assert all(path.exists() for path in others)


def test_two_runs_on_one_folder_are_kept_apart(whole: Path, videos: Path):
    with OutFolder(whole).locked():
        run = batch(videos, whole)
        _, said = run.communicate(timeout=600)
    assert run.returncode == 2
    assert said.strip() == f"Another run is writing to '{whole}': wait until it ends, or give another folder."


def copied(whole: Path, target: Path) -> Path:
    return Path(shutil.copytree(whole, target, copy_function=os.link))


def test_other_thresholds_judge_the_stored_tracks_again(whole: Path, tmp_path: Path):
    out, theirs = copied(whole, tmp_path / "out"), tmp_path / "mine.toml"
    ours = (ROOT / "scoring" / "thresholds.toml").read_text()
    assert 'version = "' in ours
    theirs.write_text(ours.replace('version = "', 'version = "mine ', 1))
    run = subprocess.run(
        [FORMDRIFT, "rescore", out, "--thresholds", theirs], check=False, capture_output=True, text=True
    )
    assert "35 of them now" in run.stdout
    versions = {record["versions"]["thresholds"] for record in OutFolder(out).records() if "error" not in record}
    assert versions == {f"mine {load_thresholds().version}"}


def test_what_another_run_could_not_score_does_not_fail_this_one(lite: None, videos: Path, tmp_path: Path):
    for video, failed in (("text.mp4", 1), ("00.mp4", 0)):
        run = batch(videos / video, tmp_path / "out")
        said, complaints = run.communicate(timeout=600)
        assert (run.returncode, complaints.count("\n")) == (2 * failed, failed)
        assert said.startswith(f"{1 - failed} video{'s' * failed} scored, {failed} not;")
    assert len(list(OutFolder(tmp_path / "out").records())) == 2


def test_a_full_disk_is_a_sentence_and_costs_nothing_that_was_done(
    lite: None, videos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    words = ["batch", str(videos / "00.mp4"), "--out", str(tmp_path / "out"), "--model", "lite", "--workers", "1"]
    with monkeypatch.context() as patch:
        patch.setattr("formdrift.assess.batch.run.write_tables", full)
        run = CliRunner().invoke(main, words)
    assert (run.exit_code, run.stdout, run.stderr.count("\n")) == (2, "", 1)
    assert "(No space left on device)" in run.stderr
    assert "0 of them now" in CliRunner().invoke(main, words).stdout


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name of a file is text")
def test_a_name_that_is_no_text_is_worked_on_like_any(lite: None, videos: Path, tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(videos / "00.mp4", folder / os.fsdecode(b"good\xff.mp4"))
    shutil.copy(videos / "text.mp4", folder / os.fsdecode(b"text\xff.mp4"))
    for done in (2, 0):
        run = batch(folder, tmp_path / "out")
        said, _ = run.communicate(timeout=600)
        assert said.startswith(f"1 video scored, 1 not; {done} of them now")
    [path] = set(pq.read_table(tmp_path / "out" / "tables" / "sets.parquet")["path"].to_pylist())
    assert Path(path).name == "good\N{REPLACEMENT CHARACTER}.mp4"
    assert (tmp_path / "out" / "index.html").is_file()


def test_a_track_that_is_kept_is_not_sent_back_and_a_damaged_one_is_replaced(whole: Path):
    folder, limits = OutFolder(whole), load_thresholds()
    head = next(head for head in folder.heads() if "error" not in head)
    [video] = known_videos([head])
    kept = folder.track(head["batch"]["track"])
    assert kept is not None
    name, tables = f"tracks/{kept[0]}", f"videos/{video.key}.tables"
    again = assess_task(Task(video, limits, scoring_name(limits), kept))
    assert set(again.files) == {tables}
    anew = assess_task(Task(video, limits, scoring_name(limits), (kept[0], b"damaged")))
    assert set(anew.files) == {tables, name}
    assert anew.record == again.record == folder.record(video.key)


def test_a_video_that_changed_is_looked_at_again(lite: None, videos: Path, tmp_path: Path):
    video = tmp_path / "in" / "one.mp4"
    video.parent.mkdir()
    shutil.copy(videos / "00.mp4", video)
    for source, done in (("00.mp4", 1), ("00.mp4", 0), ("01.mp4", 1)):
        if source != "00.mp4":
            shutil.copy(videos / source, video)
        run = batch(video.parent, tmp_path / "out")
        said, _ = run.communicate(timeout=600)
        assert f"{done} of them now" in said


def test_csv_holds_the_same_rows(whole: Path, videos: Path, tmp_path: Path):
    out = copied(whole, tmp_path / "out")
    batch(videos, out, "--format", "csv").communicate(timeout=600)
    with (out / "tables" / "reps.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    parquet = pq.read_table(whole / "tables" / "reps.parquet").to_pylist()
    assert [float(row["bottom_s"]) for row in rows] == [row["bottom_s"] for row in parquet]


def test_a_video_in_an_object_store_is_worked_on_like_a_file(lite: None, videos: Path, tmp_path: Path):
    memory = __import__("fsspec").filesystem("memory")
    memory.pipe("/store/one.mp4", (videos / "00.mp4").read_bytes())
    limits = load_thresholds()
    folder = OutFolder(tmp_path)
    try:
        [far] = find_videos(["memory://store"], Settings(model="lite"))
        [near] = find_videos([str(videos / "00.mp4")], Settings(model="lite"))
        outcomes = [assess_task(Task(video, limits, scoring_name(limits), opensim=True)) for video in (far, near)]
    finally:
        memory.rm("/store", recursive=True)
    sources = [outcome.record["sources"][0] for outcome in outcomes]
    assert sources[0].pop("path") == "memory:///store/one.mp4"
    sources[1].pop("path")
    assert sources[0] == sources[1]
    with folder.locked():
        keep(outcomes[0], folder)
        names = {path.name for path in finish(folder, "csv")}
    assert {"sets.csv", "reps.csv", "measurements.csv", "series.csv"} <= names
    assert [path.suffix for path in sorted((tmp_path / "opensim").iterdir())] == [".mot", ".trc"]


@pytest.fixture
def cluster(tmp_path: Path) -> Sequence[subprocess.Popen[bytes]]:
    """Run a scheduler and two workers as separate programs; yields the address's file and the workers."""
    dask = Path(sys.executable).with_name("dask")
    told = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    programs = [
        subprocess.Popen(
            [dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", told],
            **quiet,
        )
    ]
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        programs.append(
            subprocess.Popen(
                [dask, "worker", "--scheduler-file", told, "--nthreads", "1", "--no-nanny", "--no-dashboard"],
                cwd=folder,
                **quiet,
            )
        )
    yield programs
    for program in programs:
        program.kill()
        program.wait()


def test_a_cluster_that_loses_a_worker_gives_the_same_tables(
    whole: Path, videos: Path, tmp_path: Path, cluster: Sequence[subprocess.Popen[bytes]]
):
    until = time.monotonic() + 60
    while not (tmp_path / "scheduler.json").exists():
        assert time.monotonic() < until
        time.sleep(0.1)
    address = json.loads((tmp_path / "scheduler.json").read_text())["address"]
    while True:
        run = batch(videos, tmp_path / "out", "--cluster", address)
        while run.poll() is None and len(list((tmp_path / "out" / "videos").glob("*.json"))) < 8:
            assert time.monotonic() < until + 240
            time.sleep(0.02)
        if run.poll() is None:
            break
        # no worker had joined yet
        assert "has no workers" in (run.stderr.read() if run.stderr else "")
    cluster[1].kill()
    run.communicate(timeout=600)
    assert run.returncode == 2
    assert tables(tmp_path / "out") == tables(whole)
