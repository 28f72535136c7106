"""What is found where: files, folders, globs, object stores and manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import fsspec
import pytest

from formdrift.assess import InputError
from formdrift.assess.batch.settings import Settings
from formdrift.assess.batch.videos import Video, find_videos

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.mp4", "a.MOV", "notes.txt", ".hidden.mp4", "deep/er/c.mkv", "oddly [named].mp4"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"video")
    return tmp_path


def names(videos: list[Video], folder: Path) -> list[str]:
    return [video.url.removeprefix(f"{folder}/") for video in videos]


def test_a_folder_gives_its_videos_to_the_bottom(folder: Path):
    assert names(find_videos([str(folder)], Settings()), folder) == [
        "a.MOV",
        "b.mp4",
        "deep/er/c.mkv",
        "oddly [named].mp4",
    ]


def test_globs_files_and_folders_together_give_each_video_once(folder: Path):
    paths = [f"{folder}/*.mp4", f"{folder}/b.mp4", f"{folder}/deep", f"{folder}/oddly [named].mp4"]
    assert names(find_videos(paths, Settings()), folder) == ["b.mp4", "deep/er/c.mkv", "oddly [named].mp4"]


def test_a_file_that_is_named_is_taken_whatever_it_is_called(folder: Path):
    assert names(find_videos([f"{folder}/notes.txt"], Settings()), folder) == ["notes.txt"]


def test_an_object_store_is_searched_like_a_folder():
    memory = fsspec.filesystem("memory")
    memory.pipe({"/bucket/one.mp4": b"1", "/bucket/two/three.mp4": b"3", "/bucket/readme.md": b""})
    try:
        found = find_videos(["memory://bucket"], Settings())
        assert [video.url for video in found] == ["memory:///bucket/one.mp4", "memory:///bucket/two/three.mp4"]
        assert all(video.stamp.startswith("1 ") for video in found)
    finally:
        memory.rm("/bucket", recursive=True)


def test_a_manifest_says_what_each_video_is(folder: Path):
    manifest = folder / "sets.csv"
    manifest.write_text(
        "path,exercise,subject,person,load\nb.mp4,squat,1,Robin,60kg\ndeep/er/c.mkv,,,Kim,\ngone.mp4,rdl,,,\n",
        encoding="utf-8-sig",
    )
    b, c, gone = find_videos([str(manifest)], Settings(model="lite"))
    assert (b.url, b.settings, b.notes) == (
        f"{folder}/b.mp4",
        Settings("squat", model="lite", subject=1, load="60kg"),
        {"person": "Robin"},
    )
    assert (c.settings.exercise, c.settings.subject, c.notes) == ("auto", None, {"person": "Kim"})
    # a video that is not there fails when its turn comes, like a broken one, and stops nobody
    assert gone.stamp == ""


def test_the_same_video_can_stand_twice_with_different_people(folder: Path):
    manifest = folder / "sets.csv"
    manifest.write_text("path,subject\nb.mp4,0\nb.mp4,1\nb.mp4,1\n")
    assert [video.settings.subject for video in find_videos([str(manifest)], Settings())] in ([0, 1], [1, 0])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("file\nb.mp4\n", "no column 'path'"),
        ("path,exercise\nb.mp4,squat,3\n", "line 2"),
        ("path,exercise\nb.mp4\n", "line 2"),
        ("path,subject\nb.mp4,first\n", "line 2: subject 'first' is no number"),
        ("path,exercise\nb.mp4,jumping\n", "line 2: There is no exercise 'jumping'"),
        ("path,model\nb.mp4,huge\n", "line 2: There is no model 'huge'"),
        ("path,eyes\nb.mp4,shut\n", "line 2: eyes 'shut' is none of open, closed"),
        ("path,depth_target\nb.mp4,deep\n", "line 2: depth_target 'deep' is none of parallel, half, full"),
        ("path,height_cm\nb.mp4,tall\n", "line 2: height_cm 'tall' is no number"),
        ("path,load\nb.mp4,heavy\n", "line 2: .*heavy"),
        ("path,plate_px\nb.mp4,wide\n", "line 2: plate_px 'wide' is no number"),
        ("path,plate_px\nb.mp4,nan\n", "line 2: .*plate nan pixels wide"),
        ("path,load\n", "names no video"),
        ('path,load\n"b.mp4,60\n', "can't be read .*whole"),
        ("", "no column 'path'"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused_with_its_line(folder: Path, text: str, said: str):
    (folder / "sets.csv").write_text(text)
    with pytest.raises(InputError, match=said):
        find_videos([f"{folder}/sets.csv"], Settings())


def test_a_manifest_that_is_no_utf_8_is_refused(folder: Path):
    (folder / "sets.csv").write_bytes("path,person\nb.mp4,Zoé\n".encode("latin-1"))
    with pytest.raises(InputError, match="save it as CSV in UTF-8"):
        find_videos([f"{folder}/sets.csv"], Settings())


def test_the_width_of_a_plate_is_said_of_each_video(folder: Path):
    (folder / "sets.csv").write_text("path,plate_px\nb.mp4,90\na.MOV,\n")
    bare, scaled = find_videos([f"{folder}/sets.csv"], Settings())
    assert (scaled.settings.prescription().plate_px, bare.settings.prescription().plate_px) == (90, None)
    # what was kept before anybody could say it keeps its name
    assert bare.key == Video(f"{folder}/a.MOV", "", Settings()).key != Video(f"{folder}/a.MOV", "", scaled.settings).key


@pytest.mark.parametrize("name", ["nowhere", "empty", "*.avi", "nowhere.csv", "gopher://x/y.mp4"])
def test_a_path_that_leads_nowhere_is_refused_in_a_sentence(folder: Path, name: str):
    (folder / "empty").mkdir()
    with pytest.raises(InputError, match=name.removeprefix("*").partition(":")[0]):
        find_videos([name if "://" in name else f"{folder}/{name}"], Settings())


def test_the_stamp_changes_with_the_file_and_the_key_does_not(folder: Path):
    [before] = find_videos([f"{folder}/b.mp4"], Settings())
    (folder / "b.mp4").write_bytes(b"another video")
    [after] = find_videos([f"{folder}/b.mp4"], Settings())
    assert before.key == after.key
    assert before.stamp != after.stamp
    [other] = find_videos([f"{folder}/b.mp4"], Settings(exercise="rdl"))
    assert other.key != after.key
