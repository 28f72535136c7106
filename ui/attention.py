"""Who needs a look, and why: only evidence counts, the strongest first."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from ..assess import METRICS, TITLES
from .words import exercise_name, quantity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from ..sessions.overview import Number, SetLine

# shares of a set's repetitions in which a criterion is likely off: a new fault is there, and was not there before
_THERE, _NOT_THERE = 0.5, 0.2
# the numbers that speak
EVIDENCE = ("drift: ", "fault: ", "fatigue", "view", "detected")
_WEIGHTS = {"small": 1.0, "clear": 2.0, "large": 3.0}
_NEW_FAULT = 1.5
# pain goes before everything that is measured
_PAIN = 1000.0


@dataclass(frozen=True)
class Look:
    """Somebody who needs a look.

    Attributes
    ----------
    person_id : int
    pseudonym : str
    date : date or None
        Of the sets that say so.
    set_id : int or None
        The one with most evidence; None when only pain speaks.
    reasons : tuple of str
        Sentences, the weightiest first.
    pain : bool
        Somebody answered that it hurts, and nobody has talked about it yet.
    """

    person_id: int
    pseudonym: str
    date: dt.date | None
    set_id: int | None
    reasons: tuple[str, ...]
    pain: bool
    weight: float


def who_needs_a_look(
    recent: Sequence[SetLine],
    numbers: Mapping[int, Mapping[str, Number]],
    pain: Mapping[int, tuple[str, str | None]],
) -> list[Look]:
    """Rank everybody by the evidence of their last day.

    Parameters
    ----------
    recent : sequence of SetLine
        Sets of everybody's last days, newest first.
    numbers : mapping of int to mapping of str to Number
        Of these sets.
    pain : mapping of int to (str, str or None)
        By person: their name, and what they said.
    """
    by_person: dict[int, list[SetLine]] = {}
    for line in recent:
        by_person.setdefault(line.person_id, []).append(line)
    looks = []
    for person_id in {**by_person, **pain}:
        lines = by_person.get(person_id, [])
        evidence = _evidence(lines, numbers)
        said = pain.get(person_id)
        if not evidence and said is None:
            continue
        reasons = tuple(dict.fromkeys(reason for _, reason, _ in evidence))
        hurts = () if said is None else (f"Answered that something hurts{f': {said[1]}' if said[1] else ''}.",)
        looks.append(
            Look(
                person_id,
                lines[0].pseudonym if lines else pain[person_id][0],
                lines[0].date if lines else None,
                evidence[0][2] if evidence else None,
                hurts + reasons,
                said is not None,
                sum(weight for weight, _, _ in evidence) + (_PAIN if said else 0.0),
            )
        )
    return sorted(looks, key=lambda look: (-look.weight, look.pseudonym.lower()))


def _evidence(lines: Sequence[SetLine], numbers: Mapping[int, Mapping[str, Number]]) -> list[tuple[float, str, int]]:
    """Return weight, sentence and set of everything that the last day shows, the weightiest first."""
    if not lines:
        return []
    today = [line for line in lines if line.date == lines[0].date]
    before = [line for line in lines if line.date < lines[0].date]
    found = []
    for line in today:
        found += [(weight, text, line.id) for weight, text in _drifts(line, numbers[line.id])]
        found += [(_NEW_FAULT, text, line.id) for text in _new_faults(line, before, numbers)]
    return sorted(found, key=lambda one: -one[0])


def _drifts(line: SetLine, values: Mapping[str, Number]) -> list[tuple[float, str]]:
    drifts = [(name.removeprefix("drift: "), one) for name, one in values.items() if name.startswith("drift: ")]
    if not drifts:
        return []
    weight = sum(_WEIGHTS.get(one.text or "", 0.0) for _, one in drifts)
    sentence = values.get("fatigue")
    if sentence is not None and sentence.text:
        return [(weight, f"{_what(line, values)}: {sentence.text}")]
    named = "; ".join(f"{_title(metric)} by {quantity(one.value, one.unit)}" for metric, one in drifts)
    return [(weight, f"{_what(line, values)}: changed over the set beyond the error: {named}.")]


def _new_faults(line: SetLine, before: Sequence[SetLine], numbers: Mapping[int, Mapping[str, Number]]) -> list[str]:
    found = []
    for name, one in numbers[line.id].items():
        if not name.startswith("fault: ") or (one.value or 0.0) < _THERE:
            continue
        earlier = [
            value.value
            for old in before
            if _alike(line, old, numbers) and (value := numbers[old.id].get(name)) and value.value is not None
        ]
        if earlier and median(earlier) <= _NOT_THERE:
            title = TITLES.get(name.removeprefix("fault: "), name)
            found.append(
                f"{_what(line, numbers[line.id])}: new since last time, likely off in"
                f" {100 * (one.value or 0):.0f} % of the repetitions: {title}."
            )
    return found


def _alike(one: SetLine, other: SetLine, numbers: Mapping[int, Mapping[str, Number]]) -> bool:
    """Tell whether two sets show the same exercise from the same view."""
    kinds = [(_exercise(line, numbers[line.id]), _word(numbers[line.id], "view")) for line in (one, other)]
    return kinds[0] == kinds[1]


def _exercise(line: SetLine, values: Mapping[str, Number]) -> str:
    return exercise_name(line.exercise, _word(values, "detected"))


def _word(values: Mapping[str, Number], name: str) -> str | None:
    return values[name].text if name in values else None


def _what(line: SetLine, values: Mapping[str, Number]) -> str:
    return f"{_exercise(line, values)}, set {line.number}"


def _title(metric: str) -> str:
    return METRICS[metric].title if metric in METRICS else metric
