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
    for_the_app,
    headline,
    load_name,
    measured,
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
_DRAFT = Markup('<p class="draft">Draft: nobody has approved this report yet.</p>')


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
        mark=_DRAFT if about.draft else "",
        load=load_name(about.load_kg),
        sets=[*(_set(one, assessment, about) for one in assessment.sets), *pairs],
        charts=_charts(assessment),
        warnings=[for_the_app(text) for text in assessment.quality.warnings],
        versions=assessment.versions,
        brackets=_brackets(assessment),
        sources=assessment.sources,
        stop=STOP,
        get_help=GET_HELP,
        footer=FOOTER,
    )


def without_draft_mark(report: str) -> str:
    """Return the report that was approved: the draft as it was read."""
    return report.replace(_DRAFT, "", 1)


def _set(one: SetResult, assessment: Assessment, about: About) -> dict[str, object]:
    if one.sway is not None:
        return _without_reps(sway_headline(one.sway), sway_lines(one.sway))
    scored, reported = measured(one)
    columns = (("Every repetition", scored), ("Measured, but not scored", reported))
    return {
        "headline": headline(one, *(source.view for source in assessment.sources)),
        "fatigue": one.fatigue.sentence if one.fatigue else "",
        "lines": [text[0].upper() + text[1:] for text in map(sub_score, one.summary.scores)],
        "advice": [] if about.hurts else advice(one),
        "screens": screens(one),
        "tables": [_table(one, title, ids) for title, ids in columns if ids],
        "sources": [(TITLES[i], METRICS[_METRIC_OF[i]].source) for i in scored + reported],
        "unseen": [(", ".join(TITLES.get(i, _SPINE) for i in ids), why) for why, ids in unseen(one).items()],
    }


def _without_reps(headline: str, lines: list[str]) -> dict[str, object]:
    nothing = dict.fromkeys(("advice", "screens", "tables", "sources", "unseen"), ())
    return {"headline": headline, "lines": lines, "fatigue": "", **nothing}


def _table(one: SetResult, title: str, ids: list[str]) -> dict[str, object]:
    return {
        "title": title,
        "columns": [TITLES[i] for i in ids],
        "rows": [{"rep": rep, "cells": [_cell(rep, i) for i in ids]} for rep in one.reps],
    }


def _cell(rep: Rep, criterion_id: str) -> tuple[str, str]:
    criterion = criterion_of(rep, criterion_id)
    if criterion.value is None:
        return "not seen", ""
    # in a narrow column the line breaks before the error, not after its sign
    text = quantity(criterion.value, criterion.unit, criterion.sem_abs).replace("± ", "±\N{NO-BREAK SPACE}")
    return text, verdict(criterion)


def _brackets(assessment: Assessment) -> str:
    """Explain the numbers in brackets; empty where there are none."""
    scores = any(part.interval for one in assessment.sets for part in one.summary.scores)
    changes = any(one.fatigue and one.fatigue.drifted for one in assessment.sets)
    lies = " lies between them"
    said = [f"the true score{lies} 90 times in 100"] if scores else []
    if changes:
        said.append(f"the true change{'' if said else lies} 95 times in 100")
    return f"Numbers in brackets show how sure that is: {', '.join(said)}." if said else ""


def _charts(assessment: Assessment) -> Markup:
    """Return the drift charts of the assessment's own report."""
    if not any(one.drift for one in assessment.sets):
        return Markup("")
    return Markup(f"<style>{CHART_STYLE}</style>{report_sections(assessment, beside_videos=False)}")
