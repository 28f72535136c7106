from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formdrift.pose.store import FOLDER_VARIABLE, Key, Stored, StoreError, TrackStore, default_folder, read
from formdrift.pose.track import People, PoseTrack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEY = Key("ab" * 32, "blazepose-onnx", "blazepose-full", "cd" * 32)


@pytest.fixture
def stored(make_track: Callable[..., PoseTrack]) -> Stored:
    """Return two people over a cut, the second seen for half of the time."""
    track = make_track(segments=((0, 100), (100, 180)), repairs={"swapped": 2}, brightness=93.5)
    xy_px = track.xy_px.astype(np.float32).astype(float)
    gone = np.where(np.arange(180)[:, None, None] < 90, xy_px, np.nan)
    first = replace(track, xy_px=xy_px, world_m=track.world_m.astype(np.float32))
    second = replace(first, xy_px=gone, visibility=np.where(np.isnan(gone[..., 0]), 0.0, 0.5), repairs={})
    portrait = np.full((128, 96, 3), 7, np.uint8)
    people = People((first, second), (0.75, 0.25), 1, (portrait, None))
    return Stored(people, "blazepose-onnx", ("The file ends early.",))


def test_what_is_kept_comes_back(tmp_path: Path, stored: Stored) -> None:
    store = TrackStore(tmp_path / "new" / "tracks")
    assert store.load(KEY) is None
    path = store.save(KEY, stored)
    found = store.load(KEY)
    assert found is not None
    assert (found.engine, found.notes) == (stored.engine, stored.notes)
    assert (found.people.scores, found.people.subject) == ((0.75, 0.25), 1)
    for a, b in zip(found.people.tracks, stored.people.tracks, strict=True):
        for name in ("time_s", "xy_px", "world_m", "camera_xy_px"):
            np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
        np.testing.assert_allclose(a.visibility, b.visibility, atol=1e-7)
        assert a.brightness == b.brightness
        assert (a.topology, a.segments, dict(a.repairs), a.source) == (
            b.topology,
            b.segments,
            dict(b.repairs),
            b.source,
        )
    np.testing.assert_array_equal(found.people.portraits[0], stored.people.portraits[0])
    assert found.people.portraits[1] is None
    assert [f.name for f in path.parent.iterdir()] == [KEY.file]


def test_portraits_are_left_out_where_nobody_asks_for_them(tmp_path: Path, stored: Stored) -> None:
    path = TrackStore(tmp_path, portraits=False).save(KEY, stored)
    found = read(path)
    assert found.people.portraits == ()
    assert len(found.people.tracks) == 2
    with np.load(path) as arrays:
        assert arrays["portraits"].size == 0


def test_every_part_of_a_key_counts() -> None:
    others = [replace(KEY, **{name: "ef" * 32}) for name in ("video_sha256", "engine", "model_id", "weights_sha256")]
    assert len({key.file for key in (KEY, *others)}) == 5


def test_damaged_files_are_refused_in_one_sentence(tmp_path: Path, stored: Stored) -> None:
    store = TrackStore(tmp_path)
    path = store.save(KEY, stored)
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0xFF
    for content in (b"", b"no archive", whole[: len(whole) // 2], bytes(flipped)):
        path.write_bytes(content)
        with pytest.raises(StoreError, match=r"The stored tracks '.*' are damaged: they are made again\."):
            store.load(KEY)
    with pytest.raises(StoreError, match="damaged"):
        read(tmp_path / "absent.npz")


def test_other_releases_are_refused(tmp_path: Path, stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    path = TrackStore(tmp_path).save(KEY, stored)
    monkeypatch.setattr("formdrift.pose.store.FORMAT", "formdrift.tracks/2")
    with pytest.raises(StoreError, match="are from another release"):
        read(path)


def test_a_failed_save_leaves_what_was_there(tmp_path: Path, stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    store = TrackStore(tmp_path)
    path = store.save(KEY, stored)
    before = path.read_bytes()

    def full(file: object, **_: object) -> None:
        file.write(b"half")
        raise OSError("disk full")

    monkeypatch.setattr("numpy.savez_compressed", full)
    with pytest.raises(OSError, match="disk full"):
        store.save(KEY, stored)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_forgetting_one_video_and_all(tmp_path: Path, stored: Stored) -> None:
    store = TrackStore(tmp_path)
    other = replace(KEY, video_sha256="ef" * 32)
    for key in (KEY, replace(KEY, engine="mediapipe"), other):
        store.save(key, stored)
    # a process was killed while it saved
    (tmp_path / f".{KEY.file}.x1.part").write_bytes(b"half")
    assert store.forget(KEY.video_sha256) == 2
    assert store.load(KEY) is None
    assert store.load(other) is not None
    assert store.forget() == 1
    assert list(tmp_path.iterdir()) == []


def test_the_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert default_folder() == TrackStore().folder == tmp_path
    monkeypatch.delenv(FOLDER_VARIABLE)
    assert default_folder().parts[-2:] == ("formdrift", "tracks")
