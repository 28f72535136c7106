"""The detector's statistic for many sets at once: what calibrates it and shows its power."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .drift_evidence import Past, weakest_without_one, weigh
from .drift_noise import Noise, autocorrelation, noise, without_bad_reps
from .drift_shapes import shapes, strength

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .drift_evidence import Evidence

    Floats = NDArray[np.float64]


def statistics(today: Floats, past: Floats | None = None) -> Floats:
    """Return the statistic of every metric of R sets of equal length.

    Parameters
    ----------
    today : (R, M, n) array
    past : (R, M, K, h) array, optional
        Earlier days.

    Returns
    -------
    (R, M) array, see `drift_shapes.strength`.
    """
    return np.stack([strength(one.z, shapes(today.shape[-1])) for one in evidence(today, past)], axis=1)


def statistics_without_one(today: Floats, past: Floats) -> Floats:
    """Return, for every metric of R sets, the smallest statistic that leaves out one repetition."""
    return np.stack([weakest_without_one(*what) for what in _prepared(today, past)], axis=1)


def evidence(today: Floats, past: Floats | None = None) -> list[Evidence]:
    """Weigh the evidence of R sets, metric by metric."""
    return [weigh(*what) for what in _prepared(today, past)]


def _prepared(today: Floats, past: Floats | None) -> list[tuple[Floats, NDArray[np.bool_], Noise, Floats, Past | None]]:
    metrics = range(today.shape[1])
    pasts = [None if past is None else past_of(past[:, m]) for m in metrics]
    cleaned, bad = zip(
        *(without_bad_reps(today[:, m], None if p is None else p.noise) for m, p in zip(metrics, pasts, strict=True)),
        strict=True,
    )
    noises = [noise(series, aside.sum(axis=-1)) for series, aside in zip(cleaned, bad, strict=True)]
    pooled = [one if p is None else one + p.noise for one, p in zip(noises, pasts, strict=True)]
    rho = autocorrelation(pooled)
    return [(today[:, m], ~bad[m], noises[m], rho, pasts[m]) for m in metrics]


def past_of(past: Floats) -> Past:
    """Reduce K earlier sets of equal length, (R, K, h), to what the detector needs of them."""
    rows, days, reps = past.shape
    cleaned, bad = without_bad_reps(past.reshape(rows * days, reps))
    each = noise(cleaned, bad.sum(axis=-1))
    sums = [part.reshape(rows, days).sum(axis=1) for part in (each.ss, each.lagged, each.df)]
    expected = [part.reshape(rows, days, -1).sum(axis=1) for part in (each.expected_ss, each.expected_lagged)]
    pooled = Noise(sums[0], sums[1], sums[2], expected[0], expected[1])
    return Past(cleaned.reshape(past.shape).mean(axis=-1), np.full(days, float(reps)), pooled)
