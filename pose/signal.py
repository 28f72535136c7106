"""Outliers and gaps of series."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import PchipInterpolator

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Standard deviations of a normal distribution in a median absolute deviation.
_SIGMA_PER_MAD = 1.4826
_BLOCK = 512


def windows(x: Floats, window: int) -> Floats:
    """Return each sample with its neighbours, NaN beyond the ends.

    Parameters
    ----------
    x : (T, ...) array
    window : int
        Number of samples, odd.

    Returns
    -------
    (T, ..., window) array.
    """
    ends = ((window // 2, window // 2), *((0, 0),) * (x.ndim - 1))
    padded = np.pad(x, ends, constant_values=np.nan)
    return np.lib.stride_tricks.sliding_window_view(padded, window, axis=0)


def running_median(x: Floats, window: int) -> Floats:
    """Return the median of the known samples in a window around each sample, NaN where there are none."""
    near = windows(x, window)
    # so many samples at a time as the processor keeps at hand
    return np.concatenate([_known_middle(near[k : k + _BLOCK]) for k in range(0, max(1, len(near)), _BLOCK)])


def _known_middle(near: Floats) -> Floats:
    """Return the median over the last axis of what is known."""
    median = _middle([near[..., k] for k in range(near.shape[-1])])
    # where the window has a gap or reaches beyond an end, the middle of what is known is another one
    partly = np.isnan(median) & np.isfinite(near).any(axis=-1)
    median[partly] = _median(near[partly])
    return median


def hampel(x: Floats, window: int = 7, n_sigmas: float = 3.0, floor: float = 0.0) -> tuple[Floats, NDArray[np.bool_]]:
    """Replace outliers by the median of their neighbourhood (Hampel 1974; Pearson 2002).

    Parameters
    ----------
    x : (T, ...) array
        NaN where unknown; such samples are neither judged nor filled.
    window : int
        Samples in the neighbourhood, odd; fewer at the ends.
    n_sigmas : float
        How many standard deviations, estimated as 1.4826 times the median absolute
        deviation, a sample may be off.
    floor : float
        Least standard deviation that is assumed, in the unit of `x`.

    Returns
    -------
    filtered : (T, ...) array
    outliers : (T, ...) bool array
        Which samples were replaced.
    """
    median = running_median(x, window)
    # few samples are off by more than the floor allows: only they need the scale; NaN compares as false
    outliers = np.abs(x - median) > n_sigmas * floor
    off = median[outliers]
    scale = _SIGMA_PER_MAD * _median(np.abs(windows(x, window)[outliers] - off[:, None]))
    outliers[outliers] = np.abs(x[outliers] - off) > n_sigmas * np.maximum(scale, floor)
    return np.where(outliers, median, x), outliers


def fill_gaps(time_s: Floats, x: Floats, max_s: float) -> Floats:
    """Fill short gaps by monotone cubic interpolation (PCHIP, Fritsch and Carlson 1980).

    Parameters
    ----------
    time_s : (T,) array
        Strictly increasing.
    x : (T, ...) array
        NaN where unknown.
    max_s : float
        Longest time between the known samples on both sides of a gap that is filled, in seconds.

    Returns
    -------
    (T, ...) array
        Longer gaps and the ends stay NaN; known samples are unchanged.
    """
    columns = x.reshape(len(x), int(np.prod(x.shape[1:]))).copy()
    for k in _same_gaps(np.isnan(columns)):
        known = np.flatnonzero(np.isfinite(columns[:, k[0]]))
        if len(known) < 2:
            continue
        missing = np.flatnonzero(np.isnan(columns[known[0] : known[-1], k[0]])) + known[0]
        after = np.searchsorted(known, missing)
        is_short = time_s[known[after]] - time_s[known[after - 1]] <= max_s + 1e-9
        short, after = missing[is_short], after[is_short]
        if not len(short):
            continue
        # what lies further away than the next two known samples on either side has no say
        knots = known[np.unique(np.clip(after[:, None] + np.arange(-2, 2), 0, len(known) - 1))]
        columns[np.ix_(short, k)] = PchipInterpolator(time_s[knots], columns[np.ix_(knots, k)])(time_s[short])
    return columns.reshape(x.shape)


def _same_gaps(missing: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """Group the columns that have gaps by where these are."""
    groups: dict[bytes, list[int]] = {}
    for k in np.flatnonzero(missing.any(axis=0)):
        groups.setdefault(missing[:, k].tobytes(), []).append(int(k))
    return [np.array(group) for group in groups.values()]


def _middle(values: list[Floats]) -> Floats:
    """Return the middle one of an odd number of arrays, element by element; NaN where any is NaN.

    Whole arrays are sorted by exchanging neighbours (odd-even transposition), which is
    several times faster than sorting the few values of every element.
    """
    ordered = list(values)
    for turn in range(len(ordered)):
        for k in range(turn % 2, len(ordered) - 1, 2):
            low, high = ordered[k], ordered[k + 1]
            ordered[k], ordered[k + 1] = np.minimum(low, high), np.maximum(low, high)
    return ordered[len(ordered) // 2]


def _median(x: Floats) -> Floats:
    """Return the median over the last axis without the NaNs, which sort to the end."""
    ordered = np.sort(x, axis=-1)
    count = np.isfinite(x).sum(axis=-1)
    low, high = np.maximum((count - 1) // 2, 0), np.minimum(count // 2, x.shape[-1] - 1)
    pick = [np.take_along_axis(ordered, i[..., None], axis=-1)[..., 0] for i in (low, high)]
    return np.asarray((pick[0] + pick[1]) / 2)
