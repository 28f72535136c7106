"""How far estimates are from the truth: pure functions on arrays; NaN is what was not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import mannwhitneyu

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


@dataclass(frozen=True)
class Agreement:
    """How far two methods agree (Bland and Altman 1986): 95 % of differences lie within ``bias`` ± ``limit``."""

    n: int
    bias: float
    limit: float


def agreement(estimate: ArrayLike, truth: ArrayLike) -> Agreement:
    """Compare two methods that measured the same things."""
    off = np.asarray(estimate, dtype=np.float64) - np.asarray(truth, dtype=np.float64)
    off = off[np.isfinite(off)]
    limit = 1.96 * float(off.std(ddof=1)) if len(off) > 1 else np.nan
    return Agreement(len(off), float(off.mean()) if len(off) else np.nan, limit)


@dataclass(frozen=True)
class CountErrors:
    """How well repetitions are counted over clips (Hu et al. 2022).

    Attributes
    ----------
    mae : float
        Mean of the error over the true count.
    off_by_one, exact : float
        Part of the clips that are off by one at most, and not at all.
    """

    mae: float
    off_by_one: float
    exact: float


def count_errors(counted: ArrayLike, truth: ArrayLike) -> CountErrors:
    """Compare the counts of clips, (N,), with the true ones, all above 0."""
    true = np.asarray(truth, dtype=np.float64)
    off = np.abs(np.asarray(counted, dtype=np.float64) - true)
    return CountErrors(float((off / true).mean()), float((off <= 1).mean()), float((off == 0).mean()))


@dataclass(frozen=True)
class Auc:
    """Area under the ROC curve with its 95 % interval: 0.5 is chance, 1 parts both groups without error."""

    positives: int
    negatives: int
    area: float
    low: float
    high: float


def auc(scores: ArrayLike, positive: ArrayLike) -> Auc:
    """Tell how well a score parts two groups; the interval is that of Hanley and McNeil (1982).

    Parameters
    ----------
    scores : (N,) array
        Higher for the positive group; NaN is left out.
    positive : (N,) bool array
    """
    score, is_positive = np.asarray(scores, dtype=np.float64), np.asarray(positive, dtype=bool)
    seen = np.isfinite(score)
    a, b = score[seen & is_positive], score[seen & ~is_positive]
    if not (len(a) and len(b)):
        return Auc(len(a), len(b), np.nan, np.nan, np.nan)
    area = float(mannwhitneyu(a, b).statistic) / (len(a) * len(b))
    q1, q2 = area / (2.0 - area), 2.0 * area**2 / (1.0 + area)
    spread = area * (1.0 - area) + (len(a) - 1) * (q1 - area**2) + (len(b) - 1) * (q2 - area**2)
    half = 1.96 * float(np.sqrt(spread / (len(a) * len(b))))
    return Auc(len(a), len(b), area, max(0.0, area - half), min(1.0, area + half))
