"""Drawing on pictures: lines, points, angles, text and a progress bar that scale with the picture."""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from .frame import Image

    Point = Sequence[float] | NDArray[np.float64]

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)

_SUBPIXEL_BITS = 4
_BOX_OPACITY = 0.62
_TEXT_WEIGHT = 600
# Above and below the base line, in parts of the text size.
_ASCENT, _DESCENT, _LEADING = 0.82, 0.26, 1.3


class Canvas:
    """An RGB picture to draw on in place.

    Parameters
    ----------
    image : (H, W, 3) uint8 array
        Writable.

    Attributes
    ----------
    unit : float
        Width of a thin line in pixels; everything scales with it.
    """

    def __init__(self, image: Image) -> None:
        self.image = image
        self.height, self.width = image.shape[:2]
        self.unit: float = max(1.0, min(self.width, self.height) / 360)
        self.text_px = max(11, round(15 * self.unit))

    def line(self, points: Iterable[Point], colour: Colour, width: float = 2.0) -> None:
        """Draw an open line through points in pixels, with a dark rim; a point that is NaN interrupts it."""
        path = [np.asarray(p, dtype=np.float64) for p in points]
        pairs = [(a, b) for a, b in pairwise(path) if np.isfinite(a).all() and np.isfinite(b).all()]
        for stroke, ink in ((width + 1.6, BLACK), (width, colour)):
            for a, b in pairs:
                cv2.line(self.image, _fixed(a), _fixed(b), ink, self._thickness(stroke), cv2.LINE_AA, _SUBPIXEL_BITS)

    def points(self, places: Iterable[Point], colour: Colour, radius: float = 3.0) -> None:
        """Draw discs with a dark rim; NaN is left out."""
        for place in places:
            if np.isfinite(place).all():
                for size, ink in ((radius + 0.8, BLACK), (radius, colour)):
                    self._disc(place, size * self.unit, ink)

    def angle(self, vertex: Point, start: Point, end: Point, radius: float, colour: Colour) -> None:
        """Draw the smaller arc around a vertex between two directions.

        Parameters
        ----------
        vertex : (2,) array
            In pixels.
        start, end : (2,) arrays
            Directions from the vertex, of any length; the start side is drawn as a thin leg.
        radius : float
            In pixels.
        colour
            RGB.
        """
        centre, first, last = (np.asarray(p, dtype=np.float64) for p in (vertex, start, end))
        from_rad = math.atan2(first[1], first[0])
        sweep = math.remainder(math.atan2(last[1], last[0]) - from_rad, math.tau)
        turns = from_rad + sweep * np.linspace(0, 1, 2 + int(abs(sweep) * 16))
        arc = centre + radius * np.column_stack([np.cos(turns), np.sin(turns)])
        self.line([centre, centre + 1.15 * (arc[0] - centre)], colour, 0.8)
        self.line(arc, colour, 1.4)

    def label(
        self,
        text: str,
        place: Point,
        anchor: tuple[float, float] = (0.0, 0.0),
        scale: float = 1.0,
        colour: Colour = WHITE,
    ) -> None:
        """Write text on a dark, half transparent box that stays inside the picture.

        Parameters
        ----------
        text : str
            Lines are broken where the picture ends.
        place : (2,) array
            Where the anchor of the box goes, in pixels.
        anchor : tuple of float
            Which point of the box that is: (0, 0) its top left, (1, 1) its bottom right.
        scale : float
            Times the usual text size.
        colour
            RGB.
        """
        size = max(9, round(self.text_px * scale))
        pad = round(0.35 * size)
        lines = self._broken(text, size, self.width - 2 * pad)
        high = ((len(lines) - 1) * _LEADING + _ASCENT + _DESCENT) * size
        box = np.array([max(_text_width(line, size) for line in lines) + 2 * pad, high + pad])
        free = np.maximum(np.array([self.width, self.height]) - box, 0)
        left, top = (int(v) for v in np.clip(np.asarray(place) - np.asarray(anchor) * box, 0, free).round())
        self._shade(left, top, *(math.ceil(v) for v in box))
        for row, line in enumerate(lines):
            base = round(top + pad / 2 + (_ASCENT + row * _LEADING) * size)
            cv2.putText(self.image, line, (left + pad, base), colour, _font(), size, weight=_TEXT_WEIGHT)

    def bar(self, fraction: float, colour: Colour, marks: Iterable[float] = ()) -> None:
        """Draw a progress bar along the bottom edge, with marks at other fractions of its length."""
        high = round(4 * self.unit)
        self._shade(0, self.height - high, self.width, high)
        done = round(float(np.clip(fraction, 0, 1)) * self.width)
        self.image[self.height - high :, :done] = colour
        wide = max(1, round(self.unit))
        for mark in marks:
            x = round(float(np.clip(mark, 0, 1)) * (self.width - wide))
            self.image[self.height - 2 * high :, x : x + wide] = WHITE

    def _thickness(self, width: float) -> int:
        return max(1, round(width * self.unit))

    def _disc(self, place: Point, radius: float, ink: Colour) -> None:
        fixed = round(radius * (1 << _SUBPIXEL_BITS))
        cv2.circle(self.image, _fixed(place), fixed, ink, cv2.FILLED, cv2.LINE_AA, _SUBPIXEL_BITS)

    def _shade(self, left: int, top: int, width: int, height: int) -> None:
        region = self.image[top : top + height, left : left + width]
        region[:] = (region * (1 - _BOX_OPACITY)).astype(np.uint8)

    def _broken(self, text: str, size: int, width: int) -> list[str]:
        lines: list[str] = []
        for word in text.split():
            if lines and _text_width(f"{lines[-1]} {word}", size) <= width:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return lines or [""]


def _fixed(point: Point) -> tuple[int, int]:
    """Return OpenCV's fixed-point form of continuous pixel coordinates (its first pixel centre is 0)."""
    x, y = (round((float(v) - 0.5) * (1 << _SUBPIXEL_BITS)) for v in np.clip(point, -1e4, 1e5))
    return x, y


@cache
def _font() -> cv2.FontFace:
    return cv2.FontFace("sans")


@cache
def _text_width(text: str, size: int) -> int:
    return int(cv2.getTextSize((0, 0), text, (0, 0), _font(), size, weight=_TEXT_WEIGHT)[2])
