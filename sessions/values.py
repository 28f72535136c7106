"""The numbers of a result that lists and trends show, without reading the whole result again."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..scoring.result import Assessment, Measurement, Rep, SetResult


@dataclass(frozen=True)
class Value:
    """One number of a set, with its interval where it has one, or a word.

    Attributes
    ----------
    name : str
        ``score: NAME``, ``drift: METRIC``, ``fault: CRITERION``, the name of a measurement,
        ``sway: DESCRIPTOR``, or one of ``reps``, ``partial_reps``, ``onset_rep``, ``view``, ``model``,
        ``detected``, ``fatigue`` (the sentence), ``stance`` (and ``side`` and ``eyes`` of a balance test).
    value, low, high : float or None
    unit : str
    text : str or None
    """

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    text: str | None = None


def values_of(assessment: Assessment, index: int = 0) -> list[Value]:
    """Return the numbers of one set of an assessment; a set without repetitions has few."""
    if index >= len(assessment.sets):
        return []
    one = assessment.sets[index]
    found = [
        Value("reps", float(one.summary.full_reps)),
        Value("partial_reps", float(one.summary.partial_reps)),
        Value("view", None, text=assessment.sources[0].view.label),
        Value("model", None, text=assessment.sources[0].model_id),
        Value("detected", None, text=one.exercise.detected),
    ]
    if one.fatigue is not None:
        found.append(Value("fatigue", None, text=one.fatigue.sentence))
    return [*found, *_scores(one), *_drift(one), *_faults(one.reps), *_medians(one.reps), *_sway(one)]


def _scores(one: SetResult) -> Iterator[Value]:
    for part in (*one.summary.scores, *([one.summary.technique_total] if one.summary.technique_total else [])):
        if part.score is not None:
            low, high = part.interval or (None, None)
            yield Value(f"score: {part.name}", part.score, low, high, "of 100")


def _drift(one: SetResult) -> Iterator[Value]:
    """Yield only what exceeds its error: the rest is no change that anybody could show."""
    claimed = [d for d in one.drift if d.verdict != "no_detectable_change"]
    for drift in claimed:
        yield Value(f"drift: {drift.metric}", drift.change, *drift.ci95, drift.unit, drift.verdict)
    onsets = [d.onset_rep for d in claimed if d.onset_rep is not None]
    if onsets:
        yield Value("onset_rep", float(min(onsets)))


def _faults(reps: tuple[Rep, ...]) -> Iterator[Value]:
    """Yield, for each criterion that was seen, in how many of its repetitions it is likely off."""
    seen: dict[str, list[bool]] = {}
    for rep in reps:
        for criterion in rep.criteria:
            if criterion.p_fault is not None:
                seen.setdefault(criterion.id, []).append(criterion.p_fault >= 0.8)
    for name, likely in seen.items():
        yield Value(f"fault: {name}", sum(likely) / len(likely), unit="of its repetitions")


def _medians(reps: tuple[Rep, ...]) -> Iterator[Value]:
    """Yield the median of every measurement over the full repetitions in which it was made."""
    made: dict[str, list[Measurement]] = {}
    for rep in reps:
        for name, measurement in rep.measurements.items():
            if rep.kind == "full" and measurement.status == "measured" and measurement.value is not None:
                made.setdefault(name, []).append(measurement)
    for name, several in made.items():
        yield Value(name, median(m.value for m in several if m.value is not None), unit=several[0].unit)


def _sway(one: SetResult) -> Iterator[Value]:
    """Yield what was measured of a balance test; an amplitude with its interval of two standard errors."""
    sway = one.sway
    if sway is None:
        return
    for name, word in (("stance", sway.stance), ("side", sway.side), ("eyes", sway.eyes)):
        if word is not None:
            yield Value(name, None, text=word)
    yield Value("sway: held_s", sway.held_s, unit="s")
    for name, found in sway.descriptors.items():
        if found.status == "measured" and found.value is not None:
            error = found.standard_error
            low, high = (None, None) if error is None else (found.value - 2 * error, found.value + 2 * error)
            yield Value(f"sway: {name}", found.value, low, high, found.unit)
