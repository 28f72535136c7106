from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formdrift.pose.track import People


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"xy_px": np.zeros((180, 17, 2))}, r"expected xy_px of shape \(180, 33, 2\), got \(180, 17, 2\)"),
        ({"visibility": np.zeros((179, 33))}, r"expected visibility of shape \(180, 33\), got \(179, 33\)"),
        ({"world_m": np.zeros((180, 33, 2))}, r"expected world_m of shape \(180, 33, 3\)"),
        ({"time_s": np.zeros(180)}, "expected strictly increasing time_s"),
        ({"segments": ((0, 90), (91, 180))}, "expected segments that cover frames 0 to 180"),
    ],
)
def test_what_does_not_fit_is_refused(make_track, changes, message) -> None:
    with pytest.raises(ValueError, match=message):
        make_track(**changes)


def test_arrays_are_read_only_copies(make_track) -> None:
    visibility = np.ones((180, 33))
    track = make_track(visibility=visibility)
    visibility[:] = 0
    assert track.visibility.min() == 1
    with pytest.raises(ValueError, match="read-only"):
        track.xy_px[0] = 0


def test_between_keeps_the_parts_of_segments(make_track) -> None:
    part = make_track(segments=((0, 60), (60, 180))).between(1.0, 3.0)
    assert len(part) == 60
    assert part.time_s[0] == pytest.approx(1.0)
    assert part.segments == ((0, 30), (30, 60))


def test_between_times_in_the_wrong_order_lies_nothing(make_track) -> None:
    assert len(make_track().between(3.0, 1.0)) == 0


def test_a_joint_by_name(make_track) -> None:
    track = make_track()
    np.testing.assert_array_equal(track.joint("left_knee"), track.xy_px[:, 25])
    np.testing.assert_array_equal(track.joint_world("right_hip"), track.world_m[:, 24])
    assert np.isnan(track.joint("neck")).all()
    assert np.isnan(replace(track, world_m=None).joint_world("left_hip")).all()


def test_people_check_their_subject(make_track) -> None:
    track = make_track()
    assert People((track, track), (0.2, 0.9), 1).lifter is track
    with pytest.raises(ValueError, match="expected a subject from 0 to 0, got 1"):
        People((track,), (1.0,), 1)
    with pytest.raises(ValueError, match="expected 1 scores, got 2"):
        People((track,), (1.0, 0.5), 0)
