"""The report of a set for printing: one half for the client, one for the coach, in one file that needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from ..assess import (
    CHART_STYLE,
    METRICS,
    RULES,
    TITLES,
    pair_answer,
    pair_title,
    report_sections,
    sway_headline,
    sway_lines,
)
from .templates import page
from .words import (
    FOOTER,
    GET_HELP,
    STOP,
    advice,
    criterion_of,
    headline,
    load_name,
    quantity,
    screens,
    sub_score,
    unseen,
    verdict,
)

if TYPE_CHECKING:
    import datetime as dt

    from ..assess import Assessment, Rep, SetResult

_METRIC_OF = {rule.id: rule.metric for rule in RULES}
_SPINE = "Shape of the back"


@dataclass(frozen=True)
class About:
    """What a report says beside the measurements.

    Attributes
    ----------
    pseudonym : str
    date : date
    number : int
        Of the set on its day.
    load_kg : float or None
    message : str
        What the coach wrote to the client.
    hurts : bool
        Somebody answered that it hurts: no advice on technique then.
    draft : bool
        Nobody has approved it yet, and it says so.
    """

    pseudonym: str
    date: dt.date
    number: int
    load_kg: float | None
    message: str
    hurts: bool
    draft: bool


def printed(assessment: Assessment, about: About) -> str:
    """Write the report as HTML."""
    pairs = [_without_reps(pair_title(pair), [pair_answer(pair)]) for pair in assessment.balance]
    return page(
        "report",
        about=about,
        load=load_name(about.load_kg),
        sets=[*(_set(one, assessment, about) for one in assessment.sets), *pairs],
        charts=_charts(assessment),
        warnings=assessment.quality.warnings,
        versions=assessment.versions,
        sources=assessment.sources,
        stop=STOP,
        get_help=GET_HELP,
        footer=FOOTER,
    )


def _set(one: SetResult, assessment: Assessment, about: About) -> dict[str, object]:
    if one.sway is not None:
        return _without_reps(sway_headline(one.sway), sway_lines(one.sway))
    ids = [criterion.id for criterion in one.reps[0].criteria] if one.reps else []
    shown = [i for i in ids if any(criterion_of(rep, i).value is not None for rep in one.reps)]
    return {
        "headline": headline(one, *(source.view for source in assessment.sources)),
        "fatigue": one.fatigue.sentence if one.fatigue else "",
        "lines": [text[0].upper() + text[1:] for text in map(sub_score, one.summary.scores)],
        "advice": [] if about.hurts else advice(one),
        "screens": screens(one),
        "titles": [TITLES[i] for i in shown],
        "sources": [(TITLES[i], METRICS[_METRIC_OF[i]].source) for i in shown],
        "reps": [{"rep": rep, "cells": [_cell(rep, i) for i in shown]} for rep in one.reps],
        "unseen": [(", ".join(TITLES.get(i, _SPINE) for i in ids), why) for why, ids in unseen(one).items()],
    }


def _without_reps(headline: str, lines: list[str]) -> dict[str, object]:
    nothing = dict.fromkeys(("advice", "screens", "titles", "sources", "reps", "unseen"), ())
    return {"headline": headline, "lines": lines, "fatigue": "", **nothing}


def _cell(rep: Rep, criterion_id: str) -> tuple[str, str]:
    criterion = criterion_of(rep, criterion_id)
    if criterion.value is None:
        return "not seen", ""
    return quantity(criterion.value, criterion.unit, criterion.sem_abs), verdict(criterion)


def _charts(assessment: Assessment) -> Markup:
    """Return the drift charts of the assessment's own report."""
    if not any(one.drift for one in assessment.sets):
        return Markup("")
    return Markup(f"<style>{CHART_STYLE}</style>{report_sections(assessment)}")
