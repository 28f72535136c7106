"""Uniform clocks, zero-lag filters and velocities for series with gaps.

Series have time on axis 0. A gap is NaN and stays NaN: it is bridged only while a
filter runs over it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.signal import butter, sosfilt, sosfilt_zi

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

# (2**(1/2) - 1)**(1/4): a second-order filter run twice keeps its cut-off (Winter 2009)
_DUAL_PASS = (np.sqrt(2.0) - 1.0) ** 0.25
_SAME_TIME_S = 1e-6


def sampling_rate(time_s: ArrayLike) -> float:
    """Return frames per second, from the median interval of time stamps.

    A burst of stamps in a short file can't claim more than twice the mean rate.
    """
    t = np.asarray(time_s, dtype=np.float64)
    return float(min(1.0 / np.median(np.diff(t)), 2.0 * (len(t) - 1) / (t[-1] - t[0])))


def uniform_clock(time_s: ArrayLike, fs_hz: float) -> Floats:
    """Return equally spaced times at `fs_hz` from the first to the last time stamp."""
    t = np.asarray(time_s, dtype=np.float64)
    count = int(np.floor((t[-1] - t[0]) * fs_hz + 1e-6)) + 1
    clock: Floats = np.minimum(t[0] + np.arange(count) / fs_hz, t[-1])
    return clock


def resample(time_s: ArrayLike, x: ArrayLike, new_time_s: ArrayLike, max_gap_s: float) -> Floats:
    """Resample by monotone cubic interpolation (PCHIP); longer gaps and the ends stay NaN.

    Neighbouring frames of a slow video are no gap, however far apart they are.

    Parameters
    ----------
    time_s : (T,) array
        Strictly increasing.
    x : (T, ...) array
        NaN where unknown.
    new_time_s : (N,) array
        Where values are wanted.
    max_gap_s : float
        Distance between two known samples up to which values in between are trusted.

    Returns
    -------
    (N, ...) array.
    """
    t, new_t = np.asarray(time_s, dtype=np.float64), np.asarray(new_time_s, dtype=np.float64)
    values = np.asarray(x, dtype=np.float64)
    columns = _columns(values)
    trusted_s = max(max_gap_s, 1.5 / sampling_rate(t)) if len(t) > 1 else max_gap_s
    # a steady camera's clock is the new one already: only gaps are left to be filled
    steady = len(t) == len(new_t) and bool(np.abs(new_t - t).max(initial=0.0) <= _SAME_TIME_S)
    out = columns.copy() if steady else np.full((len(new_t), columns.shape[1]), np.nan)
    for same in _seen_together(columns):
        known = np.isfinite(columns[:, same[0]])
        if known.sum() < 2:
            out[:, same] = np.nan
            continue
        wanted = np.flatnonzero(~known) if steady else np.arange(len(new_t))
        tk, at = t[known], new_t[wanted]
        after = np.clip(np.searchsorted(tk, at, side="right"), 1, len(tk) - 1)
        between = tk[after] - tk[after - 1] <= trusted_s
        inside = (at >= tk[0]) & (at <= tk[-1]) & (between | (np.abs(at - tk[after - 1]) <= _SAME_TIME_S))
        if inside.any():
            out[np.ix_(wanted[inside], same)] = PchipInterpolator(tk, columns[np.ix_(known, same)])(at[inside])
    return out.reshape(len(new_t), *values.shape[1:])


def _columns(x: Floats) -> Floats:
    """Return a (T, ...) array as (T, C), also one of no samples."""
    return x.reshape(len(x), int(np.prod(x.shape[1:])))


def _seen_together(columns: Floats) -> list[NDArray[np.intp]]:
    """Group columns that are known at the same times."""
    groups: dict[bytes, list[int]] = {}
    for k, known in enumerate(np.isfinite(columns).T):
        groups.setdefault(known.tobytes(), []).append(k)
    return [np.array(group) for group in groups.values()]


def bridge(x: ArrayLike) -> Floats:
    """Fill gaps by straight lines and hold the ends; columns without any value stay NaN.

    Parameters
    ----------
    x : (T, ...) array
    """
    values = np.asarray(x, dtype=np.float64)
    columns = _columns(values).copy()
    index = np.arange(len(columns))
    for k in np.flatnonzero(~np.isfinite(columns).all(axis=0)):
        known = np.isfinite(columns[:, k])
        if known.any():
            columns[~known, k] = np.interp(index[~known], index[known], columns[known, k])
    return columns.reshape(values.shape)


def design_cutoff(fc_hz: float, fs_hz: float) -> float:
    """Cut-off for which a second-order Butterworth filter, run both ways, has -3 dB at `fc_hz`.

    ``(fs / pi) * atan(tan(pi fc / fs) / C)`` with ``C = (sqrt(2) - 1)**(1/4)`` (Winter 2009),
    pre-warped for the sampling rate.
    """
    return float(fs_hz / np.pi * np.arctan(np.tan(np.pi * fc_hz / fs_hz) / _DUAL_PASS))


def butter_zero_lag(x: ArrayLike, fc_hz: float, fs_hz: float) -> Floats:
    """Low-pass a series without lag: second-order Butterworth, forward and backward.

    Parameters
    ----------
    x : (T, ...) array
        Equally spaced samples; NaN stays NaN.
    fc_hz : float
        Cut-off (-3 dB) of the whole filter; capped at a quarter of the sampling rate.
    fs_hz : float
        Sampling rate.

    Returns
    -------
    (T, ...) array.
    """
    values = np.asarray(x, dtype=np.float64)
    if len(values) < 4:
        return values.copy()
    fc = min(fc_hz, fs_hz / 4.0)
    filled = bridge(values)
    # a column that was never seen is all NaN; the recursive filter runs over zeros instead
    filled[np.isnan(filled)] = 0.0
    pad = min(len(values) - 1, int(np.ceil(3.0 * fs_hz / fc)))
    smooth = _both_ways(_columns(filled), pad, *_low_pass(fc, fs_hz)).reshape(values.shape)
    return np.where(np.isfinite(values), smooth, np.nan)


@lru_cache(maxsize=64)
def _low_pass(fc_hz: float, fs_hz: float) -> tuple[Floats, Floats]:
    """Return a filter as second-order sections, and the state in which it has seen nothing but 1."""
    sections = np.asarray(butter(2, design_cutoff(fc_hz, fs_hz), fs=fs_hz, output="sos"))
    return sections, np.asarray(sosfilt_zi(sections))[..., None]


def _both_ways(x: Floats, pad: int, sections: Floats, settled: Floats) -> Floats:
    """Filter (T, C) series forward and backward, each end lengthened by turning `pad` samples about it.

    As `scipy.signal.sosfiltfilt`, which finds the settled state anew for every series.
    """
    before, after = 2.0 * x[:1] - x[pad:0:-1], 2.0 * x[-1:] - x[-2 : -pad - 2 : -1]
    longer = np.concatenate([before, x, after])
    forward, _ = sosfilt(sections, longer, axis=0, zi=settled * longer[0])
    backward, _ = sosfilt(sections, forward[::-1], axis=0, zi=settled * forward[-1])
    return np.asarray(backward[::-1][pad : pad + len(x)])


def velocity(x: ArrayLike, fs_hz: float) -> Floats:
    """Central differences of an equally spaced, already filtered series, per second."""
    values = np.asarray(x, dtype=np.float64)
    speeds = np.zeros_like(values)
    if len(values) > 1:
        speeds[1:-1] = (values[2:] - values[:-2]) * (fs_hz / 2.0)
        speeds[0], speeds[-1] = (values[1] - values[0]) * fs_hz, (values[-1] - values[-2]) * fs_hz
    return speeds


def runs(mask: ArrayLike) -> NDArray[np.intp]:
    """Return the half-open index ranges in which `mask` is true, shape (n, 2)."""
    inside = np.asarray(mask)
    within = np.zeros(len(inside) + 2, dtype=bool)
    within[1:-1] = inside
    edges: NDArray[np.intp] = (within[1:] != within[:-1]).nonzero()[0]
    return edges.reshape(-1, 2)


def median(x: ArrayLike) -> float:
    """Median of the known values; NaN when there are none."""
    values = np.asarray(x, dtype=np.float64)
    known = values[np.isfinite(values)]
    known.sort()
    return float(known[(known.size - 1) // 2] + known[known.size // 2]) / 2.0 if known.size else float("nan")


def mean_seen(*curves: Floats) -> Floats:
    """Mean of several curves over those that are known, NaN where none is."""
    stack = np.stack(curves)
    known = np.isfinite(stack)
    count = known.sum(axis=0)
    return np.where(count > 0, np.where(known, stack, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)
