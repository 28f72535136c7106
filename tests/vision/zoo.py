"""Small videos of every kind, written by the tests themselves.

Every picture has four colours in its quarters, so that its orientation shows in its pixels.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 30), (30, 30, 220), (230, 230, 230)
TIME_BASE = Fraction(1, 90_000)
EVEN = [tick / 30 for tick in range(12)]
QUIET = {"libx265": {"x265-params": "log-level=none"}, "libsvtav1": {"preset": "12"}}


def quarters(width: int, height: int) -> NDArray[np.uint8]:
    """Red top left, green top right, blue bottom left, white bottom right."""
    image = np.empty((height, width, 3), np.uint8)
    image[: height // 2, : width // 2] = RED
    image[: height // 2, width // 2 :] = GREEN
    image[height // 2 :, : width // 2] = BLUE
    image[height // 2 :, width // 2 :] = WHITE
    return image


def corners(image: NDArray[np.uint8]) -> list[str]:
    """Name the colours at the top left, top right, bottom left and bottom right."""
    names = {"red": RED, "green": GREEN, "blue": BLUE, "white": WHITE}
    y, x = image.shape[0] // 4, image.shape[1] // 4
    found = []
    for pixel in (image[y, x], image[y, -x], image[-y, x], image[-y, -x]):
        distance = {n: np.abs(pixel.astype(int) - c).max() for n, c in names.items()}
        best = min(distance, key=lambda n: distance[n])
        found.append(best if distance[best] <= 12 else f"? {pixel}")
    return found


def write(
    path: Path,
    times_s: Sequence[float] = EVEN,
    size: tuple[int, int] = (96, 64),
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    rotation: float | None = None,
    mirrored: bool = False,
    aspect: Fraction | None = None,
    noise: int = 0,
    time_base: Fraction = TIME_BASE,
    **options: str,
) -> Path:
    """Write a video; rotation is counterclockwise in degrees, noise makes the file large."""
    width, height = size
    random = np.random.default_rng(7)
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream(codec, rate=30, options=QUIET.get(codec, {}))
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, pixel_format
        stream.time_base = stream.codec_context.time_base = time_base
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        if rotation is not None:
            stream.set_display_rotation(rotation, hflip=mirrored)
        image = quarters(width, height)
        for time_s in times_s:
            if noise:
                image = random.integers(0, noise, (height, width, 3), dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = round(time_s / time_base), time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def write_sound(path: Path) -> Path:
    """Write a file with sound only."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44_100)
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4096), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 44_100, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
