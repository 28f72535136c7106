"""Drift of every set of an assessment, and how it compares with the client's earlier days where there are any."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from ..scoring.days import with_sessions
from ..scoring.fatigue import with_drift
from ..scoring.features import comparable
from ..scoring.result import Assessment
from .settings import load_drift_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

A = TypeVar("A", bound=Assessment)


def assess_drift(assessment: A, history: Sequence[Assessment | Sequence[Assessment]] = ()) -> A:
    """Test every set of an assessment for drift.

    Parameters
    ----------
    assessment : Assessment
    history : sequence of Assessment or of sequence of Assessment
        Of the same client's earlier days, oldest first, each one or several; sets that can't be
        compared have no say. From two such days on, today's set is set against them as well.
    """
    tables = load_drift_tables()
    days = [(day,) if isinstance(day, Assessment) else day for day in history]
    sets = []
    for one in assessment.sets:
        past = comparable(assessment, one, days)
        sets.append(with_sessions(with_drift(one, tables, past), past))
    return replace(assessment, sets=tuple(sets))


def has_a_say(day: Sequence[Assessment], assessments: Sequence[Assessment]) -> bool:
    """Tell whether any set of an earlier day can be compared with one of the given assessments."""
    return any(comparable(today, one, [day]) for today in assessments for one in today.sets)
