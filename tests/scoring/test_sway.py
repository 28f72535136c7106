"""Descriptors of sway against closed forms (specification, oracles 26 to 44)."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ellipe

from formdrift.scoring.sway import bds_descriptors, rms, romberg, sway_1d, sway_2d
from formdrift.scoring.sway_clock import swarii, swarii_weights
from formdrift.scoring.sway_ellipse import CHI2_95, chi2_area, ellipse, prediction_area, prediction_factor
from formdrift.scoring.sway_margin import extrapolated_centre, mean_least_time_to_boundary, time_to_boundary
from formdrift.scoring.sway_spectrum import spectral_descriptors

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from formdrift.scoring.sway import Quantity

FS, N = 100.0, 2000
TIME = np.arange(N) / FS


def loop(ml: float, ap: float, frequency: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    phase = 2 * np.pi * frequency * TIME
    return ml * np.cos(phase), ap * np.sin(phase)


def values(found: Mapping[str, Quantity]) -> dict[str, float]:
    return {name: each.value for name, each in found.items()}


def test_circle():
    found = values(sway_2d(*loop(10.0, 10.0), FS))
    step = 2 * 10 * np.sin(np.pi * 0.5 / FS)
    expected = {
        "MDIST": 10.0,
        "RMS": 10.0,
        "RMS-ML": 10 / np.sqrt(2),
        "RANGE": 20.0,
        "TOTEX": step * (N - 1),
        "MVELO": step * FS,
        "MFREQ": step * FS / (2 * np.pi * 10),
        "AREA-SW": 0.5 * 10**2 * np.sin(2 * np.pi * 0.5 / FS) * FS,
        "AREA-CHI2": np.pi * CHI2_95 * 50 * N / (N - 1),
    }
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-9), name
    # and the numbers of the specification, as printed there
    printed = {
        "RMS-ML": 7.071068,
        "MVELO": 31.414635,
        "TOTEX": 627.978546,
        "AREA-SW": 157.053795,
        "MFREQ": 0.499979,
        "MFREQ-AP": 0.555248,
        "AREA-CHI2": 941.607854,
        "AREA-PE95": 943.964810,
    }
    for name, value in printed.items():
        assert found[name] == pytest.approx(value, abs=1e-6), name


def test_the_ellipse_of_the_mean_is_another_thing():
    # it shrinks with n: half a square millimetre around a circle of 20 mm
    covariance = np.cov(np.stack(loop(10.0, 10.0)))
    assert prediction_area(covariance, N) / (N + 1) == pytest.approx(0.471747, abs=1e-6)


def test_ellipse():
    found = values(sway_2d(*loop(6.0, 3.0), FS))
    around = 4 * 6 * ellipe(0.75)
    assert found["MDIST"] == pytest.approx(around / (2 * np.pi), abs=1e-6)
    assert found["MDIST"] == pytest.approx(4.625893, abs=1e-6)
    assert around == pytest.approx(29.065345, abs=1e-6)
    # ten times around, but for the last step
    assert found["TOTEX"] == pytest.approx(290.547, abs=1e-3)
    assert found["RMS"] == pytest.approx(4.743416, abs=1e-6)
    assert found["RMS-ML"] == pytest.approx(4.242641, abs=1e-6)
    assert found["AREA-SW"] == pytest.approx(28.269683, abs=1e-6)
    assert found["ELLIPSE-MAJOR"] / found["ELLIPSE-MINOR"] == pytest.approx(2.0, rel=1e-9)
    assert found["ELLIPSE-ANGLE"] == pytest.approx(0.0, abs=1e-6)


def test_units_follow_the_series():
    found = sway_2d(*loop(1.0, 1.0), FS, "cm")
    assert (found["RMS"].unit, found["MVELO"].unit, found["AREA-PE95"].unit) == ("cm", "cm/s", "cm²")
    assert (found["AREA-SW"].unit, found["MFREQ"].unit, found["FREQD-ML"].unit) == ("cm²/s", "Hz", "")


def test_sine():
    found = values(sway_1d(5 * np.sin(2 * np.pi * 0.25 * TIME), FS))
    assert found["RMS"] == pytest.approx(3.535534, abs=1e-6)
    assert found["MFREQ"] == pytest.approx(np.pi / (2 * np.sqrt(2)) * 0.25, abs=5e-4)
    assert found["RANGE"] == pytest.approx(10.0, abs=1e-9)
    assert found["F50"] == pytest.approx(0.25)


def test_a_series_that_stands_still_has_no_frequency():
    found = values(sway_1d(np.full(50, 3.0), FS))
    assert (found["RMS"], found["TOTEX"]) == (0.0, 0.0)
    assert np.isnan([found["MFREQ"], found["F50"]]).all()


def test_a_line_has_a_range_and_no_area():
    found = values(sway_2d(np.linspace(0, 3, 50), np.linspace(0, 4, 50), FS))
    assert found["RANGE"] == pytest.approx(5.0)
    assert found["AREA-PE95"] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("bad", [[1.0, 2.0, 3.0], [1.0, np.nan, 2.0, 3.0, 4.0]])
def test_too_short_or_broken_series_are_refused(bad):
    with pytest.raises(ValueError, match="expected"):
        sway_1d(bad, FS)


def test_axes_of_different_length_are_refused():
    with pytest.raises(ValueError, match="one length"):
        sway_2d(np.zeros(10), np.zeros(11), FS)


def test_chi_squared_limit():
    assert pytest.approx(-2 * np.log(0.05), rel=1e-12) == CHI2_95
    assert chi2_area([[16, 0], [0, 9]]) == pytest.approx(225.872892, abs=1e-6)
    assert chi2_area([[16, 0.6 * 12], [0.6 * 12, 9]]) == pytest.approx(180.698314, abs=1e-6)


def test_prediction_factor():
    expected = {30: 22.46244, 100: 19.80418, 300: 19.14063, 900: 18.92771, 3000: 18.85413}
    for n, factor in expected.items():
        assert prediction_factor(n) == pytest.approx(factor, abs=1e-5)
    assert np.pi * CHI2_95 == pytest.approx(18.82274, abs=1e-5)


def test_four_points():
    x, y = [2.0, -2.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0]
    found = values(sway_2d(x, y, FS))
    assert np.diag(np.cov(x, y)) == pytest.approx([8 / 3, 2 / 3])
    assert found["AREA-PE95"] == pytest.approx(298.451302, abs=1e-6)
    assert found["AREA-CHI2"] == pytest.approx(25.096988, abs=1e-6)


def test_the_prediction_ellipse_holds_95_percent_of_new_points():
    random = np.random.default_rng(0)
    inside = []
    for _ in range(4000):
        cloud = random.standard_normal((13, 2))
        seen, new = cloud[:12], cloud[12] - cloud[:12].mean(axis=0)
        covariance = np.cov(seen.T)
        # the ellipse of this area with the axes of the covariance
        scale = prediction_area(covariance, 12) / (np.pi * np.sqrt(np.linalg.det(covariance)))
        inside.append(new @ np.linalg.solve(covariance, new) <= scale)
    assert np.mean(inside) == pytest.approx(0.95, abs=0.012)


def test_ellipse_axes_follow_a_tilted_cloud():
    turn = np.radians(30.0)
    axes = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    major, minor, angle = ellipse(axes @ np.diag([9.0, 4.0]) @ axes.T)
    assert (major, minor) == pytest.approx((3 * np.sqrt(CHI2_95), 2 * np.sqrt(CHI2_95)))
    assert angle == pytest.approx(30.0)


@given(st.integers(0, 10_000))
def test_turning_the_floor_changes_only_what_belongs_to_an_axis(seed):
    cloud = np.random.default_rng(seed).standard_normal((60, 2)) * [3.0, 1.0]
    turn = np.radians(37.0)
    turned = cloud @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    before, after = values(sway_2d(*cloud.T, FS)), values(sway_2d(*turned.T, FS))
    for name in ("AREA-PE95", "AREA-CHI2", "AREA-SW", "RMS", "RANGE", "TOTEX", "MFREQ"):
        assert after[name] == pytest.approx(before[name], rel=1e-9), name
    assert after["RMS-ML"] != pytest.approx(before["RMS-ML"], rel=0.05)


def test_jitter_alone_makes_a_path():
    noise = np.random.default_rng(0).standard_normal((2, 300_000))
    found = values(sway_2d(*noise, 30.0))
    assert found["TOTEX"] / (300_000 - 1) == pytest.approx(np.sqrt(np.pi), rel=0.005)
    assert found["MVELO"] == pytest.approx(53.173616, rel=0.005)


def test_spectrum_of_two_sines():
    t = np.arange(3000) / 50.0
    x = 3 * np.sin(2 * np.pi * 0.3 * t) + np.sin(2 * np.pi * 1.5 * t)
    found = spectral_descriptors(x, 50.0, (0.0, 25.0), "boxcar")
    assert found["F50"] == pytest.approx(0.3)
    assert found["F95"] == pytest.approx(1.5)
    assert found["CFREQ"] == pytest.approx(0.553173, abs=1e-6)
    assert found["FREQD"] == pytest.approx(0.650791, abs=1e-6)


def test_what_lies_outside_the_band_does_not_count():
    t = np.arange(1500) / 50.0
    slow, fast = np.sin(2 * np.pi * 0.5 * t), 20 * np.sin(2 * np.pi * 8.0 * t)
    assert spectral_descriptors(slow + fast, 50.0)["F95"] < 1.0


def test_swarii_weights_are_parts_of_intervals():
    t = np.array([0.0, 0.02, 0.05, 0.10])
    weights = swarii_weights(t, np.array([0.05]), 0.05)
    np.testing.assert_allclose(weights, [[0.01, 0.025, 0.04, 0.025]], atol=1e-12)
    assert swarii(t, 10 * t, [0.05], 0.05) == pytest.approx(0.5)


def test_swarii_lets_no_burst_outweigh_time():
    assert swarii([0, 0.001, 0.002, 0.1], [0, 0, 0, 1], [0.05], 0.05) == pytest.approx(0.49)


def test_swarii_passes_over_what_is_missing_and_leaves_gaps():
    t = np.arange(60) / 30.0
    x = np.where((t > 0.5) & (t < 1.2), np.nan, 2.0)
    found = swarii(t, x, [0.3, 0.8, 1.5], 0.06)
    assert found[[0, 2]] == pytest.approx(2.0)
    assert np.isnan(found[1])


def test_derived_indices():
    assert romberg(18.0, 12.0) == pytest.approx(1.5)
    assert np.isnan(romberg(18.0, 0.0))
    assert rms([3.0, np.nan, 5.0]) == pytest.approx(1.0)
    assert extrapolated_centre(0.0, 0.1, 1.0) == pytest.approx(0.031928, abs=1e-6)
    assert time_to_boundary(0.0, 10.0, -20.0, 50.0) == pytest.approx(5.0)
    assert time_to_boundary(0.0, -10.0, -20.0, 50.0) == pytest.approx(2.0)
    assert np.isinf(time_to_boundary(0.0, 0.0, -20.0, 50.0))
    assert mean_least_time_to_boundary([5, 1, 4, 3, 6]) == pytest.approx(2.0)


def test_published_values_of_forty_force_plate_trials(shared_data: Path):
    folder = shared_data / "sway" / "bds"
    with (folder / "reference.csv").open(encoding="utf-8") as file:
        published = list(csv.DictReader(file))
    assert len(published) == 40
    for row in published:
        trial = folder / f"{row['Trial']}.txt"
        header = trial.read_text(encoding="utf-8").split("\n", 1)[0].split("\t")
        columns = [header.index(f"COP{axis}[cm]") for axis in "xy"]
        found = bds_descriptors(*np.loadtxt(trial, skiprows=1, usecols=columns).T, 100.0)
        for name in ("COParea", "COPvelo", "COPmfreq"):
            assert found[name].value == pytest.approx(float(row[name]), rel=1e-9), (row["Trial"], name)
