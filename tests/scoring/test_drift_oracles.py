"""Oracles 49 to 64 of the specification: numbers computed elsewhere, by hand or with other programs."""

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import kendalltau, norm, theilslopes
from scipy.stats import t as student

from formdrift.scoring.drift import hommel
from formdrift.scoring.drift_classics import (
    benjamini_hochberg,
    broken_stick,
    cusum,
    ewma,
    first_two_beyond,
    mdc95,
    sem_from_icc,
    sem_from_retest,
)
from formdrift.scoring.drift_noise import normal_score
from formdrift.scoring.trend import theil_sen_mann_kendall
from formdrift.scoring.velocity import velocity_loss


def test_velocity_loss_and_its_slope() -> None:
    v = [0.62, 0.64, 0.61, 0.58, 0.55, 0.50, 0.45]
    loss = velocity_loss(v)
    np.testing.assert_allclose(loss, [3.125, 0.0, 4.6875, 9.375, 14.0625, 21.875, 29.6875], atol=1e-6)
    assert int(np.argmax(loss >= 20.0)) + 1 == 6
    # who doesn't rise at first has no velocity to lose
    assert np.isnan(velocity_loss([0.0, 0.0, 0.0])).all()
    assert theil_sen_mann_kendall(v)[0] == pytest.approx(-0.03, abs=1e-6)


def test_theil_sen_ignores_an_outlier_and_gives_its_interval() -> None:
    assert theil_sen_mann_kendall([1, 2, 3, 4, 100])[0] == pytest.approx(1.0)
    slope, low, high, p = theil_sen_mann_kendall([10, 11, 9, 13, 14, 12, 16])
    assert (slope, low, high) == (pytest.approx(1.0), pytest.approx(-0.5), pytest.approx(1.75))
    assert p == pytest.approx(0.069048, abs=1e-6)
    assert theilslopes([10, 11, 9, 13, 14, 12, 16], np.arange(1, 8)).intercept == pytest.approx(8.0)


@pytest.mark.parametrize(("n", "p"), [(4, 0.083333), (5, 0.016667), (6, 0.002778), (8, 4.9603e-5)])
def test_a_monotone_series_has_the_exact_p_of_its_length(n: int, p: float) -> None:
    assert theil_sen_mann_kendall(np.arange(n))[3] == pytest.approx(p, abs=1e-6)


def test_ties_are_corrected_for() -> None:
    assert kendalltau(np.arange(6), [5, 5, 6, 7, 7, 8]).statistic == pytest.approx(0.930949, abs=1e-6)
    assert theil_sen_mann_kendall([5, 5, 6, 7, 7, 8])[3] == pytest.approx(0.019364, abs=1e-6)


def test_measurement_error() -> None:
    assert sem_from_icc(4.0, 0.91) == pytest.approx(1.2)
    assert mdc95(1.2) == pytest.approx(3.326230, abs=1e-5)
    assert mdc95(1.2, 3, 2) == pytest.approx(2.147072, abs=1e-5)
    assert sem_from_retest([30, 32, 35, 31, 34], [31, 31, 36, 33, 33]) == pytest.approx(0.948683, abs=1e-6)
    assert mdc95(2.72) == pytest.approx(7.539455, abs=1e-5)
    assert mdc95(2.0, 3, 3) == pytest.approx(3.200667, abs=1e-5)


def test_control_charts() -> None:
    z = [0, 0, 0, 1, 1, 1, 1, 1, 1, 1]
    np.testing.assert_allclose(cusum(z), [0, 0, 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5])
    path, limit = ewma(z)
    assert path[-1] == pytest.approx(0.790285, abs=1e-6)
    np.testing.assert_allclose(limit[[0, 1, 9]], [0.54, 0.691537, 0.894797], atol=1e-6)


def test_onset_rules() -> None:
    assert first_two_beyond([10, 10.5, 9.5, 11, 12, 13.5, 12.5, 14, 15], 10.0, 3.0) == 8
    assert first_two_beyond([10.0, 10.2, 9.9], 10.0, 3.0) is None
    assert first_two_beyond([10.0, 10.2, 14.0], 10.0, 3.0) is None
    c, slope, squares = broken_stick([0, 0, 0, 0, 0, 1, 2, 3, 4, 5])
    assert (c, slope, squares) == (5, pytest.approx(1.0), pytest.approx(0.0, abs=1e-9))


def test_false_discovery_rate() -> None:
    np.testing.assert_allclose(benjamini_hochberg([0.01, 0.02, 0.03, 0.20]), [0.04, 0.04, 0.04, 0.20])


def test_hommel() -> None:
    # by hand: the group {0.01, 0.02, 0.03, 0.2} yields 0.04 by Simes, {0.03, 0.2} yields 0.06
    np.testing.assert_allclose(hommel(np.array([0.01, 0.02, 0.03, 0.20])), [0.04, 0.045, 0.06, 0.20])
    np.testing.assert_allclose(hommel(np.array([[0.20, 0.03, 0.01, 0.02]])), [[0.20, 0.06, 0.04, 0.045]])
    np.testing.assert_allclose(hommel(np.array([0.02, 0.03, 0.035, 0.04])), [0.04] * 4)


def test_hommel_is_the_closed_test_of_simes() -> None:
    rng = np.random.default_rng(4)
    for p in rng.uniform(0.0, 0.3, (50, 4)):
        groups = [g for size in range(1, 5) for g in combinations(range(4), size)]
        simes = {g: min(len(g) / (j + 1) * x for j, x in enumerate(sorted(p[list(g)]))) for g in groups}
        np.testing.assert_allclose(hommel(p), [max(simes[g] for g in groups if i in g) for i in range(4)])


@pytest.mark.parametrize("df", [3.0, 6.0, 24.0])
def test_the_normal_score_keeps_the_tail_of_students_t(df: float) -> None:
    t = np.array([0.5, 1.5, 3.0, 5.0])
    np.testing.assert_allclose(normal_score(t, df), norm.isf(student.sf(t, df)), rtol=0.03)
