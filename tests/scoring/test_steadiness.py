"""Balance inside the lift on the stick figure: hips aside, weight over the foot, feet that move."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from figure import FROM_FRONT, FROM_LEFT, FROM_RIGHT, HALF_M, PARALLEL_SQUAT, film, mirror, reps

from formdrift.scoring.sets import score_track

if TYPE_CHECKING:
    from formdrift.pose.track import PoseTrack
    from formdrift.scoring.result import Measurement
    from formdrift.scoring.thresholds import Thresholds

PX_PER_M = 220.0
FOOT_M = 0.28 * 0.85


def measured(track: PoseTrack, thresholds: Thresholds, name: str) -> list[Measurement]:
    (one,) = score_track(track, "squat", thresholds).sets
    assert len(one.reps) == 4
    return [rep.measurements[name] for rep in one.reps]


def moved(track: PoseTrack, joints: tuple[str, ...], way_m: np.ndarray) -> PoseTrack:
    xy = track.xy_px.copy()
    for joint in joints:
        xy[:, track.topology.index[joint], 0] += way_m * PX_PER_M
    return replace(track, xy_px=xy)


def test_hips_that_wander_aside_are_measured_from_the_front(thresholds: Thresholds):
    motion = reps(PARALLEL_SQUAT)
    track = film(motion, FROM_FRONT)
    way_m = 0.03 * np.sin(2 * np.pi * 0.8 * motion.time_s)
    wandering = moved(track, ("left_hip", "right_hip"), way_m)
    for still, wide in zip(
        measured(track, thresholds, "hip_path_width"),
        measured(wandering, thresholds, "hip_path_width"),
        strict=True,
    ):
        assert still.value == pytest.approx(0.0, abs=0.02)
        assert wide.value == pytest.approx(0.06 / (2 * HALF_M["hip"]), rel=0.1)
    side = measured(film(motion, FROM_LEFT), thresholds, "hip_path_width")
    assert {m.status for m in side} == {"not_observable"}


def test_the_weight_over_the_foot_is_measured_from_either_side(thresholds: Thresholds):
    motion = reps(PARALLEL_SQUAT)
    left, right = (
        [m.value for m in measured(film(motion, yaw), thresholds, "balance_point_bottom")]
        for yaw in (FROM_LEFT, FROM_RIGHT)
    )
    np.testing.assert_allclose(left, right, atol=0.02)
    np.testing.assert_allclose(np.ptp(np.array(left, dtype=float)), 0.0, atol=0.02)
    # the same body with its feet 5 cm further back stands 5 cm further forward over them
    track = film(motion, FROM_LEFT)
    forward = np.sign(np.nanmedian(track.joint("left_toe")[:, 0] - track.joint("left_heel")[:, 0]))
    feet = tuple(f"{side}_{joint}" for side in ("left", "right") for joint in ("heel", "toe"))
    back = measured(moved(track, feet, np.full(len(track), -0.05 * forward)), thresholds, "balance_point_bottom")
    # heel to toe of the figure is 0.25 m
    for one, other in zip(left, back, strict=True):
        assert other.value == pytest.approx((one or 0.0) + 0.05 / 0.25, abs=0.02)


def test_feet_that_move_are_measured_from_anywhere(thresholds: Thresholds):
    motion = reps(PARALLEL_SQUAT)
    # a shuffle of 6 cm in the second repetition
    away = np.where(motion.time_s > 1.5 + 3.4 + 1.2, 0.06, 0.0)
    for yaw in (FROM_FRONT, FROM_LEFT):
        track = moved(film(motion, yaw), ("left_ankle", "left_heel", "left_toe"), away)
        for each in (track, mirror(track)):
            values = [m.value for m in measured(each, thresholds, "feet_shift")]
            assert values[1] == pytest.approx(0.06 / FOOT_M, rel=0.15)
            assert max(v or 0.0 for i, v in enumerate(values) if i != 1) < 0.05
