"""How much repetitions scatter when nothing drifts: spread, a bad one among them, how alike neighbours are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from .windows import Windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# a repetition this many standard errors off its neighbours is a bad one
_BAD = 3.0
_LARGEST_T = 1e9
# fewer repetitions can't tell which of them is the odd one
_LEAST_TO_CLEAN = 5
# of how many repetitions one may be bad
_ONE_BAD_IN = 6
# variance of a repetition minus the median of its neighbours, against that of a repetition
_NEIGHBOURS = 1.32
_MOST_ALIKE = 0.7
# one beside it that is off by this share of it makes a repetition the begin of a change, not a bad one
_AS_WELL = 0.5
# a step or bend is taken out instead of a line where it explains more by this many variances
_ONSET_COSTS = 9.0
_RHO = np.linspace(-0.3, 0.8, 45)
# autocorrelations for which variances of contrasts are known
_ALIKE = np.linspace(0.0, _MOST_ALIKE, 15)
# The course that is taken out of a short series is the one that leaves least, and takes part of what makes
# neighbours alike with it: the true figure is up to twice as large. So few degrees of freedom halve the correction,
# because a poor estimate that is doubled costs more power than it saves false alarms (both by simulation).
_UNDERSTATED, _POORLY_KNOWN = 2.0, 20.0


@dataclass(frozen=True, eq=False)
class Noise:
    """Scatter of R series about their own courses, as sums that can be added up.

    Attributes
    ----------
    ss : (R,) array
        Sum of squared residuals.
    lagged : (R,) array
        Sum of products of neighbouring residuals.
    df : (R,) array
        Degrees of freedom of ``ss``.
    expected_ss, expected_lagged : (R, G) array
        Their expectations for unit variance at each autocorrelation of a grid.
    """

    ss: Floats
    lagged: Floats
    df: Floats
    expected_ss: Floats
    expected_lagged: Floats

    def __add__(self, other: Noise) -> Noise:
        """Pool the scatter of further series of the same metric."""
        return Noise(
            self.ss + other.ss,
            self.lagged + other.lagged,
            self.df + other.df,
            self.expected_ss + other.expected_ss,
            self.expected_lagged + other.expected_lagged,
        )


def noise(series: Floats, set_aside: Floats | int = 0) -> Noise:
    """Measure the scatter of series about their own straight lines, or about a step or bend that fits far better.

    A step or bend left in the residuals would pass for neighbours that are alike.

    Parameters
    ----------
    series : (R, n) array
        At least four repetitions each.
    set_aside : (R,) array or int
        How many of their values stand in for bad repetitions.
    """
    n, rows = series.shape[-1], np.arange(len(series))
    courses, squares, lagged = _courses(n)
    level = series - series.mean(axis=-1, keepdims=True)
    residual = level[:, None] - (level @ courses.T)[..., None] * courses
    ss = (residual**2).sum(axis=-1)
    scale = ss.min(axis=1) / (n - 2.0)
    costs = np.where(np.arange(len(courses)) == 0, 0.0, _ONSET_COSTS) * scale[:, None]
    best = np.argmin(ss + costs, axis=1)
    left = residual[rows, best]
    return Noise(
        ss[rows, best],
        (left[:, 1:] * left[:, :-1]).sum(axis=-1),
        np.maximum(n - 2.0 - set_aside, 0.5) * np.ones(len(series)),
        squares[best],
        lagged[best],
    )


def without_bad_reps(series: Floats, known: Noise | None = None) -> tuple[Floats, NDArray[np.bool_]]:
    """Let a repetition that is unlike its neighbours on both sides take their median.

    A change that lasts two repetitions or more is none of these, wherever it lies: the last
    repetitions of a set are the tired ones. A single last one may be, because nothing yet
    tells it from a bad one. Of six repetitions at most one is set aside.

    Parameters
    ----------
    series : (R, n) array
    known : Noise, optional
        Of earlier sets of the same metric.

    Returns
    -------
    (R, n) array and (R, n) bool array
        The series and which repetitions were set aside.
    """
    rows, n = np.arange(len(series)), series.shape[-1]
    cleaned, bad = series.copy(), np.zeros(series.shape, dtype=bool)
    if n < _LEAST_TO_CLEAN:
        return cleaned, bad
    for _ in range(max(1, n // _ONE_BAD_IN)):
        off = cleaned - _neighbours(cleaned)
        worst = np.abs(off).argmax(axis=-1)
        most = off[rows, worst]
        others = ((off**2).sum(axis=-1) - most**2) / _NEIGHBOURS * (n - 3.0) / (n - 1.0)
        ss, df = (others, n - 3.0) if known is None else (others + known.ss, known.df + n - 3.0)
        scale = np.sqrt(np.maximum(_NEIGHBOURS * ss / df, np.finfo(float).tiny))
        found = normal_score(np.abs(most) / scale, df) > _BAD
        if not found.any():
            break
        found[found] = ~_lasts(cleaned[found], worst[found])
        cleaned[rows, worst] -= np.where(found, most, 0.0)
        bad[rows, worst] |= found
    return cleaned, bad


def autocorrelation(noises: Sequence[Noise]) -> Floats:
    """Lag-one autocorrelation that the metrics of a set have in common, from 0 up.

    Each metric counts with its own variance. The ratio of the pooled lagged products to the
    pooled squares is set against its expectation, which accounts for the straight lines
    that were taken out of short series.

    Parameters
    ----------
    noises : sequence of Noise
        One a metric, R series each.

    Returns
    -------
    (R,) array
    """
    variance = [np.maximum(one.ss / one.df, np.finfo(float).tiny) for one in noises]
    lagged = np.sum([one.lagged / v for one, v in zip(noises, variance, strict=True)], axis=0)
    squares = np.sum([one.ss / v for one, v in zip(noises, variance, strict=True)], axis=0)
    expected = np.sum([one.expected_lagged for one in noises], axis=0)
    expected = expected / np.sum([one.expected_ss for one in noises], axis=0)
    seen = lagged / np.maximum(squares, np.finfo(float).tiny)
    upper = np.clip((expected < seen[:, None]).sum(axis=1), 1, len(_RHO) - 1)
    rows = np.arange(len(seen))
    low, high = expected[rows, upper - 1], expected[rows, upper]
    rho = _RHO[upper - 1] + (seen - low) / (high - low) * (_RHO[upper] - _RHO[upper - 1])
    df = np.sum([one.df for one in noises], axis=0)
    return np.asarray(np.clip(_UNDERSTATED * df / (df + _POORLY_KNOWN) * rho, 0.0, _MOST_ALIKE))


def inflations(contrasts: Floats) -> Floats:
    """Return the factors by which autocorrelation raises the variance of contrasts against what residuals show.

    Parameters
    ----------
    contrasts : (S, n) array
        Of unit length.

    Returns
    -------
    (G, S) array, for each autocorrelation of a grid; see `inflation`.
    """
    n = contrasts.shape[-1]
    alike = np.stack([correlation(n, r) for r in _ALIKE])
    line = _without(np.arange(n, dtype=np.float64))
    shown = np.einsum("ij,gji->g", line, alike) / (n - 2.0)
    return np.asarray(np.einsum("si,gij,sj->gs", contrasts, alike, contrasts) / shown[:, None])


def inflation(factors: Floats, rho: Floats) -> Floats:
    """Read `inflations` at the autocorrelation of R series, (R, S)."""
    above = np.clip(np.searchsorted(_ALIKE, rho), 1, len(_ALIKE) - 1)
    share = (rho - _ALIKE[above - 1]) / (_ALIKE[above] - _ALIKE[above - 1])
    return np.asarray(factors[above - 1] + share[:, None] * (factors[above] - factors[above - 1]))


def normal_score(t: Floats, df: Floats | float) -> Floats:
    """Turn Student's t into the normal deviate of the same tail probability (Wallace 1959)."""
    # where all others are the same, one that differs has no finite t
    t = np.clip(t, -_LARGEST_T, _LARGEST_T)
    return np.asarray(np.sign(t) * (8.0 * df + 1.0) / (8.0 * df + 3.0) * np.sqrt(df * np.log1p(t * t / df)))


def correlation(n: int, rho: float) -> Floats:
    """Return the correlation matrix of n neighbours of which each resembles the last by `rho`."""
    apart = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    return np.asarray(float(rho) ** apart, dtype=np.float64)


# those of long sets are large and not all kept
@lru_cache(maxsize=16)
def _courses(n: int) -> tuple[Floats, Floats, Floats]:
    """Return a straight line, and steps and bends, with the expectations of what is left without one and the level.

    Returns
    -------
    courses : (C, n) array
        The line first, then steps and bends; of mean 0 and length 1.
    squares, lagged : (C, G) array
        Expected sums for unit variance: the traces of P A and P N P A, with P = 1 - Q Q' what takes
        out level and course, A the correlations and N half of either neighbour. No P is
        written out: there are twice as many as repetitions.
    """
    x = np.arange(n, dtype=np.float64)
    steps = [np.where(x >= c, 1.0, 0.0) for c in range(2, n - 1)]
    bends = [np.maximum(0.0, x - c) for c in range(1, n - 2)]
    courses = np.stack((x, *steps, *bends))
    courses -= courses.mean(axis=1, keepdims=True)
    courses /= np.linalg.norm(courses, axis=1, keepdims=True)
    q = np.stack([np.full_like(courses, n**-0.5), courses], axis=1)
    neighbours = (np.eye(n, k=1) + np.eye(n, k=-1)) / 2.0
    nq = q @ neighbours
    qnq = nq @ q.transpose(0, 2, 1)
    squares, lagged = (np.empty((len(courses), len(_RHO))) for _ in range(2))
    for g, rho in enumerate(_RHO):
        alike = correlation(n, rho)
        aq = q @ alike
        qaq = aq @ q.transpose(0, 2, 1)
        squares[:, g] = np.trace(alike) - np.trace(qaq, axis1=1, axis2=2)
        both = (qnq * qaq.transpose(0, 2, 1)).sum(axis=(1, 2))
        lagged[:, g] = (neighbours * alike).sum() - 2.0 * (nq * aq).sum(axis=(1, 2)) + both
    return courses, squares, lagged


def _without(course: Floats) -> Floats:
    """Return the matrix that takes out level and a course."""
    x = course - course.mean()
    return np.asarray(np.eye(len(x)) - 1.0 / len(x) - np.outer(x, x) / (x @ x))


def _lasts(series: Floats, which: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Tell, for one repetition of each series, whether one beside it is off in the same way, by half as much."""
    n, rows = series.shape[-1], np.arange(len(series))
    found = np.zeros(len(series), dtype=bool)
    for step in (-1, 1):
        beside = which + step
        inside = (beside >= 0) & (beside < n)
        beside = np.clip(beside, 0, n - 1)
        # the four repetitions nearest to the two: on one side alone at an end, where a change may just begin
        apart = np.minimum(np.abs(np.arange(n) - which[:, None]), np.abs(np.arange(n) - beside[:, None]))
        nearest = np.argsort(np.where(apart > 0, apart, n), axis=-1, kind="stable")[:, : min(4, n - 2)]
        level = np.median(np.take_along_axis(series, nearest, axis=-1), axis=-1)
        found |= inside & ((series[rows, beside] - level) / (series[rows, which] - level) >= _AS_WELL)
    return found


def _neighbours(series: Floats) -> Floats:
    """Median of the two repetitions on either side, fewer at the ends."""
    beside = _beside(series.shape[-1])
    near = np.sort(np.where(beside.inside, series[..., beside.index], np.inf), axis=-1)
    rep, count = np.arange(series.shape[-1]), beside.lengths
    return np.asarray((near[..., rep, (count - 1) // 2] + near[..., rep, count // 2]) / 2.0)


@cache
def _beside(n: int) -> Windows:
    """Which of n repetitions lie beside each."""
    return Windows.of([np.array([j for j in range(max(0, i - 2), min(n, i + 3)) if j != i]) for i in range(n)], n)
