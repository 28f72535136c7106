"""Outliers and gaps of series."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Standard deviations of a normal distribution in a median absolute deviation.
_SIGMA_PER_MAD = 1.4826
# Numbers that a processor keeps at hand, and for which no fresh memory is needed each time.
_AT_HAND = 15_000


def runs(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the half-open ranges of samples in which a mask is true, shape (n, 2)."""
    return np.flatnonzero(np.diff(np.r_[False, mask, False].astype(np.int8))).reshape(-1, 2)


def running_median(x: Floats, window: int) -> Floats:
    """Return the median of the known samples in a window around each sample, NaN where there are none."""
    reach = window // 2
    return np.concatenate([_known_middle(near, reach) for near in _blocks(x, reach)])


def _blocks(x: Floats, reach: int) -> Iterator[Floats]:
    """Part a series into so many samples at a time as the processor keeps at hand, each with its neighbours."""
    length = max(_AT_HAND // max(x[:1].size, 1), 4 * reach)
    for first in range(0, max(1, len(x)), length):
        last = min(first + length, len(x))
        before, after = min(reach, first), min(reach, len(x) - last)
        near = np.full((last - first + 2 * reach, *x.shape[1:]), np.nan)
        near[reach - before : len(near) - reach + after] = x[first - before : last + after]
        yield near


def _known_middle(near: Floats, reach: int) -> Floats:
    """Return the median of what is known around each sample that has `reach` neighbours on both sides."""
    unknown = np.isnan(near)
    if not unknown.any():
        return _middle(near, reach)
    # what is unknown counts as lowest and highest by turns: an even number of them leaves the middle
    # of a window where it is, an odd one moves it to either of the middle two, and the other way round to the other
    lowest = np.logical_xor.accumulate(unknown, axis=0)
    ends = np.where(lowest, -np.inf, np.inf)
    one, other = (_middle(np.where(unknown, end, near), reach) for end in (ends, -ends))
    with np.errstate(invalid="ignore"):
        return np.asarray((one + other) / 2.0)


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
    if not len(x):
        return x.copy(), np.zeros(x.shape, dtype=bool)
    parts = [_outliers(near, window // 2, n_sigmas, floor) for near in _blocks(x, window // 2)]
    outliers, medians = (np.concatenate(part) for part in zip(*parts, strict=True))
    filtered = x.copy()
    filtered[outliers] = medians
    return filtered, outliers


def _outliers(near: Floats, reach: int, n_sigmas: float, floor: float) -> tuple[NDArray[np.bool_], Floats]:
    """Tell which of the samples that have `reach` neighbours on both sides are outliers, and the medians there."""
    x, median = near[reach : len(near) - reach], _known_middle(near, reach)
    # few samples are off by more than the floor allows: only they need the scale; NaN compares as false
    outliers = np.abs(x - median) > n_sigmas * floor
    off, middle = x[outliers], median[outliers]
    windows = np.lib.stride_tricks.sliding_window_view(near, 2 * reach + 1, axis=0)[outliers]
    scale = _SIGMA_PER_MAD * _median(np.abs(windows - middle[:, None]))
    beyond = np.abs(off - middle) > n_sigmas * np.maximum(scale, floor)
    outliers[outliers] = beyond
    return outliers, middle[beyond]


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
    filled = x.copy()
    columns = filled.reshape(len(x), int(np.prod(x.shape[1:])))
    frames, column, values = in_short_gaps(time_s, columns, max_s)
    columns[frames, column] = values
    return filled


def in_short_gaps(time_s: Floats, columns: Floats, max_s: float) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """Return what `fill_gaps` fills into the gaps of a (T, C) array: the row, the column and the value of each."""
    column, around = _gaps(np.isnan(columns))
    seen = (around >= 0) & (around < len(columns))
    around = around.clip(0, max(len(columns) - 1, 0))
    t = time_s[around]
    short = seen[1] & seen[2] & (t[2] - t[1] <= max_s + 1e-9)
    column, around, seen, t = column[short], around[:, short], seen[:, short], t[:, short]
    known = np.where(seen, columns[around, column], np.nan)
    lengths = around[2] - around[1] - 1
    gap = np.repeat(np.arange(len(lengths)), lengths)
    frames = np.arange(len(gap)) + np.repeat(around[2] - np.cumsum(lengths), lengths)
    return frames, column[gap], _monotone(t, known, time_s[frames], gap)


def _gaps(missing: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find the gaps of a (T, C) array: the column of each and, (4, G), the two known samples on either side.

    Samples before the first and after the last are outside of 0 to T - 1.
    """
    count, columns = missing.shape
    apart = np.zeros((columns, count + 2), dtype=bool)
    apart[:, 1:-1] = missing.T
    within = apart.ravel()
    before, last = np.flatnonzero(within[1:] != within[:-1]).reshape(-1, 2).T
    column, before, after = before // (count + 2), before % (count + 2) - 1, last % (count + 2)
    outer, beyond = before - 1, after + 1
    # a single known sample between two gaps: beyond it the other gap has to be crossed
    single = np.flatnonzero((column[1:] == column[:-1]) & (before[1:] == after[:-1]))
    outer[single + 1], beyond[single] = before[single], after[single + 1]
    return column, np.array([outer, before, after, beyond])


def _monotone(t: Floats, x: Floats, at: Floats, gap: NDArray[np.intp]) -> Floats:
    """Interpolate between the middle two of four samples by PCHIP.

    Parameters
    ----------
    t, x : (4, G) array
        The first and the last value are NaN where there is no such sample.
    at : (N,) array
        Times between the second and the third sample.
    gap : (N,) int array
        Between which of the G times four samples.
    """
    h = np.where(np.isnan(np.diff(x, axis=0)), 1.0, np.diff(t, axis=0))
    slope = np.diff(x, axis=0) / h
    enter = np.where(np.isnan(slope[0]), _end_slope(h[1], h[2], slope[1], slope[2]), _slope(*h[:2], *slope[:2]))
    leave = np.where(np.isnan(slope[2]), _end_slope(h[1], h[0], slope[1], slope[0]), _slope(*h[1:], *slope[1:]))
    square, cube = 3.0 * slope[1] - 2.0 * enter - leave, enter + leave - 2.0 * slope[1]
    start, value, d, enter, square, cube = np.array([t[1], x[1], h[1], enter, square, cube])[:, gap]
    u = (at - start) / d
    return np.asarray(value + d * u * (enter + u * (square + u * cube)))


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


def _middle(near: Floats, reach: int) -> Floats:
    """Return the median around each sample that has `reach` neighbours on both sides; NaN where any of them is NaN.

    What lies before a sample is sorted once, and serves as what lies after an earlier one.
    Whole arrays are sorted, and the two sides merged, by exchanging their elements,
    which is many times faster than sorting the few values of every window.
    """
    count = len(near) - 2 * reach
    own = near[reach : reach + count]
    if not reach:
        return own.copy()
    ordered = _sorted([near[k : k + count + reach + 1] for k in range(reach)])
    before, after = [x[:count] for x in ordered], [x[reach + 1 :] for x in ordered]
    # the middle two of both sides together: k smallest are i of one side and k - i of the other
    low, high = np.minimum(before[-1], after[-1]), np.maximum(before[0], after[-1])
    for k in range(reach - 1):
        np.minimum(low, np.maximum(before[k], after[reach - 2 - k]), out=low)
        np.minimum(high, np.maximum(before[k + 1], after[reach - 2 - k]), out=high)
    return np.maximum(low, np.minimum(high, own))


def _sorted(values: list[Floats]) -> list[Floats]:
    """Sort several arrays element by element (odd-even transposition)."""
    ordered = list(values)
    for turn in range(len(ordered)):
        for k in range(turn % 2, len(ordered) - 1, 2):
            low, high = ordered[k], ordered[k + 1]
            ordered[k], ordered[k + 1] = np.minimum(low, high), np.maximum(low, high)
    return ordered


def _median(x: Floats) -> Floats:
    """Return the median over the last axis without the NaNs, which sort to the end."""
    ordered = np.sort(x, axis=-1)
    count = np.isfinite(x).sum(axis=-1)
    low, high = np.maximum((count - 1) // 2, 0), np.minimum(count // 2, x.shape[-1] - 1)
    pick = [np.take_along_axis(ordered, i[..., None], axis=-1)[..., 0] for i in (low, high)]
    return np.asarray((pick[0] + pick[1]) / 2)
