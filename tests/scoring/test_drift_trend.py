"""Trends over sessions, typical days and personal bests."""

import numpy as np
import pytest

from formdrift.scoring.trend import personal_best, session_trend, set_effect, typical_day


@pytest.mark.parametrize("count", [6, 8, 12])
def test_false_claims_over_sessions(count: int) -> None:
    rng = np.random.default_rng(1)
    claims = [session_trend(rng.standard_normal(count), sem=0.1).claimed for _ in range(1500)]
    assert np.mean(claims) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 1500)


def test_too_few_sessions_say_why() -> None:
    trend = session_trend([1.0, 2.0, 3.0], sem=0.1)
    assert not trend.claimed
    assert trend.change is None
    assert "6" in (trend.reason or "")


def test_a_clear_trend_is_claimed_unless_error_explains_it() -> None:
    levels = [1.0, 1.2, 1.9, 2.1, 2.8, 3.2, 3.4]
    assert session_trend(levels, sem=0.1).claimed
    assert not session_trend(levels, sem=5.0).claimed


def test_three_sets_give_a_change_and_no_claim() -> None:
    effect = set_effect([30.0, 33.0, 37.0], sem=0.1)
    assert effect.change == pytest.approx(7.0)
    assert not effect.claimed


def test_a_typical_day_holds_its_share_of_days() -> None:
    rng = np.random.default_rng(2)
    days = rng.standard_normal((4000, 6))
    outside = [typical_day(day[:5], day[5]).today != "usual" for day in days]
    assert np.mean(outside) == pytest.approx(0.05, abs=0.012)
    assert typical_day([1.0, 2.0]) is None


def test_a_record_must_beat_error() -> None:
    assert personal_best([10.0, 10.5, 14.0], sem=1.0, higher_is_better=True) == 2
    assert personal_best([10.0, 10.5, 11.0], sem=1.0, higher_is_better=True) is None
    assert personal_best([10.0, 6.0], sem=1.0, higher_is_better=False) == 1
