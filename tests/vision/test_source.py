from __future__ import annotations

import hashlib
import threading
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
import zoo

from formdrift.vision.source import open_video

if TYPE_CHECKING:
    from pathlib import Path

UPRIGHT = ["red", "green", "blue", "white"]


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format", "said"),
    [
        ("a.mp4", "libx264", "yuv420p", "h264"),
        ("b.mov", "libx264", "yuv420p", "h264"),
        ("c.mkv", "libx264", "yuv444p", "h264"),
        ("d.mp4", "libx265", "yuv420p", "hevc"),
        ("e.mp4", "libx265", "yuv420p10le", "hevc"),
        ("f.webm", "libvpx-vp9", "yuv420p", "vp9"),
        ("g.mp4", "libsvtav1", "yuv420p", "av1"),
        ("h.mp4", "libsvtav1", "yuv420p10le", "av1"),
        ("i.ts", "libx264", "yuv420p", "h264"),
    ],
)
def test_every_codec_gives_upright_pictures_at_their_times(
    tmp_path: Path, name: str, codec: str, pixel_format: str, said: str
) -> None:
    path = zoo.write(tmp_path / name, codec=codec, pixel_format=pixel_format)
    with open_video(path) as video:
        frames = list(video)
        info = video.info
    assert (info.codec, info.pixel_format, info.size, info.rotation_deg) == (said, pixel_format, (96, 64), 0)
    assert info.fps == pytest.approx(30, rel=0.01)
    assert info.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [f.index for f in frames] == list(range(12))
    # Matroska rounds to milliseconds.
    np.testing.assert_allclose([f.time_s for f in frames], np.arange(12) / 30, atol=0.51e-3)
    for frame in frames:
        assert zoo.corners(frame.rgb()) == UPRIGHT
        assert zoo.corners(frame.crop(np.eye(3)[:2], frame.size)) == UPRIGHT
    assert video.warnings == []


def test_duration_reaches_the_end_of_the_last_frame(tmp_path: Path) -> None:
    with open_video(zoo.write(tmp_path / "a.mp4")) as video:
        assert video.info.duration_s == pytest.approx(12 / 30)
        assert video.info.frames == 12


def test_times_of_a_variable_frame_rate_are_the_containers(tmp_path: Path) -> None:
    gaps = np.random.default_rng(3).integers(2, 9, 60)
    times = np.concatenate([[0], np.cumsum(gaps)]) / 60
    with open_video(zoo.write(tmp_path / "vfr.mp4", times_s=list(times))) as video:
        np.testing.assert_allclose([f.time_s for f in video], times, rtol=0, atol=1e-9)


def test_times_count_from_the_containers_start(tmp_path: Path) -> None:
    times = 0.5 + np.arange(10) / 25
    with open_video(zoo.write(tmp_path / "late.mp4", times_s=list(times))) as video:
        np.testing.assert_allclose([f.time_s for f in video], times - 0.5, atol=1e-6)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize(
    ("counterclockwise", "expected"),
    [
        (0, ["red", "green", "blue", "white"]),
        (90, ["green", "white", "red", "blue"]),
        (180, ["white", "blue", "green", "red"]),
        (270, ["blue", "red", "white", "green"]),
    ],
)
def test_rotation_is_applied(tmp_path: Path, counterclockwise: int, mirrored: bool, expected: list[str]) -> None:
    path = zoo.write(tmp_path / "turned.mp4", rotation=counterclockwise, mirrored=mirrored)
    with open_video(path) as video:
        frame = next(iter(video))
    size = (64, 96) if counterclockwise in (90, 270) else (96, 64)
    seen = zoo.corners(frame.rgb())
    if mirrored:
        # Whichever axis is mirrored, no rotation alone gives this picture.
        turns = [expected[i:] + expected[:i] for i in range(4)]
        assert sorted(seen) == sorted(UPRIGHT)
        assert seen not in turns
    else:
        assert seen == expected
        assert video.info.rotation_deg == -counterclockwise % 360
    assert frame.size == video.info.size == size
    assert frame.rgb().shape == (size[1], size[0], 3)
    assert zoo.corners(frame.crop(np.eye(3)[:2], frame.size)) == seen


def test_a_horizontally_mirrored_picture_is_mirrored_back_and_not_turned(tmp_path: Path) -> None:
    with open_video(zoo.write(tmp_path / "selfie.mp4", rotation=0, mirrored=True)) as video:
        assert zoo.corners(next(iter(video)).rgb()) == ["green", "red", "white", "blue"]
        assert video.info.rotation_deg == 0


@pytest.mark.parametrize("size", [(64, 96), (95, 63), (3840, 2160)])
def test_portrait_odd_and_large_sizes(tmp_path: Path, size: tuple[int, int]) -> None:
    pixel_format = "yuv444p" if size[0] % 2 else "yuv420p"
    path = zoo.write(tmp_path / "size.mp4", times_s=(0, 1 / 30), size=size, pixel_format=pixel_format)
    with open_video(path) as video:
        frame = next(iter(video))
    assert video.info.size == frame.size == size
    assert frame.rgb().shape == (size[1], size[0], 3)
    assert zoo.corners(frame.rgb()) == UPRIGHT


def test_odd_size_with_halved_colour_planes(tmp_path: Path) -> None:
    with open_video(zoo.write(tmp_path / "odd.webm", size=(95, 63), codec="libvpx-vp9")) as video:
        frame = next(iter(video))
    assert frame.size == (95, 63)
    assert zoo.corners(frame.crop(np.eye(3)[:2], frame.size)) == UPRIGHT


def test_pixels_that_are_not_square_are_made_square(tmp_path: Path) -> None:
    path = zoo.write(tmp_path / "wide.mp4", aspect=Fraction(4, 3), rotation=90)
    with open_video(path) as video:
        frame = next(iter(video))
    assert video.info.size == frame.size == (64, 128)
    assert frame.rgb().shape == (128, 64, 3)
    assert zoo.corners(frame.rgb()) == zoo.corners(frame.crop(np.eye(3)[:2], frame.size))


def test_frames_that_repeat_a_time_are_left_out_and_named(tmp_path: Path) -> None:
    path = tmp_path / "repeats.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=30)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuvj420p"
        for pts in (0, 40, 41, 80, 81, 120):
            frame = av.VideoFrame.from_ndarray(zoo.quarters(96, 64), format="rgb24")
            for packet in stream.encode(frame):
                packet.pts, packet.dts, packet.time_base = pts, None, Fraction(1, 1000)
                container.mux(packet)
    data = path.read_bytes()
    for written, wrong in ((41, 40), (81, 60)):
        # A Matroska block: track 1, time in milliseconds, flags, then the JPEG.
        block = b"\x81" + written.to_bytes(2) + b"\x80\xff\xd8"
        assert data.count(block) == 1
        data = data.replace(block, b"\x81" + wrong.to_bytes(2) + block[3:])
    path.write_bytes(data)
    with open_video(path) as video:
        times = [f.time_s for f in video]
    np.testing.assert_allclose(times, [0, 0.04, 0.08, 0.12])
    assert video.warnings == ["The file repeats time stamps: 2 frames were left out."]


def test_a_recording_without_a_duration_is_measured(tmp_path: Path) -> None:
    path = zoo.write(tmp_path / "live.webm", codec="libvpx-vp9", live="1")
    with open_video(path) as video:
        frames = list(video)
    assert video.info.frames == len(frames) == 12
    assert video.info.duration_s == pytest.approx(0.4, abs=0.04)
    assert video.info.fps == pytest.approx(30, rel=0.1)
    assert video.warnings == []


def test_a_stream_without_time_stamps_goes_by_its_frame_rate_and_says_so(tmp_path: Path) -> None:
    with open_video(zoo.write(tmp_path / "bare.h264")) as video:
        times = np.array([f.time_s for f in video])
    assert len(times) == 12
    assert (np.diff(times) > 0).all()
    assert video.warnings == ["The file lacks time stamps: 12 frames were placed by the mean frame rate."]


def test_a_truncated_file_ends_early_with_a_warning(tmp_path: Path) -> None:
    times = [i / 30 for i in range(90)]
    whole = zoo.write(tmp_path / "whole.mp4", times_s=times, noise=255, movflags="faststart").read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: len(whole) * 6 // 10])
    with open_video(path) as video:
        read = [f.time_s for f in video]
    assert 20 < len(read) < 80
    np.testing.assert_allclose(read, times[: len(read)])
    assert video.warnings == [f"The file ends early: {len(read)} of 90 frames could be read."]


def test_flipped_bytes_are_read_over_with_a_warning(tmp_path: Path) -> None:
    times = [i / 30 for i in range(90)]
    data = bytearray(zoo.write(tmp_path / "whole.mp4", times_s=times, noise=255, movflags="faststart").read_bytes())
    start = data.index(b"mdat") + 2000
    for place in np.random.default_rng(1).integers(start, len(data), 200):
        data[place] ^= 0x55
    path = tmp_path / "flipped.mp4"
    path.write_bytes(data)
    with open_video(path) as video:
        read = np.array([f.time_s for f in video])
    assert len(read) > 60
    assert (np.diff(read) > 0).all()
    assert len(video.warnings) == 1
    assert video.warnings[0].startswith("The file is damaged: ")


def test_a_damaged_file_reads_the_same_every_time(tmp_path: Path) -> None:
    data = bytearray(zoo.write(tmp_path / "whole.mp4", times_s=[i / 30 for i in range(40)], noise=255).read_bytes())
    for place in np.random.default_rng(2).integers(3000, data.index(b"moov") - 4, 50):
        data[place] ^= 0x55
    path = tmp_path / "flipped.mp4"
    path.write_bytes(data)
    with open_video(path) as video:
        first, second = ([(f.time_s, f.rgb().tobytes()) for f in video] for _ in range(2))
    assert first == second


def test_stopping_early_ends_the_thread_and_closes_the_file(tmp_path: Path) -> None:
    before = threading.active_count()
    with open_video(zoo.write(tmp_path / "a.mp4", times_s=[i / 30 for i in range(60)])) as video:
        frames = iter(video)
        next(frames)
        assert threading.active_count() == before + 1
    assert threading.active_count() == before
    assert list(frames) == []


def test_a_second_pass_gives_the_same_frames(tmp_path: Path) -> None:
    with open_video(zoo.write(tmp_path / "a.mp4")) as video:
        next(iter(video))
        first = [(f.index, f.time_s) for f in video]
        assert first == [(f.index, f.time_s) for f in video]
        assert len(first) == 12


def test_the_picture_of_a_frame_is_converted_once_and_read_only(tmp_path: Path) -> None:
    with open_video(zoo.write(tmp_path / "a.mp4")) as video:
        frame = next(iter(video))
    assert frame.rgb() is frame.rgb()
    assert not frame.rgb().flags.writeable
