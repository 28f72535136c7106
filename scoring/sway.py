"""Descriptors of sway: of one axis, of a path in the plane, and as one public data set defines them.

Series are equally spaced and complete, in any unit of length; results are in that unit.
Descriptors are taken about the mean; nothing is detrended, filtered or resampled here.
Formulas are those of Prieto et al. (1996) as re-published by Quijoux et al. (2021) unless
said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import trapezoid
from scipy.signal import welch
from scipy.spatial import ConvexHull, QhullError
from scipy.spatial.distance import pdist

from .sway_ellipse import chi2_area, ellipse, prediction_area
from .sway_spectrum import spectral_descriptors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

LEAST_SAMPLES = 4


@dataclass(frozen=True)
class Quantity:
    """A number and its unit."""

    value: float
    unit: str


def sway_1d(x: ArrayLike, fs_hz: float, unit: str = "mm") -> dict[str, Quantity]:
    """Describe sway along one axis, which is all that one camera sees.

    Parameters
    ----------
    x : (n,) array
        Positions, n >= 4.
    fs_hz : float
        Sampling rate.
    unit : str
        Of `x`.

    Returns
    -------
    dict of name to Quantity
        ``MDIST`` mean distance, ``RMS``, ``RANGE``, ``TOTEX`` path, ``MVELO`` path over
        (n - 1) / fs, ``MFREQ`` = MVELO / (4 sqrt(2) MDIST) and the spectrum's
        ``F50``, ``F95``, ``CFREQ`` and ``FREQD``. A frequency of a series that never moves is NaN.

    Raises
    ------
    ValueError
        When there are too few samples, or one is missing.
    """
    x = _centred(x)
    distance, path = float(np.abs(x).mean()), float(np.abs(np.diff(x)).sum())
    velocity = path * fs_hz / (len(x) - 1)
    return {
        "MDIST": Quantity(distance, unit),
        "RMS": Quantity(rms(x), unit),
        "RANGE": Quantity(float(np.ptp(x)), unit),
        "TOTEX": Quantity(path, unit),
        "MVELO": Quantity(velocity, f"{unit}/s"),
        "MFREQ": Quantity(_ratio(velocity, 4.0 * np.sqrt(2.0) * distance), "Hz"),
        **_spectral(x, fs_hz),
    }


def sway_2d(ml: ArrayLike, ap: ArrayLike, fs_hz: float, unit: str = "mm") -> dict[str, Quantity]:
    """Describe sway in the plane.

    Parameters
    ----------
    ml, ap : (n,) array
        Medio-lateral and antero-posterior positions, n >= 4.
    fs_hz : float
        Sampling rate.
    unit : str
        Of both.

    Returns
    -------
    dict of name to Quantity
        As `sway_1d` for distances in the plane, with ``MFREQ`` = MVELO / (2 pi MDIST), and for
        each axis under the name with ``-ML`` or ``-AP``; ``AREA-SW`` swept in a second;
        ``AREA-PE95`` and ``AREA-CHI2``, the 95 % prediction ellipse with the exact F factor
        and its limit for large n; ``ELLIPSE-MAJOR`` and ``ELLIPSE-MINOR``, the semi-axes of
        the latter, and ``ELLIPSE-ANGLE`` of the major axis from ML towards AP.

    Raises
    ------
    ValueError
        When there are too few samples, one is missing, or the axes differ in length.
    """
    xy = _centred(np.column_stack(_same_length(ml, ap)))
    distance, path = float(np.linalg.norm(xy, axis=1).mean()), _path(xy)
    velocity = path * fs_hz / (len(xy) - 1)
    covariance = np.cov(xy.T)
    major, minor, angle = ellipse(covariance)
    found = {
        "MDIST": Quantity(distance, unit),
        "RMS": Quantity(float(np.sqrt((xy**2).sum(axis=1).mean())), unit),
        "RANGE": Quantity(_widest(xy), unit),
        "TOTEX": Quantity(path, unit),
        "MVELO": Quantity(velocity, f"{unit}/s"),
        "MFREQ": Quantity(_ratio(velocity, 2.0 * np.pi * distance), "Hz"),
        "AREA-SW": Quantity(_swept(xy) * fs_hz / (len(xy) - 1), f"{unit}²/s"),
        "AREA-PE95": Quantity(prediction_area(covariance, len(xy)), f"{unit}²"),
        "AREA-CHI2": Quantity(chi2_area(covariance), f"{unit}²"),
        "ELLIPSE-MAJOR": Quantity(major, unit),
        "ELLIPSE-MINOR": Quantity(minor, unit),
        "ELLIPSE-ANGLE": Quantity(angle, "deg"),
    }
    for axis, x in zip(("ML", "AP"), xy.T, strict=True):
        found |= {f"{name}-{axis}": each for name, each in sway_1d(x, fs_hz, unit).items()}
    return found


def bds_descriptors(ml: ArrayLike, ap: ArrayLike, fs_hz: float, unit: str = "cm") -> dict[str, Quantity]:
    """Describe sway as the reference columns of the public data set BDS do (Santos and Duarte 2016).

    ``COParea`` is our ``AREA-PE95``. ``COPvelo`` divides the path by n / fs instead of
    (n - 1) / fs. ``COPmfreq`` is the mean of the axes' mean power frequencies, weighted by
    their summed power: Welch, Hann, n / 2 samples a segment, n / 4 overlap. Ours of the
    same kind, ``MFREQ``, comes from path and distance instead.

    Raises
    ------
    ValueError
        As `sway_2d`.
    """
    xy = _centred(np.column_stack(_same_length(ml, ap)))
    n, segment = len(xy), round(len(xy) / 2)
    frequency, power = welch(xy.T, fs_hz, window="hann", nperseg=segment, noverlap=round(n / 4), nfft=segment)
    moment, area = (trapezoid(p, frequency, axis=1) for p in (frequency * power, power))
    weight = power.sum(axis=1)
    mean_frequency = np.divide(moment, area, out=np.zeros(2), where=area > 0)
    return {
        "COParea": Quantity(prediction_area(np.cov(xy.T), n), f"{unit}²"),
        "COPvelo": Quantity(_path(xy) * fs_hz / n, f"{unit}/s"),
        "COPmfreq": Quantity(_ratio(float(mean_frequency @ weight), float(weight.sum())), "Hz"),
    }


def rms(x: ArrayLike) -> float:
    """Root mean square of the known values about their mean; NaN when there are none."""
    values = np.asarray(x, dtype=np.float64)
    known = values[np.isfinite(values)]
    return float(known.std()) if known.size else float("nan")


def romberg(closed: float, open_: float) -> float:
    """Romberg ratio: a descriptor with the eyes closed over the same with the eyes open."""
    return _ratio(closed, open_)


def _spectral(x: Floats, fs_hz: float) -> Mapping[str, Quantity]:
    found = spectral_descriptors(x, fs_hz)
    return {name: Quantity(value, "" if name == "FREQD" else "Hz") for name, value in found.items()}


def _centred(x: ArrayLike) -> Floats:
    values = np.asarray(x, dtype=np.float64)
    if len(values) < LEAST_SAMPLES:
        raise ValueError(f"expected at least {LEAST_SAMPLES} samples, got {len(values)}")
    if not np.isfinite(values).all():
        raise ValueError("expected a series without gaps")
    return np.asarray(values - values.mean(axis=0))


def _same_length(ml: ArrayLike, ap: ArrayLike) -> tuple[Floats, Floats]:
    x, y = np.asarray(ml, dtype=np.float64), np.asarray(ap, dtype=np.float64)
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"expected two series of one length, got {x.shape} and {y.shape}")
    return x, y


def _path(xy: Floats) -> float:
    return float(np.linalg.norm(np.diff(xy, axis=0), axis=1).sum())


def _swept(xy: Floats) -> float:
    """Area of the triangles between the mean and each step."""
    (x, y), (x1, y1) = xy[:-1].T, xy[1:].T
    return float(np.abs(x1 * y - x * y1).sum() / 2.0)


def _widest(xy: Floats) -> float:
    """Largest distance between two points; only corners of the hull can be so far apart."""
    try:
        xy = xy[ConvexHull(xy).vertices]
    except QhullError:
        # all on one line
        along = xy[np.abs(xy).sum(axis=1).argmax()]
        xy = xy[[(xy @ along).argmin(), (xy @ along).argmax()]]
    return float(pdist(xy).max())


def _ratio(over: float, under: float) -> float:
    return float(over / under) if under > 0 else float("nan")
