"""Unevenly timed samples on a uniform clock, each weighted by the time for which it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


def swarii(time_s: ArrayLike, x: ArrayLike, new_time_s: ArrayLike, half_window_s: float) -> Floats:
    """Resample by the sliding window weighted average (SWARII, Audiffren and Contal 2016).

    The value at s is the mean of the samples within `half_window_s` of s, each weighted by
    the part of its interval, from midpoint to midpoint with its neighbours, inside the window.
    The formula is that of the paper with its interval corrected; at both ends of the
    series the interval is open.

    Parameters
    ----------
    time_s : (n,) array
        Strictly increasing.
    x : (n,) array
        NaN where unknown; such samples don't exist.
    new_time_s : (m,) array
        Increasing.
    half_window_s : float

    Returns
    -------
    (m,) array
        NaN where no sample is near.
    """
    t, values, at = (np.asarray(a, dtype=np.float64) for a in (time_s, x, new_time_s))
    known = np.isfinite(values)
    t, values = t[known], values[known]
    if not len(t):
        return np.full(len(at), np.nan)
    weights = swarii_weights(t, at, half_window_s)
    total = weights.sum(axis=1)
    return np.asarray(np.divide(weights @ values, total, out=np.full(len(at), np.nan), where=total > 0))


def swarii_weights(time_s: Floats, new_time_s: Floats, half_window_s: float) -> Floats:
    """Return how much each of n samples counts for each of m new times in seconds, shape (m, n)."""
    middle = (time_s[1:] + time_s[:-1]) / 2.0
    starts, ends = np.r_[-np.inf, middle], np.r_[middle, np.inf]
    first, last = new_time_s[:, None] - half_window_s, new_time_s[:, None] + half_window_s
    overlap = np.minimum(ends, last) - np.maximum(starts, first)
    near = np.abs(time_s - new_time_s[:, None]) <= half_window_s + 1e-9
    return np.where(near, np.maximum(overlap, 0.0), 0.0)
