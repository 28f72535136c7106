"""Feet: heels that lift, the free foot that comes down, the standing foot that moves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import figure
import numpy as np
import pytest
from figure import Tempo, film, mirror, reps

from formdrift.pose.topology import COCO_17, MEDIAPIPE_33
from formdrift.scoring.feet import foot_pitch, kept
from formdrift.scoring.sets import score_track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formdrift.pose.track import PoseTrack
    from formdrift.scoring.result import Rep
    from formdrift.scoring.thresholds import Thresholds

    Floats = NDArray[np.float64]

SQUAT = figure.PARALLEL_SQUAT
PX_PER_M = 220.0
FOOT_M = 0.25


def scored(track: PoseTrack, thresholds: Thresholds, exercise: str = "squat") -> tuple[Rep, ...]:
    (one,) = score_track(track, exercise, thresholds).sets
    assert one.reps
    return one.reps


def raised(track: PoseTrack, joints: tuple[str, ...], up_m: Floats) -> PoseTrack:
    """Lift joints in the picture and in the world by a curve."""
    assert track.world_m is not None
    xy, world = track.xy_px.copy(), track.world_m.copy()
    for joint in joints:
        xy[:, MEDIAPIPE_33.index[joint], 1] -= PX_PER_M * up_m
        world[:, MEDIAPIPE_33.index[joint], 1] -= up_m
    return replace(track, xy_px=xy, world_m=world)


def test_pitch_of_a_foot_is_positive_with_the_heel_up() -> None:  # oracle 22
    length = 0.20
    heel = np.array([0.0, 0.02])
    toe = np.array([np.sqrt(length**2 - 0.02**2), 0.0])
    assert foot_pitch(heel, toe) == pytest.approx(5.739170, abs=1e-6)


def test_what_flickers_is_not_kept() -> None:
    curve = np.zeros(60)
    curve[10:12], curve[30:40], curve[50] = 9.0, 5.0, np.nan
    level = kept(curve, 30.0, 0.15)
    assert np.nanmax(level[:25]) == 0.0
    assert np.array_equal(np.flatnonzero(level == 5.0), np.arange(30, 40))


@pytest.mark.parametrize("rise_deg", [0.0, 8.0, 16.0])
@pytest.mark.parametrize("mirrored", [False, True])
def test_heels_that_lift_are_measured(rise_deg: float, mirrored: bool, thresholds: Thresholds) -> None:
    motion = reps(SQUAT)
    low = (1 - motion.hip_height) / (1 - motion.hip_height.min())
    track = raised(film(motion), ("left_heel",), FOOT_M * np.sin(np.radians(rise_deg * low)))
    for rep in scored(mirror(track) if mirrored else track, thresholds):
        heel = next(c for c in rep.criteria if c.id == "SQ-HEEL")
        assert heel.value == pytest.approx(rise_deg, abs=0.7)
        assert heel.confidence == "moderate"
        assert heel.score is not None
        assert (heel.score == 100) == (rise_deg < 5.0)


def test_a_model_without_feet_shows_no_heels(thresholds: Thresholds) -> None:
    track = film(reps(SQUAT))
    assert track.world_m is not None
    shared = [MEDIAPIPE_33.index[joint] for joint in sorted(COCO_17.index, key=COCO_17.index.__getitem__)]
    without = replace(
        track,
        xy_px=track.xy_px[:, shared],
        visibility=track.visibility[:, shared],
        world_m=track.world_m[:, shared],
        topology=COCO_17,
    )
    for rep in scored(without, thresholds):
        for name in ("heel_rise_deg", "knee_over_toe"):
            one = rep.measurements[name]
            assert (one.status, one.value) == ("not_observable", None)
            assert "no points on the heel and toe" in str(one.reason)
        assert rep.measurements["knee_flexion_bottom_deg"].value == pytest.approx(120, abs=0.4)


def test_knee_ahead_of_the_toes_is_reported_not_scored(thresholds: Thresholds) -> None:
    for rep in scored(film(reps(SQUAT)), thresholds):
        tibia = next(c for c in rep.criteria if c.id == "SQ-TIBIA")
        assert tibia.value == pytest.approx((0.43 * np.sin(np.radians(30.0)) - 0.20) / FOOT_M, abs=0.01)
        assert (tibia.score, tibia.p_fault, tibia.severity) == (None, None, None)


def on_the_left_leg(touches_s: tuple[float, ...] = (), exercise_pose: figure.Pose = figure.RDL) -> PoseTrack:
    """Film a figure from its left whose right foot hangs half a metre up, but for the given moments."""
    track = film(reps(exercise_pose, (1.0,) * 3))
    up = np.full(len(track), 0.35)
    for at in touches_s:
        # down for 0.3 s, with ramps of 0.2 s
        up = np.minimum(up, 0.35 * np.clip((np.abs(track.time_s - at) - 0.15) / 0.2, 0.0, 1.0))
    return raised(track, ("right_ankle", "right_heel", "right_toe"), up)


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_free_foot_that_comes_down_is_counted(mirrored: bool, thresholds: Thresholds) -> None:
    first, second = (1.5 + rep * Tempo().rep + 1.4 for rep in (0, 1))
    track = on_the_left_leg((first, second - 0.5, second + 0.5))
    found = scored(mirror(track) if mirrored else track, thresholds, "single-leg-rdl")
    assert [rep.measurements["touch_downs"].value for rep in found] == [1, 2, 0]
    touch = [next(c for c in rep.criteria if c.id == "HG-TOUCH") for rep in found]
    assert [c.score for c in touch] == pytest.approx([200 / 3, 100 / 3, 100], abs=0.1)
    assert [c.p_fault is not None and c.p_fault >= 0.8 for c in touch] == [True, True, False]


def test_a_standing_foot_that_hops_is_measured(thresholds: Thresholds) -> None:
    track = on_the_left_leg()
    assert all(m.value == pytest.approx(0.0, abs=0.01) for m in shifts(track, thresholds))
    hop_m = 0.10
    after = (track.time_s > 1.5 + Tempo().rep + 1.4)[:, None]
    hopped = replace(track, xy_px=track.xy_px + np.where(after[..., None], [hop_m * PX_PER_M, 0.0], 0.0))
    moved = [m.value for m in shifts(hopped, thresholds)]
    assert moved == pytest.approx([0.0, hop_m / FOOT_M, 0.0], abs=0.03)


def shifts(track: PoseTrack, thresholds: Thresholds) -> list:  # type: ignore[type-arg]
    return [rep.measurements["stance_foot_shift"] for rep in scored(track, thresholds, "single-leg-rdl")]


def test_angles_on_one_leg_are_those_of_the_standing_leg(thresholds: Thresholds) -> None:
    """Also when the free leg is nearer to the camera and bent."""
    for track in (on_the_left_leg(), mirror(on_the_left_leg())):
        for rep in scored(track, thresholds, "single-leg-rdl"):
            assert rep.measurements["knee_flexion_bottom_deg"].value == pytest.approx(18.0, abs=0.4)
            assert rep.measurements["trunk_inclination_bottom_deg"].value == pytest.approx(70.0, abs=0.4)
            ids = {c.id for c in rep.criteria}
            assert {"HG-LINE", "HG-PELVIS", "HG-TOUCH", "HG-HOP", "HG-RATIO"} <= ids
            assert not {"HG-BACK", "HG-BAR"} & ids


def test_trunk_and_free_leg_in_one_line(thresholds: Thresholds) -> None:
    """The free leg, seen from the hip down to its ankle, against the trunk."""
    track = on_the_left_leg()
    for rep in scored(track, thresholds, "single-leg-rdl"):
        at = int(np.argmin(np.abs(track.time_s - rep.bottom_s)))
        hip, ankle = (track.joint(joint)[at] for joint in ("left_hip", "right_ankle"))
        facing = np.sign(track.joint("left_toe")[at, 0] - track.joint("left_heel")[at, 0])
        leg = np.degrees(np.arctan2(facing * (hip - ankle)[0], -(hip - ankle)[1]))
        assert rep.measurements["trunk_free_leg_line_deg"].value == pytest.approx(abs(70.0 - leg), abs=0.5)
