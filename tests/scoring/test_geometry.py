from __future__ import annotations

import itertools

import numpy as np
import pytest

from formdrift.scoring.geometry import (
    angle_difference,
    body_plane,
    depth_angle,
    forward_plane,
    inclination,
    joint_flexion,
    max_inclination_error,
    project_inclination,
    unproject_inclination,
)

# ankle, knee, hip, shoulder: shank 0.43 m at 30 degrees, thigh 0.42 m backward, trunk 0.50 m at 35 degrees
ANKLE = np.zeros(2)
KNEE = 0.43 * np.array([np.sin(np.radians(30)), np.cos(np.radians(30))])
HIP = KNEE - [0.42, 0.0]
SHOULDER = HIP + 0.50 * np.array([np.sin(np.radians(35)), np.cos(np.radians(35))])
A_POSE = (ANKLE, KNEE, HIP, SHOULDER)


def three_point_angle(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> float:
    u, v = a - b, c - b
    return float(np.degrees(np.arccos(u @ v / np.linalg.norm(u) / np.linalg.norm(v))))


def test_segments_of_the_reference_figure() -> None:
    segments = [float(inclination(a, b)) for a, b in itertools.pairwise(A_POSE)]
    assert segments == pytest.approx([30, -90, 35], abs=1e-6)


def test_flexions_agree_with_the_angle_of_three_points() -> None:
    shank, thigh, trunk = (inclination(a, b) for a, b in itertools.pairwise(A_POSE))
    assert joint_flexion(shank, thigh) == pytest.approx(120, abs=1e-6)
    assert joint_flexion(trunk, thigh) == pytest.approx(125, abs=1e-6)
    assert joint_flexion(shank, thigh) == pytest.approx(180 - three_point_angle(HIP, KNEE, ANKLE), abs=1e-6)
    assert joint_flexion(trunk, thigh) == pytest.approx(180 - three_point_angle(SHOULDER, HIP, KNEE), abs=1e-6)


@pytest.mark.parametrize("facing", [1, -1])
def test_facing_makes_a_mirrored_figure_the_same(facing: int) -> None:
    # pictures have y down; the figure faces the right or the left edge
    picture = [point * [facing, -1.0] for point in A_POSE]
    body = [body_plane(point, facing) for point in picture]
    segments = [float(inclination(a, b)) for a, b in itertools.pairwise(body)]
    assert segments == pytest.approx([30, -90, 35], abs=1e-6)


def test_angles_need_square_pixels() -> None:
    corner = np.array([200.0, -200.0])
    assert inclination([0, 0], body_plane(corner, 1)) == pytest.approx(45, abs=1e-6)
    wrong = 90 - float(inclination([0, 0], body_plane(corner / [1920, 1080], 1)))
    assert 90 - wrong == pytest.approx(29.357754, abs=1e-6)


def test_hyperextension_is_negative() -> None:
    assert joint_flexion(-5.0, 3.0) == pytest.approx(-8, abs=1e-9)


@pytest.mark.parametrize(
    ("theta", "yaw", "seen"),
    [(45, 30, 40.893395), (120, 30, 123.690068), (0, 30, 0.0), (90, 30, 90.0), (-45, 30, -40.893395)],
)
def test_inclination_seen_off_the_side(theta: float, yaw: float, seen: float) -> None:
    assert project_inclination(theta, yaw) == pytest.approx(seen, abs=1e-6)
    assert unproject_inclination(seen, yaw) == pytest.approx(theta, abs=1e-5)


@pytest.mark.parametrize(
    ("shank", "thigh", "yaw", "seen"), [(30, -90, 30, 116.565051), (25, -60, 30, 78.300477), (25, -60, 45, 69.017382)]
)
def test_knee_flexion_seen_off_the_side(shank: float, thigh: float, yaw: float, seen: float) -> None:
    flexion = joint_flexion(project_inclination(shank, yaw), project_inclination(thigh, yaw))
    assert flexion == pytest.approx(seen, abs=1e-6)


def test_largest_error_of_an_inclination() -> None:
    assert max_inclination_error(30.0) == pytest.approx(4.117194, abs=1e-6)
    assert max_inclination_error([5, 10, 15, 20, 45]) == pytest.approx([0.109, 0.439, 0.993, 1.782, 9.879], abs=1e-3)
    theta = np.linspace(-90, 90, 180001)
    errors = np.abs(project_inclination(theta, 30.0) - theta)
    assert errors.max() == pytest.approx(4.117194, abs=1e-6)
    assert abs(theta[errors.argmax()]) == pytest.approx(47.058597, abs=1e-3)


def test_largest_error_stays_finite_in_front() -> None:
    assert np.isfinite(max_inclination_error(90.0))
    assert max_inclination_error(90.0) > 80


def test_depth_angle() -> None:
    assert depth_angle(0.55, 0.50, 0.42) == pytest.approx(6.837141, abs=1e-6)
    assert depth_angle(0.47, 0.50, 0.42) == pytest.approx(-4.096044, abs=1e-6)


def test_depth_angle_of_a_thigh_seen_too_long() -> None:
    assert depth_angle([1.0, -1.0], 0.0, 0.9) == pytest.approx([90.0, -90.0])


def test_differences_of_angles_wrap() -> None:
    assert abs(float(angle_difference(-179.0, 179.0))) == pytest.approx(2.0, abs=1e-9)
    assert angle_difference([10.0, 350.0], [350.0, 10.0]) == pytest.approx([20.0, -20.0])


def test_a_missing_point_gives_a_missing_angle() -> None:
    assert np.isnan(inclination([np.nan, 0.0], [0.0, 1.0]))
    assert np.isnan(depth_angle(np.nan, 0.0, 0.42))


@pytest.mark.parametrize("yaw_deg", [0.0, 30.0, 90.0, 135.0, 180.0, -60.0])
def test_own_sagittal_plane_is_the_same_from_every_side(yaw_deg: float) -> None:
    yaw = np.radians(yaw_deg)
    left = np.array([[np.cos(yaw), 0.0, -np.sin(yaw)]])
    forward = np.array([[-np.sin(yaw), 0.0, -np.cos(yaw)]])
    point = 0.3 * forward + 0.2 * left + [[0.0, -0.7, 0.0]]
    assert forward_plane(point, 0.1 * left, -0.1 * left) == pytest.approx(np.array([[0.3, 0.7]]))
