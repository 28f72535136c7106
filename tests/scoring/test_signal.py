from __future__ import annotations

import numpy as np
import pytest

from formdrift.scoring.signal import (
    bridge,
    butter_zero_lag,
    design_cutoff,
    mean_seen,
    median,
    resample,
    runs,
    sampling_rate,
    uniform_clock,
    velocity,
)


def gain(signal_hz: float, fc_hz: float, fs_hz: float) -> float:
    """Gain and lag of the filter, from a long sine projected on itself."""
    t = np.arange(round(60 * fs_hz)) / fs_hz
    wave = np.exp(2j * np.pi * signal_hz * t)
    smooth = butter_zero_lag(wave.real, fc_hz, fs_hz)
    inner = slice(len(t) // 4, -len(t) // 4)
    response = 2.0 * np.mean(smooth[inner] * np.conj(wave[inner]))
    assert response.imag == pytest.approx(0, abs=1e-3)
    return float(response.real)


def test_two_passes_keep_the_cut_off() -> None:
    assert (np.sqrt(2.0) - 1.0) ** 0.25 == pytest.approx(0.802243, abs=1e-6)
    assert design_cutoff(6.0, 30.0) == pytest.approx(7.027534, abs=1e-6)
    assert gain(6.0, 6.0, 30.0) == pytest.approx(0.707107, abs=1e-3)
    # a filter designed without the correction would leave 0.5
    uncorrected = np.tan(np.pi * 6.0 / 30.0) * 0.802243
    assert gain(6.0, float(30.0 / np.pi * np.arctan(uncorrected)), 30.0) == pytest.approx(0.5, abs=1e-3)


def test_filter_passes_slow_and_stops_fast() -> None:
    assert gain(0.5, 3.0, 30.0) == pytest.approx(1.0, abs=2e-3)
    assert gain(12.0, 3.0, 30.0) < 0.01


def test_cut_off_is_capped_at_a_quarter_of_the_rate() -> None:
    x = np.random.default_rng(0).standard_normal(80)
    assert butter_zero_lag(x, 6.0, 10.0) == pytest.approx(butter_zero_lag(x, 2.5, 10.0))


def test_filter_leaves_straight_lines_alone_to_the_ends() -> None:
    line = np.linspace(2.0, 5.0, 40)
    assert butter_zero_lag(line, 6.0, 30.0) == pytest.approx(line, abs=1e-6)


def test_gaps_stay_gaps_and_do_not_spread() -> None:
    x = np.stack([np.ones(60), np.full(60, np.nan)], axis=1)
    x[20:26, 0] = np.nan
    smooth = butter_zero_lag(x, 3.0, 30.0)
    assert np.isnan(smooth[20:26, 0]).all()
    assert np.delete(smooth[:, 0], slice(20, 26)) == pytest.approx(1.0)
    assert np.isnan(smooth[:, 1]).all()


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_filter_takes_very_short_series(count: int) -> None:
    assert butter_zero_lag(np.full(count, 7.0), 6.0, 30.0) == pytest.approx(7.0)


def test_clock_is_uniform_and_stays_within_the_video() -> None:
    stamps = np.array([0.1, 0.13, 0.17, 0.2, 0.2335, 0.2667])
    clock = uniform_clock(stamps, 30.0)
    assert clock[0] == 0.1
    assert clock[-1] <= stamps[-1]
    assert np.diff(clock) == pytest.approx(1 / 30, abs=1e-9)
    assert len(clock) == 6


def test_rate_ignores_a_dropped_frame() -> None:
    assert sampling_rate(np.delete(np.arange(30) / 25.0, 10)) == pytest.approx(25.0)


def test_a_burst_of_time_stamps_does_not_set_the_rate() -> None:
    burst = np.sort(np.concatenate([np.arange(8) * 0.5, 1.1 + np.arange(30) / 90_000]))
    assert sampling_rate(burst) == pytest.approx(2 * (len(burst) - 1) / 3.5)


def test_resampling_keeps_known_values_and_long_gaps() -> None:
    t = np.arange(40) / 20.0
    x = np.stack([t**2, t], axis=1)
    x[10:20] = np.nan
    new_t = np.arange(0.0, 1.95, 0.01)
    out = resample(t, x, new_t, 0.2)
    inside = (new_t > 0.4501) & (new_t < 0.9999)
    assert np.isnan(out[inside]).all()
    assert out[~inside & (new_t < 0.45)] == pytest.approx(
        np.stack([new_t**2, new_t], axis=1)[~inside & (new_t < 0.45)], abs=1e-3
    )


def test_samples_beside_a_long_gap_are_kept() -> None:
    t = np.arange(40) / 20.0
    x = np.where((t > 0.46) & (t < 0.99), np.nan, 1.0)
    assert resample(t, x, t, 0.2) == pytest.approx(x, nan_ok=True)


def test_resampling_never_extrapolates() -> None:
    t = np.arange(10) / 10.0
    x = np.where((t < 0.25) | (t > 0.65), np.nan, 1.0)
    out = resample(t, x, t, 0.2)
    assert np.isnan(out[[0, 1, 2, 7, 8, 9]]).all()
    assert out[3:7] == pytest.approx(1.0)


def test_frames_further_apart_than_a_gap_are_no_gap() -> None:
    t = np.arange(20) / 5.0  # steps of 0.2 s, some longer by a rounding error
    assert np.isfinite(resample(t, t, t, 0.2)).all()
    slow = np.arange(20) / 4.0
    assert np.isfinite(resample(slow, slow, slow, 0.2)).all()


def test_bridges_are_straight_and_ends_are_held() -> None:
    x = np.array([np.nan, 1.0, np.nan, np.nan, 4.0, np.nan])
    assert bridge(x) == pytest.approx([1, 1, 2, 3, 4, 4])
    assert np.isnan(bridge(np.full(3, np.nan))).all()


@pytest.mark.parametrize("shape", [(0,), (0, 2), (0, 3, 2)])
def test_nothing_is_neither_bridged_nor_resampled(shape: tuple[int, ...]) -> None:
    assert bridge(np.zeros(shape)).shape == butter_zero_lag(np.zeros(shape), 6.0, 30.0).shape == shape
    assert resample(np.zeros(0), np.zeros(shape), np.zeros(0), 0.2).shape == shape
    after = resample(np.zeros(0), np.zeros(shape), np.arange(3.0), 0.2)
    assert after.shape == (3, *shape[1:])
    assert np.isnan(after).all()


def test_velocity_of_a_parabola() -> None:
    t = np.arange(5) / 30.0
    assert velocity(t**2, 30.0)[1:-1] == pytest.approx(2 * t[1:-1])
    assert velocity([3.0], 30.0) == pytest.approx([0.0])


def test_runs_are_half_open() -> None:
    assert runs([True, False, True, True]).tolist() == [[0, 1], [2, 4]]
    assert runs([False, False]).tolist() == []


def test_medians_and_means_ignore_what_was_not_seen() -> None:
    assert median([np.nan, 1.0, 5.0, 3.0]) == 3.0
    assert np.isnan(median([np.nan]))
    assert mean_seen(np.array([1.0, np.nan, np.nan]), np.array([3.0, 2.0, np.nan])) == pytest.approx(
        [2, 2, np.nan], nan_ok=True
    )
