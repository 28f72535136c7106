from __future__ import annotations

import numpy as np
import pytest

from formdrift.scoring.score import aggregate, interval, p_fault, sample_scores, score, severity, total_error

BINS = (5.0, 15.0, 30.0, 45.0)


def test_severity_and_score() -> None:
    assert severity(12.0, BINS) == pytest.approx(0.233333, abs=1e-6)
    assert score(12.0, BINS) == pytest.approx(76.666667, abs=1e-6)


def test_severity_passes_through_its_bins_and_is_clipped() -> None:
    assert severity([-100, 5, 15, 30, 45, 1000], BINS) == pytest.approx([0, 0, 1 / 3, 2 / 3, 1, 1])


def test_severity_never_falls() -> None:
    assert (np.diff(severity(np.linspace(-10, 60, 500), BINS)) >= 0).all()


def test_what_was_not_observed_leaves_the_mean_and_the_weight() -> None:
    mean, coverage = aggregate([80, 50, np.nan, 100], [0.3, 0.2, 0.2, 0.3])
    assert mean == pytest.approx(80.0, abs=1e-6)
    assert coverage == pytest.approx(0.8, abs=1e-6)


def test_nothing_observed_is_no_score() -> None:
    mean, coverage = aggregate([[np.nan, np.nan], [10.0, np.nan]], [1.0, 3.0])
    assert mean == pytest.approx([np.nan, 10.0], nan_ok=True)
    assert coverage == pytest.approx([0.0, 0.25])


def test_criteria_that_are_given_no_weight_make_no_score() -> None:
    mean, coverage = aggregate([[80.0], [np.nan]], [0.0])
    assert np.isnan(mean).all()
    assert coverage.tolist() == [0.0, 0.0]


def test_probability_of_a_fault() -> None:
    assert p_fault(12.0, 10.0, 2.0) == pytest.approx(0.841345, abs=1e-6)
    assert p_fault(10.0, 10.0, 2.0) == pytest.approx(0.5, abs=1e-9)
    # the worked example of the specification: depth +6 against a limit of 4 with an error of 4
    assert p_fault(6.0, 4.0, 4.0) == pytest.approx(0.69, abs=5e-3)


def test_spread_of_scores_within_one_band() -> None:
    draws = np.random.default_rng(0).standard_normal((200_000, 1))
    samples = sample_scores(np.array([15.0]), np.array([1.0]), (0.0, 10.0, 20.0, 30.0), draws)
    assert samples.std() == pytest.approx(3.333333, abs=0.02)
    low, high = interval(samples)
    assert (high - low) == pytest.approx([2 * 1.644854 * 3.333333], abs=0.1)


def test_bias_of_the_view_is_a_rectangle() -> None:
    assert total_error(4.0, 3.0) == pytest.approx(np.sqrt(16 + 3))
    assert total_error(4.0, 0.0) == pytest.approx(4.0)


def test_worked_example_of_the_specification() -> None:
    # depth +6 of [4, 12, 22, 40] and trunk-shank 14 of [10, 20, 30, 45]
    assert score(6.0, (4, 12, 22, 40)) == pytest.approx(91.7, abs=0.05)
    assert score(14.0, (10, 20, 30, 45)) == pytest.approx(86.7, abs=0.05)
