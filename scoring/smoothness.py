"""How smooth and how even a movement is, from the speed of one phase.

A smooth movement speeds up and slows down once; a trembling or halting one does so often.
Only changes within one person and one set-up mean something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

# spectral arc length (Balasubramanian et al. 2015): zero padding, band, and the part of the spectrum that counts
_PADDING = 4
_BAND_HZ = 10.0
_LEAST_AMPLITUDE = 0.05
# evenness is told from the middle of a phase, where a steady movement has a steady speed
_MIDDLE = 0.6
# part of the largest speed below which a movement has not begun
_CREEP = 0.05


def sparc(speed: ArrayLike, fs_hz: float) -> float:
    """Spectral arc length of a speed profile (Balasubramanian et al. 2015).

    The length of the curve that the normalised amplitude spectrum draws over frequency,
    from 0 to where it last exceeds 5 % of its peak, at most 10 Hz, with a minus sign.

    Parameters
    ----------
    speed : (n,) array
        Speed during one phase, any unit, without gaps.
    fs_hz : float
        Samples a second.

    Returns
    -------
    float
        About -1.4 for one smooth stroke, more negative the less smooth; NaN without movement.
    """
    v = np.asarray(speed, dtype=np.float64)
    if len(v) < 2 or not np.isfinite(v).all() or not v.any():
        return np.nan
    count = 2 ** ((len(v) - 1).bit_length() + _PADDING)
    amplitude = np.abs(np.fft.rfft(v, count))
    band = amplitude[: int(_BAND_HZ * count / fs_hz) + 1] / amplitude.max()
    loud = np.flatnonzero(band >= _LEAST_AMPLITUDE)
    steps = np.diff(band[loud[0] : loud[-1] + 1])
    # the frequencies are evenly spaced, and their range counts as one
    return -float(np.hypot(1.0 / max(1, len(steps)), steps).sum())


def dimensionless_jerk(speed: ArrayLike, fs_hz: float) -> float:
    """Dimensionless jerk of a speed profile (Hogan and Sternad 2009): ``-T^3 / v_peak^2 * integral of v''^2``.

    Parameters
    ----------
    speed : (n,) array
        Speed during one phase, without gaps.
    fs_hz : float
        Samples a second.

    Returns
    -------
    float
        Negative, larger the less smooth; NaN without movement.
    """
    v = np.asarray(speed, dtype=np.float64)
    if len(v) < 3 or not np.isfinite(v).all() or not v.any():
        return np.nan
    jerk = np.diff(v, 2) * fs_hz**2
    duration_s = len(v) / fs_hz
    return -float(duration_s**3 / np.abs(v).max() ** 2 * np.square(jerk).sum() / fs_hz)


def log_dimensionless_jerk(speed: ArrayLike, fs_hz: float) -> float:
    """Minus the logarithm of the size of `dimensionless_jerk`; a minimum-jerk stroke has -5.322."""
    jerk = abs(dimensionless_jerk(speed, fs_hz))
    return -float(np.log(jerk)) if jerk > 0.0 else np.nan


def moving(speed: ArrayLike) -> Floats:
    """Return the speeds from the first to the last that is at least a twentieth of the largest.

    The creep at both ends of a phase belongs to standing and to the bottom, wherever the
    phase is said to begin and end.

    Parameters
    ----------
    speed : (n,) array
        NaN where unknown.
    """
    v = np.asarray(speed, dtype=np.float64)
    known = np.where(np.isfinite(v), v, -np.inf)
    fast = np.flatnonzero(known >= _CREEP * known.max(initial=0.0))
    return v[fast[0] : fast[-1] + 1] if len(fast) else v[:0]


def peak_to_mean(speed: ArrayLike) -> float:
    """Largest over mean speed of a phase: 1 constant, 1.571 cosine, 1.875 minimum jerk.

    Parameters
    ----------
    speed : (n,) array
        NaN where unknown.
    """
    v = np.asarray(speed, dtype=np.float64)
    known = v[np.isfinite(v)]
    return float(known.max() / known.mean()) if len(known) and known.mean() > 0.0 else np.nan


def speed_variation(speed: ArrayLike) -> float:
    """Divide the standard deviation by the mean of the speed in the middle 60 % of a phase.

    0 for a constant tempo, 0.232 for a minimum-jerk stroke.

    Parameters
    ----------
    speed : (n,) array
        Speed during one phase; NaN where unknown.
    """
    v = np.abs(np.asarray(speed, dtype=np.float64))
    # samples stand for the moments between the ends of the phase
    part = np.linspace(0.0, 1.0, len(v)) if len(v) > 1 else np.zeros(len(v))
    middle = v[np.abs(part - 0.5) <= _MIDDLE / 2.0 + 1e-9]
    middle = middle[np.isfinite(middle)]
    mean = middle.sum() / max(1, len(middle))
    return float(np.sqrt(np.square(middle - mean).sum() / len(middle)) / mean) if mean > 0.0 else np.nan
