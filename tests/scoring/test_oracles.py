"""Oracles of the specification that no other test of this room holds: numbers known before the code was written.

Those that are not here stand with what they test: 1-10, 18 and 86 in ``test_geometry``, 16-17 in
``test_front``, 21 in ``test_view``, 72 in ``test_signal``, 75 in ``tests/pose/test_signal``, 77 and 84 in
``tests/benchmarks/test_statistics``, 78-79 in ``test_reps``, 80-82 in ``test_score``, 83 in
``test_exercise``, 85 and 88 in ``test_properties``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from formdrift.scoring.geometry import (
    angle_difference,
    balanced_lean,
    chord_over_arc,
    frontal_crosstalk,
    frontal_projection_angle,
    inclination,
    joint_flexion,
    unproject_inclination,
)
from formdrift.scoring.signal import butter_zero_lag, velocity
from formdrift.scoring.smoothness import (
    dimensionless_jerk,
    log_dimensionless_jerk,
    peak_to_mean,
    sparc,
    speed_variation,
)
from formdrift.scoring.symmetry import symmetry_index
from formdrift.scoring.tempo import phase_errors, tempo_adherence, tempo_error
from formdrift.scoring.velocity import sticking_region, velocity_loss, velocity_loss_error
from formdrift.scoring.view import line_yaw

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def min_jerk_speed(part: Floats) -> Floats:
    """Speed of a minimum-jerk stroke of length 1 in time 1."""
    return np.asarray(30.0 * (part**2 - 2.0 * part**3 + part**4))


def middles(count: int) -> Floats:
    """Middles of equal parts of 0 to 1: a mean over them is an integral."""
    return (np.arange(count) + 0.5) / count


# 11, 12: what a bent but straight leg shows a camera off the front
@pytest.mark.parametrize(
    ("thigh", "shank", "yaw", "seen"),
    [(60, 25, 5, 10.9117), (60, 25, 10, 21.3689), (30, 15, 10, 8.3891), (75, 30, 10, 38.6709)],
)
def test_crosstalk(thigh: float, shank: float, yaw: float, seen: float) -> None:
    assert frontal_crosstalk(thigh, shank, yaw) == pytest.approx(seen, abs=1e-4)
    # one leg at the origin, its knee ahead and its hip behind, turned and looked at from the front
    ankle = np.zeros(3)
    knee = ankle + np.array([0.0, np.cos(np.radians(shank)), np.sin(np.radians(shank))])
    hip = knee + np.array([0.0, np.cos(np.radians(thigh)), -np.sin(np.radians(thigh))])
    across = [np.cos(np.radians(yaw)), 0.0, np.sin(np.radians(yaw))]
    picture = [np.array([p @ across, p[1]]) for p in (hip, knee, ankle)]
    assert frontal_projection_angle(*picture, 1.0) == pytest.approx(seen, abs=1e-4)


def test_frontal_projection_angle() -> None:  # 13, 14
    hip, ankle = (0.0, 0.8), (0.0, 0.0)
    assert frontal_projection_angle(hip, (0.04, 0.4), ankle, 1.0) == pytest.approx(11.421186, abs=1e-6)
    assert frontal_projection_angle(hip, (-0.04, 0.4), ankle, 1.0) == pytest.approx(-11.421186, abs=1e-6)
    assert frontal_projection_angle(hip, (0.0, 0.4), ankle, 1.0) == pytest.approx(0.0, abs=1e-9)
    assert frontal_projection_angle((0, 0.85), (0.05, 0.43), (0.02, 0), 1.0) == pytest.approx(10.779888, abs=1e-6)


@pytest.mark.parametrize(("yaw", "right", "left"), [(0.0, -18.435, -18.435), (5.0, -28.109, -7.938)])
def test_frontal_projection_angle_of_a_squat(yaw: float, right: float, left: float) -> None:  # 15
    """With the knees over the ankles of a wider stance, the angle says more of the pose than of a fault."""
    turn = np.radians(-yaw)
    for leg, expected in ((-1.0, right), (1.0, left)):
        # to the subject's left and ahead; the shank is 0.43 m long at 25 degrees, the thigh 0.42 m at 60
        ankle = np.array([leg * 0.17, 0.0, 0.0])
        knee = ankle + np.array([0.0, 0.43 * np.cos(np.radians(25)), 0.43 * np.sin(np.radians(25))])
        hip = knee + np.array([-leg * 0.07, 0.42 * np.cos(np.radians(60)), -0.42 * np.sin(np.radians(60))])
        seen = [np.array([p[0] * np.cos(turn) + p[2] * np.sin(turn), p[1]]) for p in (hip, knee, ankle)]
        assert frontal_projection_angle(*seen, -leg) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(("tilt", "seen"), [(10, 45.438549), (15, 45.992973)])
def test_camera_that_looks_down(tilt: float, seen: float) -> None:  # 19
    """Heights shorten as forward lengths do off the side: the opposite correction."""
    assert unproject_inclination(45.0, tilt) == pytest.approx(seen, abs=1e-6)


def test_person_beside_the_axis_of_the_camera() -> None:  # 20
    """Who stands 0.6 m aside at 3 m is seen 11.3 degrees off."""
    along = np.array([0.6, 0.0, 3.0]) / np.hypot(0.6, 3.0)
    across = np.array([along[2], 0.0, -along[0]])
    hips = np.array([[0.1, 0.0, 0.0], [-0.1, 0.0, 0.0]])
    left, right = (np.array([[p @ across, 0.0, p @ along]]) for p in hips)
    assert np.abs(line_yaw(left, right)) == pytest.approx(11.309932, abs=1e-6)


def test_pitch_of_a_foot() -> None:  # 22
    heel = np.array([0.0, 0.02])
    toe = heel + np.array([np.sqrt(0.20**2 - 0.02**2), -0.02])
    # a foot is a segment that lies: its inclination is a right angle when flat
    assert inclination(heel, toe) - 90.0 == pytest.approx(5.739170, abs=1e-6)


def test_dorsiflexion_of_a_lifted_heel() -> None:  # 23
    # shank 35 degrees forward on a foot whose heel is 10 degrees up: the ankle itself bends 25
    ankle, knee = np.zeros(2), np.array([np.sin(np.radians(35)), np.cos(np.radians(35))])
    heel, toe = np.zeros(2), np.array([np.cos(np.radians(10)), -np.sin(np.radians(10))])
    foot = inclination(heel, toe) - 90.0
    assert joint_flexion(inclination(ankle, knee), foot) == pytest.approx(25.0, abs=1e-6)


def test_trunk_while_hips_rise_faster_than_shoulders() -> None:  # 24
    shoulder_up = 0.50 * np.cos(np.radians(40)) + 0.08 - 0.12
    shoulder = np.array([np.sqrt(0.25 - shoulder_up**2), shoulder_up])
    assert inclination(np.zeros(2), shoulder) == pytest.approx(46.682198, abs=1e-6)


def test_chord_of_a_round_back() -> None:  # 25
    assert chord_over_arc([25, 30, 60]) == pytest.approx([0.992086, 0.988616, 0.954930], abs=1e-6)
    bend = np.radians(np.linspace(0.0, 25.0, 100_001))
    arc = np.stack([np.sin(bend), 1.0 - np.cos(bend)], axis=1)
    length = np.linalg.norm(np.diff(arc, axis=0), axis=1).sum()
    assert np.linalg.norm(arc[-1] - arc[0]) / length == pytest.approx(float(chord_over_arc(25.0)), abs=1e-6)


def test_smoothness_of_a_bell() -> None:  # 65
    t = np.arange(-100, 100) / 100.0
    bell = np.exp(-5.0 * t**2)
    assert sparc(bell, 100.0) == pytest.approx(-1.414031, abs=1e-6)
    assert dimensionless_jerk(bell, 100.0) == pytest.approx(-335.746837, abs=1e-6)
    assert log_dimensionless_jerk(bell, 100.0) == pytest.approx(-5.816357, abs=1e-6)


@pytest.mark.parametrize(("duration", "fs", "expected"), [(2.0, 100.0, -1.405829), (1.0, 30.0, -1.400413)])
def test_smoothness_of_one_stroke(duration: float, fs: float, expected: float) -> None:  # 66
    stroke = min_jerk_speed(np.arange(round(duration * fs) + 1) / fs / duration)
    assert sparc(stroke, fs) == pytest.approx(expected, abs=1e-6)


def test_smoothness_of_rougher_movements() -> None:  # 67
    t = np.arange(201) / 100.0
    stroke = min_jerk_speed(t / 2.0)
    assert sparc(np.concatenate([stroke, stroke]), 100.0) == pytest.approx(-2.258579, abs=1e-6)
    assert sparc(stroke * (1.0 + 0.3 * np.sin(6.0 * np.pi * t)), 100.0) == pytest.approx(-1.880746, abs=1e-6)


def test_jerk_of_one_stroke() -> None:  # 68
    fine = 1_000_000
    stroke = min_jerk_speed(np.arange(fine + 1) / fine)
    assert log_dimensionless_jerk(stroke, fine) == pytest.approx(-np.log(720.0 / 1.875**2), abs=1e-5)


def test_evenness_of_strokes() -> None:  # 69
    assert peak_to_mean(min_jerk_speed(middles(100_001))) == pytest.approx(1.875, abs=1e-6)
    assert peak_to_mean(np.sin(np.pi * middles(100_001))) == pytest.approx(1.570796, abs=1e-6)
    assert speed_variation(min_jerk_speed(np.linspace(0.0, 1.0, 1001))) == pytest.approx(0.232153, abs=1e-6)
    assert speed_variation(np.full(50, -0.3)) == pytest.approx(0.0, abs=1e-9)


def test_tempo() -> None:  # 70
    assert tempo_error([3.4, 0.8, 1.3], [3.0, 1.0, 1.0]) == pytest.approx(0.18, abs=1e-9)
    assert tempo_adherence(tempo_error([3.4, 0.8, 1.3], [3.0, 1.0, 1.0])) == pytest.approx(82.0, abs=1e-6)
    assert tempo_adherence(1.2) == 0.0
    assert phase_errors([3.4, 0.8, 1.3], [3.0, 1.0, 1.0]) == pytest.approx([0.4 / 3, -0.2, 0.3])
    # a pause of no time is asked for: it counts in the sum, but is no part of anything
    assert tempo_error([3.0, 0.5, 1.0], [3.0, 0.0, 1.0]) == pytest.approx(0.125)
    assert phase_errors([3.0, 0.5, 1.0], [3.0, 0.0, 1.0]) == pytest.approx([0.0, np.nan, 0.0], nan_ok=True)
    # as fast as possible: no target
    assert tempo_error([3.0, 0.5, 9.0], [3.0, 0.0, np.nan]) == pytest.approx(0.5 / 3.0)
    # what was not seen is not known to be right
    assert np.isnan(tempo_adherence(tempo_error([3.0, np.nan, 1.0], [3.0, 0.0, 1.0])))
    assert np.isnan(tempo_error([3.0, 1.0, 1.0], [np.nan, np.nan, np.nan]))


def test_symmetry() -> None:  # 71
    assert symmetry_index(46.0, 54.0) == pytest.approx(-16.0, abs=1e-6)
    assert np.isnan(symmetry_index(0.02, -0.01, sem=0.03))


def test_slope_of_a_parabola() -> None:  # 73
    t = np.arange(11) / 30.0
    assert velocity(t**2, 30.0)[5] == pytest.approx(0.333333, abs=1e-6)


def test_angles_unwrap() -> None:  # 76
    seen = np.array([170.0, -175.0, -160.0])
    assert seen[0] + np.cumsum([0.0, *angle_difference(seen[1:], seen[:-1])]) == pytest.approx([170.0, 185.0, 200.0])
    assert abs(float(angle_difference(-179.0, 179.0))) == pytest.approx(2.0, abs=1e-9)


def test_speed_of_cosine_squats() -> None:  # 78
    t = np.arange(361) / 30.0
    low = 1.0 - 0.5 * (1.0 - np.cos(2.0 * np.pi * t / 3.0)) / 2.0
    rising = slice(45, 91)
    assert velocity(low, 30.0)[rising].max() == pytest.approx(0.523599, abs=1e-3)
    assert (low[90] - low[45]) / 1.5 == pytest.approx(0.333333, abs=0.333333 / 45)


def test_lean_that_balances_a_bar() -> None:  # 87
    assert balanced_lean((30.0, 0.43), (-90.0, 0.42), 0.50, 0.06) == pytest.approx(32.005455, abs=1e-6)
    # the shoulders of the figure are then over the middle of its foot
    lean = np.radians(float(balanced_lean((30.0, 0.43), (-90.0, 0.42), 0.50, 0.06)))
    assert 0.43 * np.sin(np.radians(30)) - 0.42 + 0.50 * np.sin(lean) == pytest.approx(0.06, abs=1e-9)
    assert np.isnan(balanced_lean((30.0, 0.43), (-90.0, 2.0), 0.50, 0.06))


def test_velocity_loss() -> None:  # 49, used by drift
    loss = velocity_loss([0.62, 0.64, 0.61, 0.58, 0.55, 0.50, 0.45])
    assert loss == pytest.approx([3.125, 0, 4.6875, 9.375, 14.0625, 21.875, 29.6875], abs=1e-6)
    assert int(np.argmax(loss >= 20.0)) + 1 == 6
    # one repetition at 0.60 m/s with an error of 0.05: a fifth less can't be told
    assert 1.96 * velocity_loss_error(0.60, 0.05) == pytest.approx(23.1, abs=0.05)


def test_velocity_loss_counts_from_full_repetitions_that_were_measured() -> None:
    loss = velocity_loss([0.9, np.nan, 0.5, 0.4], full=[False, True, True, True])
    assert loss == pytest.approx([-80.0, np.nan, 0.0, 20.0], nan_ok=True)
    assert np.isnan(velocity_loss([np.nan, np.nan])).all()


@pytest.mark.parametrize("dip", [0.0, 0.05, 0.15, 0.30])
def test_sticking_region(dip: float) -> None:
    """A steady ascent that slows down once, around 0.8 s."""
    t = np.arange(61) / 30.0
    v = 0.5 * np.sin(np.pi * t / 2.0) ** 0.5 - dip * np.exp(-(((t - 0.8) / 0.15) ** 2))
    found = sticking_region(t, v)
    if dip < 0.1:
        assert found is None
        return
    assert found is not None
    assert found.end_s == pytest.approx(0.8, abs=0.05)
    assert 0.3 < found.start_s < 0.7
    assert found.least == pytest.approx(v.min() if dip > 0.3 else v[24], abs=0.02)
    assert found.first_peak > found.least


def test_sticking_region_is_no_wobble_of_a_smooth_ascent() -> None:
    t = np.arange(61) / 30.0
    height = np.cumsum(min_jerk_speed(t / 2.0)) / 60.0
    rng = np.random.default_rng(3)
    for _ in range(50):
        noisy = butter_zero_lag(height + 0.003 * rng.standard_normal(len(t)), 3.0, 30.0)
        assert sticking_region(t, velocity(noisy, 30.0)) is None


def test_speeds_that_were_not_seen() -> None:
    for read in (peak_to_mean, speed_variation):
        assert np.isnan(read([np.nan, np.nan]))
        assert np.isnan(read([]))
    gap = np.array([0.1, np.nan, 0.3, 0.2])
    assert np.isnan(sparc(gap, 30.0))
    assert np.isnan(dimensionless_jerk(gap, 30.0))
    assert np.isnan(sparc(np.zeros(20), 30.0))
    assert np.isnan(log_dimensionless_jerk(np.full(20, 0.4), 30.0))
