"""Uploads arrive whole under names of ours or not at all; clips are served by number only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from formdrift.ui import uploads
from formdrift.ui.uploads import Uploads

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def taker(tmp_path: Path) -> Uploads:
    (tmp_path / "clips").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    known = {1: tmp_path / "clips" / "one.mp4", 2: tmp_path / "clips" / "gone.mp4"}
    known[1].write_bytes(bytes(range(100)))
    return Uploads(tmp_path / "clips", known.get)


@pytest.fixture
def client(taker: Uploads) -> TestClient:
    return TestClient(Starlette(routes=taker.routes()))


def arrived(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "clips").iterdir() if path.name != "one.mp4")


def test_an_upload_lies_in_the_folder_under_a_name_of_ours(client: TestClient, tmp_path: Path):
    answer = client.put("/upload", params={"name": "../../Set 3.MOV"}, content=b"film" * 1000).json()
    assert answer["name"] == "Set 3.MOV"
    assert arrived(tmp_path) == [answer["stored"]]
    assert answer["stored"].endswith(".mov")
    assert (tmp_path / "clips" / answer["stored"]).read_bytes() == b"film" * 1000


@pytest.mark.parametrize("name", ["evil.exe", "squat", "", "squat.mp4.html", ".mp4"])
def test_what_is_no_video_by_its_name_is_refused(client: TestClient, tmp_path: Path, name: str):
    assert client.put("/upload", params={"name": name}, content=b"x").status_code == 415
    assert arrived(tmp_path) == []


def test_an_empty_one_too(client: TestClient, tmp_path: Path):
    assert client.put("/upload", params={"name": "a.mp4"}, content=b"").status_code == 413
    assert arrived(tmp_path) == []


def test_too_large_is_refused_before_it_comes(client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 10)
    assert client.put("/upload", params={"name": "a.mp4"}, content=b"x" * 11).status_code == 413
    assert arrived(tmp_path) == []


def test_one_that_ends_early_or_goes_on_leaves_nothing(client: TestClient, tmp_path: Path):
    for announced in ("5", "50"):
        headers = {"content-length": announced}
        answer = client.put("/upload", params={"name": "a.mp4"}, content=b"x" * 10, headers=headers)
        assert answer.status_code == 400
    assert arrived(tmp_path) == []


def test_a_phone_needs_the_key_of_the_code(client: TestClient, taker: Uploads, tmp_path: Path):
    assert client.get("/phone").status_code == 403
    assert client.get("/phone", params={"key": "wrong"}).status_code == 403
    assert "Send a set" in client.get("/phone", params={"key": taker.phone_key}).text
    assert client.put("/phone", params={"name": "a.mp4", "key": "wrong"}, content=b"x").status_code == 403
    assert client.put("/phone", params={"name": "a.mp4"}, content=b"x").status_code == 403
    assert client.put("/phone", params={"name": "a.mp4", "key": taker.phone_key}, content=b"x").status_code == 200
    assert [name for _, name in taker.from_phone] == ["a.mp4"]
    assert arrived(tmp_path) == [taker.from_phone[0][0]]


def test_clips_come_by_number_with_byte_ranges(client: TestClient):
    part = client.get("/clip/1", headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, bytes(range(10, 20)))
    assert client.get("/clip/1").headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/clip/2", "/clip/3", "/clip/..%2F..%2Fsecret.txt", "/clip/../secret.txt", "/clip/one.mp4"]
)
def test_nothing_else_is_served(client: TestClient, path: str):
    answer = client.get(path)
    assert answer.status_code == 404
    assert b"secret" not in answer.content
