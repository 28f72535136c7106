"""Change across sets of a session and across sessions, against what is typical of a client's days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.stats import kendalltau, norm, theilslopes
from scipy.stats import t as student

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

LEAST_SETS = 3
LEAST_SESSIONS = 6
_ALPHA = 0.05


@dataclass(frozen=True)
class Trend:
    """A trend over sessions or sets.

    Attributes
    ----------
    count : int
        Sessions or sets that were compared.
    change : float or None
        From the first to the last, by the Theil-Sen line; None when there are too few.
    ci95 : tuple of float or None
        Of the change.
    mdc95 : float or None
        Smallest change that measurement error can't explain.
    p : float or None
        Two-sided and exact (Mann-Kendall).
    claimed : bool
    reason : str or None
        Why nothing can be said.
    """

    count: int
    change: float | None
    ci95: tuple[float, float] | None
    mdc95: float | None
    p: float | None
    claimed: bool
    reason: str | None


@dataclass(frozen=True)
class TypicalDay:
    """Where the next session of a client is expected, and whether today's lies outside.

    Attributes
    ----------
    low, high : float
        Band that holds 95 % of days like those before, unless another share was asked for.
    sessions : int
    today : str or None
        ``usual``, ``above`` or ``below``; None without a value.
    """

    low: float
    high: float
    sessions: int
    today: Literal["usual", "above", "below"] | None


def session_trend(levels: ArrayLike, sem: float) -> Trend:
    """Test the levels of comparable sessions for a monotone trend.

    Each session is one number, the median of its comparable sets: sessions, not repetitions,
    are the independent units. Mann-Kendall's test is exact for so few and asks neither for
    normal days nor for a model of the sets within them, which a mixed model would need and
    could not check on six sessions; a cluster bootstrap of six clusters has too few distinct
    resamples to hold its level.

    Parameters
    ----------
    levels : (N,) array
        In order of time.
    sem : float
        Standard error of one session's level from measurement alone.
    """
    y = np.asarray(levels, dtype=np.float64)
    return _trend(y, sem, LEAST_SESSIONS, "sessions")


def set_effect(levels: ArrayLike, sem: float) -> Trend:
    """Test the levels of the comparable sets of one session; the same test, from three sets on.

    With three or four sets no order is improbable enough for a claim, so then only the change is told.
    """
    return _trend(np.asarray(levels, dtype=np.float64), sem, LEAST_SETS, "sets")


def _trend(y: Floats, sem: float, least: int, what: str) -> Trend:
    n = len(y)
    if n < least:
        return Trend(n, None, None, None, None, False, f"a trend needs {least} comparable {what}, there are {n}")
    slope, low, high, p = theil_sen_mann_kendall(y)
    change = slope * (n - 1)
    x = np.arange(n) - (n - 1) / 2.0
    mdc95 = 1.96 * sem * (n - 1) / float(np.sqrt(x @ x))
    claimed = p < _ALPHA and abs(change) > mdc95
    return Trend(n, change, (low * (n - 1), high * (n - 1)), mdc95, p, claimed, None)


def theil_sen_mann_kendall(y: ArrayLike) -> tuple[float, float, float, float]:
    """Slope per step with its 95 % interval (Theil 1950, Sen 1968) and the two-sided p of Mann-Kendall.

    The p value is exact without ties and corrected for them otherwise.

    Returns
    -------
    slope, low, high, p : float
    """
    values = np.asarray(y, dtype=np.float64)
    x = np.arange(len(values))
    if np.ptp(values) == 0.0:
        return 0.0, 0.0, 0.0, 1.0
    slope, _, low, high = theilslopes(values, x)
    if len(np.unique(values)) == len(values):
        return float(slope), float(low), float(high), float(kendalltau(x, values, method="exact").pvalue)
    return float(slope), float(low), float(high), _tied_p(values)


def _tied_p(values: Floats) -> float:
    """Two-sided p of Mann-Kendall with the variance corrected for ties and S for continuity (Kendall 1975)."""
    n = len(values)
    score = float(np.sign(np.subtract.outer(values, values))[np.tril_indices(n, -1)].sum())
    ties = np.unique(values, return_counts=True)[1]
    variance = (n * (n - 1) * (2 * n + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18.0
    return float(2.0 * norm.sf(max(0.0, abs(score) - 1.0) / np.sqrt(variance)))


def typical_day(levels: ArrayLike, today: float | None = None, *, outside: float = _ALPHA) -> TypicalDay | None:
    """Predict a client's next day from at least three comparable ones (Student's prediction interval).

    Parameters
    ----------
    levels : (N,) array
        Of earlier days.
    today : float, optional
    outside : float
        Share of days that lies outside the band though nothing changed.
    """
    y = np.asarray(levels, dtype=np.float64)
    n = len(y)
    if n < LEAST_SETS:
        return None
    half = float(student.isf(outside / 2.0, n - 1) * y.std(ddof=1) * np.sqrt(1.0 + 1.0 / n))
    low, high = float(y.mean()) - half, float(y.mean()) + half
    place: Literal["usual", "above", "below"] | None = None
    if today is not None:
        place = "above" if today > high else "below" if today < low else "usual"
    return TypicalDay(low, high, n, place)


def personal_best(levels: Sequence[float], sem: float, *, higher_is_better: bool) -> int | None:
    """Return which session is the best beyond error, from 0; None when it does not beat the one before it.

    A record that measurement error could explain is none: it must pass the best earlier
    one by 1.96 standard errors of their difference.
    """
    sign = 1.0 if higher_is_better else -1.0
    best: int | None = None
    record = -np.inf
    for i, level in enumerate(levels):
        if i == 0:
            record = sign * level
        elif sign * level > record + 1.96 * np.sqrt(2.0) * sem:
            best, record = i, sign * level
    return best
