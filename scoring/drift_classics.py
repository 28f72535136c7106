"""Measurement error and drift as the field defines them: for analysts, and what the detector is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


def sem_from_icc(sd: float, icc: float) -> float:
    """Return the standard error of measurement from the spread between people and the reliability (Weir 2005)."""
    return float(sd * np.sqrt(1.0 - icc))


def sem_from_retest(first: ArrayLike, second: ArrayLike) -> float:
    """Return the standard error of measurement from the differences of a test and a retest (Weir 2005)."""
    return float(np.std(np.asarray(second, dtype=np.float64) - np.asarray(first), ddof=1) / np.sqrt(2.0))


def mdc95(sem: float, before: int = 1, after: int = 1) -> float:
    """Smallest change between means of so many repetitions that error explains in one case of twenty only."""
    return float(1.96 * sem * np.sqrt(1.0 / before + 1.0 / after))


def cusum(z: ArrayLike, slack: float = 0.5) -> Floats:
    """Page's one-sided cumulative sum (1954): ``max(0, sum so far + z - slack)``."""
    total, path = 0.0, []
    for value in np.asarray(z, dtype=np.float64):
        total = max(0.0, total + float(value) - slack)
        path.append(total)
    return np.array(path)


def ewma(z: ArrayLike, weight: float = 0.2, limit: float = 2.7) -> tuple[Floats, Floats]:
    """Exponentially weighted average (Roberts 1959) and its limits for unit variance."""
    mean, path = 0.0, []
    for value in np.asarray(z, dtype=np.float64):
        mean = weight * float(value) + (1.0 - weight) * mean
        path.append(mean)
    number = np.arange(1, len(path) + 1)
    return np.array(path), limit * np.sqrt(weight / (2.0 - weight) * (1.0 - (1.0 - weight) ** (2 * number)))


def first_two_beyond(y: ArrayLike, baseline: float, mdc: float) -> int | None:
    """First repetition, from 1, that together with the next lies beyond the baseline by more than `mdc`.

    Two thirds of the rest must as well; None without one.
    """
    beyond = np.asarray(y, dtype=np.float64) - baseline > mdc
    for i in range(len(beyond) - 1):
        if beyond[i : i + 2].all() and beyond[i:].mean() >= 2.0 / 3.0:
            return i + 1
    return None


def broken_stick(y: ArrayLike) -> tuple[int, float, float]:
    """Least squares fit of a level that bends: last repetition of the level, slope after it, sum of squares.

    Takes three repetitions or more.
    """
    values = np.asarray(y, dtype=np.float64)
    x = np.arange(1, len(values) + 1, dtype=np.float64)
    fits = []
    for c in range(1, len(values) - 1):
        design = np.column_stack([np.ones_like(x), np.maximum(0.0, x - c)])
        found, *_ = np.linalg.lstsq(design, values)
        fits.append((float(((values - design @ found) ** 2).sum()), c, float(found[1])))
    squares, c, slope = min(fits)
    return c, slope, squares


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Adjust p values for the false discovery rate (Benjamini and Hochberg 1995)."""
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values)[::-1]
    steps = values[order] * len(values) / np.arange(len(values), 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum.accumulate(np.minimum(steps, 1.0))
    return adjusted
