"""From a track to its sets, and what becomes of tracks with little or nothing in them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import figure
import numpy as np
import pytest
from figure import Tempo, clock, film, hide, moving, profile, reps

from formdrift.scoring.exercise import FAMILIES
from formdrift.scoring.sets import score_track

if TYPE_CHECKING:
    from formdrift.scoring.thresholds import Thresholds

SQUAT = figure.PARALLEL_SQUAT
EXERCISES = ["auto", *FAMILIES]


@pytest.mark.parametrize(("rest_s", "counts"), [(7.0, [6]), (9.5, [3, 3])])
def test_long_rests_part_sets(rest_s: float, counts: list[int], thresholds: Thresholds) -> None:
    tempo = Tempo(rest=0.8)
    second = 1.5 + 3 * tempo.rep - tempo.rest + rest_s
    t = clock(second + 3 * tempo.rep + 1.0)
    track = film(moving(t, profile(t, [1.0] * 3, tempo) + profile(t, [1.0] * 3, tempo, second), SQUAT))
    found = score_track(track, "auto", thresholds)
    assert [one.summary.full_reps for one in found.sets] == counts
    assert [[rep.index for rep in one.reps] for one in found.sets] == [list(range(1, n + 1)) for n in counts]


def test_reps_carry_their_source_and_order(thresholds: Thresholds) -> None:
    (only,) = score_track(film(reps(SQUAT)), "auto", thresholds, source=3).sets
    assert {rep.source for rep in only.reps} == {3}
    edges = [
        edge
        for rep in only.reps
        for edge in (rep.start_s, rep.descent_end_s, rep.bottom_s, rep.ascent_start_s, rep.end_s)
    ]
    assert edges == sorted(edges)


def test_without_reps_there_is_one_empty_set(thresholds: Thresholds) -> None:
    found = score_track(film(reps(figure.STANDING)), "auto", thresholds)
    (only,) = found.sets
    assert (only.reps, only.summary.full_reps, only.summary.partial_reps, only.summary.scores) == ((), 0, 0, ())
    assert (only.exercise.detected, only.exercise.family) == ("other", "other")


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize("frames", [2, 3, 4, 5, 12])
def test_very_short_tracks(frames: int, exercise: str, thresholds: Thresholds) -> None:
    track = film(moving(np.arange(frames) / 30.0, np.zeros(frames), SQUAT))
    (only,) = score_track(track, exercise, thresholds).sets
    assert only.reps == ()


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize("seen", [slice(0, 0), slice(0, 1), slice(100, 102), slice(60, 90)])
def test_tracks_in_which_hardly_anybody_is_seen(seen: slice, exercise: str, thresholds: Thresholds) -> None:
    track = film(reps(SQUAT))
    gone = np.ones(len(track), dtype=bool)
    gone[seen] = False
    found = score_track(hide(track, gone), exercise, thresholds)
    assert [one.reps for one in found.sets] == [()]
    assert np.isnan(found.kinematics.hip_height).sum() >= len(found.kinematics.time_s) - 31


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize(
    "joints",
    [
        ["left_ankle", "right_ankle"],
        ["left_knee", "right_knee"],
        ["left_hip"],
        ["left_shoulder", "right_shoulder"],
        ["left_wrist", "right_wrist"],
        ["left_heel", "right_heel", "left_toe", "right_toe", "nose"],
    ],
)
@pytest.mark.parametrize("yaw", [90.0, 0.0])
def test_joints_that_are_never_seen(joints: list[str], exercise: str, yaw: float, thresholds: Thresholds) -> None:
    """Nothing is made up: what is measured is measured without the joint, everything else says why not."""
    found = score_track(hide(film(reps(SQUAT), yaw), slice(None), joints), exercise, thresholds)
    for one in found.sets:
        for rep in one.reps:
            for m in rep.measurements.values():
                assert (m.value is None) == (m.status != "measured")
                assert (m.reason is None) == (m.status == "measured")
    unaffected = {"left_wrist", "left_heel"} & set(joints)
    if unaffected and exercise in ("auto", "squat"):
        assert found.sets[0].summary.full_reps == 4


@pytest.mark.parametrize("pose", [SQUAT, figure.RDL])
@pytest.mark.parametrize("yaw", [90.0, 45.0, 0.0])
def test_reps_are_counted_without_feet(yaw: float, pose: figure.Pose, thresholds: Thresholds) -> None:
    """The picture's edge or a plate hides the feet for the whole set."""
    feet = [f"{side}_{joint}" for side in ("left", "right") for joint in ("ankle", "heel", "toe")]
    (only,) = score_track(hide(film(reps(pose), yaw), slice(None), feet), "auto", thresholds).sets
    assert (only.summary.full_reps, only.summary.partial_reps) == (4, 0)


@pytest.mark.parametrize("seed", range(4))
def test_random_holes_never_break_anything(seed: int, thresholds: Thresholds) -> None:
    rng = np.random.default_rng(seed)
    track = film(reps(SQUAT), noise_px=1.0, seed=seed)
    for joint in track.topology.index:
        track = hide(track, rng.random(len(track)) < 0.3, [joint])
    for exercise in EXERCISES:
        for one in score_track(track, exercise, thresholds).sets:
            for rep in one.reps:
                for m in rep.measurements.values():
                    assert (m.value is None) == (m.status != "measured")


def test_without_world_landmarks_nothing_is_judged_from_the_side(thresholds: Thresholds) -> None:
    found = score_track(replace(film(reps(SQUAT)), world_m=None), "auto", thresholds)
    assert found.kinematics.view.label == "uncertain"
    assert any("angle to the person could not be made out" in text for text in found.warnings)


@pytest.mark.parametrize(
    ("fps", "words"), [(30.0, None), (20.0, "20 frames a second: speeds are rough"), (10.0, "too few for speeds")]
)
def test_frame_rates_that_are_too_low_are_said(fps: float, words: str | None, thresholds: Thresholds) -> None:
    found = score_track(film(reps(SQUAT, fps=fps)), "auto", thresholds)
    assert found.sets[0].summary.full_reps == 4
    assert [text for text in found.warnings if "frames a second" in text] == [
        text for text in found.warnings if words and words in text
    ]
    assert bool(words) == bool(found.warnings)


def test_no_quiet_standing_is_said_only_from_the_side(thresholds: Thresholds) -> None:
    hurried = film(reps(SQUAT, lead_s=0.2))
    assert any("stand still" in text for text in score_track(hurried, "auto", thresholds).warnings)
    front = score_track(film(reps(SQUAT, lead_s=0.2), 0.0), "auto", thresholds)
    assert not any("stand still" in text for text in front.warnings)


@pytest.mark.parametrize(
    ("exercise", "pose", "words"),
    [
        ("rdl", SQUAT, "looks like a squat"),
        ("squat", figure.RDL, "looks like a hip hinge"),
        ("squat", SQUAT, None),
        ("auto", SQUAT, None),
        ("rdl", figure.RDL, None),
        ("deadlift", figure.KETTLEBELL, None),
    ],
)
def test_a_choice_that_does_not_fit_is_said(
    exercise: str, pose: figure.Pose, words: str | None, thresholds: Thresholds
) -> None:
    found = score_track(film(reps(pose)), exercise, thresholds)
    said = [text for text in found.warnings if "looks like" in text]
    assert len(said) == (words is not None)
    assert all(str(words) in text and exercise in text for text in said)


def test_curves_for_drawing(thresholds: Thresholds) -> None:
    side = score_track(film(reps(SQUAT)), "auto", thresholds).series(2)
    front = score_track(film(reps(SQUAT), 0.0), "auto", thresholds).series(0)
    assert side.source == 2
    assert set(side.values) == {
        "hip_height",
        "knee_flexion_deg",
        "hip_flexion_deg",
        "trunk_inclination_deg",
        "shank_inclination_deg",
    }
    # angles that may not be judged are not drawn either
    assert set(front.values) == {"hip_height"}
    assert all(len(curve) == len(side.time_s) for curve in side.values.values())
