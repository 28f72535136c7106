"""Velocity, its loss, sticking, constancy, tempo kept, the hands' path and symmetry, on figures of known movement."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import figure
import numpy as np
import pytest
from figure import FROM_FRONT, KETTLEBELL, PARALLEL_SQUAT, Tempo, clock, even_hips, film, min_jerk, moving, reps

from formdrift.pose.topology import MEDIAPIPE_33
from formdrift.scoring import prescription
from formdrift.scoring.exercise import find_reps
from formdrift.scoring.front import front_curves
from formdrift.scoring.kinematics import kinematics
from formdrift.scoring.measures import measure
from formdrift.scoring.phases import standing_baseline
from formdrift.scoring.prescription import NOTHING_PRESCRIBED, Prescription

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from formdrift.pose.track import PoseTrack
    from formdrift.scoring.metric import Metric
    from formdrift.scoring.thresholds import Thresholds

    Floats = NDArray[np.float64]

ALL_OUT = Prescription(intent="max")
DROP = 1.0 - float(moving(np.zeros(1), np.ones(1), PARALLEL_SQUAT).hip_height[0])
# mean of a minimum-jerk stroke from where to where it is a twentieth of its peak, over the mean of all of it
OF_THE_MOVING = 1.128


def measured(
    track: PoseTrack, thresholds: Thresholds, asked: Prescription = NOTHING_PRESCRIBED, exercise: str = "squat"
) -> dict[str, Metric]:
    kin = kinematics(track, thresholds)
    found = find_reps(kin, exercise, thresholds)
    baseline = standing_baseline(kin, found.spans, found.lowering)
    front = front_curves(track, kin, thresholds) if kin.view.label == "frontal" else None
    return measure(kin, found.spans, found, baseline, front, thresholds, asked)


def ascents(up_s: Sequence[float], sag: float = 0.0, fps: float = 30.0) -> PoseTrack:
    """Film squats whose hips rise by minimum jerk in so many seconds; `sag` lets them stick half-way."""
    rep_s = [1.2 + 0.4 + up + 0.8 for up in up_s]
    time_s = clock(1.5 + sum(rep_s) + 1.0, fps)
    low, start = np.zeros_like(time_s), 1.5
    for up, whole in zip(up_s, rep_s, strict=True):
        t = time_s - start
        part = np.clip((t - 1.6) / up, 0.0, 1.0)
        low += min_jerk(t / 1.2) - min_jerk(part) + sag * np.sin(3.0 * np.pi * part) * np.sin(np.pi * part)
        start += whole
    return film(moving(time_s, even_hips(np.clip(low, 0.0, 1.0), PARALLEL_SQUAT), PARALLEL_SQUAT))


def reasons(metric: Metric) -> set[str | None]:
    return set(metric.reason)


@pytest.mark.parametrize("up_s", [0.8, 1.2, 2.0])
def test_velocity_of_the_hips(up_s: float, thresholds: Thresholds) -> None:
    found = measured(ascents([up_s] * 4), thresholds, Prescription(height_m=1.80))
    assert found["hip_ascent_velocity"].value == pytest.approx(
        OF_THE_MOVING * DROP / up_s, rel=0.04 if up_s >= 1.0 else 0.08
    )
    assert found["hip_ascent_peak_velocity"].value == pytest.approx(1.875 * DROP / up_s, rel=0.03)
    for name in ("hip_ascent_velocity", "hip_ascent_peak_velocity"):
        assert found[f"{name}_m_s"].value == pytest.approx(0.491 * 1.80 * found[name].value)
        # how long a leg is adds to the error against reality, not to that within a set
        relative = found[f"{name}_m_s"].sem_abs / found[f"{name}_m_s"].value
        assert (relative > found[name].sem_abs / found[name].value).all()


def test_there_are_no_metres_without_a_stature(thresholds: Thresholds) -> None:
    assert not [name for name in measured(ascents([1.0] * 3), thresholds) if name.endswith("_m_s")]


def test_velocity_is_the_same_from_every_side(thresholds: Thresholds) -> None:
    side, front = (measured(film(reps(PARALLEL_SQUAT), yaw), thresholds) for yaw in (90.0, FROM_FRONT))
    assert front["hip_ascent_velocity"].value == pytest.approx(side["hip_ascent_velocity"].value, rel=0.02)


def test_hands_are_followed_in_a_hinge(thresholds: Thresholds) -> None:
    found = measured(film(reps(KETTLEBELL)), thresholds, exercise="kettlebell")
    assert "hip_ascent_velocity" not in found
    assert (found["hand_ascent_velocity"].value > 0.3).all()


def test_loss_of_velocity(thresholds: Thresholds) -> None:
    up_s = np.array([1.0, 1.0, 1.0, 1.2, 1.4, 1.6])
    loss = measured(ascents(list(up_s)), thresholds, ALL_OUT)["velocity_loss_pct"]
    assert loss.value == pytest.approx(100.0 * (1.0 - 1.0 / up_s), abs=3.0)
    assert set(loss.status) == {"measured"}


@pytest.mark.parametrize(
    ("up_s", "fps", "asked", "words"),
    [
        ([1.0] * 5, 30.0, NOTHING_PRESCRIBED, "declare maximal intent"),
        ([1.0] * 5, 30.0, Prescription(intent="controlled"), "declare maximal intent"),
        ([1.0] * 3, 30.0, ALL_OUT, "four full repetitions"),
        ([2.5] * 5, 30.0, ALL_OUT, "too slow"),
        ([1.0] * 5, 12.0, ALL_OUT, "12 frames a second"),
    ],
)
def test_loss_of_velocity_is_not_told(
    up_s: list[float], fps: float, asked: Prescription, words: str, thresholds: Thresholds
) -> None:
    loss = measured(ascents(up_s, fps=fps), thresholds, asked)["velocity_loss_pct"]
    assert set(loss.status) == {"not_observable"}
    assert all(reason and words in reason for reason in loss.reason)


@pytest.mark.parametrize("fps", [15.5, 30.0, 60.0])
def test_velocities_need_frames(fps: float, thresholds: Thresholds) -> None:
    found = measured(ascents([1.2] * 4, fps=fps), thresholds)
    assert found["hip_ascent_velocity"].value == pytest.approx(OF_THE_MOVING * DROP / 1.2, rel=0.06)


def test_too_few_frames_give_no_speed_at_all(thresholds: Thresholds) -> None:
    slow, usual = (measured(ascents([1.2] * 4, fps=fps), thresholds, ALL_OUT) for fps in (12.0, 30.0))
    words = ("velocity", "smoothness", "variation", "sticking")
    speeds = [name for name in usual if any(word in name for word in words)]
    assert len(speeds) == 9
    assert {status for name in speeds for status in slow[name].status} == {"not_observable"}


def test_ascents_that_stick(thresholds: Thresholds) -> None:
    smooth, stuck = (measured(ascents([1.6] * 4, sag), thresholds) for sag in (0.0, 0.12))
    assert smooth["sticking_s"].value == pytest.approx(0.0)
    assert reasons(smooth["sticking_velocity"]) == {"the ascent does not stick anywhere, which is usual"}
    assert (stuck["sticking_s"].value > 0.15).all()
    assert (stuck["sticking_velocity"].value < 0.6 * stuck["hip_ascent_peak_velocity"].value).all()
    assert (stuck["ascent_smoothness"].value < smooth["ascent_smoothness"].value - 0.1).all()


def test_one_smooth_stroke(thresholds: Thresholds) -> None:
    found = measured(ascents([1.2] * 4), thresholds)
    for name in ("descent_smoothness", "ascent_smoothness"):
        assert found[name].value == pytest.approx(-1.40, abs=0.02)


def test_constant_tempo(thresholds: Thresholds) -> None:
    time_s = clock(16.0)
    low = np.interp(time_s % 5.0, [1.0, 3.0, 3.3, 4.3], [0.0, 1.0, 1.0, 0.0])
    even = measured(film(moving(time_s, even_hips(low, PARALLEL_SQUAT), PARALLEL_SQUAT)), thresholds)
    usual = measured(ascents([1.2] * 3), thresholds)
    for name in ("descent_speed_variation", "ascent_speed_variation"):
        assert (even[name].value < 0.08).all()
        assert usual[name].value == pytest.approx(0.18, abs=0.02)


def test_tempo_that_was_asked_for(thresholds: Thresholds) -> None:
    track = film(reps(PARALLEL_SQUAT, (1.0,) * 4, Tempo(down=2.0, hold=1.0, up=1.0, rest=1.0)))
    kept, missed = (
        measured(track, thresholds, Prescription(tempo=prescription.Tempo(*asked)))
        for asked in ((2.0, 1.0, 1.0, 1.0), (4.0, 0.0, None, 1.0))
    )
    assert (kept["tempo_adherence_pct"].value > 85.0).all()
    assert kept["tempo_adherence_pct"].value == pytest.approx(100.0 * (1.0 - kept["tempo_error"].value))
    assert missed["descent_tempo_error"].value == pytest.approx(-0.5, abs=0.06)
    # a phase that should take no time has no error of its own, nor one that may take any
    assert "bottom_tempo_error" not in missed
    assert "ascent_tempo_error" not in missed
    assert (missed["tempo_adherence_pct"].value < kept["tempo_adherence_pct"].value - 20.0).all()
    assert np.isnan(missed["top_tempo_error"].value[-1])
    assert not [name for name in measured(track, thresholds) if "tempo" in name]


def with_hands(track: PoseTrack, metres: Floats) -> PoseTrack:
    """Put the hands over the middle of the feet, and so far to the right of the picture."""
    index = MEDIAPIPE_33.index
    xy, visibility = track.xy_px.copy(), track.visibility.copy()
    for side in ("left", "right"):
        middle = (xy[:, index[f"{side}_heel"], 0] + xy[:, index[f"{side}_toe"], 0]) / 2.0
        xy[:, index[f"{side}_hand"], 0] = middle + 220.0 * metres
        xy[:, index[f"{side}_hand"], 1] = xy[:, index[f"{side}_wrist"], 1]
        visibility[:, index[f"{side}_hand"]] = 0.95
    return replace(track, xy_px=xy, visibility=visibility)


def test_path_of_the_hands(thresholds: Thresholds) -> None:
    # the foot of the figure is 0.25 m long and points to the left
    motion = reps(KETTLEBELL)
    low = (1.0 - motion.hip_height) / (1.0 - motion.hip_height.min())
    still, swung = (with_hands(film(motion), metres) for metres in (0.0 * low, -0.10 * low))
    for track, way, off in ((still, 0.0, 0.0), (swung, 0.4, 0.4)):
        found = measured(track, thresholds, exercise="kettlebell")
        assert found["hand_path_range"].value == pytest.approx(way, abs=0.02)
        assert found["hand_path_offset"].value == pytest.approx(off, abs=0.02)
    from_front = measured(film(motion, FROM_FRONT), thresholds, exercise="kettlebell")
    assert set(from_front["hand_path_range"].status) == {"not_observable"}


def test_left_against_right(thresholds: Thresholds) -> None:
    motion = reps(PARALLEL_SQUAT)
    track = film(motion, FROM_FRONT)
    low = (1.0 - motion.hip_height) / (1.0 - motion.hip_height.min())
    even = measured(track, thresholds)
    assert even["hip_travel_symmetry_pct"].value == pytest.approx(0.0, abs=0.5)
    assert even["knees_in_left_minus_right"].value == pytest.approx(0.0, abs=0.005)
    xy = track.xy_px.copy()
    # the left hip, on the right of the picture, comes down a fifth further; the left knee comes in
    xy[:, MEDIAPIPE_33.index["left_hip"], 1] += 0.2 * DROP * figure.LEG_M * 220.0 * low
    xy[:, MEDIAPIPE_33.index["left_knee"], 0] -= 0.10 * figure.SHANK_M * 220.0 * low
    uneven = measured(replace(track, xy_px=xy), thresholds)
    assert uneven["hip_travel_symmetry_pct"].value == pytest.approx(100.0 * 0.2 / 1.1, abs=1.5)
    assert uneven["knees_in_left_minus_right"].value == pytest.approx(0.10, abs=0.02)
    assert set(measured(film(motion), thresholds)["hip_travel_symmetry_pct"].status) == {"not_observable"}


def test_ascents_that_the_video_cuts_off_are_not_measured(thresholds: Thresholds) -> None:
    track = ascents([1.2] * 4)
    # just before the last of them ends
    cut = track.between(0.0, 1.5 + 3 * (1.2 + 0.4 + 1.2 + 0.8) + 1.6 + 1.0)
    found = measured(cut, thresholds)
    assert found["hip_ascent_velocity"].status[-1] == "not_observable"
    assert set(found["hip_ascent_velocity"].status[:-1]) == {"measured"}
