"""How far estimates are from the truth: pure functions on arrays; NaN is what was not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Errors:
    """Estimate minus truth over n frames.

    Attributes
    ----------
    n : int
        Frames with both.
    mae, bias, sd : float
        Mean absolute error, mean error and standard deviation of the error, in the unit of the values.
    r : float
        Pearson's correlation; NaN where the truth does not move.
    """

    n: int
    mae: float
    bias: float
    sd: float
    r: float


def errors(estimate: ArrayLike, truth: ArrayLike) -> Errors:
    """Compare two curves frame by frame."""
    e, t = np.asarray(estimate, dtype=np.float64), np.asarray(truth, dtype=np.float64)
    seen = np.isfinite(e) & np.isfinite(t)
    e, t = e[seen], t[seen]
    if len(e) == 0:
        return Errors(0, np.nan, np.nan, np.nan, np.nan)
    off = e - t
    moves = len(e) > 1 and e.std() > 0 and t.std() > 0
    r = float(np.corrcoef(e, t)[0, 1]) if moves else np.nan
    return Errors(len(e), float(np.abs(off).mean()), float(off.mean()), float(off.std()), r)


def extreme_errors(
    estimate: Floats, truth: Floats, time_s: Floats, spans_s: Sequence[tuple[float, float]], sense: int = 1
) -> Floats:
    """Compare the largest value of each repetition, (N,); of each the smallest where ``sense`` is -1."""
    found = []
    for start_s, end_s in spans_s:
        within = (time_s >= start_s) & (time_s <= end_s) & np.isfinite(estimate)
        top = [float(np.max(sense * curve[within])) if within.any() else np.nan for curve in (estimate, truth)]
        found.append(sense * (top[0] - top[1]))
    return np.array(found, dtype=np.float64)


def coverage(estimate: ArrayLike, truth: ArrayLike, sigma: ArrayLike) -> float:
    """Tell in what part of the frames the truth lies within 1.96 standard errors of the estimate."""
    off = np.abs(np.asarray(estimate, dtype=np.float64) - np.asarray(truth))
    seen = np.isfinite(off)
    inside = off <= 1.96 * np.broadcast_to(np.asarray(sigma, dtype=np.float64), off.shape)
    return float(inside[seen].mean()) if seen.any() else np.nan


def match(found_s: ArrayLike, true_s: ArrayLike, tolerance_s: float) -> list[tuple[int, int]]:
    """Pair moments that lie within a tolerance, nearest first, each used once.

    Returns
    -------
    list of (int, int)
        Numbers into ``found_s`` and ``true_s``, in the order of ``true_s``.
    """
    apart = np.abs(np.subtract.outer(np.asarray(found_s, dtype=np.float64), np.asarray(true_s, dtype=np.float64)))
    pairs = []
    while apart.size and apart.min() <= tolerance_s:
        i, j = (int(k) for k in np.unravel_index(np.argmin(apart), apart.shape))
        pairs.append((i, j))
        apart[i, :] = apart[:, j] = np.inf
    return sorted(pairs, key=lambda pair: pair[1])
