"""The filter of live landmarks."""

from __future__ import annotations

import numpy as np
import pytest

from formdrift.scoring.one_euro import HOLD_S, OneEuro, alpha

STEP_S = 1.0 / 30.0


def test_weight_of_a_new_value_is_that_of_the_authors() -> None:
    assert alpha(1.0, STEP_S) == pytest.approx(0.173171, abs=1e-6)
    assert alpha(1.7, STEP_S) == pytest.approx(0.262563, abs=1e-6)


def smoothed(values: np.ndarray, **settings: float) -> np.ndarray:
    one_euro = OneEuro(**settings)
    return np.array([one_euro.step(k * STEP_S, value) for k, value in enumerate(values)])


def test_noise_at_rest_is_calmed_and_a_step_is_reached() -> None:
    noise = np.random.default_rng(0).standard_normal(600)
    assert smoothed(noise)[60:].std() < 0.5 * noise.std()
    step = smoothed(np.r_[np.zeros(30), np.full(120, 50.0)])
    assert step[-1] == pytest.approx(50.0, abs=0.1)
    assert (np.diff(step[30:]) >= -1e-9).all()


def test_speed_shortens_the_lag() -> None:
    moving = np.r_[np.zeros(30), np.arange(60) * 5.0]
    lag = [float((moving - smoothed(moving, beta=beta))[-1]) for beta in (0.0, 0.007, 0.1)]
    assert lag[0] > lag[1] > lag[2] > 0


def test_a_short_gap_keeps_the_place_and_a_long_one_is_a_gap() -> None:
    values = np.r_[np.full(30, 3.0), np.full(30, np.nan), np.full(10, 8.0)]
    kept = smoothed(values)
    held = round(HOLD_S / STEP_S)
    assert (kept[30 : 30 + held - 1] == 3.0).all()
    assert np.isnan(kept[30 + held + 1 : 60]).all()
    # what comes back begins anew, not where it was lost
    assert kept[60] == 8.0


def test_time_must_go_on() -> None:
    one_euro = OneEuro()
    one_euro.step(1.0, 0.0)
    with pytest.raises(ValueError, match="after 1 s"):
        one_euro.step(1.0, 0.0)
