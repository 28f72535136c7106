"""The statistics of the accuracy benchmark, on numbers made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from synthetic.statistics import agreement, auc, count_errors, coverage, errors, extreme_errors, match

NAN = float("nan")


def test_errors_of_known_numbers() -> None:
    found = errors([11.0, 19.0, 33.0, NAN], [10.0, 20.0, 30.0, 40.0])
    assert found.n == 3
    assert found.mae == pytest.approx(5 / 3)
    assert found.bias == pytest.approx(1.0)
    assert found.sd == pytest.approx(np.sqrt(8 / 3))
    assert found.r == pytest.approx(220 / np.sqrt(248 * 200))


def test_a_constant_offset_is_all_bias() -> None:
    found = errors(np.arange(5.0) - 7.0, np.arange(5.0))
    assert (found.mae, found.bias, found.sd, found.r) == pytest.approx((7.0, -7.0, 0.0, 1.0))


def test_what_does_not_move_has_no_correlation() -> None:
    assert np.isnan(errors([1.0, 2.0], [3.0, 3.0]).r)


def test_nothing_seen_gives_no_numbers() -> None:
    found = errors([NAN, NAN], [1.0, 2.0])
    assert found.n == 0
    assert np.isnan(found.mae)


def test_peaks_are_compared_within_each_repetition() -> None:
    time_s = np.arange(8.0)
    truth = np.array([0.0, 100.0, 0.0, 0.0, 0.0, 90.0, 0.0, 0.0])
    # the peak is seen a frame late and too low in the first, hidden in the second
    seen = np.array([0.0, 80.0, 95.0, 0.0, NAN, NAN, NAN, 500.0])
    assert extreme_errors(seen, truth, time_s, [(0.0, 3.0), (4.0, 6.0)]) == pytest.approx([-5.0, NAN], nan_ok=True)


def test_the_lowest_value_is_the_peak_of_depth() -> None:
    assert extreme_errors(
        np.array([80.0, -7.0, 80.0]), np.array([80.0, -10.0, 80.0]), np.arange(3.0), [(0.0, 2.0)], -1
    ) == pytest.approx([3.0])


def test_coverage_counts_what_lies_within_the_interval() -> None:
    # half-widths: 1.96 * 5 = 9.8
    assert coverage([0.0, 0.0, 0.0, NAN], [9.7, -9.7, 9.9, 0.0], 5.0) == pytest.approx(2 / 3)
    assert coverage([0.0, 0.0], [9.9, 9.9], [5.0, 6.0]) == pytest.approx(0.5)
    assert np.isnan(coverage([NAN], [0.0], 5.0))


def test_moments_are_paired_nearest_first_and_once() -> None:
    assert match([1.0, 1.2, 9.0], [1.15, 5.0, 9.4], 0.5) == [(1, 0), (2, 2)]
    assert match([], [1.0], 0.5) == []


def test_counts() -> None:
    found = count_errors([10, 9, 15, 5], [10, 8, 12, 5])
    assert found.mae == pytest.approx(0.09375, abs=1e-9)
    assert (found.off_by_one, found.exact) == (0.75, 0.5)


def test_agreement_of_two_methods() -> None:
    truth = np.array([10.0, 20.0, 30.0, 40.0, 50.0])
    found = agreement(truth + np.array([-2.0, 0.0, 1.0, 3.0, -1.0]), truth)
    assert found.n == 5
    assert (found.bias, found.limit) == pytest.approx((0.2, 3.770135), abs=1e-6)
    assert agreement([1.0, np.nan], [0.0, 0.0]).bias == 1.0


def test_area_under_the_curve() -> None:
    positive = np.array([True, True, False, False])
    assert auc([3, 4, 1, 2], positive).area == 1.0
    assert auc([1, 4, 2, 3], positive).area == 0.5
    assert auc([2, 2, 2, 2], positive).area == 0.5
    assert auc([4, np.nan, 1, 5], positive).area == 0.5
    # the example of Hanley and McNeil (1982): 51 and 58 people, area 0.893, standard error 0.032
    rng = np.random.default_rng(0)
    scores = np.concatenate([rng.normal(1.757, 1.0, 51), rng.normal(0.0, 1.0, 58)])
    found = auc(scores, np.arange(109) < 51)
    assert found.area == pytest.approx(0.893, abs=0.06)
    assert found.high - found.low == pytest.approx(2 * 1.96 * 0.032, abs=0.04)
