"""Warping of upright pictures, and a frame made of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from cv2.typing import MatLike
    from numpy.typing import NDArray

    from .frame import Image


def warp(
    image: NDArray[np.integer], matrix: NDArray[np.float64], size: tuple[int, int], outside: int | None = 0
) -> MatLike:
    """Sample a picture bilinearly at the places that a matrix names.

    Parameters
    ----------
    image : (H, W) or (H, W, C) array
        uint8 or uint16.
    matrix : (2, 3) array
        Maps continuous output coordinates to continuous picture coordinates; the
        centre of the first pixel is (0.5, 0.5) on both sides.
    size : tuple of int
        Width and height of the output.
    outside : int or None
        Value of what lies outside the picture; None: the edge goes on there.

    Returns
    -------
    (height, width) or (height, width, C) array of the picture's type.
    """
    # OpenCV counts from the centre of the first pixel, so both sides shift by half a pixel.
    indices = np.array(matrix, np.float64)
    indices[:, 2] += (indices[:, 0] + indices[:, 1] - 1) / 2
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    if outside is None:
        return cv2.warpAffine(image, indices, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return cv2.warpAffine(image, indices, size, flags=flags, borderValue=(outside,) * 4)


@dataclass(frozen=True, eq=False)
class ImageFrame:
    """A frame whose upright picture is already there, as from a camera.

    Attributes
    ----------
    index : int
        Position in the stream, from 0.
    time_s : float
        Seconds since the stream's start.
    image : (H, W, 3) uint8 array
        RGB.
    """

    index: int
    time_s: float
    image: Image

    def __post_init__(self) -> None:
        if self.image.ndim != 3 or self.image.shape[2] != 3 or self.image.dtype != np.uint8:
            got = f"{self.image.shape} {self.image.dtype}"
            raise ValueError(f"expected an image of shape (H, W, 3) and type uint8, got {got}")

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        height, width = self.image.shape[:2]
        return width, height

    def rgb(self) -> Image:
        """Return the picture, shape (H, W, 3), RGB."""
        return self.image

    def crop(self, matrix: NDArray[np.float64], size: tuple[int, int], repeat_edges: bool = False) -> Image:
        """Return a warped region; see :meth:`formdrift.vision.frame.Frame.crop`."""
        return warp(self.image, matrix, size, None if repeat_edges else 0).astype(np.uint8, copy=False)

    def grey(self, size: tuple[int, int]) -> Image:
        """Return the whole picture in grey, shape (height, width)."""
        small = cv2.resize(self.image, size, interpolation=cv2.INTER_AREA)
        return cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
