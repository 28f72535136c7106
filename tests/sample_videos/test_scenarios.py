"""What a scenario commands is found in its truth: faults, fatigue, single legs, steps, loads, other people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formdrift.sample_videos.render import Scenario
from formdrift.sample_videos.render.angles import ANGLES, measure
from formdrift.sample_videos.render.body import body_names, load_body
from formdrift.sample_videos.render.camera import CameraSetup
from formdrift.sample_videos.render.clip import act
from formdrift.sample_videos.render.errors import ScenarioError
from formdrift.sample_videos.render.events import Event
from formdrift.sample_videos.render.faults import FAULTS, Fatigue
from formdrift.sample_videos.render.kinematics import skin
from formdrift.sample_videos.render.legs import leg_lengths
from formdrift.sample_videos.render.load import Load
from formdrift.sample_videos.render.people import Person
from formdrift.sample_videos.render.programme import Movement
from formdrift.sample_videos.render.scenario import Video
from formdrift.sample_videos.render.sway import Sway
from formdrift.sample_videos.render.targets import Stance

QUICK = {"descent_s": 0.5, "hold_s": 0.2, "ascent_s": 0.5, "pause_s": 0.2, "lead_in_s": 0.4, "lead_out_s": 0.2}
SQUAT = Movement("squat", 1, (8, 115), (3, 40), (12, 80), **QUICK)
HINGE = Movement("rdl", 1, (8, 22), (3, 70), (12, 2), (6, 4), **QUICK)
ONE_LEG = QUICK | {"lead_in_s": 1.0, "lead_out_s": 1.0}
SETS = {
    "squat": SQUAT,
    "rdl": HINGE,
    "deadlift": Movement("deadlift", 1, (8, 55), (3, 62), (20, -5), **QUICK),
    "good_morning": Movement("good_morning", 1, (8, 20), (3, 68), (12, 2), **QUICK),
    "single_leg_stance": Movement("single_leg_stance", 1, (8, 10), (3, 4), (8, 8), leg="right", **ONE_LEG),
    "single_leg_rdl": Movement(
        "single_leg_rdl",
        1,
        (10, 22),
        (4, 62),
        (8, 2),
        leg="left",
        free_thigh_deg=(15, -60),
        free_knee_deg=(40, 15),
        **ONE_LEG,
    ),
    "single_leg_squat": Movement(
        "single_leg_squat",
        1,
        (8, 70),
        (4, 34),
        (8, 70),
        leg="left",
        free_thigh_deg=(20, 60),
        free_knee_deg=(40, 45),
        **ONE_LEG,
    ),
}
LOADS = {
    "squat": Load("barbell_back", 0.6),
    "rdl": Load("barbell_hands", 0.5),
    "deadlift": Load("kettlebell", 0.3, from_floor=True),
    "good_morning": Load("barbell_back", 0.3),
}
SIDES = ("left", "right")


def scenario(movement=SQUAT, **more):
    narrow = Stance(half_width_m=0.1, toe_out_deg=6.0) if movement.leg != "both" else Stance()
    more = {"body": "woman_average", "seed": 4, "stance": narrow, "video": Video(160, 120, 10.0, 0.0)} | more
    return Scenario("a test", movement, **more)


def truth_of(movement=SQUAT, **more):
    return act(scenario(movement, **more))[0]


def joint(truth, name):
    return truth.joints_m[:, list(truth.joint_names).index(name)]


def bottom(truth):
    """Frame nearest to the bottom of the first rep."""
    return int(np.abs(truth.time_s - truth.rep_bottom_s[0]).argmin())


def foot_pitch(truth, side):
    """How far the ankle is above its height at rest, seen from the ball, in degrees."""
    way = joint(truth, f"{side}_ankle") - joint(truth, f"{side}_ball")
    angle = np.rad2deg(np.arctan2(way[:, 2], np.linalg.norm(way[:, :2], axis=1)))
    return angle - angle[0]


@pytest.mark.parametrize(
    ("exercise", "load"), [*((e, Load()) for e in SETS), *LOADS.items()], ids=lambda v: getattr(v, "kind", v)
)
def test_bones_keep_their_length_and_knee_and_trunk_obey(exercise, load):
    movement = SETS[exercise]
    truth = truth_of(movement, load=load)
    lengths = leg_lengths(load_body("woman_average"))
    for side in SIDES:
        hip, knee, ankle = (joint(truth, f"{side}_{j}") for j in ("hip", "knee", "ankle"))
        np.testing.assert_allclose(np.linalg.norm(knee - hip, axis=1), lengths[0], atol=1e-3)
        np.testing.assert_allclose(np.linalg.norm(ankle - knee, axis=1), lengths[1], atol=1e-3)
    standing = movement.leg if movement.leg != "both" else "left"
    at = bottom(truth)
    knee_deg, trunk_deg = truth.angle(f"{standing}_knee_flexion_deg"), truth.angle("trunk_inclination_deg")
    assert knee_deg[at] == pytest.approx(movement.knee_flexion_deg[1], abs=0.05)
    assert trunk_deg[at] == pytest.approx(movement.trunk_inclination_deg[1], abs=0.05)
    assert trunk_deg[0] == pytest.approx(movement.trunk_inclination_deg[0], abs=0.05)


@pytest.mark.parametrize("exercise", SETS)
def test_standing_feet_stay_where_they_are(exercise):
    movement = SETS[exercise]
    test = scenario(movement, load=LOADS.get(exercise, Load()), sway=Sway(0.01, 0.01))
    truth, scene = act(test)
    for side in SIDES if movement.leg == "both" else (movement.leg,):
        for name in ("ankle", "ball"):
            place = joint(truth, f"{side}_{name}")
            assert np.ptp(place, axis=0).max() < 1e-6
    body = load_body(test.body)
    for frame in range(0, len(truth.time_s), 7):
        assert -0.02 < skin(body, scene.lifter, frame)[:, 2].min() < 0.01


def test_the_weight_of_body_and_load_is_over_the_feet():
    for exercise, load in LOADS.items():
        truth = truth_of(SETS[exercise], load=load)
        after = truth.time_s > truth.rep_bottom_s[0] + 0.1
        both = (truth.com_m + load.mass_share * truth.load_m) / (1 + load.mass_share)
        np.testing.assert_allclose(-both[after, 1], Stance().weight_forward_m, atol=1e-4)


@pytest.mark.parametrize(
    ("movement", "fault", "amount", "measured"),
    [
        (SQUAT, "shallow_deg", 20, lambda t: -t.angle("left_knee_flexion_deg")),
        (HINGE, "shallow_deg", 20, lambda t: -t.angle("trunk_inclination_deg")),
        (SQUAT, "lean_deg", 12, lambda t: t.angle("trunk_inclination_deg")),
        (HINGE, "squatty_deg", 25, lambda t: t.angle("left_knee_flexion_deg")),
        (SQUAT, "hip_shift_m", 0.05, lambda t: (joint(t, "left_hip") + joint(t, "right_hip"))[:, 0] / 2),
        (SQUAT, "heel_rise_deg", 15, lambda t: foot_pitch(t, "left")),
        (HINGE, "shin_travel_deg", 6, lambda t: t.angle("left_shank_inclination_deg")),
        (HINGE, "shin_travel_deg", -4, lambda t: t.angle("left_shank_inclination_deg")),
        (SETS["single_leg_squat"], "pelvic_drop_deg", 9, lambda t: drop(t)),
        (SETS["single_leg_stance"], "pelvic_drop_deg", 9, lambda t: -drop(t)),
    ],
)
def test_a_fault_shows_at_the_bottom_with_its_sign_and_size(movement, fault, amount, measured):
    clean, faulty = truth_of(movement), truth_of(movement, faults={fault: amount})
    assert measured(faulty)[bottom(faulty)] - measured(clean)[bottom(clean)] == pytest.approx(amount, abs=0.06)
    np.testing.assert_allclose(measured(faulty)[:3], measured(clean)[:3], atol=1e-6)
    assert faulty.rep_parameter(fault)[0] == amount
    if fault in faulty.command_names:
        assert faulty.command(fault)[bottom(faulty)] == pytest.approx(amount)


def drop(truth):
    """By how much the right hip is lower than the left one, in degrees."""
    across = joint(truth, "left_hip") - joint(truth, "right_hip")
    return np.rad2deg(np.arctan2(across[:, 2], np.linalg.norm(across[:, :2], axis=1)))


@pytest.mark.parametrize("movement", [SQUAT, SETS["single_leg_squat"]], ids=["squat", "single_leg_squat"])
def test_knees_fall_in_by_the_commanded_angle(movement):
    """Seen along the line from hip to ankle, the knee turns inwards about it."""
    width = []
    for amount in (0.0, 10.0, 20.0):
        truth = truth_of(movement, faults={"knees_in_deg": amount})
        at = bottom(truth)
        hip, knee, ankle = (joint(truth, f"left_{j}")[at] for j in ("hip", "knee", "ankle"))
        width.append(knee[0])
        along = (ankle - hip) / np.linalg.norm(ankle - hip)
        square = np.cross(knee - hip, along)
        out = np.deg2rad(truth.scenario["stance"]["toe_out_deg"] - amount)
        assert abs(np.dot(square, [np.sin(out), -np.cos(out), 0])) < 1e-6
    assert width[0] > width[1] > width[2]


def test_hips_rise_first():
    """The trunk stays inclined early in the ascent; bottom and top are those of a clean rep."""
    slow = replace(SQUAT, ascent_s=2.0)
    clean, faulty = truth_of(slow), truth_of(slow, faults={"hips_first_deg": 20})
    more = faulty.angle("trunk_inclination_deg") - clean.angle("trunk_inclination_deg")
    assert more.max() == pytest.approx(20, abs=0.5)
    assert (clean.time_s[more.argmax()] - clean.rep_ascent_start_s[0]) / 2.0 == pytest.approx(0.35, abs=0.03)
    before = clean.time_s <= clean.rep_ascent_start_s[0]
    np.testing.assert_allclose(more[before], 0, atol=1e-6)
    assert abs(more[-1]) < 1e-6
    np.testing.assert_allclose(faulty.angle("left_knee_flexion_deg"), clean.angle("left_knee_flexion_deg"), atol=1e-6)


def test_a_missed_lockout_stays():
    for movement, angle in ((SQUAT, "left_knee_flexion_deg"), (HINGE, "trunk_inclination_deg")):
        clean, faulty = truth_of(movement), truth_of(movement, faults={"lockout_deg": 14})
        more = faulty.angle(angle) - clean.angle(angle)
        assert more[-1] == pytest.approx(14, abs=0.01)
        np.testing.assert_allclose(more[clean.time_s <= clean.rep_ascent_start_s[0]], 0, atol=1e-6)


def test_the_bar_drifts_from_the_shoulders():
    load = Load("barbell_hands", 0.4)
    clean, faulty = (truth_of(HINGE, load=load, faults={"bar_drift_m": d}) for d in (0.0, 0.12))

    def ahead(truth):
        wrists, shoulders = (
            (joint(truth, f"left_{n}") + joint(truth, f"right_{n}"))[:, 1] / 2 for n in ("wrist", "shoulder")
        )
        return (shoulders - wrists)[bottom(truth)]

    assert ahead(faulty) - ahead(clean) == pytest.approx(0.12, abs=0.01)
    assert faulty.load_m[bottom(faulty), 1] < clean.load_m[bottom(clean), 1] - 0.04


def test_a_fast_descent_lacks_its_share_of_time():
    truth = truth_of(SQUAT, faults={"fast_descent": 0.4})
    assert truth.rep_descent_end_s[0] - truth.rep_start_s[0] == pytest.approx(0.6 * SQUAT.descent_s)


def test_a_touch_down_brings_the_free_foot_to_the_floor():
    stance = replace(SETS["single_leg_stance"], hold_s=3.0)
    clean, faulty = truth_of(stance), truth_of(stance, faults={"touch_down_s": 0.8})
    floor = joint(clean, "left_ankle")[0, 2]
    up = (clean.time_s > clean.rep_descent_end_s[0]) & (clean.time_s < clean.rep_ascent_start_s[0])
    assert joint(clean, "left_ankle")[up, 2].min() > floor + 0.15
    down = np.abs(faulty.time_s - faulty.rep_bottom_s[0]) < 0.35
    np.testing.assert_allclose(joint(faulty, "left_ankle")[down, 2], floor, atol=0.01)
    np.testing.assert_allclose(faulty.command("lift")[down], 0, atol=1e-9)


def test_on_one_leg_the_weight_is_over_the_foot():
    truth = truth_of(SETS["single_leg_stance"])
    assert truth.com_m[bottom(truth), 0] == pytest.approx(-0.1, abs=1e-4)
    assert truth.com_m[0, 0] == pytest.approx(0, abs=0.01)


def test_sway_has_the_commanded_size_and_leaves_the_foot():
    stance = replace(SETS["single_leg_stance"], hold_s=20.0)
    still, swaying = truth_of(stance), truth_of(stance, sway=Sway(0.008, 0.005))
    up = (still.time_s > still.rep_descent_end_s[0]) & (still.time_s < still.rep_ascent_start_s[0])

    def hips(truth):
        return (joint(truth, "left_hip") + joint(truth, "right_hip"))[up] / 2

    moved = hips(swaying) - hips(still)
    np.testing.assert_allclose(moved[:, 0], swaying.command("sway_sideways_m")[up], atol=4e-4)
    np.testing.assert_allclose(-moved[:, 1], swaying.command("sway_forward_m")[up], atol=4e-4)
    assert np.sqrt(np.mean(moved[:, 0] ** 2)) == pytest.approx(0.008, rel=0.15)
    assert np.ptp(joint(swaying, "right_ankle"), axis=0).max() < 1e-6


def test_sway_grows_within_a_trial_and_over_a_set():
    """Beside the same noise without growth: four times as large at the end, and twice in the second trial."""
    stance = replace(SETS["single_leg_stance"], hold_s=20.0, reps=2)
    tired = Fatigue("sway_growth", from_rep=2, sway=1.0)
    even, grown = truth_of(stance, sway=Sway(0.006)), truth_of(stance, sway=Sway(0.006, growth=4.0), fatigue=tired)
    np.testing.assert_allclose(grown.rep_parameter("sway"), [1, 2])
    for number, (start, end) in enumerate(zip(even.rep_start_s, even.rep_end_s, strict=True)):
        inside = (even.time_s > start + 1) & (even.time_s < end - 1)
        share = (even.time_s[inside] - start) / (end - start)
        factor = grown.command("sway_sideways_m")[inside] / even.command("sway_sideways_m")[inside]
        np.testing.assert_allclose(factor, (1 + number) * (1 + 3 * share), rtol=0.02)


def test_a_sudden_change_stays_and_a_gradual_one_grows():
    five = replace(SQUAT, reps=5)
    amounts = {"from_rep": 3, "trunk_inclination_deg": 4.0, "faults": {"knees_in_deg": 5.0}}
    gradual, sudden = (truth_of(five, fatigue=Fatigue(p, **amounts)) for p in ("gradual", "sudden"))
    np.testing.assert_allclose(gradual.rep_parameter("trunk_inclination_deg"), [40, 40, 44, 48, 52])
    np.testing.assert_allclose(sudden.rep_parameter("trunk_inclination_deg"), [40, 40, 44, 44, 44])
    np.testing.assert_allclose(gradual.rep_parameter("knees_in_deg"), [0, 0, 5, 10, 15])


def test_velocity_loss_changes_durations_only():
    three = replace(SQUAT, reps=3)
    truth = truth_of(three, fatigue=Fatigue("velocity_loss", from_rep=2, ascent=0.5))
    np.testing.assert_allclose(truth.rep_end_s - truth.rep_ascent_start_s, [0.5, 0.75, 1.0])
    assert np.ptp(truth.rep_parameter("knee_flexion_deg")) == 0
    with pytest.raises(ValueError, match="expected no knee_flexion_deg in the programme velocity_loss"):
        Fatigue("velocity_loss", knee_flexion_deg=-3.0)


def test_compensation_keeps_the_depth_while_the_trunk_leans():
    three = replace(SQUAT, reps=3, hold_s=0.4)
    truth = truth_of(three, fatigue=Fatigue("compensation", from_rep=2, trunk_inclination_deg=8.0))
    at = [int(np.abs(truth.time_s - s).argmin()) for s in truth.rep_bottom_s]
    np.testing.assert_allclose(truth.angle("trunk_inclination_deg")[at], [40, 48, 56], atol=0.01)
    np.testing.assert_allclose(np.diff(truth.angle("left_depth_deg")[at]), 0, atol=0.05)
    assert np.all(np.diff(truth.angle("left_shank_inclination_deg")[at]) < -1)


def test_walking_out_and_back_ends_in_the_stance():
    events = (Event("walk_out", 0, 2.4), Event("re_rack", 1, 2.4))
    truth = truth_of(replace(SQUAT, lead_out_s=0.5), events=events, load=Load("barbell_back"))
    assert list(truth.event_kinds) == ["walk_out", "re_rack"]
    feet = joint(truth, "left_ball"), joint(truth, "right_ball")
    planted = (truth.time_s > truth.event_s[0, 1]) & (truth.time_s < truth.event_s[1, 0])
    for foot in feet:
        assert np.ptp(foot[planted], axis=0).max() < 1e-6
        assert foot[0, 1] == pytest.approx(foot[planted][0, 1] - 0.4)
        assert foot[-1, 1] == pytest.approx(foot[0, 1])
        assert foot[:, 2].max() > foot[0, 2] + 0.05
    both_up = np.minimum(*(foot[:, 2] for foot in feet)) - feet[0][0, 2]
    assert both_up.max() < 0.005
    for side in SIDES:
        assert truth.angle(f"{side}_knee_flexion_deg").min() > 5
    assert truth.rep_start_s[0] >= truth.event_s[0, 1]


@pytest.mark.parametrize("body", body_names())
def test_nobody_walks_on_straight_legs(body):
    walker = Person(body, "walk_through", (-2.0, 1.5), facing_deg=90, from_s=0.3, distance_m=2.0)
    truth = truth_of(replace(SQUAT, hold_s=2.5), others=(walker,))
    points = {str(name): truth.other_joints_m[0][:, i] for i, name in enumerate(truth.joint_names)}
    angles = dict(zip(ANGLES, measure(points).T, strict=True))
    for side in SIDES:
        assert angles[f"{side}_knee_flexion_deg"].min() > 5
        assert points[f"{side}_ankle"][-1, 0] - points[f"{side}_ankle"][0, 0] == pytest.approx(2.0, abs=0.01)


@pytest.mark.parametrize(
    ("movement", "more", "complaint"),
    [
        (SETS["rdl"], {"faults": {"pelvic_drop_deg": 30.0}}, r"leg is \d+.\d cm too short .* in frame \d+"),
        (replace(SQUAT, knee_flexion_deg=(8, 10)), {"faults": {"hip_shift_m": 0.25}}, "cm too short"),
        (replace(SQUAT, knee_flexion_deg=(8, 10)), {"faults": {"shallow_deg": 30.0}}, "the wrong way"),
        (HINGE, {"load": Load("barbell_hands"), "faults": {"bar_drift_m": 0.9}}, "arms are too short"),
    ],
)
def test_what_no_limb_can_reach_is_refused_not_drawn(movement, more, complaint):
    with pytest.raises(ScenarioError, match=complaint):
        truth_of(movement, **more)


def test_what_is_no_rep_stays_outside_the_reps():
    kinds = ("pause", "tie_shoe", "half_rep", "wave")
    truth = truth_of(replace(SQUAT, reps=2), events=tuple(Event(kind, 1, 2.0) for kind in kinds))
    assert list(truth.event_kinds) == list(kinds)
    assert truth.event_s[0, 0] >= truth.rep_end_s[0]
    assert truth.event_s[-1, 1] <= truth.rep_start_s[1]
    middle = {k: int(np.abs(truth.time_s - s.mean()).argmin()) for k, s in zip(kinds, truth.event_s, strict=True)}
    knee = truth.angle("left_knee_flexion_deg")
    assert knee[middle["half_rep"]] == pytest.approx(8 + 0.45 * (115 - 8), abs=0.5)
    assert knee[middle["pause"]] == pytest.approx(8, abs=0.01)
    assert truth.angle("trunk_inclination_deg")[middle["tie_shoe"]] > 60
    assert joint(truth, "right_wrist")[middle["wave"], 2] > joint(truth, "head")[middle["wave"], 2]
    assert truth.command("depth")[middle["half_rep"]] == 0
    assert np.ptp(joint(truth, "left_ankle"), axis=0).max() < 1e-6


def test_a_kettlebell_waits_where_the_hands_take_it():
    truth = truth_of(SETS["deadlift"], load=Load("kettlebell", 0.3, from_floor=True))
    at = bottom(truth)
    before = truth.load_m[: at + 1]
    assert np.ptp(before, axis=0).max() < 1e-9
    wrists = (joint(truth, "left_wrist") + joint(truth, "right_wrist")) / 2
    assert np.linalg.norm(wrists[at] - truth.load_m[at]) < 0.25
    assert np.linalg.norm(wrists[-1] - truth.load_m[-1]) < 0.25
    assert truth.load_m[-1, 2] > truth.load_m[0, 2] + 0.2


def test_the_plate_hides_the_near_hip_from_the_side_and_nothing_from_the_front():
    load = Load("barbell_hands", 0.4)
    side = truth_of(HINGE, load=load, camera=CameraSetup(yaw_deg=90, height_m=0.9))
    front = truth_of(HINGE, load=load, camera=CameraSetup(yaw_deg=0, height_m=0.9))
    hip = list(side.joint_names).index("left_hip")
    assert side.joints_hidden[0, hip]
    assert not side.joints_hidden[:, list(side.joint_names).index("head")].any()
    assert not front.joints_hidden[:, hip].any()
    assert not truth_of(HINGE).joints_hidden.any()


def test_others_are_where_they_were_put():
    others = (
        Person("man_slim", "stand", (1.5, 1.0), facing_deg=40),
        Person("man_tall", "walk_through", (-2.0, 1.5), facing_deg=90, from_s=0.2, distance_m=1.4),
        Person("woman_short", "spot", (0.0, 0.8)),
    )
    truth = truth_of(replace(SQUAT, hold_s=1.0), others=others)
    ankles = truth.other_joints_m[:, :, [list(truth.joint_names).index(f"{s}_ankle") for s in SIDES]].mean(axis=2)
    assert np.ptp(ankles[0], axis=0).max() < 1e-6
    np.testing.assert_allclose(ankles[0, 0, :2], [1.5, 1.0], atol=0.03)
    np.testing.assert_allclose(ankles[1, -1, :2] - ankles[1, 0, :2], [1.4, 0], atol=1e-3)
    head = list(truth.joint_names).index("head")
    assert np.ptp(truth.other_joints_m[2, :, head, 2]) > 0.05
    left, top, right, under = truth.other_box_px[0, 0]
    inside = truth.other_joints_px[0, 0]
    assert (inside > [left - 2, top - 2]).all()
    assert (inside < [right + 2, under + 2]).all()


def test_a_shaking_camera_is_known_in_every_frame():
    still, shaking = (truth_of(camera=CameraSetup(yaw_deg=30, shake_deg=s)) for s in (0.0, 0.5))
    assert np.ptp(still.projection, axis=0).max() == 0
    assert np.ptp(shaking.projection, axis=0).max() > 0.1
    np.testing.assert_allclose(shaking.joints_m, still.joints_m)
    moved = np.linalg.norm(shaking.joints_px - still.joints_px, axis=2)
    np.testing.assert_allclose(moved.mean(axis=1), np.linalg.norm(shaking.camera_shift_px, axis=1), rtol=0.5, atol=0.5)
    px_per_deg = np.deg2rad(1) * 120 / 2 / np.tan(np.deg2rad(22.5))
    assert 0.2 * 0.5 * px_per_deg < np.sqrt(np.mean(moved**2)) < 3 * 0.5 * px_per_deg


def test_a_pan_has_the_commanded_size_in_every_frame():
    """Half-way it looks where it aims; there, a degree is as many pixels as the focal length says."""
    truth = truth_of(camera=CameraSetup(yaw_deg=-60, pan_deg_s=2.0))
    px_per_deg = np.deg2rad(1) * 120 / 2 / np.tan(np.deg2rad(22.5))
    shift = truth.camera_shift_px
    np.testing.assert_allclose(np.diff(shift[:, 0]), -2.0 / 10 * px_per_deg, rtol=0.01)
    np.testing.assert_allclose(shift[:, 0], -shift[::-1, 0], atol=1e-6)
    assert np.abs(shift[:, 1]).max() < 0.1
    still = truth_of(camera=CameraSetup(yaw_deg=-60))
    np.testing.assert_allclose(still.camera_shift_px, 0, atol=1e-9)
    head = list(truth.joint_names).index("head")
    np.testing.assert_allclose((truth.joints_px - still.joints_px)[:, head, 0], shift[:, 0], rtol=0.1, atol=0.1)


def test_a_pan_past_the_lifter_is_refused():
    with pytest.raises(ScenarioError, match="would pan by"):
        truth_of(replace(SQUAT, hold_s=20.0), camera=CameraSetup(pan_deg_s=4.0))


def test_the_same_seed_gives_the_same_truth_and_another_one_another():
    movement = replace(SETS["single_leg_stance"], hold_s=2.0)
    one, same, other = (truth_of(movement, sway=Sway(0.01, 0.01), seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.joints_m, same.joints_m)
    assert np.abs(one.joints_m - other.joints_m).max() > 1e-3


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_a_parameter_of_the_reps(fault):
    movement = SETS["single_leg_squat"] if fault in ("touch_down_s", "pelvic_drop_deg") else HINGE
    truth = truth_of(replace(movement, reps=3), faults={fault: (0.0, 0.02)})
    np.testing.assert_allclose(truth.rep_parameter(fault), [0, 0.02, 0])
