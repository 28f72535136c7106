"""A set against earlier days: the typical day, records, trends, and when nothing is said."""

from dataclasses import replace

import numpy as np

from formdrift.scoring.days import with_sessions
from formdrift.scoring.prescription import Prescription
from formdrift.scoring.result import Exercise, Fatigue, Measurement, Rep, SetResult, Summary

LEAN, DEPTH = "trunk_inclination_bottom_deg", "depth_angle_bottom_deg"
WOBBLE = (0.3, -0.2, 0.0, 0.2, -0.3)


def a_set(metric: str, level: float) -> SetResult:
    reps = tuple(
        Rep(
            index=i + 1,
            source=0,
            kind="full",
            start_s=3.0 * i,
            descent_end_s=3.0 * i + 1,
            bottom_s=3.0 * i + 1,
            ascent_start_s=3.0 * i + 1,
            end_s=3.0 * i + 2,
            flags=(),
            measurements={
                metric: Measurement(
                    metric, level + wobble, "deg", 0.5, 1.0, 0.4, "measured", None, "sagittal", "bottom"
                )
            },
            criteria=(),
            scores=(),
        )
        for i, wobble in enumerate(WOBBLE)
    )
    exercise, summary = Exercise("squat", "squat", "squat", 1.0), Summary(5, 0, (), None, None)
    return SetResult(exercise, reps, summary, fatigue=Fatigue("", (metric,), (), None, None, None))


def days(metric: str, *levels: float) -> list[tuple[SetResult, ...]]:
    return [(a_set(metric, level),) for level in levels]


def test_two_days_are_too_few() -> None:
    assert with_sessions(a_set(LEAN, 30.0), days(LEAN, 31.0)).sessions is None


def test_three_days_say_what_is_missing() -> None:
    found = with_sessions(a_set(LEAN, 30.0), days(LEAN, 31.0, 29.0)).sessions
    assert found is not None
    assert found.trends[0].days == 3
    assert found.trends[0].typical is None
    assert found.sentence == "A typical day is known after 3 earlier comparable days; so far there are 2."


def test_an_unusual_day_is_named_and_a_usual_one_is_not() -> None:
    past = days(LEAN, 30.0, 31.0, 29.5, 30.5)
    unusual, usual = (with_sessions(a_set(LEAN, level), past).sessions for level in (40.0, 30.2))
    assert unusual is not None
    assert unusual.trends[0].today == "above"
    assert "above your typical day: 40°" in unusual.sentence
    assert usual is not None
    assert usual.trends[0].today == "usual"
    assert usual.sentence == "Like your 4 earlier comparable days; a trend takes 6 days, with today."


def test_a_trend_over_days_is_told_with_its_interval() -> None:
    found = with_sessions(a_set(LEAN, 42.0), days(LEAN, 30.0, 32.5, 34.0, 36.5, 37.0, 39.5)).sessions
    assert found is not None
    assert found.trends[0].claimed
    assert "Over 7 comparable days the trunk leans 11° more (9–15°)." in found.sentence


def test_a_record_has_a_better_side() -> None:
    deepest = with_sessions(a_set(DEPTH, -10.0), days(DEPTH, 0.0, 1.0, 2.0)).sessions
    highest = with_sessions(a_set(DEPTH, 12.0), days(DEPTH, 0.0, 1.0, 2.0)).sessions
    assert deepest is not None
    assert deepest.trends[0].best
    assert "your best of 4 comparable days" in deepest.sentence
    assert highest is not None
    assert not highest.trends[0].best


def test_rising_fast_is_a_record_only_where_speed_was_meant() -> None:
    past = days("ascent_s", 9.0, 9.1, 9.2)
    one = a_set("ascent_s", 1.0)
    declared = with_sessions(replace(one, prescription=Prescription(intent="max")), past).sessions
    undeclared = with_sessions(one, past).sessions
    assert declared is not None
    assert declared.trends[0].best
    assert undeclared is not None
    assert not undeclared.trends[0].best


def test_false_claims_over_days_stay_rare_over_all_metrics() -> None:
    rng = np.random.default_rng(6)
    alarms = []
    for levels in rng.normal(30.0, 2.0, (200, 7)):
        found = with_sessions(a_set(LEAN, levels[-1]), days(LEAN, *levels[:-1])).sessions
        assert found is not None
        alarms.append(found.trends[0].claimed)
    assert np.mean(alarms) < 0.1
