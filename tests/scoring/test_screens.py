"""Published screens: so many of the observable criteria, never more than the camera showed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import figure
from figure import Pose, film, reps

from formdrift.scoring.sets import score_track

if TYPE_CHECKING:
    from formdrift.scoring.result import Screen
    from formdrift.scoring.thresholds import Thresholds


def screens(pose: Pose, exercise: str, thresholds: Thresholds, yaw: float = 90.0) -> dict[str, Screen]:
    (one,) = score_track(film(reps(pose), yaw), exercise, thresholds).sets
    return {screen.name: screen for screen in one.screens}


def test_a_clean_squat_misses_nothing_that_is_seen(thresholds: Thresholds) -> None:
    for yaw, observable in ((90.0, 5), (0.0, 3)):
        (one,) = screens(figure.PARALLEL_SQUAT, "squat", thresholds, yaw).values()
        assert (one.met, one.observable, one.total, one.missed) == (observable, observable, 10, ())


def test_likely_faults_are_missed(thresholds: Thresholds) -> None:
    (one,) = screens(Pose(22, -50, 60, 90), "squat", thresholds).values()
    assert one.missed == ("trunk parallel to the shins", "thighs at least parallel")
    assert (one.met, one.observable) == (3, 5)


def test_deep_squat_from_one_side_is_partial(thresholds: Thresholds) -> None:
    deep = screens(Pose(35, -105, 35, 35), "overhead-squat", thresholds)["FMS deep squat, for a 3"]
    assert (deep.met, deep.observable, deep.total, deep.missed) == (2, 2, 4, ())
    leaning = screens(Pose(30, -95, 60, 60), "overhead-squat", thresholds)["FMS deep squat, for a 3"]
    assert "torso parallel to the shins or steeper" in leaning.missed


def test_hinges_have_no_screen(thresholds: Thresholds) -> None:
    assert screens(figure.RDL, "rdl", thresholds) == {}
