"""What is measured of a repetition, against the angles that the figure was told to make."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import figure
import numpy as np
import pytest
from figure import (
    LEG_M,
    SHANK_M,
    THIGH_M,
    Pose,
    Tempo,
    clock,
    even_hips,
    film,
    from_the_floor,
    hide,
    hips_first,
    mirror,
    moving,
    profile,
    reps,
    unlocked,
)

from formdrift.pose.topology import MEDIAPIPE_33
from formdrift.scoring.geometry import max_inclination_error
from formdrift.scoring.prescription import Prescription, parse_tempo
from formdrift.scoring.registry import METRICS
from formdrift.scoring.sets import score_track

if TYPE_CHECKING:
    from formdrift.pose.track import PoseTrack
    from formdrift.scoring.result import Measurement, Rep
    from formdrift.scoring.thresholds import Thresholds

SQUAT = figure.PARALLEL_SQUAT
# what world landmarks show of a person obliquely in front
OBLIQUE = {info.name for info in METRICS.values() if info.oblique}
SIDE_ONLY = {
    "knee_flexion_bottom_deg",
    "hip_flexion_bottom_deg",
    "trunk_inclination_bottom_deg",
    "shank_inclination_bottom_deg",
    "depth_angle_bottom_deg",
    "trunk_minus_shank_bottom_deg",
    "hips_back_bottom",
    "knee_to_hip_flexion_ratio",
    "knee_flexion_gain_deg",
    "shank_travel_deg",
    "trunk_rise_deg",
    "knee_flexion_lockout_deg",
    "lockout_deficit_deg",
}
FRONT_ONLY = {"knee_separation_deficit", "knees_in", "hip_shift_bottom", "pelvis_tilt_change_deg"}
ANY_VIEW = {"descent_s", "bottom_pause_s", "ascent_s", "hip_drop", "descent_peak_to_mean_speed"}


def scored(track: PoseTrack, thresholds: Thresholds, exercise: str = "auto") -> tuple[Rep, ...]:
    (only,) = score_track(track, exercise, thresholds).sets
    assert only.reps
    return only.reps


def values(reps_found: tuple[Rep, ...], metric: str) -> list[float | None]:
    return [rep.measurements[metric].value for rep in reps_found]


@pytest.mark.parametrize("yaw", [figure.FROM_LEFT, figure.FROM_RIGHT])
@pytest.mark.parametrize(
    "pose",
    [SQUAT, Pose(22, -60, 25, 90), Pose(35, -105, 40, 90), Pose(30, -90, 60, 90), figure.RDL, figure.KETTLEBELL],
    ids=["parallel", "shallow", "deep", "lean", "rdl", "kettlebell"],
)
def test_commanded_angles_are_measured(pose: Pose, yaw: float, thresholds: Thresholds) -> None:
    found = scored(film(reps(pose), yaw), thresholds)
    shank, thigh = np.radians(pose.shank), np.radians(pose.thigh)
    expected = {
        "knee_flexion_bottom_deg": pose.shank - pose.thigh,
        "hip_flexion_bottom_deg": pose.trunk - pose.thigh,
        "trunk_inclination_bottom_deg": pose.trunk,
        "shank_inclination_bottom_deg": pose.shank,
        "depth_angle_bottom_deg": 90 + pose.thigh,
        "trunk_minus_shank_bottom_deg": pose.trunk - pose.shank,
        "knee_flexion_gain_deg": pose.shank - pose.thigh,
        "shank_travel_deg": pose.shank,
        "trunk_rise_deg": 0.0,
        "knee_flexion_lockout_deg": 0.0,
        "lockout_deficit_deg": 0.0,
    }
    for metric, value in expected.items():
        assert values(found, metric) == pytest.approx([value] * 4, abs=0.3), metric
    dimensionless = {
        "knee_to_hip_flexion_ratio": (pose.shank - pose.thigh) / (pose.trunk - pose.thigh),
        "hips_back_bottom": (-SHANK_M * np.sin(shank) - THIGH_M * np.sin(thigh)) / THIGH_M,
        "hip_drop": 1 - (SHANK_M * np.cos(shank) + THIGH_M * np.cos(thigh)) / LEG_M,
    }
    for metric, value in dimensionless.items():
        assert values(found, metric) == pytest.approx([value] * 4, abs=5e-3), metric


@pytest.mark.parametrize("rise", [6.0, 12.0, 20.0])
def test_hips_that_rise_first(rise: float, thresholds: Thresholds) -> None:
    tempo = Tempo(up=1.6)
    found = scored(film(hips_first(reps(SQUAT, tempo=tempo), rise + 6.0, tempo)), thresholds)
    motion = hips_first(reps(SQUAT, tempo=tempo), rise + 6.0, tempo)
    bottom = motion.hip_height.min()
    early = (motion.hip_height - bottom) <= 0.5 * (1 - bottom)
    expected = motion.trunk[early].max() - SQUAT.trunk
    assert expected > rise / 2
    assert values(found, "trunk_rise_deg") == pytest.approx([expected] * 4, abs=0.8)


@pytest.mark.parametrize("left_deg", [10.0, 20.0, 30.0])
def test_knees_that_stay_bent_at_the_top(left_deg: float, thresholds: Thresholds) -> None:
    soft = Pose(shank=left_deg / 2, thigh=-left_deg / 2)
    found = scored(film(unlocked(SQUAT, soft)), thresholds)
    assert values(found, "knee_flexion_lockout_deg") == pytest.approx([left_deg] * 4, abs=0.5)


@pytest.mark.parametrize("left_deg", [6.0, 12.0, 20.0, 30.0])
def test_hips_that_stay_bent_at_the_top(left_deg: float, thresholds: Thresholds) -> None:
    found = scored(film(unlocked(figure.RDL, Pose(trunk=left_deg))), thresholds)
    assert len(found) == 4
    # whether the lifter would still have come up after the last one, the video does not tell
    assert values(found[:3], "lockout_deficit_deg") == pytest.approx([left_deg] * 3, abs=0.5)


def test_leaning_back_at_the_top(thresholds: Thresholds) -> None:
    found = scored(film(unlocked(figure.RDL, Pose(trunk=-15.0))), thresholds)
    # five degrees are allowed
    assert values(found, "lockout_deficit_deg") == pytest.approx([10.0] * 4, abs=0.5)


@pytest.mark.parametrize("tempo", [Tempo(1.0, 0.3, 0.8, 1.0), Tempo(2.5, 1.0, 1.2, 1.0)])
def test_tempo(tempo: Tempo, thresholds: Thresholds) -> None:
    t = clock(1.5 + 4 * tempo.rep + 1.0)
    low = even_hips(profile(t, [1.0] * 4, tempo), SQUAT)
    found = scored(film(moving(t, low, SQUAT)), thresholds)
    for metric, truth in (("descent_s", tempo.down), ("bottom_pause_s", tempo.hold), ("ascent_s", tempo.up)):
        for rep in found:
            measured = rep.measurements[metric]
            assert measured.sem_abs is not None
            # slow starts and ends are seen late: the error that is stated covers it twice
            assert measured.value == pytest.approx(truth, abs=2 * measured.sem_abs), metric


def test_evenness_of_a_descent(thresholds: Thresholds) -> None:
    """A min-jerk descent peaks at 1.57 times the mean of what exceeds a tenth of its peak; filtering adds a little."""
    found = scored(film(reps(figure.RDL, tempo=Tempo(1.5, 0.4, 1.0, 0.8))), thresholds)
    assert values(found, "descent_peak_to_mean_speed") == pytest.approx([1.6] * 4, abs=0.08)


@pytest.mark.parametrize("down_s", [1.2, 3.0])
def test_noise_makes_no_uneven_descent(down_s: float, thresholds: Thresholds) -> None:
    """Landmarks that wander by a pixel in a picture of a 370 px person leave an even descent without a penalty."""
    found = scored(film(reps(SQUAT, tempo=Tempo(down=down_s)), noise_px=1.0), thresholds)
    measured = [rep.measurements["descent_peak_to_mean_speed"].value or 0.0 for rep in found]
    assert np.median(measured) == pytest.approx(1.66, abs=0.34)


def test_every_measurement_states_its_errors_view_and_phase(thresholds: Thresholds) -> None:
    yaw = 78.0
    for rep in scored(film(reps(SQUAT), yaw), thresholds):
        assert set(rep.measurements) >= SIDE_ONLY | FRONT_ONLY | ANY_VIEW
        for name in FRONT_ONLY:
            refused = rep.measurements[name]
            assert (refused.status, refused.value) == ("not_observable", None)
            assert "filmed from the side" in str(refused.reason)
        for name in SIDE_ONLY | ANY_VIEW:
            one = rep.measurements[name]
            assert (one.metric, one.status, one.reason, one.view) == (name, "measured", None, "sagittal")
            assert one.sem_within is not None
            assert one.sem_abs is not None
            assert 0 < one.sem_within <= one.sem_abs
            assert one.phase
        # one segment may err by the bound of its inclination, a joint by that of two
        bound = float(max_inclination_error(12.0))
        assert rep.measurements["trunk_inclination_bottom_deg"].bias_bound == pytest.approx(bound, rel=0.02)
        assert rep.measurements["knee_flexion_bottom_deg"].bias_bound == pytest.approx(2 * bound, rel=0.02)
        assert rep.measurements["descent_s"].bias_bound == 0


def test_stated_errors_are_those_of_the_settings(thresholds: Thresholds) -> None:
    (rep, *_) = scored(film(reps(SQUAT)), thresholds)
    assert rep.measurements["knee_flexion_bottom_deg"].sem_abs == 6.0
    assert rep.measurements["trunk_minus_shank_bottom_deg"].sem_abs == pytest.approx(np.hypot(4, 5), abs=1e-3)
    assert rep.measurements["trunk_minus_shank_bottom_deg"].sem_within == pytest.approx(3.2, abs=0.01)


@pytest.mark.parametrize("yaw", [70.5, 80.0, 100.0, -75.0])
def test_views_near_the_side_err_within_their_bound(yaw: float, thresholds: Thresholds) -> None:
    (rep, *_) = scored(film(reps(SQUAT), yaw), thresholds)
    truth = {
        "trunk_inclination_bottom_deg": 35.0,
        "shank_inclination_bottom_deg": 30.0,
        "knee_flexion_bottom_deg": 120.0,
    }
    truth |= {"depth_angle_bottom_deg": 0.0, "trunk_minus_shank_bottom_deg": 5.0, "hip_flexion_bottom_deg": 125.0}
    for metric, value in truth.items():
        measured = rep.measurements[metric]
        assert measured.bias_bound is not None
        assert measured.value == pytest.approx(value, abs=measured.bias_bound + 0.3), metric
    back = rep.measurements["hips_back_bottom"]
    assert back.bias_bound is not None
    assert back.value == pytest.approx(1 - SHANK_M * 0.5 / THIGH_M, abs=back.bias_bound + 1e-3)


@pytest.mark.parametrize(
    ("yaw", "words"), [(0.0, "from the front"), (180.0, "from behind"), (25.0, "at an angle"), (-120.0, "at an angle")]
)
@pytest.mark.parametrize("pose", [SQUAT, figure.RDL])
def test_other_views_say_why_they_show_no_angles(pose: Pose, yaw: float, words: str, thresholds: Thresholds) -> None:
    for rep in scored(film(reps(pose), yaw), thresholds):
        for name in SIDE_ONLY:
            one = rep.measurements[name]
            assert (one.status, one.value, one.sem_abs, one.bias_bound) == ("not_observable", None, None, None)
            assert words in str(one.reason)
            assert "side" in str(one.reason)
        # the speed of a lean, unlike that of the hips, takes the side to be seen
        by_lean = {"descent_peak_to_mean_speed"} if pose is figure.RDL else set()
        for name in ANY_VIEW - by_lean:
            assert rep.measurements[name].status == "measured", name
        for name in by_lean:
            assert (rep.measurements[name].status, rep.measurements[name].value) == ("not_observable", None)


@pytest.mark.parametrize("yaw", [35.0, -45.0, 65.0])
@pytest.mark.parametrize("pose", [SQUAT, figure.RDL])
def test_oblique_views_show_angles_with_a_wider_error(pose: Pose, yaw: float, thresholds: Thresholds) -> None:
    side, oblique = (scored(film(reps(pose), y), thresholds) for y in (90.0, yaw))
    for name in OBLIQUE:
        assert values(oblique, name) == pytest.approx(values(side, name), abs=0.6), name
        for at_side, at_angle in zip(side, oblique, strict=True):
            one, other = at_side.measurements[name], at_angle.measurements[name]
            assert one.sem_abs is not None
            assert other.sem_abs == pytest.approx(thresholds.view.oblique_error * one.sem_abs, rel=0.05)
            assert (one.confidence in ("high", "moderate"), other.confidence) == (True, "low")
    for rep in oblique:
        for name in SIDE_ONLY - OBLIQUE | FRONT_ONLY:
            assert rep.measurements[name].status == "not_observable", name


def test_errors_widen_where_joints_are_seen_less_well(thresholds: Thresholds) -> None:
    track = film(reps(SQUAT))
    errors, levels = [], []
    for visibility in (0.95, 0.81, 0.65, 0.51):
        dimmer = replace(track, visibility=np.full_like(track.visibility, visibility))
        one = scored(dimmer, thresholds)[0].measurements["knee_flexion_bottom_deg"]
        errors.append(one.sem_abs)
        levels.append(one.confidence)
    assert errors == pytest.approx([6.0, 6.0, 9.0, 6.0 * (2 - 0.01 / 0.3)], abs=0.05)
    assert levels == ["high", "high", "moderate", "moderate"]


def test_joints_that_are_hardly_seen_are_not_measured(thresholds: Thresholds) -> None:
    track = film(reps(SQUAT))
    dim = track.visibility.copy()
    dim[:, [MEDIAPIPE_33.index[f"{side}_{joint}"] for side in ("left", "right") for joint in ("knee", "ankle")]] = 0.2
    (rep, *_) = scored(replace(track, visibility=dim), thresholds, "squat")
    one = rep.measurements["shank_inclination_bottom_deg"]
    assert (one.status, one.value, one.sem_abs, one.confidence) == ("poor_quality", None, None, None)
    assert "mostly hidden" in str(one.reason)
    assert rep.measurements["trunk_inclination_bottom_deg"].status == "measured"


def test_every_measurement_is_registered_and_says_the_same(thresholds: Thresholds) -> None:
    asked = Prescription(tempo=parse_tempo("3/1/1/0"), load_kg=20.0, height_m=1.8, intent="max")
    for exercise in ("squat", "overhead-squat", "rdl", "deadlift"):
        for yaw in (90.0, 0.0):
            (one,) = score_track(film(reps(SQUAT), yaw), exercise, thresholds, prescription=asked).sets
            for name, measured in one.reps[0].measurements.items():
                info = METRICS[name]
                assert (measured.metric, measured.unit, measured.phase) == (name, info.unit, info.phase)
                assert set(info.errors) <= set(thresholds.sem), name
                if measured.value is not None:
                    assert info.shown != ("front" if yaw == 90.0 else "side"), name


def test_shins_that_move_back_and_forth_keep_their_sign(thresholds: Thresholds) -> None:
    """A clean hinge tilts the shins back: less of that is not the same as more of the other."""
    commanded = [-10.0, -5.0, 4.0, 8.0, 14.0, 20.0]
    found = [
        scored(film(reps(Pose(shank, -14.0, 70.0))), thresholds, "rdl")[1].measurements["shank_travel_deg"].value
        for shank in commanded
    ]
    assert found == pytest.approx(commanded, abs=0.3)


def test_hips_that_start_before_the_knees(thresholds: Thresholds) -> None:
    for lead_s in (0.0, 0.2, -0.2):
        motion = reps(SQUAT, tempo=Tempo(1.6, 0.4, 1.0, 1.0), fps=60.0)
        # the hips bend by leaning: shift the trunk's lean in time against the knees
        earlier = np.interp(motion.time_s + lead_s, motion.time_s, motion.trunk)
        knees = np.interp(motion.time_s, motion.time_s, motion.thigh)
        found = scored(film(replace(motion, trunk=earlier, thigh=knees)), thresholds, "squat")
        onset = [rep.measurements["hip_first_onset_s"].value for rep in found]
        assert all(o is not None and (abs(o) < 0.05 if lead_s == 0.0 else o * lead_s > 0) for o in onset), onset


@pytest.mark.parametrize(("text", "off"), [("1.2/0.4/1.0/0.8", 0.0), ("2.4/0.8/2.0", 0.5), ("1.2/X/1.0", 0.0)])
def test_tempo_against_what_was_asked_for(text: str, off: float, thresholds: Thresholds) -> None:
    track = film(reps(SQUAT))
    (one,) = score_track(track, "squat", thresholds, prescription=Prescription(tempo=parse_tempo(text))).sets
    for rep in one.reps:
        # phases are timed from 5 % of their peak speed, so that each reads a little short
        error = rep.measurements["tempo_error"].value
        assert error == pytest.approx(off, abs=0.17)
        assert next(c for c in rep.criteria if c.id == "SQ-TEMPO").score is not None
    assert "tempo_error" not in scored(track, thresholds)[0].measurements


def test_who_never_stands_straight_earns_no_lockout(thresholds: Thresholds) -> None:
    soft = Pose(15, -15, 0)
    tempo = Tempo(rest=0.2)
    always_bent = reps(SQUAT, (1.0,) * 4, tempo, top=soft)
    for rep in scored(film(always_bent), thresholds, "squat"):
        lockout = next(c for c in rep.criteria if c.id == "SQ-LOCK")
        assert lockout.value == pytest.approx(20.0, abs=1.0)
        assert lockout.score is not None
        assert lockout.score < 60


def test_tempo_is_the_same_from_every_side(thresholds: Thresholds) -> None:
    side, front = (scored(film(reps(SQUAT), yaw), thresholds) for yaw in (90.0, 0.0))
    for metric in ANY_VIEW:
        # the height of the hips, all that the front shows, hides the slow beginning and end of a movement
        hidden = 0.25 if metric in ("descent_s", "ascent_s") else 1e-3
        assert values(front, metric) == pytest.approx(values(side, metric), abs=hidden), metric


def test_slow_video_has_no_speeds_but_reps_and_angles(thresholds: Thresholds) -> None:
    found = scored(film(reps(SQUAT, fps=5.0)), thresholds)
    assert len(found) == 4
    for rep in found:
        speed = rep.measurements["descent_peak_to_mean_speed"]
        assert (speed.status, speed.value) == ("not_observable", None)
        assert "5 frames a second" in str(speed.reason)
    assert values(found, "knee_flexion_bottom_deg") == pytest.approx([120] * 4, abs=5)


def test_dead_start_has_no_descent(thresholds: Thresholds) -> None:
    first, second, *_ = scored(film(from_the_floor(figure.FLOOR_PULL)), thresholds)
    for metric in ("descent_s", "bottom_pause_s", "descent_peak_to_mean_speed"):
        assert first.measurements[metric].status == "not_observable"
        assert "began at the bottom" in str(first.measurements[metric].reason)
        assert second.measurements[metric].status == "measured"
    gains = [rep.measurements["knee_flexion_gain_deg"].value for rep in (first, second)]
    assert gains == pytest.approx([94.0, 94.0], abs=0.5)


def test_video_that_ends_too_early_has_no_lockout(thresholds: Thresholds) -> None:
    motion = reps(SQUAT)
    end = 1.5 + 3 * Tempo().rep + 1.2 + 0.4 + 0.7
    *whole, last = scored(film(motion).between(0.0, end), thresholds)
    assert len(whole) == 3
    for metric in ("knee_flexion_lockout_deg", "lockout_deficit_deg", "ascent_s"):
        one: Measurement = last.measurements[metric]
        assert (one.status, one.value) == ("not_observable", None)
        assert "video ends" in str(one.reason)
        assert whole[-1].measurements[metric].status == "measured"


def bottoms_hidden(joints: list[str] | None) -> PoseTrack:
    """Hide 30 % of every repetition (of 2.1 s, as its edges are defined), around its bottom."""
    motion = reps(SQUAT)
    from_bottom = (motion.time_s - 1.5) % Tempo().rep - 1.4
    return hide(film(motion), (np.abs(from_bottom) < 0.31) & (motion.time_s > 1.5), joints)


@pytest.mark.parametrize("joints", [None, ["left_hip", "right_hip"]])
def test_hidden_bottoms_are_counted_but_not_measured(joints: list[str] | None, thresholds: Thresholds) -> None:
    found = scored(bottoms_hidden(joints), thresholds, "squat")
    assert len(found) == 4
    for rep in found:
        for metric in (
            "knee_flexion_bottom_deg",
            "depth_angle_bottom_deg",
            "hip_drop",
            "bottom_pause_s",
            "trunk_rise_deg",
        ):
            one = rep.measurements[metric]
            assert (one.status, one.value) == ("poor_quality", None), metric
            assert "hidden" in str(one.reason)
        assert rep.measurements["knee_flexion_lockout_deg"].status == "measured"


def test_one_hidden_joint_hides_only_what_needs_it(thresholds: Thresholds) -> None:
    for rep in scored(bottoms_hidden(["left_ankle"]), thresholds):
        assert rep.measurements["knee_flexion_bottom_deg"].status == "poor_quality"
        assert rep.measurements["shank_inclination_bottom_deg"].status == "poor_quality"
        assert rep.measurements["trunk_inclination_bottom_deg"].value == pytest.approx(35, abs=0.3)
        assert rep.measurements["depth_angle_bottom_deg"].value == pytest.approx(0, abs=0.3)


def test_a_gap_near_the_bottom_is_near_enough(thresholds: Thresholds) -> None:
    motion = reps(SQUAT)
    # the bottom is held for 0.4 s; the knee vanishes 0.05 s before it and is back when it begins
    before = (motion.time_s - 1.5) % Tempo().rep - 1.2
    track = hide(film(motion), (before > -0.30) & (before < 0.0) & (motion.time_s > 1.5), ["left_knee"])
    for rep in scored(track, thresholds):
        assert rep.measurements["knee_flexion_bottom_deg"].status == "poor_quality"


def test_hips_that_hardly_bend_have_no_ratio(thresholds: Thresholds) -> None:
    knees_only = Pose(shank=40.0, thigh=-4.0, trunk=2.0)
    (rep, *_) = scored(film(reps(knees_only)), thresholds, "squat")
    one = rep.measurements["knee_to_hip_flexion_ratio"]
    assert (one.status, one.value) == ("not_observable", None)
    assert "hips bend too little" in str(one.reason)


def test_mirror_place_and_size_do_not_matter(thresholds: Thresholds) -> None:
    motion = reps(SQUAT)
    track = film(motion, 85.0)
    one = scored(track, thresholds)
    for other in (mirror(track), film(motion, 85.0, shift_px=(-60.0, 15.0)), film(motion, 85.0, px_per_m=110.0)):
        again = scored(other, thresholds)
        for metric in SIDE_ONLY | ANY_VIEW:
            assert values(again, metric) == pytest.approx(values(one, metric), abs=2e-4), metric


def test_frame_rate_does_not_matter(thresholds: Thresholds) -> None:
    slow, fast = (scored(film(reps(SQUAT, fps=fps)), thresholds) for fps in (30.0, 60.0))
    for metric in ("descent_s", "bottom_pause_s", "ascent_s"):
        assert values(fast, metric) == pytest.approx(values(slow, metric), abs=1 / 30 + 1e-6), metric
    for metric in SIDE_ONLY:
        assert values(fast, metric) == pytest.approx(values(slow, metric), abs=0.3), metric
    for a, b in zip(slow, fast, strict=True):
        assert a.bottom_s == pytest.approx(b.bottom_s, abs=1 / 30 + 1e-6)


def test_without_standing_before_the_set_its_tops_are_the_zero(thresholds: Thresholds) -> None:
    """Also when a part of the clip shows the lifter from the other side, as after a cut."""
    track = film(reps(SQUAT, (1.0,) * 6, lead_s=0.1, top=Pose(shank=5.0, thigh=-5.0)))
    turned = mirror(track)
    assert track.world_m is not None
    assert turned.world_m is not None
    cut = (track.time_s > 0.1 + 4 * Tempo().rep)[:, None, None]
    both = replace(
        track, xy_px=np.where(cut, turned.xy_px, track.xy_px), world_m=np.where(cut, turned.world_m, track.world_m)
    )
    found = scored(both, thresholds, "squat")[:3]
    assert values(found, "knee_flexion_lockout_deg") == pytest.approx([0.0] * 3, abs=3.0)
    straight = scored(track, thresholds, "squat")
    assert values(straight, "knee_flexion_lockout_deg") == pytest.approx([0.0] * 6, abs=3.0)


def test_standing_still_before_the_set_is_the_zero(thresholds: Thresholds) -> None:
    """A camera or body that shows bent knees in standing does not cost the lockout."""
    bent = Pose(shank=6.0, thigh=-6.0, trunk=4.0)
    found = scored(film(reps(replace(SQUAT, trunk=40.0), top=bent)), thresholds)
    assert values(found, "knee_flexion_lockout_deg") == pytest.approx([0.0] * 4, abs=0.3)
