"""Reps lie in time as planned, vary by the seed and tire as asked."""

from __future__ import annotations

import numpy as np
import pytest

from formdrift.sample_videos.render.faults import Fatigue
from formdrift.sample_videos.render.programme import (
    Movement,
    Variation,
    clip_duration_s,
    depth_curve,
    plan_reps,
    rep_times,
)

SET = Movement(
    exercise="squat",
    reps=4,
    knee_flexion_deg=(8, 120),
    trunk_inclination_deg=(3, 40),
    arm_elevation_deg=(10, 80),
    descent_s=1.5,
    hold_s=0.3,
    ascent_s=1.0,
    pause_s=0.5,
    lead_in_s=2.0,
    lead_out_s=1.0,
)


STEADY, FRESH = Variation(), Fatigue()


def plan(variation=STEADY, fatigue=FRESH, seed=0):
    return plan_reps(SET, variation, fatigue, np.random.default_rng(seed))


def test_equal_reps_follow_each_other():
    times = rep_times(SET, plan())
    np.testing.assert_allclose(times.start_s, [2.0, 5.3, 8.6, 11.9])
    np.testing.assert_allclose(times.descent_end_s - times.start_s, 1.5)
    np.testing.assert_allclose(times.bottom_s - times.start_s, 1.65)
    np.testing.assert_allclose(times.end_s - times.ascent_start_s, 1.0)
    assert clip_duration_s(SET, plan()) == pytest.approx(2 + 4 * 3.3 + 1)


def test_depth_turns_at_the_edges():
    times = rep_times(SET, plan())
    depth, rep = depth_curve(times, np.concatenate([times.start_s, times.bottom_s, times.end_s, [0.0, 99.0]]))
    np.testing.assert_allclose(depth, [0] * 4 + [1] * 4 + [0] * 6, atol=1e-12)
    assert rep.tolist() == [0, 1, 2, 3] * 3 + [-1, 3]


def test_depth_falls_and_rises_once_a_rep():
    time = np.arange(0, clip_duration_s(SET, plan()), 0.01)
    depth, rep = depth_curve(rep_times(SET, plan()), time)
    for number in range(4):
        slope = np.sign(np.diff(depth[rep == number]).round(12))
        turns = slope[slope != 0]
        assert np.count_nonzero(np.diff(turns)) == 1
        assert turns[0] > 0


def test_fatigue_begins_at_its_rep_and_grows():
    reps = plan(fatigue=Fatigue(from_rep=3, knee_flexion_deg=-4, trunk_inclination_deg=3, descent=0.1, ascent=0.2))
    assert [r.knee_flexion_deg for r in reps] == [120, 120, 116, 112]
    assert [r.trunk_inclination_deg for r in reps] == [40, 40, 43, 46]
    assert [r.ascent_s for r in reps] == pytest.approx([1, 1, 1.2, 1.4])
    assert [r.descent_s for r in reps] == pytest.approx([1.5, 1.5, 1.65, 1.8])


def test_variation_depends_on_the_seed_only():
    variation = Variation(knee_flexion_deg=2, trunk_inclination_deg=1, duration=0.05)
    assert plan(variation, seed=3) == plan(variation, seed=3)
    assert plan(variation, seed=3) != plan(variation, seed=4)
    assert len({r.knee_flexion_deg for r in plan(variation)}) == 4


def test_a_set_without_reps_is_standing():
    none = Movement("squat", 0, (8, 120), (3, 40), (10, 80), lead_in_s=1.0, lead_out_s=1.0)
    assert clip_duration_s(none, ()) == 2.0
    depth, rep = depth_curve(rep_times(none, ()), np.array([0.0, 1.5]))
    assert depth.tolist() == [0, 0]
    assert rep.tolist() == [-1, -1]
