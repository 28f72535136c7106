"""An assessment as long tables for analysts: one row a set, repetition, measurement, criterion or drift."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from . import result

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .result import Assessment, Rep, SetResult

Table = dict[str, list[Any]]

_KEYS = ("path", "set")
_REP_KEYS = (*_KEYS, "rep")
_SET = ("exercise", "detected", "family", "view", "yaw_deg", "full_reps", "partial_reps", "engine", "model_id")
_REP = ("source", "kind", "start_s", "descent_end_s", "bottom_s", "ascent_start_s", "end_s", "flags")
_SWAY = ("stance", "side", "eyes", "axis", "start_s", "end_s", "held_s", "ended_by", "sampling_error")
_SCORE = ("name", "score", "low", "high", "coverage")


def result_tables(assessment: Assessment) -> dict[str, Table]:
    """Return every table, column name to values; each is there even when it is empty."""
    numbered = list(enumerate(assessment.sets, start=1))
    reps = [(number, rep) for number, one in numbered for rep in one.reps]

    def keyed(number: int, rep: Rep | None = None) -> dict[str, Any]:
        path = assessment.sources[rep.source if rep else 0].path
        return {"path": path, "set": number} | ({"rep": rep.index} if rep else {})

    return {
        "sets": _table((*_KEYS, *_SET), (keyed(n) | _set_row(assessment, one) for n, one in numbered)),
        "scores": _table((*_KEYS, *_SCORE), (keyed(n) | row for n, one in numbered for row in _score_rows(one))),
        "reps": _table(
            (*_REP_KEYS, *_REP),
            (
                keyed(n, r) | {k: getattr(r, k) for k in _REP if k != "flags"} | {"flags": " ".join(r.flags)}
                for n, r in reps
            ),
        ),
        "measurements": _table(
            (*_REP_KEYS, *_names(result.Measurement)),
            (keyed(n, r) | vars(m) for n, r in reps for m in r.measurements.values()),
        ),
        "criteria": _table(
            (*_REP_KEYS, *_flat(_names(result.Criterion), "interval")),
            (keyed(n, r) | _spread(vars(c), "interval") for n, r in reps for c in r.criteria),
        ),
        "drift": _table(
            (*_KEYS, *_flat(_flat(_names(result.Drift), "ci95"), "onset_interval")),
            (keyed(n) | _spread(_spread(vars(d), "ci95"), "onset_interval") for n, one in numbered for d in one.drift),
        ),
        "sway": _table(
            (*_KEYS, *_SWAY, "descriptor", *_names(result.SwayDescriptor)),
            (
                keyed(n) | {k: getattr(one.sway, k) for k in _SWAY} | {"descriptor": name} | vars(found)
                for n, one in numbered
                if one.sway
                for name, found in one.sway.descriptors.items()
            ),
        ),
    }


def _set_row(assessment: Assessment, one: SetResult) -> dict[str, Any]:
    source = assessment.sources[one.reps[0].source if one.reps else 0]
    return {
        "exercise": one.exercise.declared,
        "detected": one.exercise.detected,
        "family": one.exercise.family,
        "view": source.view.label,
        "yaw_deg": source.view.yaw_deg,
        "full_reps": one.summary.full_reps,
        "partial_reps": one.summary.partial_reps,
        "engine": source.engine,
        "model_id": source.model_id,
    }


def _score_rows(one: SetResult) -> Iterable[dict[str, Any]]:
    for part in one.summary.scores:
        low, high = part.interval or (None, None)
        yield {"name": part.name, "score": part.score, "low": low, "high": high, "coverage": part.coverage}


def _names(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


def _flat(columns: Sequence[str], pair: str) -> tuple[str, ...]:
    """Replace the column of a pair by two."""
    return tuple(name for c in columns for name in ((f"{pair}_low", f"{pair}_high") if c == pair else (c,)))


def _spread(row: dict[str, Any], pair: str) -> dict[str, Any]:
    low, high = row[pair] or (None, None)
    return row | {f"{pair}_low": low, f"{pair}_high": high}


def _table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Table:
    listed = list(rows)
    return {column: [row[column] for row in listed] for column in columns}
