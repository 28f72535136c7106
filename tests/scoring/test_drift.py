"""The detector on simulated sets whose drift is known."""

import tracemalloc
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from formdrift.assess.settings import load_drift_tables
from formdrift.scoring.drift import MetricSeries, detect, standard_error, verdict_of
from formdrift.scoring.drift_batch import evidence, statistics
from formdrift.scoring.drift_evidence import averaged
from formdrift.scoring.drift_onset import course_of
from formdrift.scoring.drift_shapes import shapes
from formdrift.scoring.simulate import Drifting, Null, simulate

TABLES = load_drift_tables()


def series(value: np.ndarray, sem: float = 0.5, past: tuple[tuple[np.ndarray, ...], ...] = ()) -> MetricSeries:
    number = np.arange(1, len(value) + 1)
    return MetricSeries("trunk_inclination_bottom_deg", "deg", number, np.asarray(value, dtype=float), sem, past=past)


def claimed(drifts: tuple) -> bool:
    return any(d.verdict != "no_detectable_change" for d in drifts)


def test_a_set_of_three_hundred_repetitions_is_searched_in_little_memory() -> None:
    reps = 300
    values = np.random.default_rng(3).standard_normal(reps) + np.where(np.arange(reps) >= 150, 2.0, 0.0)
    tracemalloc.start()
    (found,) = detect([series(values, sem=0.1)], TABLES)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.onset_rep is not None
    assert abs(found.onset_rep - 151) <= 5
    assert most < 100e6


def test_four_reps_are_never_tested() -> None:
    assert detect([series(np.array([0.0, 10.0, 20.0, 30.0]))], TABLES) == ()


@pytest.mark.parametrize(
    ("null", "most"),
    [
        (Null(), 0.06),
        (Null(noise="t3"), 0.06),
        (Null(bad_rep=5.0), 0.06),
        (Null(correlation=0.7), 0.06),
        (Null(autocorrelation=0.3), 0.095),
        (Null(day_shift=1.0, past_days=3), 0.065),
        (Null(day_shift=4.0, past_days=3), 0.065),
    ],
)
@pytest.mark.parametrize("reps", [5, 8, 15])
def test_false_alarms_of_a_set_of_five_metrics(null: Null, most: float, reps: int) -> None:
    found = statistics(*simulate(np.random.default_rng(11), 2000, reps, metrics=5, null=null))
    limit = TABLES.quantile(0.05 / 5, reps, 5, past=null.past_days > 0)
    # three standard errors of 2000 sets
    assert (found > limit).any(axis=1).mean() < most + 3 * np.sqrt(most * (1 - most) / 2000)


def test_a_step_is_found_with_its_size_and_onset() -> None:
    today, _ = simulate(np.random.default_rng(2), 1, 12, drift=Drifting("step", 8.0, 8))
    (drift,) = detect([series(today[0, 0])], TABLES)
    assert drift.verdict == "large"
    assert drift.shape == "step"
    assert drift.onset_rep == 8
    low, high = drift.onset_interval
    assert low <= 8 <= high
    assert drift.ci95[0] < 8.0 < drift.ci95[1]
    assert abs(drift.change) > drift.mdc95


@pytest.mark.parametrize(
    ("drift", "reps", "median", "mean"),
    [
        (Drifting("step", 3.0, 6), 10, 0.0, 0.6),
        (Drifting("step", 3.0, 8), 15, 0.0, 0.6),
        (Drifting("bend", 3.0, 6), 10, 1.0, 1.2),
        (Drifting("bend", 3.0, 8), 15, 1.0, 1.7),
    ],
)
def test_the_onset_is_off_by_one_repetition_at_most_half_the_time(
    drift: Drifting, reps: int, median: float, mean: float
) -> None:
    today, _ = simulate(np.random.default_rng(17), 1000, reps, drift=drift)
    plausible = averaged(evidence(today)[0], shapes(reps)).plausible
    courses = [course_of(one, shapes(reps)) for one in plausible]
    stated = [course for course in courses if course.onset is not None]
    off = np.array([abs(course.onset - drift.onset) for course in stated])
    assert len(stated) > 500
    assert np.median(off) <= median
    assert off.mean() < mean
    assert np.mean([low <= drift.onset <= high for low, high in (course.between for course in stated)]) > 0.85


def test_a_steady_drift_has_no_onset() -> None:
    (drift,) = detect([series(np.linspace(0.0, 9.0, 10) + 0.05 * np.cos(np.arange(10) * 2.0), sem=0.2)], TABLES)
    assert drift.shape == "steady"
    assert drift.onset_rep is None
    assert drift.onset_interval is None
    assert drift.change == pytest.approx(9.0, abs=0.5)


def test_a_change_smaller_than_the_measurement_error_is_never_claimed() -> None:
    clear = np.where(np.arange(12) >= 6, 1.0, 0.0) + 0.02 * np.cos(np.arange(12) * 2.0)
    assert claimed(detect([series(clear, sem=0.1)], TABLES))
    (drift,) = detect([series(clear, sem=5.0)], TABLES)
    assert drift.verdict == "no_detectable_change"
    assert drift.mdc95 > abs(drift.change)
    assert drift.detectable >= drift.mdc95


def test_one_bad_rep_is_set_aside_and_claims_nothing() -> None:
    quiet = np.array([0.3, -0.5, 0.1, 0.4, -0.2, 0.0, -0.4, 0.2, 0.1, -0.1])
    for where in range(10):
        spoiled = quiet.copy()
        spoiled[where] += 30.0
        (drift,) = detect([series(spoiled)], TABLES)
        assert drift.verdict == "no_detectable_change"
        assert drift.left_out == (where + 1,)


def test_identical_reps_do_not_drift() -> None:
    assert not claimed(detect([series(np.full(8, 31.0))], TABLES))
    for last in (32.0, 1e4):
        assert not claimed(detect([series(np.array([31.0] * 9 + [last]))], TABLES))


def test_a_unit_or_a_level_changes_nothing_but_the_numbers() -> None:
    today, _ = simulate(np.random.default_rng(5), 1, 10, drift=Drifting("step", 6.0, 6))
    (plain,) = detect([series(today[0, 0], sem=0.5)], TABLES)
    (scaled,) = detect([series(100.0 - 10.0 * today[0, 0], sem=5.0)], TABLES)
    assert (scaled.p, scaled.onset_rep, scaled.verdict) == (plain.p, plain.onset_rep, plain.verdict)
    assert scaled.change == pytest.approx(-10.0 * plain.change, rel=1e-3)


def test_history_helps_where_days_agree_and_a_day_far_off_claims_nothing() -> None:
    rng = np.random.default_rng(3)
    drifting = simulate(rng, 400, 8, drift=Drifting("steady", 2.0), null=Null(past_days=3))
    with_past = (statistics(*drifting)[:, 0] > TABLES.quantile(0.05, 8, 1, past=True)).mean()
    alone = (statistics(drifting[0])[:, 0] > TABLES.quantile(0.05, 8, 1, past=False)).mean()
    assert with_past > alone + 0.15
    quiet, past = simulate(rng, 400, 8, null=Null(past_days=3))
    moved = statistics(quiet + 6.0, past)[:, 0] > TABLES.quantile(0.05, 8, 1, past=True)
    assert moved.mean() < 0.09


def test_the_prior_error_fades_and_the_own_scatter_is_never_undercut() -> None:
    assert standard_error(1.0, 6.0, 3.0) > standard_error(1.0, 60.0, 3.0) > 1.0
    assert standard_error(4.0, 6.0, 1.0) == 4.0


def test_the_table_is_monotone_and_its_quantiles_invert_its_tails() -> None:
    for past in (False, True):
        tails = [TABLES.tail(x, 9, 4, past=past) for x in np.linspace(0.0, 8.0, 50)]
        assert all(a >= b for a, b in pairwise(tails))
        assert tails[-1] == pytest.approx(min(TABLES.tails))
        assert TABLES.tail(TABLES.quantile(0.013, 9, 4, past=past), 9, 4, past=past) == pytest.approx(0.013)


def test_verdicts() -> None:
    named = [verdict_of(c, 2.0) for c in (1.9, -2.5, 3.5, -5.0)]
    assert named == ["no_detectable_change", "small", "clear", "large"]


def test_more_metrics_make_each_harder_to_claim() -> None:
    today, _ = simulate(np.random.default_rng(8), 1, 10, metrics=5, drift=Drifting("step", 4.0, 6))
    (alone,) = detect([series(today[0, 0])], TABLES)
    among = detect([replace(series(values), metric=f"m{i}") for i, values in enumerate(today[0])], TABLES)
    assert among[0].q == pytest.approx(5 * among[0].p, abs=1e-4)
    assert among[0].q > alone.q


def test_several_weak_signs_add_up() -> None:
    quiet = np.array([0.3, -0.5, 0.1, 0.4, -0.2, 0.0, -0.4, 0.2, 0.1, -0.1])
    weak = quiet + np.linspace(0.0, 1.05, 10)
    metrics = [replace(series(values, sem=0.05), metric=f"m{i}") for i, values in enumerate([weak] * 4 + [quiet])]
    together = detect(metrics, TABLES)
    # any one of five would need a p below 0.01
    assert [0.01 < d.p < 0.05 for d in together] == [True] * 4 + [False]
    assert [d.verdict != "no_detectable_change" for d in together] == [True] * 4 + [False]


@pytest.mark.parametrize("reps", [8, 12, 20])
@pytest.mark.parametrize("end", [2, 3])
def test_the_last_reps_are_never_all_set_aside(reps: int, end: int) -> None:
    rng = np.random.default_rng(reps)
    lost = []
    for _ in range(100):
        values = rng.standard_normal(reps)
        values[-end:] += 6.0
        (drift,) = detect([series(values)], TABLES)
        lost.append(len(set(drift.left_out) & set(range(reps - end + 1, reps + 1))))
    assert np.mean(np.array(lost) > 0) < 0.1
    assert max(lost) < end


def test_no_change_larger_than_stated_is_missed() -> None:
    rng = np.random.default_rng(9)
    today, _ = simulate(rng, 400, 8, drift=Drifting("step", 2.0, 6))
    found = [detect([series(values[0], sem=0.1)], TABLES)[0] for values in today]
    missed = [d.verdict == "no_detectable_change" and d.detectable < 2.0 for d in found]
    assert np.mean(missed) < 0.05
    assert all(d.detectable >= d.mdc95 for d in found)


def test_the_interval_of_a_claimed_change_holds_it_though_the_shape_was_chosen() -> None:
    rng = np.random.default_rng(10)
    today, _ = simulate(rng, 400, 10, drift=Drifting("step", 3.0, 8))
    found = [detect([series(values[0], sem=0.1)], TABLES)[0] for values in today]
    claims = [d for d in found if d.verdict != "no_detectable_change"]
    assert np.mean([d.ci95[0] <= 3.0 <= d.ci95[1] for d in claims]) > 0.92
    assert np.mean([d.onset_interval[0] <= 8 <= d.onset_interval[1] for d in claims if d.onset_interval]) > 0.85


def test_sets_of_a_day_are_one_day() -> None:
    rng = np.random.default_rng(12)
    first, second, third = (tuple(rng.standard_normal((2, 8))) for _ in range(3))
    (drift,) = detect([series(rng.standard_normal(8), past=(first, second, third))], TABLES)
    assert drift.past_sets == 3


@pytest.mark.parametrize("reps", [3, 4, 5])
def test_short_earlier_sets_have_a_say(reps: int) -> None:
    rng = np.random.default_rng(13)
    (drift,) = detect([series(rng.standard_normal(8), past=((rng.standard_normal(reps),),))], TABLES)
    assert drift.past_sets == 1
    assert np.isfinite(drift.p)
