"""The tilted square around a person that a landmark network looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..vision.frame import Frame, Image

    Floats = NDArray[np.float64]

# The margin with which BlazePose was trained: the square's side over the diameter of
# the circle around the person.
_MARGIN = 1.25


@dataclass(frozen=True)
class Region:
    """A square of the upright picture, turned so that the person in it stands upright.

    Attributes
    ----------
    center_px : tuple of float
        Middle of the square, between the hips.
    side_px : float
        Length of its sides.
    angle_rad : float
        Clockwise turn of the square as seen on the picture.
    """

    center_px: tuple[float, float]
    side_px: float
    angle_rad: float

    @classmethod
    def around(cls, hips_px: Floats, rim_px: Floats) -> Region | None:
        """Return the region of a person given by two points, or None if they span no circle.

        Parameters
        ----------
        hips_px : (2,) array
            Middle of the circle around the person.
        rim_px : (2,) array
            Where the circle is cut by the line from the hips along the trunk.
        """
        dx, dy = (float(d) for d in rim_px - hips_px)
        radius = float(np.hypot(dx, dy))
        if not np.isfinite(radius) or radius < 1.0:
            return None
        return cls((float(hips_px[0]), float(hips_px[1])), 2.0 * _MARGIN * radius, float(np.arctan2(dx, -dy)))

    def matrix(self, size: int) -> Floats:
        """Return the (2, 3) map from coordinates of a `size` x `size` cut-out to the picture, in pixels."""
        c, s = np.cos(self.angle_rad), np.sin(self.angle_rad)
        linear = np.array([[c, -s], [s, c]]) * self.side_px / size
        return np.column_stack([linear, self.center_px - linear @ (size / 2, size / 2)])

    def to_picture(self, points: Floats, size: int) -> Floats:
        """Map (N, 2) points of a `size` x `size` cut-out to picture coordinates."""
        matrix = self.matrix(size)
        return points @ matrix[:, :2].T + matrix[:, 2]

    def cut(self, frame: Frame, size: int) -> Image:
        """Return the region of a frame as a (size, size, 3) picture; the picture's edge goes on outside it."""
        return frame.crop(by_pixel_numbers(self.matrix(size)), (size, size), repeat_edges=True)


def by_pixel_numbers(matrix: Floats) -> Floats:
    """Turn a map between pixel numbers into the same map between continuous coordinates.

    BlazePose was trained and is deployed with cut-outs that are sampled as if pixel
    numbers were coordinates, so its landmarks are off by half a pixel of the cut-out
    (about 1 % of the trunk) unless it sees them made the same way.
    """
    linear = matrix[:, :2]
    return np.column_stack([linear, matrix[:, 2] + 0.5 - linear @ (0.5, 0.5)])
