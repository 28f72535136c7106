from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
import zoo

from formdrift.vision.errors import VideoError
from formdrift.vision.source import open_video
from formdrift.vision.write import TIME_BASE, VideoWriter

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("size", [(96, 64), (95, 63), (64, 97)])
def test_pictures_and_times_come_back(tmp_path: Path, size: tuple[int, int]) -> None:
    ticks = np.concatenate([[0], np.cumsum(np.random.default_rng(5).integers(1501, 9001, 40))])
    target = tmp_path / "out.mp4"
    with VideoWriter(target) as writer:
        for tick in ticks:
            writer.write(zoo.quarters(*size), float(tick * TIME_BASE))
    with open_video(target) as video:
        frames = list(video)
    np.testing.assert_array_equal(np.array([f.time_s for f in frames]), [float(t * TIME_BASE) for t in ticks])
    even = size[0] + size[0] % 2, size[1] + size[1] % 2
    assert (video.info.size, video.info.codec, video.info.pixel_format) == (even, "h264", "yuv420p")
    assert video.warnings == []
    for frame in frames[::10]:
        assert zoo.corners(frame.rgb()[: size[1], : size[0]]) == ["red", "green", "blue", "white"]
    assert [p.name for p in tmp_path.iterdir()] == ["out.mp4"]


def test_the_padded_pixel_repeats_the_edge(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "out.mp4") as writer:
        writer.write(np.full((63, 95, 3), 200, np.uint8), 0.0)
    with open_video(tmp_path / "out.mp4") as video:
        image = next(iter(video)).rgb()
    assert np.abs(image.astype(int) - 200).max() <= 3


def test_a_player_can_start_before_the_whole_file_is_there(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "out.mp4") as writer:
        for i in range(5):
            writer.write(zoo.quarters(96, 64), i / 30)
    data = (tmp_path / "out.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(str(tmp_path / "out.mp4")) as container:
        frame = next(container.decode(video=0))
    # Players are told the colours, so that they needn't guess them from the size.
    assert (frame.colorspace, frame.color_range) == (1, 1)


def test_a_failure_leaves_nothing_and_keeps_the_older_file(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    target.write_bytes(b"older")
    writer = VideoWriter(target)
    with pytest.raises(RuntimeError, match="stop"), writer:  # noqa: PT012
        for i in range(60):
            writer.write(zoo.quarters(96, 64), i / 30)
        raise RuntimeError("stop")
    assert [p.name for p in tmp_path.iterdir()] == ["out.mp4"]
    assert target.read_bytes() == b"older"


def test_an_older_file_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    target.write_bytes(b"older")
    with VideoWriter(target) as writer:
        writer.write(zoo.quarters(96, 64), 0.0)
    with open_video(target) as video:
        assert len(list(video)) == 1


def test_a_video_without_pictures_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="no picture to write"), VideoWriter(tmp_path / "out.mp4"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match=r"There is no folder '.*nowhere': create it"):
        VideoWriter(tmp_path / "nowhere" / "out.mp4").__enter__()


def test_a_folder_as_target_is_named(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="is a folder: add a file name"):
        VideoWriter(tmp_path).__enter__()


def test_a_folder_that_refuses_files_is_named(tmp_path: Path) -> None:
    # A name too long for the file system is refused even for an administrator, whom permissions don't stop.
    with pytest.raises(VideoError, match=r"can't be written \(.+\): check the folder's permissions"):
        VideoWriter(tmp_path / ("x" * 250 + ".mp4")).__enter__()
    assert list(tmp_path.iterdir()) == []


def test_wrong_times_and_sizes_are_refused(tmp_path: Path) -> None:
    image = zoo.quarters(96, 64)
    with VideoWriter(tmp_path / "out.mp4") as writer:
        writer.write(image, 0.1)
        with pytest.raises(ValueError, match="expected a time after"):
            writer.write(image, 0.1)
        with pytest.raises(ValueError, match=r"expected an image of size \(96, 64\), got \(64, 96\)"):
            writer.write(zoo.quarters(64, 96), 0.2)
    with pytest.raises(ValueError, match="entered with 'with'"):
        VideoWriter(tmp_path / "late.mp4").write(image, 0.0)
