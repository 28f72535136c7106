"""Hands, arms and head."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import figure
import numpy as np
import pytest
from figure import SHANK_M, Pose, film, mirror, reps

from formdrift.pose.topology import MEDIAPIPE_33
from formdrift.scoring.load import distance_to_chain
from formdrift.scoring.prescription import NOTHING_PRESCRIBED, Prescription
from formdrift.scoring.sets import score_track

if TYPE_CHECKING:
    from formdrift.pose.track import PoseTrack
    from formdrift.scoring.result import Criterion, Rep
    from formdrift.scoring.thresholds import Thresholds

PX_PER_M = 220.0
LOADED = Prescription(load_kg=60.0)


def scored(
    track: PoseTrack, exercise: str, thresholds: Thresholds, asked: Prescription = NOTHING_PRESCRIBED
) -> tuple[Rep, ...]:
    (one,) = score_track(track, exercise, thresholds, prescription=asked).sets
    assert one.reps
    return one.reps


def judged(rep: Rep, name: str) -> Criterion:
    return next(c for c in rep.criteria if c.id == name)


@pytest.mark.parametrize(
    ("point", "distance"),
    [
        ((0.0, 0.5), 0.0),
        ((0.3, 0.5), 0.3),
        ((-0.3, 1.0), 0.3),
        ((0.5, 1.3), 0.3),
        ((0.0, -0.4), 0.4),
        ((1.3, 1.4), 0.5),
    ],
)
def test_distance_to_a_chain(point: tuple[float, float], distance: float) -> None:
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    assert distance_to_chain(np.array(point), corners) == pytest.approx(distance, abs=1e-12)


def with_hands(track: PoseTrack) -> PoseTrack:
    """Put the finger points, which the figure lacks, at its wrists."""
    xy, visibility = track.xy_px.copy(), track.visibility.copy()
    for side in ("left", "right"):
        hand, wrist = (MEDIAPIPE_33.index[f"{side}_{joint}"] for joint in ("hand", "wrist"))
        xy[:, hand], visibility[:, hand] = xy[:, wrist], visibility[:, wrist]
    return replace(track, xy_px=xy, visibility=visibility)


def drifting(ahead_m: float) -> PoseTrack:
    """Make a hinge whose hanging hands get ahead of themselves at the bottom."""
    motion = reps(figure.RDL)
    track = with_hands(film(motion))
    facing = np.sign(track.joint("left_toe")[0, 0] - track.joint("left_heel")[0, 0])
    xy = track.xy_px.copy()
    low = motion.trunk / motion.trunk.max()
    for joint in ("left_hand", "left_wrist"):
        xy[:, MEDIAPIPE_33.index[joint], 0] += facing * PX_PER_M * ahead_m * low
    return replace(track, xy_px=xy)


@pytest.mark.parametrize("mirrored", [False, True])
def test_hands_that_drift_away_are_measured(mirrored: bool, thresholds: Thresholds) -> None:
    away, over = [], []
    for ahead_m in (0.0, 0.05, 0.10, 0.15):
        track = drifting(ahead_m)
        (rep, *_) = scored(mirror(track) if mirrored else track, "rdl", thresholds)
        away.append(rep.measurements["hand_from_leg"].value)
        over.append(rep.measurements["hand_over_midfoot"].value)
    assert np.diff(away) == pytest.approx([0.05 / SHANK_M] * 3, abs=0.02)
    assert np.diff(over) == pytest.approx([0.05 / 0.25] * 3, abs=0.01)


def test_hands_are_scored_where_a_load_is_known(thresholds: Thresholds) -> None:
    track = drifting(0.15)
    for rep in scored(track, "rdl", thresholds):
        for name in ("HG-BAR", "HG-FOOT"):
            assert (judged(rep, name).score, judged(rep, name).status) == (None, "measured")
            assert "load is declared" in str(judged(rep, name).reason)
    for exercise, asked in (("rdl", LOADED), ("deadlift", NOTHING_PRESCRIBED)):
        for rep in scored(track, exercise, thresholds, asked):
            score = judged(rep, "HG-BAR").score
            assert score is not None
            assert score < 70.0
    assert "HG-BAR" not in {c.id for c in scored(track, "good-morning", thresholds, LOADED)[0].criteria}


def test_hands_that_do_not_hang_hold_nothing(thresholds: Thresholds) -> None:
    track = with_hands(film(reps(Pose(3, -15, 70, arm=70.0))))
    for rep in scored(track, "rdl", thresholds, LOADED):
        for name in ("hand_from_leg", "hand_over_midfoot"):
            one = rep.measurements[name]
            assert (one.status, one.value) == ("not_observable", None)
            assert "do not hang" in str(one.reason)


@pytest.mark.parametrize("forward_deg", [0.0, 15.0, 35.0])
def test_arms_that_fall_forward(forward_deg: float, thresholds: Thresholds) -> None:
    bottom = Pose(30, -90, 35, arm=35.0 + forward_deg)
    track = film(reps(bottom, top=Pose(arm=0.0)))
    for rep in scored(track, "overhead-squat", thresholds):
        arms = judged(rep, "SQ-ARMS")
        assert arms.value == pytest.approx(forward_deg, abs=0.4)
        assert arms.score is not None
        assert (arms.score == 100) == (forward_deg <= 10)
    assert "arms_forward_deg" not in scored(track, "squat", thresholds)[0].measurements


def test_a_head_that_stays_in_line_does_not_tilt(thresholds: Thresholds) -> None:
    for rep in scored(film(reps(figure.PARALLEL_SQUAT)), "squat", thresholds):
        head = judged(rep, "SQ-HEAD")
        assert head.value == pytest.approx(0.0, abs=0.4)
        assert (head.score, head.confidence) == (None, "low")
