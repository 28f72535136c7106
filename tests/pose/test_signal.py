from __future__ import annotations

import numpy as np

from formdrift.pose.signal import fill_gaps, hampel, running_median


def test_hampel_replaces_only_the_outlier() -> None:
    x = np.array([1, 1.1, 0.9, 1, 8, 1.05, 0.95])
    median = np.median(x)
    assert median == running_median(x, 7)[3] == 1
    np.testing.assert_allclose(1.4826 * np.median(np.abs(x - median)), 0.07413)
    filtered, outliers = hampel(x)
    np.testing.assert_array_equal(outliers, x == 8)
    np.testing.assert_array_equal(filtered[~outliers], x[~outliers])
    assert filtered[4] == np.median(x[1:])


def test_hampel_treats_columns_alone_and_leaves_gaps() -> None:
    x = np.zeros((20, 2, 3)) + np.arange(20)[:, None, None]
    x[8, 1, 2] += 50
    x[12, 0, 0] = np.nan
    _, outliers = hampel(x)
    assert list(zip(*np.nonzero(outliers), strict=True)) == [(8, 1, 2)]


def test_hampel_of_nothing_is_nothing() -> None:
    filtered, outliers = hampel(np.zeros((0, 2)))
    assert filtered.shape == outliers.shape == (0, 2)


def test_hampel_needs_the_floor_at_rest() -> None:
    x = np.zeros(15)
    x[7] = 0.2
    assert hampel(x)[1][7]
    assert not hampel(x, floor=0.25)[1].any()


def test_running_median_ignores_gaps() -> None:
    x = np.array([np.nan, 5, 1, np.nan, 9, np.nan, np.nan, np.nan, np.nan])
    expected = [
        np.nanmedian(x[max(0, i - 1) : i + 2]) if np.isfinite(x[max(0, i - 1) : i + 2]).any() else np.nan
        for i in range(9)
    ]
    np.testing.assert_array_equal(running_median(x, 3), expected)


def test_gaps_are_filled_up_to_a_length_and_never_beyond_the_ends() -> None:
    time_s = np.arange(60) / 30
    truth = np.column_stack([np.sin(time_s), time_s**2])
    x = truth.copy()
    x[10:13, 0] = np.nan  # 0.13 s between its neighbours
    x[30:39, 0] = np.nan  # 0.33 s
    x[:2, 1] = np.nan
    x[-3:, 1] = np.nan
    filled = fill_gaps(time_s, x, 0.2)
    np.testing.assert_allclose(filled[10:13, 0], truth[10:13, 0], atol=1e-3)
    assert np.isnan(filled[30:39, 0]).all()
    assert np.isnan(filled[:2, 1]).all()
    assert np.isnan(filled[-3:, 1]).all()
    known = np.isfinite(x)
    np.testing.assert_array_equal(filled[known], x[known])


def test_columns_without_two_known_samples_stay() -> None:
    x = np.full((5, 2), np.nan)
    x[2, 0] = 1
    np.testing.assert_array_equal(fill_gaps(np.arange(5.0), x, 9), x)


def test_the_running_median_of_single_samples_is_the_samples() -> None:
    x = np.array([1.0, np.nan, 3.0])
    median = running_median(x, 1)
    np.testing.assert_array_equal(median, x)
    median[0] = 2.0
    assert x[0] == 1.0
