"""Part of a picture, or one with some people painted over, for networks that see the most striking person only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..vision.frame import Frame, Image

    Floats = NDArray[np.float64]

# Left, top, right and bottom in pixels.
Box = tuple[float, float, float, float]


class _Altered:
    """What a frame that shows another one differently has of that one."""

    frame: Frame

    @property
    def index(self) -> int:
        """As of the frame."""
        return self.frame.index

    @property
    def time_s(self) -> float:
        """As of the frame."""
        return self.frame.time_s

    def rgb(self: Frame) -> Image:
        """Return the whole picture, shape (H, W, 3), RGB."""
        return self.crop(np.eye(2, 3), self.size)

    def grey(self: Frame, size: tuple[int, int]) -> Image:
        """Return the whole picture in grey, shape (height, width)."""
        return cv2.cvtColor(cv2.resize(self.rgb(), size), cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)


@dataclass(frozen=True, eq=False)
class Glance(_Altered):
    """A frame without some of its parts; satisfies :class:`formdrift.vision.frame.Frame`.

    Attributes
    ----------
    frame : Frame
    hidden : sequence of (left, top, right, bottom)
        Boxes, in pixels, that are painted over in the mean colour.
    """

    frame: Frame
    hidden: Sequence[Box]

    @property
    def size(self) -> tuple[int, int]:
        """As of the frame."""
        return self.frame.size

    def crop(self, matrix: Floats, size: tuple[int, int], repeat_edges: bool = False) -> Image:
        """Return a warped region; see :meth:`formdrift.vision.frame.Frame.crop`."""
        cut = self.frame.crop(matrix, size, repeat_edges).copy()
        to_cut = np.linalg.inv(matrix[:, :2])
        colour = tuple(float(value) for value in cut.mean(axis=(0, 1)))
        for left, top, right, bottom in self.hidden:
            corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
            cv2.fillConvexPoly(cut, np.round((corners - matrix[:, 2]) @ to_cut.T).astype(np.int32), colour)
        return cut


@dataclass(frozen=True, eq=False)
class Window(_Altered):
    """Part of a frame, in which people are larger; satisfies :class:`formdrift.vision.frame.Frame`.

    Attributes
    ----------
    frame : Frame
    corner_px : tuple of float
        Left and top in the frame.
    size : tuple of int
        Width and height in pixels.
    """

    frame: Frame
    corner_px: tuple[float, float]
    size: tuple[int, int]

    def crop(self, matrix: Floats, size: tuple[int, int], repeat_edges: bool = False) -> Image:
        """Return a warped region; see :meth:`formdrift.vision.frame.Frame.crop`."""
        shifted = np.column_stack([matrix[:, :2], matrix[:, 2] + self.corner_px])
        return self.frame.crop(shifted, size, repeat_edges)
