"""The types that leave this room: one frame, and what is known of its video. NumPy only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]


@dataclass(frozen=True)
class VideoInfo:
    """What a container says about its video, and what was found to be true of it.

    Attributes
    ----------
    path : str
        As the user gave it.
    sha256 : str
        Of the file's bytes.
    duration_s : float
        From the container's start to the end of the last frame.
    frames : int
        Frames that the container announces (0: it doesn't say).
    fps : float
        Mean frame rate. Never used for timing: frames carry their own time stamps.
    size : tuple of int
        Width and height in pixels of the upright picture.
    rotation_deg : int
        Clockwise rotation that the container asks for: 0, 90, 180 or 270. Frames have it applied.
    codec : str
        For example ``h264``.
    pixel_format : str
        For example ``yuv420p``.
    """

    path: str
    sha256: str
    duration_s: float
    frames: int
    fps: float
    size: tuple[int, int]
    rotation_deg: int
    codec: str
    pixel_format: str


class Frame(Protocol):
    """One upright picture of a video; pixels are converted only when asked for."""

    @property
    def index(self) -> int:
        """Position in decoding order, from 0."""

    @property
    def time_s(self) -> float:
        """Container time stamp in seconds, counted from the container's start."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the upright picture in pixels."""

    def rgb(self) -> Image:
        """Return the whole upright picture, shape (H, W, 3), RGB."""

    def crop(self, matrix: NDArray[np.float64], size: tuple[int, int], repeat_edges: bool = False) -> Image:
        """Return a warped region of the upright picture.

        Parameters
        ----------
        matrix : (2, 3) array
            Maps continuous output coordinates to continuous upright picture
            coordinates; the centre of the first pixel is (0.5, 0.5) on both sides.
        size : tuple of int
            Width and height of the output.
        repeat_edges : bool
            Whether the edge of the picture goes on outside it, which is black otherwise.

        Returns
        -------
        (height, width, 3) uint8 array, RGB.
        """

    def grey(self, size: tuple[int, int]) -> Image:
        """Return the whole upright picture in grey, reduced to a width and height; shape (height, width)."""
