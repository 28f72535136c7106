"""Tail probabilities of the detector's statistic where nothing drifts, read from a shipped table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class NullTable:
    """Quantiles of the statistic in sets without drift.

    Attributes
    ----------
    metrics : int
        For how many metrics tested together, which share one estimate of autocorrelation.
    quantiles : tuple of tuple of float
        For each length, the value exceeded with each of the tail probabilities.
    """

    metrics: int
    quantiles: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class DriftTables:
    """The shipped file, made by ``benchmarks/drift_tables.py``.

    Attributes
    ----------
    version, made : str
        What made it and how.
    tails : tuple of float
        Tail probabilities, from large to small.
    lengths : tuple of int
        Repetitions in a set.
    alone : tuple of NullTable
        For sets without history.
    with_past : tuple of NullTable
        For sets with history, the largest over the sizes of the day-to-day shift.
    """

    version: str
    made: str
    tails: tuple[float, ...]
    lengths: tuple[int, ...]
    alone: tuple[NullTable, ...]
    with_past: tuple[NullTable, ...]

    def tail(self, statistic: ArrayLike, reps: int, metrics: int, *, past: bool) -> Floats:
        """Return the probability of so large a statistic in a set without drift.

        A length that is not tabulated takes the larger quantiles of its two neighbours, a number
        of metrics the next larger one. Beyond the last quantile the last tail probability is returned, so none is
        smaller than what was simulated.

        Parameters
        ----------
        statistic : array
            See `drift_shapes.strength`.
        reps : int
            Repetitions that were tested.
        metrics : int
            Metrics that were tested.
        past : bool
            Whether earlier sets had a say.
        """
        quantiles = self._row(reps, metrics, past=past)
        # quantiles of a maximum of normal deviates: the logarithm of the tail is nearly straight in their square
        squared = np.square(np.asarray(statistic, dtype=np.float64))
        return np.asarray(np.exp(np.interp(squared, np.r_[0.0, quantiles**2], np.log(np.r_[1.0, self.tails]))))

    def quantile(self, tail: float, reps: int, metrics: int, *, past: bool) -> float:
        """Return the statistic that is exceeded with a given probability; the inverse of `tail`."""
        quantiles = self._row(reps, metrics, past=past)
        return float(np.sqrt(np.interp(-np.log(tail), -np.log(np.r_[1.0, self.tails]), np.r_[0.0, quantiles**2])))

    def _row(self, reps: int, metrics: int, *, past: bool) -> Floats:
        tables = sorted(self.with_past if past else self.alone, key=lambda table: table.metrics)
        table = next((one for one in tables if one.metrics >= metrics), tables[-1])
        above = next((i for i, length in enumerate(self.lengths) if length >= reps), len(self.lengths) - 1)
        below = above if self.lengths[above] <= reps else above - 1
        return np.maximum(table.quantiles[max(below, 0)], table.quantiles[above])
