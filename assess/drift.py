"""Drift of every set of an assessment, against the client's earlier comparable sets where there are any."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from ..scoring.fatigue import with_drift
from ..scoring.features import comparable
from ..scoring.result import Assessment
from .settings import load_drift_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

A = TypeVar("A", bound=Assessment)


def assess_drift(assessment: A, history: Sequence[Assessment] = ()) -> A:
    """Test every set of an assessment for drift.

    Parameters
    ----------
    assessment : Assessment
    history : sequence of Assessment
        Of the same client's earlier days, oldest first; sets that can't be compared have no say.
    """
    tables = load_drift_tables()
    sets = tuple(with_drift(one, tables, comparable(assessment, one, history)) for one in assessment.sets)
    return replace(assessment, sets=sets)
