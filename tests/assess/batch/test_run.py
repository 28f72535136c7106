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
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import fsspec
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from filelock import FileLock, Timeout

from formdrift.assess import from_dict, load_thresholds
from formdrift.assess.batch.folder import OutFolder
from formdrift.assess.batch.run import finish, keep, run_batch, scoring_name
from formdrift.assess.batch.settings import Settings
from formdrift.assess.batch.videos import Video, find_videos, known_videos
from formdrift.assess.batch.work import Outcome, Task, assess_task, failure
from formdrift.assess.batch.workers import WorkerDiedError
from formdrift.models.catalogue import ModelError
from formdrift.models.store import locate
from formdrift.ui.cli import main
from formdrift.vision.source import open_video
from formdrift.vision.write import VideoWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from formdrift.assess.batch.run import Progress

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
    records = [record for record in OutFolder(out).records() if "error" not in record]
    assert {record["versions"]["thresholds"] for record in records} == {f"mine {load_thresholds().version}"}
    # videos of the same content share their tracks, and each keeps its name
    assert all(record["sources"][0]["path"] == record["batch"]["url"] for record in records)
    paths = [pq.read_table(each / "tables" / "sets.parquet")["path"].to_pylist() for each in (out, whole)]
    assert paths[0] == paths[1]


def good(folder: OutFolder, name: str = "") -> Video:
    """Return the first video of a batch that was scored, or the one of this name."""
    return next(video for video in known_videos(folder.heads()) if name in video.url)


def here(do: Callable[[Task], Outcome], works: Iterable[Task]) -> Iterator[tuple[Task, Outcome]]:
    return ((work, do(work)) for work in works)


def dying(do: object, works: Iterable[Task]) -> Iterator[tuple[Task, WorkerDiedError]]:
    return ((work, WorkerDiedError()) for work in works)


def worked(folder: OutFolder, videos: list[Video], version: str = "", **more: Any) -> Progress:
    """Run a batch in this process and return how far it got, with thresholds of another version if one is given."""
    limits = load_thresholds()
    return [*run_batch(videos, folder, replace(limits, version=version or limits.version), here, **more)][-1]


def test_what_dies_while_it_is_judged_again_keeps_its_tracks(whole: Path, tmp_path: Path):
    folder = OutFolder(copied(whole, tmp_path / "out"))
    video = good(folder)
    [died] = run_batch([video], folder, replace(load_thresholds(), version="mine"), dying)
    assert died.failed == 1
    assert video in known_videos(folder.heads())
    again = worked(folder, [video], "mine")
    assert (again.total, again.error) == (1, None)


def test_tracks_are_read_as_they_are_handed_over(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder, read = OutFolder(copied(whole, tmp_path / "out")), list[str]()

    def one_by_one(do: object, works: Iterable[Task]) -> Iterator[tuple[Task, WorkerDiedError]]:
        for done, (work, died) in enumerate(dying(do, works), start=1):
            assert len(read) == done
            yield work, died

    monkeypatch.setattr(OutFolder, "track", lambda _, name: read.append(name))
    videos = known_videos(folder.heads())
    list(run_batch(videos, folder, replace(load_thresholds(), version="mine"), one_by_one))
    assert len(read) == len(videos) == 35


def test_nothing_is_left_of_a_failure_that_could_not_be_kept(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    folder = OutFolder(copied(whole, tmp_path / "out"))
    video = good(folder)
    failed = Outcome(failure(Task(video, load_thresholds(), "mine"), "It failed."), {})
    with monkeypatch.context() as patch:
        patch.setattr("formdrift.assess.batch.run.write_whole", full)
        with pytest.raises(OSError, match="No space"):
            keep(failed, folder)
    assert folder.has_tables(video.key)
    keep(failed, folder)
    assert not folder.has_tables(video.key)


def test_tables_that_are_lost_or_cut_off_are_made_again(whole: Path, tmp_path: Path):
    folder = OutFolder(copied(whole, tmp_path / "out"))
    videos = known_videos(folder.heads())[:3]
    lost, cut_off = (folder.packed_path(video.key) for video in videos[:2])
    half = cut_off.read_bytes()[:-100]
    for path in (lost, cut_off):
        path.unlink()
    cut_off.write_bytes(half)
    assert worked(folder, videos).total == 2
    finish(folder, "parquet", folder.heads())
    assert tables(folder.root) == tables(whole)


def test_files_for_opensim_may_be_asked_for_later_and_follow_the_thresholds(whole: Path, tmp_path: Path):
    folder = OutFolder(copied(whole, tmp_path / "out"))
    video, limits = good(folder, "set.mp4"), load_thresholds()
    angles = folder.root / "opensim" / f"{video.key}.mot"
    assert [worked(folder, [video], opensim=wanted).total for wanted in (False, True, True, False)] == [0, 1, 0, 0]
    sharp = angles.read_bytes()
    for cutoff_hz in (2.0, 3.0):
        [done] = run_batch([video], folder, replace(limits, filter=replace(limits.filter, fc_joint_hz=cutoff_hz)), here)
        assert (done.total, done.error) == (1, None)
        assert angles.read_bytes() != sharp
        sharp = angles.read_bytes()
        # an earlier release did not write down that they were asked for
        record = folder.record(video.key)
        assert record is not None
        assert record["batch"].pop("opensim")
        folder.record_path(video.key).write_text(json.dumps(record))


def test_tables_in_the_other_format_are_not_left_out_of_date(whole: Path, tmp_path: Path):
    folder = OutFolder(copied(whole, tmp_path / "out"))
    finish(folder, "csv", folder.heads())
    worked(folder, known_videos(folder.heads()), "mine")
    finish(folder, "parquet", folder.heads())
    with (folder.tables / "sets.csv").open(newline="") as file:
        assert {row["thresholds"] for row in csv.DictReader(file)} == {"mine"}
    assert set(pq.read_table(folder.tables / "sets.parquet")["thresholds"].to_pylist()) == {"mine"}


def test_a_video_that_is_gone_keeps_its_result(lite: None, videos: Path, tmp_path: Path):
    folder, video, manifest = OutFolder(tmp_path / "out"), tmp_path / "one.mp4", tmp_path / "sets.csv"
    shutil.copy2(videos / "00.mp4", video)
    manifest.write_text("path\none.mp4\n")

    def found() -> list[Video]:
        return find_videos([str(manifest)], Settings(model="lite"))

    with folder.locked():
        assert worked(folder, found()).total == 1
        video.unlink()
        assert worked(folder, found()).total == 0
        again = worked(folder, found(), "mine")
        assert (again.total, again.error) == (1, None)
        shutil.copy2(videos / "00.mp4", video)
        assert worked(folder, found(), "mine").total == 0


@pytest.mark.parametrize(
    ("name", "engine", "again"),
    [
        ("text.mp4", "blazepose-onnx", False),
        ("gone.mp4", "blazepose-onnx", True),
        ("00.mp4", "simcc:gone.onnx", True),
    ],
)
def test_what_can_be_put_right_is_tried_again(lite: None, videos: Path, name: str, engine: str, again: bool):
    video = Video(str(videos / name), "1", Settings(engine=engine, model="lite"))
    assert assess_task(Task(video, load_thresholds(), "mine")).record["batch"]["retry"] is again


def test_what_is_judged_again_is_read_when_nobody_writes(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    heads = OutFolder.heads

    def held(folder: OutFolder) -> list[dict[str, Any]]:
        with pytest.raises(Timeout):
            FileLock(folder.root / ".lock", blocking=False).acquire()
        return heads(folder)

    out = Path(shutil.copytree(whole, tmp_path / "out"))
    monkeypatch.setattr(OutFolder, "heads", held)
    run = CliRunner().invoke(main, ["rescore", str(out), "--workers", "1"])
    assert run.exit_code == 0, run.output
    assert "35 videos scored, 0 not; 0 of them now" in run.stdout


def test_nothing_is_made_in_a_folder_without_tracks(tmp_path: Path):
    run = CliRunner().invoke(main, ["rescore", str(tmp_path)])
    assert (run.exit_code, run.stderr.count("\n")) == (2, 1)
    assert "no stored tracks" in run.stderr
    assert list(tmp_path.iterdir()) == []


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
    memory = fsspec.filesystem("memory")
    memory.pipe("/store/one.mp4", (videos / "00.mp4").read_bytes())
    limits = load_thresholds()
    folder = OutFolder(tmp_path)
    try:
        [far] = find_videos(["memory://store"], Settings(model="lite"))
        [near] = find_videos([str(videos / "00.mp4")], Settings(model="lite"))
        outcomes = [assess_task(Task(video, limits, scoring_name(limits), opensim=True)) for video in (far, near)]
        [(place, tracks)] = [file for file in outcomes[0].files.items() if file[0].startswith("tracks/")]
        again = assess_task(Task(far, limits, scoring_name(limits), (Path(place).name, tracks)))
    finally:
        memory.rm("/store", recursive=True)
    sources = [outcome.record["sources"][0] for outcome in outcomes]
    assert again.record["sources"] == outcomes[0].record["sources"]
    assert sources[0].pop("path") == "memory:///store/one.mp4"
    sources[1].pop("path")
    assert sources[0] == sources[1]
    with folder.locked():
        keep(outcomes[0], folder)
        names = {path.name for path in finish(folder, "csv", folder.heads())}
    assert {"sets.csv", "reps.csv", "measurements.csv", "series.csv"} <= names
    assert [path.suffix for path in sorted((tmp_path / "opensim").iterdir())] == [".mot", ".trc"]


@pytest.mark.parametrize("name", ["bad.mp4", f"bad.mp4?signature={300 * 'x'}"])
def test_a_bad_video_in_an_object_store_is_called_by_its_address(lite: None, name: str):
    memory = fsspec.filesystem("memory")
    memory.pipe(f"/store/{name}", b"no video")
    url = f"memory:///store/{name}"
    try:
        record = assess_task(Task(Video(url, "1", Settings(model="lite")), load_thresholds(), "mine")).record
    finally:
        memory.rm("/store", recursive=True)
    assert record["error"].startswith(f"'{url}' is not a video that can be read")


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
