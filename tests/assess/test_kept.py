"""What a video itself says of the day on which it was filmed."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from formdrift.assess import filmed_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Return a function that moves this machine into another time zone."""

    def move(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


def film(folder: Path, said: str, ending: str = "mp4") -> Path:
    """Write a video of one grey picture whose camera says when it was filmed."""
    path = folder / f"film.{ending}"
    with av.open(str(path), "w") as container:
        container.metadata["creation_time"] = said
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 90, np.uint8), format="rgb24")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(("where", "day"), [("UTC", 2), ("Pacific/Auckland", 3), ("America/Los_Angeles", 2)])
def test_the_day_is_that_of_this_machines_time_zone(
    tmp_path: Path, zone: Callable[[str], None], where: str, day: int
) -> None:
    path = film(tmp_path, "2026-03-02T17:30:00Z")
    zone(where)
    assert filmed_on(path) == dt.date(2026, 3, day)


@pytest.mark.parametrize("where", ["Asia/Tokyo", "America/Los_Angeles"])
@pytest.mark.parametrize("said", ["1904-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2000-01-01T00:00:00Z"])
def test_a_clock_that_was_never_set_says_nothing(
    tmp_path: Path, zone: Callable[[str], None], said: str, where: str
) -> None:
    path = film(tmp_path, said)
    zone(where)
    assert filmed_on(path) is None


@pytest.mark.parametrize("said", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "last Monday"])
@pytest.mark.parametrize("where", ["Asia/Tokyo", "America/Los_Angeles"])
def test_days_that_no_calendar_holds_say_nothing(
    tmp_path: Path, zone: Callable[[str], None], said: str, where: str
) -> None:
    path = film(tmp_path, said, "nut")
    with av.open(str(path)) as container:
        assert container.metadata["creation_time"]
    zone(where)
    assert filmed_on(path) is None


def test_a_file_that_is_no_video_has_no_day(tmp_path: Path) -> None:
    (tmp_path / "notes.mp4").write_text("Monday", encoding="utf-8")
    assert filmed_on(tmp_path / "notes.mp4") is None
    assert filmed_on(tmp_path / "absent.mp4") is None
