"""The frontal plane: knees against feet, hips aside, pelvis level."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import figure
import numpy as np
import pytest
from figure import FROM_BEHIND, FROM_FRONT, film, reps

from formdrift.pose.topology import MEDIAPIPE_33
from formdrift.scoring.front import knee_ankle_separation, perspective
from formdrift.scoring.sets import score_track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formdrift.pose.track import PoseTrack
    from formdrift.scoring.result import Rep
    from formdrift.scoring.thresholds import Thresholds

    Floats = NDArray[np.float64]

SQUAT = figure.PARALLEL_SQUAT


@pytest.mark.parametrize("yaw", [0.0, 20.0])
def test_separation_does_not_depend_on_yaw(yaw: float) -> None:
    c = np.cos(np.radians(yaw))
    assert knee_ankle_separation(0.15 * c, -0.15 * c, 0.17 * c, -0.17 * c) == pytest.approx(0.882353, abs=1e-6)


@pytest.mark.parametrize(("distance", "nearer", "factor"), [(3.0, 0.25, 1.090909), (2.0, 0.30, 1.176471)])
def test_perspective_enlarges_what_is_nearer(distance: float, nearer: float, factor: float) -> None:
    assert perspective(distance, nearer) == pytest.approx(factor, abs=1e-6)


def moved(track: PoseTrack, joints: tuple[str, ...], along: tuple[int, ...], px: Floats, axis: int = 0) -> PoseTrack:
    """Shift joints in the picture by a curve, each in its own direction."""
    xy = track.xy_px.copy()
    for joint, sign in zip(joints, along, strict=True):
        xy[:, MEDIAPIPE_33.index[joint], axis] += sign * px
    return replace(track, xy_px=xy)


def scored(track: PoseTrack, thresholds: Thresholds) -> tuple[Rep, ...]:
    (one,) = score_track(track, "squat", thresholds).sets
    assert len(one.reps) == 4
    return one.reps


def value(rep: Rep, metric: str) -> float:
    found = rep.measurements[metric]
    assert (found.status, found.view) == ("measured", "frontal")
    assert found.value is not None
    return found.value


@pytest.fixture(params=[FROM_FRONT, FROM_BEHIND], ids=["front", "behind"])
def filmed(request: pytest.FixtureRequest) -> tuple[PoseTrack, Floats, float]:
    """Return a clean set, how far down it is over time, and the direction of the subject's left in the picture."""
    motion = reps(SQUAT)
    track = film(motion, request.param)
    # the figure's camera has no perspective: a real one, 512 px (2.3 m) away, shows nearer knees wider apart
    xy = track.xy_px.copy()
    for side in ("left", "right"):
        nearer = (track.joint_world(f"{side}_ankle") - track.joint_world(f"{side}_knee"))[:, 2] * 220.0
        knee = MEDIAPIPE_33.index[f"{side}_knee"]
        xy[:, knee, 0] = 320.0 + (xy[:, knee, 0] - 320.0) * perspective(512.0, nearer)
    track = replace(track, xy_px=xy)
    low = (1 - motion.hip_height) / (1 - motion.hip_height.min())
    return track, low, 1.0 if request.param == FROM_FRONT else -1.0


def shank_px(track: PoseTrack) -> float:
    return float(np.linalg.norm(track.joint("left_knee")[0] - track.joint("left_ankle")[0]))


def test_clean_squats_have_no_fault_in_front(filmed: tuple[PoseTrack, Floats, float], thresholds: Thresholds) -> None:
    for rep in scored(filmed[0], thresholds):
        front = [c for c in rep.criteria if c.id in ("SQ-KASR", "SQ-MKD", "SQ-SHIFT", "SQ-OBLIQ")]
        assert [c.score for c in front] == [100, 100, 100, 100]
        assert {s.name: s.coverage for s in rep.scores}["knees & symmetry, front"] == 1


@pytest.mark.parametrize("shanks", [0.05, 0.10, 0.20])
def test_knees_that_fall_in_are_measured(
    shanks: float, filmed: tuple[PoseTrack, Floats, float], thresholds: Thresholds
) -> None:
    track, low, left = filmed
    inward = moved(track, ("left_knee", "right_knee"), (-1, 1), left * shanks * shank_px(track) * low)
    for rep in scored(inward, thresholds):
        assert value(rep, "knees_in") == pytest.approx(shanks, abs=0.02)
        # feet are 0.20 m apart, the shank is 0.43 m long
        assert value(rep, "knee_separation_deficit") == pytest.approx(2 * shanks * 0.43 / 0.20, rel=0.2)


def test_one_knee_that_falls_in_counts_when_the_camera_is_straight(
    filmed: tuple[PoseTrack, Floats, float], thresholds: Thresholds
) -> None:
    track, low, left = filmed
    for rep in scored(moved(track, ("right_knee",), (1,), left * 0.10 * shank_px(track) * low), thresholds):
        assert value(rep, "knees_in") == pytest.approx(0.10, abs=0.02)


@pytest.mark.parametrize("widths", [-0.3, 0.15, 0.3])
def test_hips_that_shift_aside_are_measured_with_their_side(
    widths: float, filmed: tuple[PoseTrack, Floats, float], thresholds: Thresholds
) -> None:
    track, low, left = filmed
    width = abs(float(track.joint("left_hip")[0, 0] - track.joint("right_hip")[0, 0]))
    aside = moved(track, ("left_hip", "right_hip"), (1, 1), left * widths * width * low)
    for rep in scored(aside, thresholds):
        assert value(rep, "hip_shift_bottom") == pytest.approx(widths, abs=0.02)
        shift = next(c for c in rep.criteria if c.id == "SQ-SHIFT")
        assert shift.score is not None
        assert (shift.score < 100) == (abs(widths) > 0.10)


def test_a_tilting_pelvis_is_measured(filmed: tuple[PoseTrack, Floats, float], thresholds: Thresholds) -> None:
    track, low, _ = filmed
    width = abs(float(track.joint("left_hip")[0, 0] - track.joint("right_hip")[0, 0]))
    tilted = moved(track, ("left_hip",), (-1,), width * np.tan(np.radians(10.0)) * low, axis=1)
    for rep in scored(tilted, thresholds):
        assert value(rep, "pelvis_tilt_change_deg") == pytest.approx(10.0, abs=0.8)


def test_a_wide_stance_alone_is_no_fault(filmed: tuple[PoseTrack, Floats, float], thresholds: Thresholds) -> None:
    track, low, left = filmed
    apart = np.full_like(low, left * 0.3 * shank_px(track))
    wide = moved(track, ("left_ankle", "right_ankle"), (1, -1), apart)
    half = moved(wide, ("left_knee", "right_knee"), (1, -1), apart / 2)
    for rep in scored(half, thresholds):
        assert value(rep, "knee_separation_deficit") < 0.08


def one_legged(aside: dict[str, Floats], yaw: float = FROM_FRONT, thigh: float = -36.0) -> PoseTrack:
    """Film a squat on the left leg, the right foot held up, with joints moved to the right of the body, in metres."""
    track = film(reps(figure.Pose(22.0, thigh, 20.0, 90.0)), yaw)
    assert track.world_m is not None
    xy, world = track.xy_px.copy(), track.world_m.copy()
    for joint in ("ankle", "heel", "toe"):
        xy[:, MEDIAPIPE_33.index[f"right_{joint}"], 1] -= 0.4 * 220.0
        world[:, MEDIAPIPE_33.index[f"right_{joint}"], 1] -= 0.4
    left = 1.0 if abs(yaw) < 90 else -1.0
    for joint, metres in aside.items():
        xy[:, MEDIAPIPE_33.index[joint], 0] -= left * 220.0 * metres
    return replace(track, xy_px=xy, world_m=world)


def one_legged_reps(track: PoseTrack, thresholds: Thresholds) -> tuple[Rep, ...]:
    (one,) = score_track(track, "single-leg-squat", thresholds).sets
    assert one.reps
    return one.reps


def lowered() -> Floats:
    motion = reps(figure.Pose(22.0, -36.0, 20.0, 90.0))
    return np.asarray((1 - motion.hip_height) / (1 - motion.hip_height.min()))


@pytest.mark.parametrize("yaw", [FROM_FRONT, FROM_BEHIND])
@pytest.mark.parametrize("inward_m", [0.0, 0.05, 0.10])
def test_a_knee_that_falls_in_on_one_leg(inward_m: float, yaw: float, thresholds: Thresholds) -> None:
    found = one_legged_reps(one_legged({"left_knee": inward_m * lowered()}, yaw), thresholds)
    shank, thigh = 0.43 * np.cos(np.radians(22.0)), 0.42 * np.cos(np.radians(36.0))
    expected = np.degrees(np.arctan(inward_m / shank) + np.arctan(inward_m / thigh))
    for rep in found:
        assert value(rep, "frontal_knee_angle_deg") == pytest.approx(expected, abs=0.5)
        knee = next(c for c in rep.criteria if c.id == "SQ-FPPA")
        assert (knee.score == 100) == (expected <= 10)
        assert value(rep, "knees_in") == pytest.approx(inward_m / 0.43, abs=0.02)
        assert {"SQ-KASR", "SQ-SHIFT"}.isdisjoint(c.id for c in rep.criteria)


def test_a_knee_angle_counts_only_while_the_knee_is_little_bent(thresholds: Thresholds) -> None:
    """Deep down it is projection, not the knee: what is seen there is left out."""
    motion = reps(figure.Pose(22.0, -70.0, 20.0, 90.0))
    deep = 0.12 * np.clip((motion.shank - motion.thigh - 66.0) / 20.0, 0.0, 1.0)
    for rep in one_legged_reps(one_legged({"left_knee": deep}, thigh=-70.0), thresholds):
        assert value(rep, "frontal_knee_angle_deg") == pytest.approx(0.0, abs=1.0)


def test_one_knee_is_not_judged_off_the_front(thresholds: Thresholds) -> None:
    for rep in one_legged_reps(one_legged({}, yaw=12.0), thresholds):
        for name in ("frontal_knee_angle_deg", "knees_in"):
            one = rep.measurements[name]
            assert (one.status, one.value) == ("not_observable", None)
            assert "within 5° of the front" in str(one.reason)
        assert rep.measurements["trunk_side_lean_deg"].status == "measured"


@pytest.mark.parametrize("lean_deg", [-12.0, 6.0, 18.0])
def test_a_trunk_that_leans_aside_is_measured_with_its_side(lean_deg: float, thresholds: Thresholds) -> None:
    aside = -0.50 * np.cos(np.radians(20.0)) * np.tan(np.radians(lean_deg)) * lowered()
    track = one_legged({"left_shoulder": aside, "right_shoulder": aside})
    for rep in one_legged_reps(track, thresholds):
        assert value(rep, "trunk_side_lean_deg") == pytest.approx(lean_deg, abs=0.6)


@pytest.mark.parametrize("tilt_deg", [3.0, 9.0])
def test_shoulders_and_hands_of_a_hinge_from_the_front(tilt_deg: float, thresholds: Thresholds) -> None:
    motion = reps(figure.RDL)
    low = motion.trunk / motion.trunk.max()
    up = 0.32 * np.tan(np.radians(tilt_deg)) * 220.0 * low
    track = moved(film(motion, FROM_FRONT), ("left_shoulder", "left_wrist"), (-1, -1), up, axis=1)
    (one,) = score_track(track, "rdl", thresholds).sets
    for rep in one.reps:
        assert value(rep, "shoulder_tilt_change_deg") == pytest.approx(tilt_deg, abs=0.3)
        assert value(rep, "hands_tilt_change_deg") == pytest.approx(tilt_deg, abs=0.3)
        shoulders = next(c for c in rep.criteria if c.id == "HG-SHOULDERS")
        assert (shoulders.score == 100) == (tilt_deg <= 4)


def test_stance_width_is_reported(filmed: tuple[PoseTrack, Floats, float], thresholds: Thresholds) -> None:
    for rep in scored(filmed[0], thresholds):
        assert value(rep, "stance_width") == pytest.approx(0.20 / 0.32, abs=0.01)
