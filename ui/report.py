"""An assessment as a table on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..assess import MEANINGS, TITLES, pair_answer, pair_title, sway_headline, sway_lines
from .words import FOOTER, MIDDLE, advice, criterion_of, headline, quantity, screens, sub_score, unseen, verdict

if TYPE_CHECKING:
    from ..assess import Assessment, Criterion, Rep, SetResult, Source

_COLOURS = {"likely far off": "red", "likely off": "red", "possibly off": "yellow", "fine": "green"}
_MARKS = {"likely far off": "!!", "likely off": "!", "possibly off": "?", "fine": ""}
_PLAIN_WIDTH = 160
_UNBOUNDED = 10_000
_TIMES = ("bottom", "down", "up")


def print_assessment(assessment: Assessment, *, terminal: bool) -> None:
    """Print the answer, the evidence by repetition, and what could not be seen."""
    console = Console(width=None if terminal else _PLAIN_WIDTH, highlight=False)
    for source in assessment.sources:
        console.print(Text(source.path, style="bold"))
    for one in assessment.sets:
        _print_set(console, one, assessment.sources)
    for pair in assessment.balance:
        console.print(Text(pair_title(pair), style="bold"))
        console.print(f"  {pair_answer(pair)}")
    for warning in assessment.quality.warnings:
        console.print(f"Note: {warning}")
    console.print(FOOTER, style="dim")


def _print_set(console: Console, one: SetResult, sources: tuple[Source, ...]) -> None:
    if one.sway:
        console.print(Text(sway_headline(one.sway), style="bold"))
        for line in sway_lines(one.sway):
            console.print(f"  {line}")
        return
    console.print(Text(headline(one, *(source.view for source in sources)), style="bold"))
    total = one.summary.technique_total
    for part in (*one.summary.scores, *((total,) if total else ())):
        console.print(f"  {sub_score(part)}")
    if one.fatigue:
        console.print(f"  {one.fatigue.sentence}")
    if one.sessions:
        console.print(f"  {one.sessions.sentence}")
    for line in (*advice(one), *screens(one)):
        console.print(f"  {line}")
    if not one.reps:
        return
    shown = [c.id for c in one.reps[0].criteria if any(criterion_of(rep, c.id).value is not None for rep in one.reps)]
    for table in _tables(console, one, shown):
        console.print(table)
    for criterion_id in shown:
        # a bare number needs a word for what it is a ratio of
        ratio = "" if criterion_of(one.reps[0], criterion_id).unit else f" (ratio: {MEANINGS[criterion_id]})"
        console.print(f"  {criterion_id}  {TITLES[criterion_id]}{ratio}", style="dim")
    console.print(
        "  ± standard error;  ? possibly off,  ! likely off,  !! likely far off,  () shown, not scored,  – not seen",
        style="dim",
    )
    console.print(
        f"  {MIDDLE};  (low–high) after a score: it lies there with 90 % probability, given the camera's error",
        style="dim",
    )
    reasons = unseen(one)
    if reasons:
        console.print("Not seen here:")
    for reason, ids in reasons.items():
        console.print(f"  {', '.join(ids)}: {reason}")


def _tables(console: Console, one: SetResult, shown: list[str]) -> list[Table]:
    """Lay the repetitions out in as many tables as the terminal is too narrow for one."""
    unbounded = console.options.update(max_width=_UNBOUNDED)
    tables, ids = [_table(one, [], times=True)], list[str]()
    for criterion_id in shown:
        wider = _table(one, [*ids, criterion_id], times=len(tables) == 1)
        if ids and console.measure(wider, options=unbounded).maximum > console.width:
            ids = [criterion_id]
            tables.append(_table(one, ids, times=False))
        else:
            ids = [*ids, criterion_id]
            tables[-1] = wider
    return tables


def _table(one: SetResult, ids: list[str], *, times: bool) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("rep", *(_TIMES if times else ()), *ids):
        table.add_column(heading, justify="right")
    for rep in one.reps:
        table.add_row(
            f"{rep.index}" if rep.kind == "full" else f"{rep.index} partial",
            *(_times(rep) if times else ()),
            *(_cell(criterion_of(rep, criterion_id)) for criterion_id in ids),
        )
    return table


def _times(rep: Rep) -> list[str]:
    phases = (rep.measurements[name].value for name in ("descent_s", "ascent_s"))
    return [f"{rep.bottom_s:.1f} s", *("–" if t is None else f"{t:.1f} s" for t in phases)]


def _cell(criterion: Criterion) -> Text:
    if criterion.value is None:
        return Text("not seen", style="dim")
    text = quantity(criterion.value, criterion.unit, criterion.sem_abs)
    word = verdict(criterion)
    if not word:
        return Text(f"({text})", style="dim")
    return Text(f"{text} {_MARKS[word]}".rstrip(), style=_COLOURS[word])
