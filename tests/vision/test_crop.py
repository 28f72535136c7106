from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from formdrift.vision.image import ImageFrame, warp
from formdrift.vision.source import open_video

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SIZE = 160, 120
TURNED = np.array([[0.71, 0.13, 20.3], [-0.13, 0.71, 30.7]])
MATRICES = {
    "identity": np.eye(3)[:2],
    "shifted by 0.3": np.array([[1, 0, 10.3], [0, 1, 5.3]]),
    "halved": np.array([[2.0, 0, 0], [0, 2, 0]]),
    "turned": TURNED,
}
SLOPES = np.array([[1.1137, 0.2071], [0.1193, 1.2917], [0.5171, 0.6133]])


def gradient(x: Floats, y: Floats) -> Floats:
    """Colour of a slanted plane at continuous picture coordinates."""
    value: Floats = np.stack([20 + a * x + b * y for a, b in SLOPES], axis=-1)
    return value


def picture() -> NDArray[np.uint8]:
    y, x = np.mgrid[: SIZE[1], : SIZE[0]] + 0.5
    return gradient(x, y).round().astype(np.uint8)


def expected(matrix: Floats, size: tuple[int, int]) -> tuple[Floats, NDArray[np.bool_]]:
    """Colours at the places a matrix names, and where these lie well inside the picture."""
    v, u = np.mgrid[: size[1], : size[0]] + 0.5
    x, y = np.einsum("ij,jhw->ihw", matrix[:, :2], np.stack([u, v])) + matrix[:, 2][:, None, None]
    inside = (x > 3) & (x < SIZE[0] - 3) & (y > 3) & (y < SIZE[1] - 3)
    return gradient(x, y), inside


@pytest.mark.parametrize("matrix", MATRICES.values(), ids=MATRICES)
def test_crop_samples_between_pixels(matrix: Floats) -> None:
    crop = ImageFrame(0, 0.0, picture()).crop(matrix, (64, 48))
    truth, inside = expected(matrix, (64, 48))
    assert crop.shape == (48, 64, 3)
    error = (crop - truth)[inside]
    # Half a grey level of rounding on each side; half a pixel off would be half a slope in the mean.
    assert np.abs(error).max() <= 1.0
    assert np.abs(error.reshape(-1, 3).mean(axis=0)).max() < 0.25


@pytest.mark.parametrize("matrix", MATRICES.values(), ids=MATRICES)
def test_warp_places_samples_to_a_hundredth_of_a_pixel(matrix: Floats) -> None:
    y, x = np.mgrid[: SIZE[1], : SIZE[0]] + 0.5
    fine = (gradient(x, y) * 200).round().astype(np.uint16)
    truth, inside = expected(matrix, (64, 48))
    error = (warp(fine, matrix, (64, 48)) / 200 - truth)[inside]
    assert np.abs(error).max() < 0.01


def test_crop_is_black_outside_the_picture() -> None:
    frame = ImageFrame(0, 0.0, np.full((20, 20, 3), 200, np.uint8))
    crop = frame.crop(np.array([[1, 0, -10.0], [0, 1, -10]]), (40, 40))
    assert (crop[10:30, 10:30] == 200).all()
    assert not crop[:9].any()
    assert not crop[31:].any()
    assert not crop[:, :9].any()


def test_an_image_frame_refuses_what_is_no_rgb_picture() -> None:
    with pytest.raises(ValueError, match=r"expected an image of shape \(H, W, 3\)"):
        ImageFrame(0, 0.0, np.zeros((20, 20), np.uint8))


def _video(path: Path, pixel_format: str, colour_space: int, full_range: bool, rotation: int | None = None) -> Path:
    """Write the gradient without loss beyond the conversion to 8 or 10 bits of YCbCr."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"qp": "0", "preset": "ultrafast"})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = *SIZE, pixel_format
        stream.codec_context.colorspace = colour_space
        stream.codec_context.color_range = 2 if full_range else 1
        if rotation is not None:
            stream.set_display_rotation(rotation)
        matrix = {1: "ITU709", 5: "ITU601"}[colour_space]
        for tick in range(3):
            rgb = av.VideoFrame.from_ndarray(picture(), format="rgb24")
            frame = rgb.reformat(
                format=pixel_format, dst_colorspace=matrix, dst_color_range="JPEG" if full_range else "MPEG"
            )
            frame.pts, frame.time_base = tick, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("full_range", [False, True])
@pytest.mark.parametrize("colour_space", [1, 5])
@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv420p10le", "yuv422p10le", "yuv444p", "nv12"])
def test_a_files_planes_give_the_same_crop(
    tmp_path: Path, pixel_format: str, colour_space: int, full_range: bool
) -> None:
    with open_video(_video(tmp_path / "g.mp4", pixel_format, colour_space, full_range)) as video:
        frame = next(iter(video))
    for matrix in MATRICES.values():
        crop = frame.crop(matrix, (64, 48))
        truth, inside = expected(matrix, (64, 48))
        error = (crop - truth)[inside]
        # A few grey levels are lost in the file itself; a wrong matrix, range or place of the
        # colour planes would show in the mean.
        assert np.abs(error).max() <= 6
        assert np.abs(error.reshape(-1, 3).mean(axis=0)).max() < 1.6


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_crop_of_a_turned_file_is_a_crop_of_its_upright_picture(tmp_path: Path, rotation: int) -> None:
    with open_video(_video(tmp_path / "g.mp4", "yuv420p", 1, False, rotation)) as video:
        frame = next(iter(video))
    of_planes = frame.crop(TURNED, (64, 48)).astype(int)
    of_picture = ImageFrame(0, 0.0, frame.rgb()).crop(TURNED, (64, 48)).astype(int)
    assert np.abs(of_planes - of_picture).max() <= 6
    assert np.abs((of_planes - of_picture).mean(axis=(0, 1))).max() < 1.6


@pytest.mark.parametrize("rotation", [0, 90, 270])
@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv420p10le", "nv12"])
def test_the_edge_goes_on_outside_when_asked(tmp_path: Path, pixel_format: str, rotation: int) -> None:
    with open_video(_video(tmp_path / "g.mp4", pixel_format, 1, False, rotation)) as video:
        frame = next(iter(video))
    whole = frame.crop(np.eye(3)[:2], frame.size, repeat_edges=True)
    assert np.abs(whole.astype(int) - frame.rgb()).max() <= 8
    wider = frame.crop(np.array([[1.0, 0, -20], [0, 1, -20]]), np.add(frame.size, 40).tolist(), repeat_edges=True)
    expected = np.pad(whole, ((20, 20), (20, 20), (0, 0)), mode="edge")
    np.testing.assert_allclose(wider.astype(int), expected, atol=1)


def test_a_file_is_black_outside_its_picture(tmp_path: Path) -> None:
    with open_video(_video(tmp_path / "g.mp4", "yuv420p", 1, False)) as video:
        frame = next(iter(video))
    crop = frame.crop(np.array([[1, 0, -20.0], [0, 1, -20]]), (60, 60))
    assert crop[:18].max() <= 1
    assert crop[30:, 30:].min() > 15


def test_grey_is_the_whole_picture_reduced() -> None:
    grey = ImageFrame(0, 0.0, picture()).grey((80, 60))
    truth = picture().astype(float).reshape(60, 2, 80, 2, 3).mean(axis=(1, 3)) @ (0.299, 0.587, 0.114)
    assert grey.shape == (60, 80)
    assert np.abs(grey - truth).max() <= 2


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv420p10le", "nv12"])
def test_grey_of_a_file_is_upright(tmp_path: Path, pixel_format: str, rotation: int) -> None:
    with open_video(_video(tmp_path / "g.mp4", pixel_format, 5, True, rotation)) as video:
        frame = next(iter(video))
    size = frame.size[0] // 4, frame.size[1] // 4
    of_picture = ImageFrame(0, 0.0, frame.rgb()).grey(size).astype(int)
    assert np.abs(frame.grey(size) - of_picture).max() <= 3
