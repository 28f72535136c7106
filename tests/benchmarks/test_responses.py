"""The statistics of faults and sway, on numbers made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from synthetic.responses import respond
from synthetic.sway import sway_error

NAN = float("nan")


def test_a_response_of_half_the_dose_with_an_offset() -> None:
    found = respond([7.0, 8.0, 9.0, 10.0], [0.0, 2.0, 4.0, 6.0])
    assert (found.n, found.steps, found.followed) == (4, 3, 3)
    assert (found.r, found.slope) == pytest.approx((1.0, 0.5))


def test_a_truth_that_falls_is_followed_by_what_falls() -> None:
    found = respond([1.0, 0.7, 0.2], [1.2, 0.8, 0.4])
    assert (found.steps, found.followed) == (2, 2)


def test_one_step_back_is_not_monotone() -> None:
    found = respond([0.0, 3.0, 2.0, 9.0], [0.0, 3.0, 6.0, 9.0])
    assert (found.steps, found.followed) == (3, 2)


def test_steps_at_which_the_truth_stands_still_do_not_count() -> None:
    found = respond([5.0, 4.0, 6.0], [0.0, 0.0, 10.0])
    assert (found.steps, found.followed) == (1, 1)


def test_what_was_not_measured_is_not_followed() -> None:
    found = respond([0.0, NAN, 2.0, 3.0], [0.0, 1.0, 2.0, 3.0])
    assert (found.n, found.steps, found.followed) == (3, 3, 1)
    assert found.slope == pytest.approx(1.0)


def test_nothing_measured_has_no_correlation() -> None:
    found = respond([NAN, NAN], [0.0, 1.0])
    assert found.n == 0
    assert np.isnan(found.r)


def test_sway_that_comes_late_and_smaller() -> None:
    time_s = np.arange(0.0, 20.0, 1 / 15)

    def path(at_s: np.ndarray) -> np.ndarray:
        return 4.0 * np.sin(2 * np.pi * 0.4 * at_s) + 2.0 * np.sin(2 * np.pi * 0.15 * at_s + 1.0)

    found = sway_error(time_s, 100.0 + 0.8 * path(time_s - 0.1), path(time_s) - 30.0)
    assert found.lag_ms == pytest.approx(100.0, abs=10.0)
    assert found.true_mm == pytest.approx(np.sqrt(10.0), rel=0.02)
    assert found.found_mm == pytest.approx(0.8 * found.true_mm, rel=0.02)


def test_noise_about_somebody_who_stands_still_is_all_error() -> None:
    noise = np.random.default_rng(1).normal(size=300)
    found = sway_error(np.arange(300) / 15, noise, np.full(300, 7.0))
    assert (found.true_mm, found.found_mm) == pytest.approx((0.0, noise.std()))
    assert found.error_mm == found.found_mm
    assert np.isnan([found.r, found.lag_ms]).all()
