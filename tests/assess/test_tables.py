from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from formdrift.scoring.registry import METRICS

if TYPE_CHECKING:
    from formdrift.assess import VideoAssessment

TABLES = {"sets", "scores", "reps", "measurements", "criteria", "drift", "sway", "series"}


@pytest.mark.parametrize("name", ["squat", "front", "still"])
def test_columns_are_equally_long(name: str, request: pytest.FixtureRequest) -> None:
    tables = request.getfixturevalue(name).tables()
    assert set(tables) == TABLES
    for table, columns in tables.items():
        assert len({len(values) for values in columns.values()}) == 1, table
        assert "path" in columns


def test_rows_are_those_of_the_assessment(squat: VideoAssessment) -> None:
    tables = squat.tables()
    (only,) = squat.sets
    assert tables["sets"]["full_reps"] == [3]
    assert tables["sets"]["partial_reps"] == [1]
    assert tables["sets"]["view"] == ["sagittal"]
    assert tables["reps"]["rep"] == [1, 2, 3, 4]
    assert tables["reps"]["kind"] == ["full", "full", "partial", "full"]
    assert tables["reps"]["bottom_s"] == [rep.bottom_s for rep in only.reps]
    assert len(tables["measurements"]["value"]) == sum(len(rep.measurements) for rep in only.reps)
    assert len(tables["criteria"]["id"]) == sum(len(rep.criteria) for rep in only.reps)
    knee = [m.value for rep in only.reps for m in rep.measurements.values() if m.metric == "knee_flexion_bottom_deg"]
    rows = zip(tables["measurements"]["metric"], tables["measurements"]["value"], strict=True)
    assert [value for metric, value in rows if metric == "knee_flexion_bottom_deg"] == knee
    low = [c.interval[0] if c.interval else None for rep in only.reps for c in rep.criteria]
    assert tables["criteria"]["interval_low"] == low
    assert tables["scores"]["name"] == [part.name for part in only.summary.scores]
    assert {"low", "high"} <= set(tables["scores"])


def test_what_was_not_seen_keeps_its_row_and_reason(front: VideoAssessment) -> None:
    table = front.tables()["measurements"]
    rows = list(zip(*(table[c] for c in ("status", "value", "reason")), strict=True))
    unseen = [row for row in rows if row[0] == "not_observable"]
    assert all(value is None and reason for _, value, reason in unseen)
    (only,) = front.sets
    of_side = [name for rep in only.reps for name in rep.measurements if METRICS[name].shown == "side"]
    assert of_side
    assert sum("from the front" in reason for _, _, reason in unseen) == len(of_side)


def test_curves_are_one_long_table(squat: VideoAssessment) -> None:
    table = squat.tables()["series"]
    (series,) = squat.series
    assert set(table["curve"]) == set(series.values)
    assert len(table["value"]) == len(series.values) * len(series.time_s)


def test_without_reps_the_tables_are_there_and_empty(still: VideoAssessment) -> None:
    tables = still.tables()
    assert tables["sets"]["full_reps"] == [0]
    for name in ("reps", "measurements", "criteria", "drift", "sway"):
        assert all(values == [] for values in tables[name].values()), name
