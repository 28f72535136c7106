"""What makes sets comparable, and how much somebody differs from one day to the next."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t as student

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from ..sessions.records import TrendPoint

# loads this much apart are the same class
_SAME_LOAD = 0.1
# days before the last one that a band needs
_LEAST_DAYS = 3


@dataclass(frozen=True)
class Band:
    """Where a number of a typical day of this person lies 95 times in 100."""

    low: float
    high: float
    days: int


def comparable(points: Sequence[TrendPoint]) -> tuple[list[TrendPoint], list[TrendPoint]]:
    """Part sets into those like the newest one and the others.

    Comparable is what was seen from the same view by the same model, with a load within a
    tenth. Values of other views and models differ for reasons that are not the person's.
    """
    if not points:
        return [], []
    newest = points[-1]
    alike = [one for one in points if _alike(one, newest)]
    return alike, [one for one in points if not _alike(one, newest)]


def _alike(one: TrendPoint, other: TrendPoint) -> bool:
    return one.view == other.view and one.model == other.model and same_load(one.load_kg, other.load_kg)


def same_load(one: float | None, other: float | None) -> bool:
    """Tell whether two loads are of one class; no load is a class of its own."""
    a, b = one or 0.0, other or 0.0
    return abs(a - b) <= _SAME_LOAD * max(a, b)


def daily(points: Sequence[TrendPoint]) -> dict[dt.date, float]:
    """Return the mean of each day."""
    by_day: dict[dt.date, list[float]] = {}
    for one in points:
        by_day.setdefault(one.date, []).append(one.value)
    return {day: mean(values) for day, values in by_day.items()}


def typical_day(points: Sequence[TrendPoint]) -> Band | None:
    """Return where another day of the days before the last one would lie; None for fewer than three of them.

    The prediction interval of a normal sample: ``mean ± t s sqrt(1 + 1/n)``.
    """
    before = np.array(list(daily(points).values())[:-1], dtype=np.float64)
    if len(before) < _LEAST_DAYS:
        return None
    n = len(before)
    reach = float(student.ppf(0.975, n - 1) * before.std(ddof=1) * np.sqrt(1.0 + 1.0 / n))
    middle = float(before.mean())
    return Band(middle - reach, middle + reach, n)
