"""Turning segments between landmarks into bones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from figure import PARALLEL_SQUAT, film, reps

from formdrift.scoring.calibration import Lean, ModelCalibration, ViewCalibration
from formdrift.scoring.kinematics import kinematics
from formdrift.scoring.result import View

if TYPE_CHECKING:
    from formdrift.scoring.thresholds import Thresholds

SIDE = ViewCalibration(trunk=Lean(3.0), thigh=Lean(-4.0), shank=Lean(-1.0))
OBLIQUE = ViewCalibration(trunk=Lean(-6.0, 1.2), thigh=Lean(-5.0, 1.1), shank=Lean(-7.0, 1.3))
LEARNED = ModelCalibration(SIDE, OBLIQUE)
ENDS = ("ankle", "knee", "hip", "hips", "shoulders")


def test_each_segment_leans_as_learned_and_keeps_its_length() -> None:
    points = {"ankle": [0.0, 0.0], "knee": [0.0, 2.0], "hip": [-2.0, 2.0], "hips": [-2.0, 2.5], "shoulders": [1.0, 5.5]}
    found = LEARNED.oblique.joint_centres({name: np.array([xy]) for name, xy in points.items()})
    turned = {
        ("ankle", "knee"): (-7.0 + 1.3 * 0.0, 2.0),
        ("knee", "hip"): (-5.0 + 1.1 * -90.0, 2.0),
        ("hips", "shoulders"): (-6.0 + 1.2 * 45.0, 3.0 * np.sqrt(2.0)),
    }
    for (lower, upper), (lean, length) in turned.items():
        x, y = (found[upper] - found[lower])[0]
        assert np.degrees(np.arctan2(x, y)) == pytest.approx(lean), upper
        assert np.hypot(x, y) == pytest.approx(length), upper


def test_a_hidden_joint_hides_only_its_own_segments() -> None:
    points = {name: np.array([[float(i), i**2.0]]) for i, name in enumerate(ENDS)}
    found = SIDE.joint_centres({**points, "ankle": np.full((1, 2), np.nan)})
    assert np.isnan(found["ankle"]).all()
    assert all(np.isfinite(found[name]).all() for name in ENDS[1:])


def test_side_view_angles_change_by_what_was_learned(thresholds: Thresholds) -> None:
    track = film(reps(PARALLEL_SQUAT))
    plain, learned = kinematics(track, thresholds), kinematics(track, thresholds, LEARNED)
    assert learned.trunk_inclination_deg - plain.trunk_inclination_deg == pytest.approx(3.0)
    assert learned.knee_flexion_deg - plain.knee_flexion_deg == pytest.approx(-1.0 + 4.0)
    assert learned.hip_flexion_deg - plain.hip_flexion_deg == pytest.approx(3.0 + 4.0)
    assert learned.hip_height == pytest.approx(plain.hip_height)
    bottom = int(np.nanargmin(plain.hip_height))
    # the thigh, parallel to the floor, sinks by what it was turned
    assert learned.depth_angle_deg[bottom] - plain.depth_angle_deg[bottom] == pytest.approx(-4.0, abs=0.2)


@pytest.mark.parametrize(
    ("view", "planar", "expected"),
    [
        (View("sagittal", 88.0, 5.0, "left"), True, SIDE),
        (View("oblique", 45.0, 5.0, "left"), False, OBLIQUE),
        (View("oblique", 135.0, 5.0, "left"), False, None),
        (View("frontal", 3.0, 5.0, "camera"), False, None),
        (View("uncertain", None, None, None), False, None),
        (View("uncertain", 50.0, 30.0, None), False, None),
    ],
)
def test_a_calibration_is_used_only_where_it_was_learned(
    view: View, planar: bool, expected: ViewCalibration | None
) -> None:
    assert LEARNED.of(view, planar) is expected
