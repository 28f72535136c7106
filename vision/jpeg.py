"""Single pictures as JPEG, as browsers send them and cameras are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from .errors import VideoError

if TYPE_CHECKING:
    from .frame import Image

MAX_SIDE_PX = 1920
_START, _END_OF_HEADERS = b"\xff\xd8", 0xDA
# frames of all kinds of JPEG begin with one of these; the three left out are tables
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def decode_jpeg(data: bytes) -> Image:
    """Return a picture, shape (H, W, 3), RGB.

    Raises
    ------
    VideoError
        When the bytes are no JPEG, or one of more than 1920 pixels a side: that is told from
        its header, before any memory is taken.
    """
    width, height = jpeg_size(data)
    if not (0 < width <= MAX_SIDE_PX and 0 < height <= MAX_SIDE_PX):
        raise VideoError(f"The camera's picture is {width} x {height}: choose at most {MAX_SIDE_PX} pixels a side.")
    bgr = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if bgr is None:
        raise VideoError("The camera's picture did not arrive whole: try again.")
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Return width and height that a JPEG announces; zeros when it is none."""
    at = 2
    while data.startswith(_START) and at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if marker in _FRAMES:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        if marker == _END_OF_HEADERS:
            break
        at += 2 + length
    return 0, 0


def encode_jpeg(image: Image, quality: int = 80) -> bytes:
    """Return a picture, shape (H, W, 3), RGB, as JPEG."""
    done, data = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return bytes(data)
