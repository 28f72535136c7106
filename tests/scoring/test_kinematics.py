from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import figure
import numpy as np
import pytest
from figure import LEG_M, SHANK_M, THIGH_M, film, hide, mirror, reps

from formdrift.scoring.kinematics import kinematics

if TYPE_CHECKING:
    from formdrift.scoring.thresholds import Thresholds

ANGLES = {
    "shank_inclination_deg": "shank",
    "thigh_inclination_deg": "thigh",
    "trunk_inclination_deg": "trunk",
}


@pytest.mark.parametrize("yaw", [figure.FROM_LEFT, figure.FROM_RIGHT])
@pytest.mark.parametrize("pose", [figure.PARALLEL_SQUAT, figure.RDL, figure.KETTLEBELL])
def test_side_view_reads_the_commanded_angles(yaw: float, pose: figure.Pose, thresholds: Thresholds) -> None:
    motion = reps(pose)
    kin = kinematics(film(motion, yaw), thresholds)
    assert kin.planar
    for curve, segment in ANGLES.items():
        assert getattr(kin, curve) == pytest.approx(getattr(motion, segment), abs=0.7), curve
    assert kin.knee_flexion_deg == pytest.approx(motion.shank - motion.thigh, abs=0.9)
    assert kin.hip_flexion_deg == pytest.approx(motion.trunk - motion.thigh, abs=0.9)
    assert kin.hip_height == pytest.approx(motion.hip_height, abs=0.01)


def test_lengths_come_from_the_picture(thresholds: Thresholds) -> None:
    motion = reps(figure.PARALLEL_SQUAT)
    kin = kinematics(film(motion), thresholds)
    thigh = np.radians(motion.thigh)
    back = (-SHANK_M * np.sin(np.radians(motion.shank)) - THIGH_M * np.sin(thigh)) / THIGH_M
    assert kin.hips_back == pytest.approx(back, abs=0.01)
    # arcsin is steep near the vertical thigh; parallel is where depth is judged
    low = motion.thigh < -45
    assert kin.depth_angle_deg[low] == pytest.approx(90 + motion.thigh[low], abs=0.7)
    wrist = (
        motion.hip_height + (0.50 * np.cos(np.radians(motion.trunk)) + 0.57 * np.cos(np.radians(motion.arm))) / LEG_M
    )
    assert kin.wrist_height == pytest.approx(wrist, abs=0.01)


@pytest.mark.parametrize("yaw", [figure.FROM_FRONT, figure.FROM_BEHIND, 40.0, -130.0])
def test_other_views_use_world_landmarks(yaw: float, thresholds: Thresholds) -> None:
    motion = reps(figure.RDL)
    kin = kinematics(film(motion, yaw), thresholds)
    assert not kin.planar
    for curve, segment in ANGLES.items():
        assert getattr(kin, curve) == pytest.approx(getattr(motion, segment), abs=0.7), curve
    assert kin.hip_height == pytest.approx(motion.hip_height, abs=0.01)
    assert kin.depth_angle_deg == pytest.approx(90 - np.abs(motion.thigh), abs=0.7)
    assert np.isnan(kin.hips_back).all()
    assert kin.oblique == (yaw == 40.0)


@pytest.mark.parametrize(("yaw", "side"), [(figure.FROM_LEFT, "left"), (figure.FROM_RIGHT, "right")])
def test_near_side_is_the_one_seen_better(yaw: float, side: str, thresholds: Thresholds) -> None:
    track = film(reps(figure.PARALLEL_SQUAT), yaw)
    assert kinematics(track, thresholds).side == side
    assert kinematics(mirror(track), thresholds).side == {"left": "right", "right": "left"}[side]


def test_far_leg_does_not_enter_the_angles(thresholds: Thresholds) -> None:
    motion = reps(figure.PARALLEL_SQUAT)
    track = film(motion)
    xy = track.xy_px.copy()
    xy[:, [track.topology.index[f"right_{joint}"] for joint in ("knee", "ankle")]] += [35.0, -20.0]
    kin = kinematics(replace(track, xy_px=xy), thresholds)
    assert kin.knee_flexion_deg == pytest.approx(motion.shank - motion.thigh, abs=0.9)


def test_place_and_size_do_not_matter(thresholds: Thresholds) -> None:
    motion = reps(figure.PARALLEL_SQUAT)
    one = kinematics(film(motion), thresholds)
    for other in (film(motion, shift_px=(-90.0, 25.0)), film(motion, px_per_m=90.0)):
        again = kinematics(other, thresholds)
        for curve in (*ANGLES, "knee_flexion_deg", "hip_flexion_deg", "hip_height", "hips_back", "depth_angle_deg"):
            # arcsin magnifies rounding where the thigh is upright
            assert getattr(again, curve) == pytest.approx(getattr(one, curve), abs=1e-5), curve


def test_mirrored_person_has_the_same_angles(thresholds: Thresholds) -> None:
    track = film(reps(figure.PARALLEL_SQUAT), 80.0)
    one, other = kinematics(track, thresholds), kinematics(mirror(track), thresholds)
    assert {one.view.facing, other.view.facing} == {"left", "right"}
    for curve in (*ANGLES, "knee_flexion_deg", "hip_height", "hips_back"):
        assert getattr(other, curve) == pytest.approx(getattr(one, curve), abs=1e-6), curve


def test_frames_at_uneven_times(thresholds: Thresholds) -> None:
    motion = reps(figure.PARALLEL_SQUAT, fps=60.0)
    rng = np.random.default_rng(3)
    kept = np.sort(np.r_[0, rng.choice(np.arange(1, len(motion.time_s)), len(motion.time_s) // 2, replace=False)])
    track = film(motion)
    uneven = replace(
        track,
        time_s=track.time_s[kept],
        xy_px=track.xy_px[kept],
        visibility=track.visibility[kept],
        world_m=None if track.world_m is None else track.world_m[kept],
        camera_xy_px=None,
        segments=(),
    )
    kin = kinematics(uneven, thresholds)
    assert np.diff(kin.time_s) == pytest.approx(1 / kin.fs_hz, abs=1e-9)
    truth = np.interp(kin.time_s, motion.time_s, motion.shank - motion.thigh)
    assert kin.knee_flexion_deg == pytest.approx(truth, abs=2.5)


def test_hidden_frames_stay_hidden(thresholds: Thresholds) -> None:
    track = film(reps(figure.PARALLEL_SQUAT))
    kin = kinematics(hide(track, slice(60, 90), ["left_knee"]), thresholds)
    assert np.isnan(kin.knee_flexion_deg[61:89]).all()
    assert np.isfinite(kin.trunk_inclination_deg[61:89]).all()
    assert np.isfinite(kin.hip_height[61:89]).all()


def test_a_flickering_far_ankle_does_not_move_the_hips(thresholds: Thresholds) -> None:
    motion = reps(figure.PARALLEL_SQUAT)
    track = film(motion)
    xy = track.xy_px.copy()
    near_ankle = track.topology.index["left_ankle"]
    xy[40::45, near_ankle, 1] -= 60.0
    kin = kinematics(replace(track, xy_px=xy), thresholds)
    assert kin.hip_height == pytest.approx(motion.hip_height, abs=0.02)


def test_what_the_camera_did_is_removed_from_positions(thresholds: Thresholds) -> None:
    still = film(reps(figure.PARALLEL_SQUAT))
    rng = np.random.default_rng(2)
    camera = np.cumsum(rng.normal(0, 2, (len(still), 2)), axis=0)
    carried = replace(still, xy_px=still.xy_px + camera[:, None], camera_xy_px=camera)
    expected, found = kinematics(still, thresholds), kinematics(carried, thresholds)
    assert found.hip_height == pytest.approx(expected.hip_height, abs=1e-9, nan_ok=True)
    for name, path in expected.points.items():
        assert found.points[name] == pytest.approx(path, abs=1e-6, nan_ok=True), name
    assert found.knee_flexion_deg == pytest.approx(expected.knee_flexion_deg, abs=1e-6, nan_ok=True)
