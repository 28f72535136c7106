"""The truth is exact because the kinematics are: asked angles are produced, feet stay put, bones keep their length."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formdrift.sample_videos.render.angles import ANGLES, bend, inclination, measure
from formdrift.sample_videos.render.body import JOINT_INDEX, SEGMENT_INDEX, body_names, load_body
from formdrift.sample_videos.render.errors import ScenarioError
from formdrift.sample_videos.render.kinematics import joint_centres, skin, surface_points, two_bone
from formdrift.sample_videos.render.legs import leg_lengths
from formdrift.sample_videos.render.mass import centre_of_mass
from formdrift.sample_videos.render.posture import solve_posture
from formdrift.sample_videos.render.targets import Stance, Targets

DEPTH = np.linspace(0.0, 1.0, 25)
SQUAT = Targets(8 + 122 * DEPTH, 3 + 45 * DEPTH, 12 + 72 * DEPTH, 12 + 0 * DEPTH)
HINGE = Targets(8 + 14 * DEPTH, 3 + 75 * DEPTH, 10 - 8 * DEPTH, 8 + 0 * DEPTH)
STANCE = Stance(half_width_m=0.18, toe_out_deg=12.0, weight_forward_m=0.04)


def posed(name, targets, stance=STANCE):
    body = load_body(name)
    posture = solve_posture(body, stance, targets)
    return body, posture, joint_centres(body, posture)


def at(joints, name):
    return joints[:, JOINT_INDEX[name]]


@pytest.mark.parametrize("body", body_names())
@pytest.mark.parametrize("targets", [SQUAT, HINGE], ids=["squat", "hinge"])
def test_asked_angles_are_produced(body, targets):
    _, _, joints = posed(body, targets)
    angles = dict(zip(ANGLES, measure({n: at(joints, n) for n in JOINT_INDEX}).T, strict=True))
    for side in ("left", "right"):
        np.testing.assert_allclose(angles[f"{side}_knee_flexion_deg"], targets.knee_flexion_deg, atol=1e-3)
    np.testing.assert_allclose(angles["trunk_inclination_deg"], targets.trunk_inclination_deg, atol=1e-3)


@pytest.mark.parametrize("targets", [SQUAT, HINGE], ids=["squat", "hinge"])
def test_feet_stay_planted_where_the_stance_says(targets):
    body, posture, joints = posed("woman_slim", targets)
    for side, sign in (("left", 1), ("right", -1)):
        ankle = at(joints, f"{side}_ankle")
        expected = [sign * STANCE.half_width_m, 0.0, body.joint(f"{side}_ankle")[2]]
        np.testing.assert_allclose(ankle, np.tile(expected, (len(ankle), 1)), atol=1e-4)
        toes_out = at(joints, f"{side}_ball") - ankle
        angle = np.rad2deg(np.arctan2(sign * toes_out[:, 0], -toes_out[:, 1]))
        np.testing.assert_allclose(angle, STANCE.toe_out_deg, atol=1e-6)
    sole = skin(body, posture, 0)[:, 2] < 0.01
    for frame in (8, 24):
        moved = skin(body, posture, frame)[sole] - skin(body, posture, 0)[sole]
        assert np.abs(moved).max() < 1e-3


def test_weight_stays_over_the_feet():
    _, _, joints = posed("man_tall", SQUAT)
    np.testing.assert_allclose(-centre_of_mass(joints)[:, 1], STANCE.weight_forward_m, atol=1e-6)


def test_bones_keep_their_length():
    body, _, joints = posed("man_heavy", SQUAT)
    thigh, shank = leg_lengths(body)
    for side in ("left", "right"):
        hip, knee, ankle = (at(joints, f"{side}_{j}") for j in ("hip", "knee", "ankle"))
        np.testing.assert_allclose(np.linalg.norm(knee - hip, axis=1), thigh, atol=1e-6)
        np.testing.assert_allclose(np.linalg.norm(ankle - knee, axis=1), shank, atol=1e-6)


def test_neighbouring_frames_never_jump():
    """A hinge axis that flips, for instance where the thigh is level, would spin the skin by 180°."""
    fine = np.linspace(0.0, 1.0, 200)
    targets = Targets(8 + 127 * fine, 3 + 40 * fine, 12 + 72 * fine, 12 + 0 * fine)
    _, posture, _ = posed("man_average", targets)
    step = np.linalg.norm(np.diff(posture.rotation, axis=0), axis=(2, 3))
    assert step.max() < 0.05


def test_knees_point_where_the_toes_point():
    _, _, joints = posed("man_average", SQUAT)
    bottom = {n: at(joints, n)[-1] for n in JOINT_INDEX}
    knee, ankle, hip = bottom["left_knee"], bottom["left_ankle"], bottom["left_hip"]
    along = (ankle - hip) / np.linalg.norm(ankle - hip)
    outward = (knee - hip) - np.dot(knee - hip, along) * along
    toes = np.array([np.sin(np.deg2rad(12)), -np.cos(np.deg2rad(12)), 0])
    square = np.cross(along, toes)
    assert np.dot(outward, toes) > 0
    assert abs(np.dot(outward, square)) < 1e-9


def test_knees_that_bend_further_than_the_stance_allows_are_refused():
    with pytest.raises(ScenarioError, match="knee flexion of 178°"):
        posed("man_average", replace(SQUAT, knee_flexion_deg=8 + 170 * DEPTH))


def test_two_bones_meet_between_root_and_tip():
    middle = two_bone(np.zeros(3), np.array([0.0, 0.0, -0.7]), 0.4, 0.5, np.array([0.0, -1.0, 0.3]))
    assert np.linalg.norm(middle) == pytest.approx(0.4)
    assert np.linalg.norm(middle - [0, 0, -0.7]) == pytest.approx(0.5)
    assert middle[1] < 0


def test_two_bones_out_of_reach_lie_straight():
    middle = two_bone(np.zeros(3), np.array([0.0, 0.0, -2.0]), 0.4, 0.5, np.array([0.0, -1.0, 0.0]))
    np.testing.assert_allclose(middle, [0, 0, -0.4], atol=1e-12)


def test_angles_of_a_known_figure():
    """Thigh level to the front, shank upright, trunk 30° forward."""
    lean = np.deg2rad(30)
    one = {"hip": (0, 0.4, 0.5), "knee": (0, 0, 0.5), "ankle": (0, 0, 0)}
    one["shoulder"] = (0, 0.4 - 0.5 * np.sin(lean), 0.5 + 0.5 * np.cos(lean))
    points = {f"{side}_{n}": np.array([p], dtype=float) for side in ("left", "right") for n, p in one.items()}
    angles = dict(zip(ANGLES, measure(points)[0], strict=True))
    assert angles["trunk_inclination_deg"] == pytest.approx(30)
    assert angles["left_knee_flexion_deg"] == pytest.approx(90)
    assert angles["right_hip_flexion_deg"] == pytest.approx(120)
    assert angles["left_knee_flexion_sagittal_deg"] == pytest.approx(90)
    assert angles["left_hip_flexion_sagittal_deg"] == pytest.approx(120)
    assert angles["left_thigh_inclination_deg"] == pytest.approx(-90)
    assert angles["left_shank_inclination_deg"] == pytest.approx(0)
    assert angles["left_depth_deg"] == pytest.approx(0)


def test_bend_is_zero_when_straight_and_inclination_is_signed():
    a, b, c = (np.array([[0.0, 0.0, z]]) for z in (1.0, 0.5, 0.0))
    assert bend(a, b, c)[0] == pytest.approx(0)
    assert inclination(np.array([[0.0, 0.1, 1.0]]))[0] < 0 < inclination(np.array([[0.0, -0.1, 1.0]]))[0]


@pytest.mark.parametrize("name", body_names())
def test_a_body_is_whole(name):
    body = load_body(name)
    mesh = body.mesh
    assert np.isfinite(body.vertices).all()
    assert np.isfinite(body.surface).all()
    assert mesh.faces.max() == len(body.vertices) - 1
    np.testing.assert_allclose(mesh.weights.sum(axis=1), 1, atol=1e-6)
    assert 1.4 < body.vertices[:, 2].max() < 2.1
    assert abs(body.vertices[:, 2].min()) < 0.005
    assert len({tuple(sorted(face)) for face in mesh.faces.tolist()}) == len(mesh.faces)


def test_left_and_right_of_a_body_mirror_each_other():
    body = load_body("woman_average")
    for name in JOINT_INDEX:
        if name.startswith("left_"):
            np.testing.assert_allclose(
                body.joint(name) * [-1, 1, 1], body.joint(name.replace("left", "right")), atol=0.004
            )


def test_surface_points_lie_at_their_joints():
    body, posture, joints = posed("man_slim", SQUAT)
    surface = surface_points(body, posture)
    for joint, within_m in (("knee", 0.05), ("ankle", 0.05), ("shoulder", 0.06), ("wrist", 0.05), ("hip", 0.10)):
        key_point = surface[:, body.surface_names.index(f"left_{joint}")]
        assert np.linalg.norm(key_point - at(joints, f"left_{joint}"), axis=1).max() < within_m


def test_skin_follows_its_segment():
    body, posture, _ = posed("man_slim", SQUAT)
    head = SEGMENT_INDEX["head"]
    carried = (body.mesh.segments[:, 0] == head) & (body.mesh.weights[:, 0] == 1)
    moved = skin(body, posture, 24)[carried]
    rest = body.vertices[carried]
    spread = np.linalg.norm(moved - moved.mean(axis=0), axis=1) - np.linalg.norm(rest - rest.mean(axis=0), axis=1)
    assert carried.sum() > 100
    assert np.abs(spread).max() < 1e-4


def test_an_unknown_body_is_refused():
    with pytest.raises(ScenarioError, match="choose one of man_average"):
        load_body("nobody")
