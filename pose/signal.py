"""Outliers and gaps of series."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

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
    if near.shape[-1] == 1:
        return near[..., 0].copy()
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
    count = len(x)
    series = np.ascontiguousarray(x.reshape(count, int(np.prod(x.shape[1:]))).T).ravel()
    missing = np.flatnonzero(np.isnan(series))
    if not len(missing):
        return x.copy()
    new = np.r_[True, (np.diff(missing) > 1) | (missing[1:] % count == 0)]
    first, last = missing[new], missing[np.r_[new[1:], True]]
    # the two known samples on either side; beyond the nearest one there may be another gap
    outer = np.where(first - 2 == np.r_[-1, last[:-1]], np.r_[0, first[:-1]] - 1, first - 2)
    beyond = np.where(last + 2 == np.r_[first[1:], -1], np.r_[last[1:], 0] + 1, last + 2)
    gap = np.cumsum(new) - 1
    around = np.array([outer, first - 1, last + 1, beyond])[:, gap]
    own = (around >= 0) & (around // count == missing // count)
    around = around.clip(0, len(series) - 1)
    t = time_s[around % count]
    short = own[1] & own[2] & (t[2] - t[1] <= max_s + 1e-9)
    around, own, missing = around[:, short], own[:, short], missing[short]
    series[missing] = _monotone(t[:, short], np.where(own, series[around], np.nan), time_s[missing % count])
    return np.ascontiguousarray(series.reshape(-1, count).T).reshape(x.shape)


def _monotone(t: Floats, x: Floats, at: Floats) -> Floats:
    """Interpolate between the middle two of four samples by PCHIP.

    Parameters
    ----------
    t, x : (4, N) array
        The first and the last value are NaN where there is no such sample.
    at : (N,) array
        Times between the second and the third sample.
    """
    h = np.where(np.isnan(np.diff(x, axis=0)), 1.0, np.diff(t, axis=0))
    slope = np.diff(x, axis=0) / h
    enter = np.where(np.isnan(slope[0]), _end_slope(h[1], h[2], slope[1], slope[2]), _slope(*h[:2], *slope[:2]))
    leave = np.where(np.isnan(slope[2]), _end_slope(h[1], h[0], slope[1], slope[0]), _slope(*h[1:], *slope[1:]))
    d, u = h[1], (at - t[1]) / h[1]
    return np.asarray(
        x[1] + d * u * (enter + u * (3.0 * slope[1] - 2.0 * enter - leave + u * (enter + leave - 2.0 * slope[1])))
    )


def _slope(h0: Floats, h1: Floats, m0: Floats, m1: Floats) -> Floats:
    """Weighted harmonic mean of the slopes on both sides of a sample, 0 at a turning point."""
    same = m0 * m1 > 0.0
    m0, m1 = np.where(same, m0, 1.0), np.where(same, m1, 1.0)
    return np.where(same, 3.0 * (h0 + h1) / ((2.0 * h1 + h0) / m0 + (h1 + 2.0 * h0) / m1), 0.0)


def _end_slope(h0: Floats, h1: Floats, m0: Floats, m1: Floats) -> Floats:
    """Slope at the outer end of the interval `h0`, from the interval `h1` next to it; that of a line without one."""
    m1 = np.where(np.isnan(m1), m0, m1)
    slope = ((2.0 * h0 + h1) * m0 - h0 * m1) / (h0 + h1)
    slope = np.where(slope * m0 <= 0.0, 0.0, slope)
    return np.where((m0 * m1 <= 0.0) & (np.abs(slope) > 3.0 * np.abs(m0)), 3.0 * m0, slope)


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
