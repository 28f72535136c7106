"""Refining landmarks by the heat maps that a network gives with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

if TYPE_CHECKING:
    from numpy.typing import NDArray

_REACH = np.arange(-3, 4)
_MIN_CONFIDENCE = 0.5


def refine(points: NDArray[np.float64], heatmaps: NDArray[np.float32]) -> NDArray[np.float64]:
    """Move each point to the centre of mass of its heat map around it.

    A point stays where it is if it lies outside the map, or if the map is below 0.5
    in the 7 x 7 cells around it.

    Parameters
    ----------
    points : (N, 2) array
        x and y in cells of the heat maps.
    heatmaps : (H, W, N) array
        Logits.

    Returns
    -------
    (N, 2) array.
    """
    height, width, count = heatmaps.shape
    cell = np.floor(points).astype(np.intp)
    columns, rows = (cell[:, axis, None] + _REACH for axis in (0, 1))
    known = ((rows >= 0) & (rows < height))[:, :, None] & ((columns >= 0) & (columns < width))[:, None, :]
    r, c = np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)
    logits = heatmaps[r[:, :, None], c[:, None, :], np.arange(count)[:, None, None]]
    weights = np.where(known, expit(logits.astype(np.float64)), 0.0)
    total = np.maximum(weights.sum(axis=(1, 2)), np.finfo(np.float64).tiny)
    x = (weights.sum(axis=1) * columns).sum(axis=1) / total
    y = (weights.sum(axis=2) * rows).sum(axis=1) / total
    inside = ((cell >= 0) & (cell < (width, height))).all(axis=1)
    sure = inside & (weights.max(axis=(1, 2)) >= _MIN_CONFIDENCE)
    return np.where(sure[:, None], np.column_stack([x, y]), points)
