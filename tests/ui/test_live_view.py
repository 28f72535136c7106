"""``formdrift live``: a set before an attached camera, and the page that shows it; a film stands in for the camera."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import formdrift.sample_videos
from formdrift.assess.live_camera import Screen, Shown
from formdrift.assess.live_state import LiveState
from formdrift.ui.cli import main
from formdrift.ui.live_view import serve_view, taken
from formdrift.vision.image import ImageFrame
from formdrift.vision.jpeg import encode_jpeg
from formdrift.vision.source import open_video

SAMPLE = Path(formdrift.sample_videos.__file__).parent / "clips" / "squat_front.mp4"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_pictures_and_words_are_served_to_own_pages_only() -> None:
    screen, port = Screen(), free_port()
    picture = encode_jpeg(np.full((48, 64, 3), 90, np.uint8))
    state = LiveState(1.0, "set", "Set running.", count=3)
    with serve_view(screen, port) as url:
        assert taken(port)
        screen.show(Shown(1, state, picture))
        with urllib.request.urlopen(f"{url}/words", timeout=60) as words:
            told = json.loads(words.readline().removeprefix(b"data: "))
            assert (told["count"], told["lost"]) == (3, None)
            screen.show(Shown(2, state, picture, lost=True))
            words.readline()
            assert "plug it in" in json.loads(words.readline().removeprefix(b"data: "))["lost"]
        screen.show(Shown(3, state, picture))
        with urllib.request.urlopen(f"{url}/pictures", timeout=60) as pictures:
            assert picture in pictures.read1(65536)
        with urllib.request.urlopen(url, timeout=60) as page:
            assert b"Formdrift live" in page.read()
        strange = urllib.request.Request(url, headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(strange, timeout=60)
    assert not taken(port)


def test_whoever_is_slow_sees_the_newest() -> None:
    screen = Screen()
    for number in (1, 2, 3):
        screen.show(Shown(number, LiveState(float(number), "set", ""), b""))
    newest = screen.newer(0, 0.0)
    assert newest is not None
    assert newest.number == 3
    assert screen.newer(3, 0.0) is None


class Film:
    """Stands in for the camera: a set at fifteen pictures a second of its own clock, however slow the machine is."""

    lost = False

    def __init__(self, source: int | str) -> None:
        with open_video(SAMPLE) as video:
            pictures = [frame.rgb() for frame in video][::2]
        shown = [pictures[0]] * 120 + pictures + [pictures[-1]] * 90
        self._frames = iter([ImageFrame(k, k / 15, picture) for k, picture in enumerate(shown)])

    def __enter__(self) -> Film:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def newest(self, timeout_s: float) -> ImageFrame:
        return next(self._frames)


@pytest.mark.usefixtures("models_present")
def test_a_set_is_counted_recorded_and_assessed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("formdrift.assess.live_camera.Camera", Film)
    record = tmp_path / "set.mp4"
    command = ["live", "--exercise", "squat", "--end-after", "4", "--record", str(record), "--port", str(free_port())]
    ended = CliRunner().invoke(main, command)
    assert ended.exit_code == 0, ended.output
    assert "Counted live: 4" in ended.stderr
    assert "4 squats, seen from the front." in ended.stdout
    assert record.is_file()


def test_no_camera_is_said_in_a_sentence(tmp_path: Path) -> None:
    command = ["live", "--camera", str(tmp_path / "none.mp4"), "--port", str(free_port())]
    ended = CliRunner().invoke(main, command)
    assert ended.exit_code == 2
    assert "does not open" in ended.stderr


def test_a_stop_line_without_intent_is_refused() -> None:
    ended = CliRunner().invoke(main, ["live", "--stop-at", "20", "--port", str(free_port())])
    assert ended.exit_code == 2
    assert "maximal intent" in ended.stderr
