"""Single pictures as JPEG."""

from __future__ import annotations

import numpy as np
import pytest

from formdrift.vision.errors import VideoError
from formdrift.vision.jpeg import decode_jpeg, encode_jpeg, jpeg_size


def picture(width: int, height: int) -> np.ndarray:
    image = np.zeros((height, width, 3), np.uint8)
    image[:, : width // 2] = (200, 40, 10)
    return image


def test_colours_and_size_survive() -> None:
    image = picture(320, 200)
    data = encode_jpeg(image, 95)
    assert jpeg_size(data) == (320, 200)
    assert np.abs(decode_jpeg(data).astype(int) - image).mean() < 2


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"GIF89a" * 10, b"\xff\xd8\xff\xc0" + b"\0" * 20])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(VideoError):
        decode_jpeg(data)


def test_a_huge_picture_is_refused_by_its_header() -> None:
    data = bytearray(encode_jpeg(picture(64, 64)))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    with pytest.raises(VideoError, match="65535 x 65535"):
        decode_jpeg(bytes(data))


def test_half_a_picture_is_none_or_one_of_the_same_size() -> None:
    data = encode_jpeg(picture(320, 200))
    for part in (3, 50, 200):
        with pytest.raises(VideoError):
            decode_jpeg(data[:part])
