"""What is a repetition of what: the whole path from landmarks to counted sets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import figure
import numpy as np
import pytest
from figure import Pose, Tempo, clock, film, from_the_floor, min_jerk, moving, profile, reps

from formdrift.scoring.exercise import Shape, classify, hinge_probability
from formdrift.scoring.sets import score_track

if TYPE_CHECKING:
    from formdrift.pose.track import PoseTrack
    from formdrift.scoring.result import SetResult
    from formdrift.scoring.thresholds import Thresholds

SQUAT = figure.PARALLEL_SQUAT
EVERY_VIEW = [90.0, -90.0, 75.0, 45.0, 0.0, 180.0, -135.0]


def one_set(track: PoseTrack, thresholds: Thresholds, exercise: str = "auto") -> SetResult:
    (only,) = score_track(track, exercise, thresholds).sets
    return only


def nothing_counted(track: PoseTrack, thresholds: Thresholds) -> bool:
    found = one_set(track, thresholds)
    return found.reps == () and found.summary.full_reps == 0 and found.exercise.detected == "other"


@pytest.mark.parametrize(
    ("ratio", "shank", "trunk", "probability"), [(0.13, 3, 70, 0.996731), (1.10, 28, 35, 0.003684)]
)
def test_probability_of_a_hinge(ratio: float, shank: float, trunk: float, probability: float) -> None:
    assert hinge_probability(ratio, shank, trunk) == pytest.approx(probability, abs=1e-6)


@pytest.mark.parametrize(("ratio", "shank", "trunk", "probability"), [(0.25, 5, 65, 0.988), (1.14, 20, 60, 0.033)])
def test_probability_of_other_lifts(ratio: float, shank: float, trunk: float, probability: float) -> None:
    assert hinge_probability(ratio, shank, trunk) == pytest.approx(probability, abs=1e-3)


@pytest.mark.parametrize(("knee", "hip", "ratio"), [(7.8, 58.4, 0.133562), (103.4, 90.4, 1.143805)])
def test_ratio_of_published_lifts(knee: float, hip: float, ratio: float, thresholds: Thresholds) -> None:
    """Good morning and deadlift of Schellenberg et al. (2013), commanded to the figure."""
    trunk = min(hip, 40.0)
    pose = Pose(shank=knee - (hip - trunk), thigh=trunk - hip, trunk=trunk)
    found = one_set(film(reps(pose)), thresholds, "deadlift")
    measured = [rep.measurements["knee_to_hip_flexion_ratio"].value for rep in found.reps]
    assert measured == pytest.approx([ratio] * 4, abs=2e-3)


def test_what_was_not_seen_does_not_decide() -> None:
    assert classify(Shape(np.nan, np.nan, 70.0, 0.1, np.nan, np.nan))[0] == "hinge"
    assert classify(Shape(np.nan, np.nan, 20.0, 0.6, np.nan, np.nan))[0] == "squat"


def test_no_hinge_brings_the_hips_to_the_knees() -> None:
    assert classify(Shape(0.6, 10.0, 70.0, 0.55, np.nan, np.nan))[0] == "squat"


@pytest.mark.parametrize("yaw", EVERY_VIEW)
def test_squats_are_squats_from_every_side(yaw: float, thresholds: Thresholds) -> None:
    found = one_set(film(reps(SQUAT), yaw), thresholds)
    assert (found.exercise.detected, found.exercise.family) == ("squat", "squat")
    assert (found.summary.full_reps, found.summary.partial_reps) == (4, 0)


@pytest.mark.parametrize("yaw", EVERY_VIEW)
def test_hinges_are_hinges_from_every_side(yaw: float, thresholds: Thresholds) -> None:
    found = one_set(film(reps(figure.RDL), yaw), thresholds)
    assert (found.exercise.detected, found.exercise.family) == ("hinge", "hinge")
    assert (found.summary.full_reps, found.summary.partial_reps) == (4, 0)


def test_hands_at_the_floor_make_a_deadlift(thresholds: Thresholds) -> None:
    found = one_set(film(reps(figure.KETTLEBELL)), thresholds)
    assert (found.exercise.detected, found.exercise.family) == ("deadlift", "hinge")
    assert found.summary.full_reps == 4
    forward = one_set(film(reps(replace(figure.KETTLEBELL, arm=90.0))), thresholds)
    assert forward.exercise.detected == "squat"


def test_deep_squat_with_the_hands_in_front_is_no_deadlift(thresholds: Thresholds) -> None:
    deep = Pose(shank=35.0, thigh=-105.0, trunk=35.0, arm=100.0)
    assert one_set(film(reps(deep)), thresholds).exercise.detected == "squat"


def test_lifts_from_the_floor_count_at_lockout(thresholds: Thresholds) -> None:
    tempo = Tempo(hold=0.8)
    found = one_set(film(from_the_floor(figure.FLOOR_PULL, 3, tempo)), thresholds)
    assert (found.exercise.detected, found.exercise.family) == ("deadlift", "hinge")
    assert found.summary.full_reps == 3
    assert [rep.flags for rep in found.reps] == [("starts_at_bottom",), (), ()]
    lockouts = tempo.hold + tempo.up + (tempo.hold + tempo.up + tempo.rest + tempo.down) * np.arange(3)
    for rep, lockout in zip(found.reps, lockouts, strict=True):
        # the bottom is the one before the lockout
        assert lockout - tempo.up - tempo.hold - 0.15 <= rep.bottom_s <= lockout - tempo.up + 0.15
        assert rep.end_s == pytest.approx(lockout, abs=0.25)


def test_declared_exercise_wins(thresholds: Thresholds) -> None:
    found = one_set(film(reps(SQUAT)), thresholds, "rdl")
    assert (found.exercise.declared, found.exercise.detected, found.exercise.family) == ("rdl", "squat", "hinge")
    assert {c.id[:2] for rep in found.reps for c in rep.criteria} == {"HG"}
    assert found.summary.full_reps == 4


def test_half_reps_are_partial(thresholds: Thresholds) -> None:
    found = one_set(film(reps(SQUAT, (1.0, 1.0, 0.65, 1.0, 1.0))), thresholds)
    assert [rep.kind for rep in found.reps] == ["full", "full", "partial", "full", "full"]
    assert (found.summary.full_reps, found.summary.partial_reps) == (4, 1)
    assert [rep.index for rep in found.reps] == [1, 2, 3, 4, 5]


def test_crouching_without_rising_is_no_rep(thresholds: Thresholds) -> None:
    t = clock(18.0)
    low = profile(t, [1.0] * 3) + min_jerk((t - 13.0) / 1.2)
    assert one_set(film(moving(t, low, SQUAT)), thresholds).summary.full_reps == 3


def test_walking_out_is_no_rep(thresholds: Thresholds) -> None:
    """Two squats, then three seconds of walking with knees that bend 40 degrees."""
    t = clock(15.0)
    motion = moving(t, profile(t, [1.0, 1.0]), SQUAT)
    gone = t > 11.0
    stride = np.where(gone, np.sin(2 * np.pi * (t - 11.0)), 0.0)
    way = 0.8 * np.clip(t - 11.0, 0.0, None)
    bent = 20.0 * np.abs(stride)
    walking = replace(
        motion,
        walk=np.stack([way + 0.3 * stride, way - 0.3 * stride], axis=1),
        shank=motion.shank + bent,
        thigh=motion.thigh - bent,
    )
    assert one_set(film(walking), thresholds).summary.full_reps == 2


def test_stepping_down_into_every_dip_is_no_squat(thresholds: Thresholds) -> None:
    t = clock(14.0)
    low = profile(t, [1.0] * 3)
    way = 0.5 * np.cumsum(low) / 30.0
    assert nothing_counted(film(replace(moving(t, low, SQUAT), walk=np.stack([way, way], axis=1))), thresholds)


@pytest.mark.parametrize("spread", [15.0, 25.0, 38.0])
def test_jumping_jacks_are_no_reps(spread: float, thresholds: Thresholds) -> None:
    t = clock(10.0)
    low = profile(t, [1.0] * 7, Tempo(0.4, 0.0, 0.4, 0.2))
    still = moving(t, 0.0 * low, SQUAT)
    assert nothing_counted(film(replace(still, spread=spread * low, arm=180.0 - 150.0 * low), 0.0), thresholds)


@pytest.mark.parametrize(("top", "bottom"), [(60.0, 85.0), (0.0, 45.0), (75.0, 95.0)])
def test_a_body_that_tilts_as_a_whole_does_no_rep(top: float, bottom: float, thresholds: Thresholds) -> None:
    t = clock(18.0)
    board = [Pose(angle, angle, angle) for angle in (bottom, top)]
    assert nothing_counted(film(moving(t, profile(t, [1.0] * 4), *board)), thresholds)


@pytest.mark.parametrize("noise_px", [0.0, 1.0])
@pytest.mark.parametrize("yaw", [90.0, 0.0])
def test_who_never_moves_does_no_rep(noise_px: float, yaw: float, thresholds: Thresholds) -> None:
    assert nothing_counted(film(reps(figure.STANDING), yaw, noise_px=noise_px), thresholds)


@pytest.mark.parametrize("seed", range(5))
def test_noise_adds_and_hides_nothing(seed: int, thresholds: Thresholds) -> None:
    for pose, family in ((SQUAT, "squat"), (figure.RDL, "hinge")):
        found = one_set(film(reps(pose), noise_px=1.5, seed=seed), thresholds)
        assert (found.exercise.family, found.summary.full_reps, found.summary.partial_reps) == (family, 4, 0)


@pytest.mark.parametrize("declared", ["auto", "single-leg-rdl"])
@pytest.mark.parametrize("near", ["left", "right"])
def test_hips_are_not_measured_over_a_foot_that_goes_up_behind(
    near: str, declared: str, thresholds: Thresholds
) -> None:
    """The camera sees the free leg as well as the one that is stood on."""
    motion = reps(figure.RDL)
    track = film(motion)
    low = (motion.hip_height.max() - motion.hip_height) / np.ptp(motion.hip_height)
    index = track.topology.index
    xy = track.xy_px.copy()
    for joint in ("ankle", "heel", "toe"):
        xy[:, index[f"{near}_{joint}"], 1] -= 220.0 * (0.15 + 0.45 * low)
    found = one_set(replace(track, xy_px=xy), thresholds, declared)
    assert (found.exercise.detected, found.exercise.family) == ("single-leg", "hinge")
    assert found.summary.full_reps == 4
