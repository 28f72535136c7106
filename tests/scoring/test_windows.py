import numpy as np

from formdrift.scoring.windows import Windows


def test_reads_each_range_of_a_curve_and_pads_with_unknown() -> None:
    curve = np.arange(10.0)
    windows = Windows.of([slice(1, 4), slice(8, 12), np.array([0, 5])], len(curve))
    np.testing.assert_array_equal(windows.lengths, [3, 2, 2])
    np.testing.assert_array_equal(windows.read(curve), [[1, 2, 3], [8, 9, np.nan], [0, 5, np.nan]])


def test_medians_are_those_of_the_ranges_alone_and_unknown_where_any_of_it_is() -> None:
    rng = np.random.default_rng(3)
    curve = rng.normal(size=60)
    curve[40] = np.nan
    ranges = [slice(0, 7), slice(10, 20), slice(35, 45), slice(55, 70), slice(50, 50)]
    medians = Windows.of(ranges, len(curve)).medians(curve)
    np.testing.assert_array_equal(medians[[0, 1, 3]], [np.median(curve[r]) for r in (ranges[0], ranges[1], ranges[3])])
    assert np.isnan(medians[[2, 4]]).all()
