"""Finding a person in a whole picture: BlazePose's detector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from .region import Region, by_pixel_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..vision.frame import Frame
    from .ort import Network

    Floats = NDArray[np.float64]

SIZE = 224
# Cell size in pixels and anchors a cell of the feature maps, finest first.
_MAPS = ((8, 2), (16, 2), (32, 6))
_MIN_SCORE = 0.5
_MIN_OVERLAP = 0.5


def anchors() -> Floats:
    """Return the (2254, 2) points that the detector's boxes are offsets from, in pixels of its input."""
    points = []
    for cell, count in _MAPS:
        middle = (np.arange(SIZE // cell) + 0.5) * cell
        x, y = np.meshgrid(middle, middle)
        points.append(np.repeat(np.column_stack([x.ravel(), y.ravel()]), count, axis=0))
    return np.concatenate(points)


_ANCHORS = anchors()


def decode(boxes: NDArray[np.float32], logits: NDArray[np.float32]) -> list[Floats]:
    """Return the two points that place each person found, the likeliest first.

    Parameters
    ----------
    boxes : (2254, 12) array
        For every anchor the middle and size of a box and four points, in pixels of the
        detector's input; all but the size are relative to the anchor.
    logits : (2254, 1) array
        How likely each box holds a person.

    Returns
    -------
    list of (2, 2) array
        Middle of the hips and rim of the circle around a person, in pixels of the
        detector's input: the mean over all boxes that overlap the best by half,
        weighted by their scores (Bazarevsky et al. 2019, section 4); then the same
        with the boxes that are left.
    """
    scores = expit(logits[:, 0].astype(np.float64))
    likely = np.flatnonzero(scores >= _MIN_SCORE)
    found, scores = boxes[likely].astype(np.float64), scores[likely]
    middle, half = found[:, :2] + _ANCHORS[likely], found[:, 2:4] / 2
    points = found[:, 4:8].reshape(-1, 2, 2) + _ANCHORS[likely, None]
    left = np.ones(len(likely), dtype=bool)
    people = []
    while left.any():
        best = int(np.argmax(np.where(left, scores, -1.0)))
        same = left & (_overlap(middle - half, middle + half, best) > _MIN_OVERLAP)
        same[best] = True
        people.append(np.asarray(np.average(points[same], axis=0, weights=scores[same])))
        left &= ~same
    return people


def _overlap(low: Floats, high: Floats, best: int) -> Floats:
    """Return the intersection over union of each box with the best one."""
    shared = np.clip(np.minimum(high, high[best]) - np.maximum(low, low[best]), 0, None).prod(axis=1)
    area = np.clip(high - low, 0, None).prod(axis=1)
    return np.asarray(shared / np.maximum(area + area[best] - shared, 1e-9))


class PersonDetector:
    """Finds the people of a picture.

    Parameters
    ----------
    network : Network
        BlazePose's detector.
    """

    def __init__(self, network: Network) -> None:
        self._network = network

    def find(self, frame: Frame) -> list[Region]:
        """Return the regions around the people in a frame, the likeliest first."""
        width, height = frame.size
        whole = Region((width / 2, height / 2), float(max(width, height)), 0.0)
        cut = frame.crop(by_pixel_numbers(whole.matrix(SIZE)), (SIZE, SIZE))
        output = self._network.run(cut * np.float32(2 / 255) - np.float32(1))
        people = decode(output["Identity"], output["Identity_1"])
        regions = [Region.around(*whole.to_picture(points, SIZE)) for points in people]
        return [region for region in regions if region is not None]
