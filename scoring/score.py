"""From measurements to severities, scores and probabilities of a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


def severity(x: ArrayLike, t: ArrayLike) -> Floats:
    """Severity of an excess: piecewise linear through (t0, 0), (t1, 1/3), (t2, 2/3), (t3, 1), clipped.

    Parameters
    ----------
    x : (...) array
        What is judged; larger is worse.
    t : (4,) array
        Increasing bins.
    """
    bins = np.asarray(t, dtype=np.float64)
    return np.asarray(np.interp(np.asarray(x, dtype=np.float64), bins, (0.0, 1 / 3, 2 / 3, 1.0)))


def score(x: ArrayLike, t: ArrayLike) -> Floats:
    """Score 100 (fine) to 0 (penalty saturated)."""
    return 100.0 * (1.0 - severity(x, t))


def total_error(sem_abs: ArrayLike, bias_bound: ArrayLike) -> Floats:
    """Return the standard error against reality with the view's bias, a rectangle of that half-width.

    Systematic pose error does not average out over frames, so nothing is divided by their number.
    """
    return np.asarray(np.sqrt(np.square(sem_abs) + np.square(bias_bound) / 3.0))


def p_fault(x: ArrayLike, t0: ArrayLike, sigma: ArrayLike) -> Floats:
    """Probability that the true value lies beyond the first threshold."""
    value, limit, error = (np.asarray(a, dtype=np.float64) for a in (x, t0, sigma))
    return np.asarray(ndtr((value - limit) / error))


def sample_scores(x: ArrayLike, sigma: ArrayLike, t: ArrayLike, draws: ArrayLike) -> Floats:
    """Scores of plausible true values.

    Parameters
    ----------
    x, sigma : (R,) array
        Measured values and their errors.
    t : (4,) array
        Severity bins.
    draws : (K, R) array
        Standard normal numbers.

    Returns
    -------
    (K, R) array of scores.
    """
    return score(np.asarray(x) + np.asarray(sigma) * np.asarray(draws), t)


def interval(samples: ArrayLike) -> Floats:
    """5 and 95 % of the samples along axis 0, shape (2, ...)."""
    return np.asarray(np.percentile(np.asarray(samples, dtype=np.float64), (5, 95), axis=0))


def aggregate(scores: ArrayLike, weights: ArrayLike) -> tuple[Floats, Floats]:
    """Weighted mean over what was observed, and its coverage of all the weight.

    Parameters
    ----------
    scores : (..., C) array
        NaN where a criterion was not observed: it leaves the sum and the weight.
    weights : (C,) array

    Returns
    -------
    (...) array of scores (NaN when nothing was observed) and (...) array of coverage, 0 to 1; 0 where no criterion
    has any weight.
    """
    values, w = np.asarray(scores, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    seen = np.isfinite(values)
    weight = (seen * w).sum(axis=-1)
    total = np.where(seen, values, 0.0) @ w
    return np.divide(total, weight, out=np.full(weight.shape, np.nan), where=weight > 0), weight / (w.sum() or 1.0)
