from __future__ import annotations

from typing import TYPE_CHECKING

import figure
import numpy as np
import pytest
from figure import film, hide, mirror, reps

from formdrift.scoring.view import circular_mean, circular_median, facing_sign, find_view, line_yaw, sagittal_error

if TYPE_CHECKING:
    from formdrift.pose.track import PoseTrack
    from formdrift.scoring.result import View
    from formdrift.scoring.thresholds import Thresholds


def seen(track: PoseTrack, thresholds: Thresholds) -> View:
    return find_view(track, np.arange(len(track)) < 40, thresholds.view)


def test_yaw_of_a_line_as_deep_as_wide() -> None:
    assert abs(float(line_yaw([[0.5, 0.0, -0.5]], [[-0.5, 0.0, 0.5]])[0])) == pytest.approx(45, abs=1e-6)


@pytest.mark.parametrize("yaw", [-170.0, -90.0, -45.0, 0.0, 20.0, 90.0, 135.0, 180.0])
def test_yaw_of_the_figure(yaw: float) -> None:
    track = film(reps(figure.PARALLEL_SQUAT, (1.0,)), yaw)
    hips = line_yaw(track.joint_world("left_hip"), track.joint_world("right_hip"))
    assert np.abs((hips - yaw + 180) % 360 - 180) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("yaw", "label", "facing"),
    [
        (90, "sagittal", "left"),
        (-90, "sagittal", "right"),
        (72, "sagittal", "left"),
        (108, "sagittal", "left"),
        (68, "oblique", "left"),
        (-112, "oblique", "right"),
        (22, "oblique", "left"),
        (18, "frontal", "camera"),
        (-18, "frontal", "camera"),
        (162, "frontal", "away"),
        (-175, "frontal", "away"),
        (180, "frontal", "away"),
    ],
)
def test_classes_of_view(yaw: float, label: str, facing: str, thresholds: Thresholds) -> None:
    view = seen(film(reps(figure.PARALLEL_SQUAT, (1.0,)), yaw), thresholds)
    assert (view.label, view.facing) == (label, facing)
    assert view.yaw_deg == pytest.approx(abs(yaw), abs=0.1)


def test_lines_that_disagree_leave_the_view_uncertain(thresholds: Thresholds) -> None:
    track = film(reps(figure.PARALLEL_SQUAT, (1.0,)), 60.0)
    other = film(reps(figure.PARALLEL_SQUAT, (1.0,)), 90.0)
    assert track.world_m is not None
    assert other.world_m is not None
    world = track.world_m.copy()
    shoulders = [track.topology.index[f"{side}_shoulder"] for side in ("left", "right")]
    world[:, shoulders] = other.world_m[:, shoulders]
    twisted = film(reps(figure.PARALLEL_SQUAT, (1.0,)), 60.0)
    object.__setattr__(twisted, "world_m", world)
    view = seen(twisted, thresholds)
    assert (view.label, view.facing) == ("uncertain", None)
    assert view.yaw_deg == pytest.approx(75, abs=0.1)
    assert view.yaw_sem_deg == pytest.approx(15, abs=0.1)


def test_without_world_landmarks_the_view_is_uncertain(thresholds: Thresholds) -> None:
    track = film(reps(figure.PARALLEL_SQUAT, (1.0,)))
    object.__setattr__(track, "world_m", None)
    view = seen(track, thresholds)
    assert (view.label, view.yaw_deg, view.facing) == ("uncertain", None, None)
    assert sagittal_error(view, 5.0) == 90.0


def test_a_few_wild_frames_do_not_turn_the_view(thresholds: Thresholds) -> None:
    track = film(reps(figure.PARALLEL_SQUAT, (1.0,)), 85.0)
    assert track.world_m is not None
    world = track.world_m.copy()
    world[3:10] *= [-1.0, 1.0, -1.0]
    object.__setattr__(track, "world_m", world)
    assert seen(track, thresholds).yaw_deg == pytest.approx(85, abs=0.5)


def test_facing_by_toes_then_by_nose() -> None:
    feet = [f"{side}_{part}" for side in ("left", "right") for part in ("heel", "toe")]
    for yaw, sign in ((90.0, -1), (-90.0, 1)):
        track = film(reps(figure.PARALLEL_SQUAT, (1.0,)), yaw)
        everywhere = np.ones(len(track), dtype=bool)
        assert facing_sign(track, everywhere) == sign
        assert facing_sign(mirror(track), everywhere) == -sign
        assert facing_sign(hide(track, slice(None), feet), everywhere) == sign


def test_circular_means_cross_the_border() -> None:
    assert abs(circular_mean([179.0, -179.0])) == pytest.approx(180, abs=1e-9)
    assert circular_mean([350.0, np.nan, 10.0]) == pytest.approx(0, abs=1e-9)
    assert abs(circular_median([178.0, 180.0, -178.0, 179.0, -179.0, 0.0])) == pytest.approx(179.5, abs=0.6)


def test_error_against_the_side(thresholds: Thresholds) -> None:
    for yaw, error in ((90, 0), (75, 15), (-105, 15), (0, 90)):
        assert sagittal_error(seen(film(reps(figure.RDL, (1.0,)), yaw), thresholds), 5.0) == pytest.approx(
            error, abs=0.1
        )


@pytest.mark.parametrize(("yaw", "facing"), [(90.0, "left"), (-90.0, "right")])
def test_hidden_feet_and_face_leave_the_facing_to_the_hips(yaw: float, facing: str, thresholds: Thresholds) -> None:
    track = film(reps(figure.PARALLEL_SQUAT), yaw)
    hidden = ["nose", *(f"{side}_{joint}" for side in ("left", "right") for joint in ("toe", "heel", "ear"))]
    assert seen(hide(track, slice(None), hidden), thresholds).facing == facing
