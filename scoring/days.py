"""A set against the client's earlier days: what is unusual today, what is a record, and where it has been going."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .drift import hommel
from .fatigue import amount, change_in_words
from .features import day_level
from .prescription import NOTHING_PRESCRIBED
from .registry import METRICS
from .result import Sessions, SessionTrend
from .trend import LEAST_SESSIONS, personal_best, session_trend, typical_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .result import SetResult
    from .trend import Trend

LEAST_DAYS = 3
_ALPHA = 0.05
# where more is better, or less; what has no better side has no record
_MORE_IS_BETTER = {"depth_angle_bottom_deg": False, "hip_drop": True, "ascent_s": False}
_ONLY_WITH_MAX_INTENT = "ascent_s"


def with_sessions(one: SetResult, past: Sequence[Sequence[SetResult]]) -> SetResult:
    """Compare a set with earlier days, if with today there are three.

    Parameters
    ----------
    one : SetResult
        Tested for drift: the same metrics are compared over days.
    past : sequence of sequence of SetResult
        Comparable sets of each earlier day, oldest first.
    """
    if len(past) + 1 < LEAST_DAYS:
        return one
    tested = one.fatigue.tested if one.fatigue else ()
    found = {}
    for metric in tested:
        levels = [level for day in (*past, (one,)) if (level := day_level(day, metric)) is not None]
        if len(levels) >= LEAST_DAYS:
            found[metric] = levels
    if not found:
        return one
    trends = {
        metric: session_trend([level for level, _ in levels], max(error for _, error in levels))
        for metric, levels in found.items()
    }
    tested_over_days = [metric for metric, trend in trends.items() if trend.p is not None]
    adjusted = hommel(np.array([trends[metric].p for metric in tested_over_days], dtype=np.float64))
    q = dict(zip(tested_over_days, (float(x) for x in adjusted), strict=True))
    rows = tuple(_row(one, metric, found[metric], trends[metric], q.get(metric), len(found)) for metric in found)
    return replace(one, sessions=Sessions(_sentence(rows), rows))


def _row(
    one: SetResult, metric: str, levels: list[tuple[float, float]], trend: Trend, q: float | None, tested: int
) -> SessionTrend:
    values, sem = [level for level, _ in levels], max(error for _, error in levels)
    day = typical_day(values[:-1], values[-1], outside=_ALPHA / tested)
    asked = one.prescription or NOTHING_PRESCRIBED
    has_record = metric in _MORE_IS_BETTER and (metric != _ONLY_WITH_MAX_INTENT or asked.intent == "max")
    best = has_record and personal_best(values, sem, higher_is_better=_MORE_IS_BETTER[metric]) == len(values) - 1
    change, mdc95 = trend.change, trend.mdc95
    return SessionTrend(
        metric=metric,
        unit=METRICS[metric].unit,
        days=len(values),
        level=round(values[-1], 4),
        typical=None if day is None else (round(day.low, 4), round(day.high, 4)),
        today=None if day is None else day.today,
        best=best,
        change=None if change is None else round(change, 4),
        ci95=None if trend.ci95 is None else (round(trend.ci95[0], 4), round(trend.ci95[1], 4)),
        mdc95=None if mdc95 is None else round(mdc95, 4),
        p=None if trend.p is None else round(trend.p, 5),
        q=None if q is None else round(q, 5),
        claimed=change is not None and mdc95 is not None and q is not None and q < _ALPHA and abs(change) > mdc95,
        reason=trend.reason,
    )


def _sentence(rows: Sequence[SessionTrend]) -> str:
    days = max(row.days for row in rows)
    said = []
    for row in rows:
        title = METRICS[row.metric].title
        if row.best:
            said.append(f"{title}: your best of {row.days} comparable days ({amount(row.level, row.unit, sign=True)}).")
        if row.claimed and row.change is not None and row.ci95 is not None:
            said.append(
                f"Over {row.days} comparable days {change_in_words(row.metric, row.change, row.ci95, row.unit)}."
            )
        if row.today in ("above", "below") and row.typical is not None:
            low, high = (amount(end, row.unit, sign=True) for end in row.typical)
            level = amount(row.level, row.unit, sign=True)
            said.append(f"{title} is {row.today} your typical day: {level}, usually {low} to {high}.")
    if said:
        return " ".join(said)
    if days <= LEAST_DAYS:
        return f"A typical day is known after {LEAST_DAYS} earlier comparable days; so far there are {days - 1}."
    if days < LEAST_SESSIONS:
        return f"Like your {days - 1} earlier comparable days; a trend takes {LEAST_SESSIONS} days, with today."
    return f"Like your {days - 1} earlier comparable days, and no trend over them."
