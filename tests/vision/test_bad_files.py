from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import pytest
import zoo

from formdrift.vision.errors import VideoError
from formdrift.vision.source import open_video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _folder(path: Path) -> None:
    path.mkdir()


def _missing(path: Path) -> None:
    assert not path.exists()


def _empty(path: Path) -> None:
    path.touch()


def _text(path: Path) -> None:
    path.write_text("These are notes about a squat.\n" * 200)


def _play_list(path: Path) -> None:
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://localhost:9/a.ts\n#EXT-X-ENDLIST\n")


def _cut_before_index(path: Path) -> None:
    data = zoo.write(path, noise=255).read_bytes()
    path.write_bytes(data[: data.index(b"moov") - 200])


def _sound(path: Path) -> None:
    zoo.write_sound(path)


def _no_frame(path: Path) -> None:
    data = bytearray(zoo.write(path, times_s=(0, 0.1, 0.2)).read_bytes())
    start = data.index(b"mdat") + 4
    end = data.index(b"moov") - 4
    data[start:end] = bytes(end - start)
    path.write_bytes(data)


def _endless_box(path: Path) -> None:
    path.write_bytes(b"\x00\x00\x00\x01ftyp" + b"\xff" * 8 + bytes(100))


BAD: list[tuple[Callable[[Path], None], str, str]] = [
    (_missing, "There is no file", "check the name"),
    (_folder, "is a folder", "choose a video file"),
    (_empty, "is empty", "copy it again"),
    (_text, "is not a video", "choose an MP4"),
    (_play_list, "is not a video", "choose an MP4"),
    (_cut_before_index, "has no index", "copy it again from the phone"),
    (_endless_box, "has no index", "copy it again from the phone"),
    (_sound, "has no picture", "choose a file with video"),
    (_no_frame, "No frame of", "export it again"),
]


@pytest.mark.parametrize(("make", "wrong", "remedy"), BAD, ids=[make.__name__ for make, _, _ in BAD])
def test_a_bad_file_is_refused_in_one_sentence(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], make: Callable[[Path], None], wrong: str, remedy: str
) -> None:
    path = tmp_path / "clip.mp4"
    make(path)
    capfd.readouterr()
    with pytest.raises(VideoError) as refusal:
        open_video(path)
    message = str(refusal.value)
    assert wrong in message
    assert remedy in message
    assert str(path) in message
    assert message.endswith(".")
    assert "\n" not in message
    assert capfd.readouterr() == ("", "")


def test_a_name_that_looks_like_an_address_is_a_file_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zoo.write(tmp_path / "plain.mp4").rename(tmp_path / "data:clip.mp4")
    monkeypatch.chdir(tmp_path)
    with open_video("data:clip.mp4") as video:
        assert len(list(video)) == 12


def test_text_files_are_not_drawn_as_pictures(tmp_path: Path) -> None:
    _text(tmp_path / "notes.txt")
    with pytest.raises(VideoError, match="is not a video"):
        open_video(tmp_path / "notes.txt")


def test_names_that_are_no_text_are_no_reason_to_refuse_a_video(tmp_path: Path) -> None:
    path = tmp_path / "named.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        container.metadata["title"] = "A name like this"
        container.mux(stream.encode(av.VideoFrame(96, 64, "yuv420p")))
        container.mux(stream.encode(None))
    data = path.read_bytes()
    assert data.count(b"A name like this") == 1
    path.write_bytes(data.replace(b"A name like this", b"\xff name like this"))
    with open_video(path) as video:
        assert len(list(video)) == 1


@pytest.mark.parametrize("aspect", [Fraction(1, 6000), Fraction(6000)])
def test_pixels_that_no_camera_has_are_taken_for_square(tmp_path: Path, aspect: Fraction) -> None:
    with open_video(zoo.write(tmp_path / "odd.mp4", aspect=aspect)) as video:
        assert video.info.size == next(iter(video)).size == (96, 64)


def test_a_picture_too_large_for_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zoo.write(tmp_path / "clip.mp4")
    monkeypatch.setattr("formdrift.vision.container._MAX_PIXELS", 96 * 64 // 2)
    with pytest.raises(VideoError, match=r"No frame of .* could be decoded"):
        open_video(path)
