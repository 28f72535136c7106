"""Every criterion of a repetition: value, interval, limit, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ...assess import METRICS, RULES, TITLES, load_thresholds
from ..words import quantity, verdict
from .result import plain

if TYPE_CHECKING:
    from ...assess import Criterion, SetResult

_METRIC_OF = {rule.id: rule.metric for rule in RULES}
# of a standard error: the interval that holds the true value 95 times in 100
_Z95 = 1.96


def show_evidence(one: SetResult) -> None:
    """Draw the criteria of a repetition that can be chosen."""
    with st.expander("Every criterion: value, interval, limit and source"):
        numbers = [rep.index for rep in one.reps]
        chosen = st.selectbox("Repetition", numbers, index=len(numbers) - 1, key=f"evidence-{one.reps[0].start_s}")
        rep = next(rep for rep in one.reps if rep.index == chosen)
        st.table([_row(criterion) for criterion in rep.criteria], hide_index=True, border="horizontal")
        st.caption(
            "Interval: where the true value lies 95 times in 100. Limit: up to here nothing is taken off the score."
            f" Thresholds {load_thresholds().version}; they stand in a file that you can replace."
        )


def _row(criterion: Criterion) -> dict[str, str]:
    metric = METRICS.get(_METRIC_OF.get(criterion.id, ""))
    return {
        "Criterion": plain(TITLES.get(criterion.id, "Shape of the back")),
        "Value": quantity(criterion.value, criterion.unit) if criterion.value is not None else "not seen",
        "Interval": _interval(criterion),
        "Limit": plain(_limit(criterion)),
        "Answer": _answer(criterion),
        "Defined by": plain(metric.source) if metric else "–",
    }


def _interval(criterion: Criterion) -> str:
    if criterion.value is None or criterion.sem_abs is None:
        return "–"
    low, high = (criterion.value + sign * _Z95 * criterion.sem_abs for sign in (-1, 1))
    return f"{quantity(low, criterion.unit)} to {quantity(high, criterion.unit)}"


def _limit(criterion: Criterion) -> str:
    limits = load_thresholds().criteria.get(criterion.id)
    if limits is None or criterion.severity is None:
        return "shown, not scored" if criterion.value is not None else "–"
    about = f" off {quantity(limits.target, criterion.unit)}" if limits.target else ""
    return f"{quantity(limits.t[0], criterion.unit)}{about}"


def _answer(criterion: Criterion) -> str:
    word = verdict(criterion)
    if not word or criterion.p_fault is None:
        return "–"
    return f"{word}; beyond the limit with {100 * criterion.p_fault:.0f} % probability"
