"""What a camera's place is good for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import figure
import numpy as np
import pytest

from formdrift.assess.filming import FilmingCheck, Pictures, check_filming
from formdrift.assess.settings import load_thresholds

if TYPE_CHECKING:
    from formdrift.pose.track import PoseTrack

GOOD = Pictures(120.0, 40.0, 0.001)


def standing(yaw_deg: float = figure.FROM_LEFT, px_per_m: float = 220.0, fps: float = 30.0, **how: object) -> PoseTrack:
    time_s = figure.clock(3.0, fps)
    return figure.film(figure.moving(time_s, np.zeros_like(time_s), figure.STANDING), yaw_deg, px_per_m, **how)


def checked(track: PoseTrack, pictures: Pictures | None = GOOD) -> FilmingCheck:
    return check_filming(track, load_thresholds(), pictures)


def states(check: FilmingCheck) -> dict[str, str]:
    return {point.id: point.state for point in check.points if point.state != "good"}


@pytest.mark.parametrize(
    ("yaw_deg", "shown", "hidden"),
    [(figure.FROM_LEFT, "depth", "knees"), (figure.FROM_FRONT, "knees", "depth"), (45.0, "reps", "knees")],
)
def test_the_view_decides_what_is_answered(yaw_deg: float, shown: str, hidden: str) -> None:
    check = checked(standing(yaw_deg))
    assert check.usable
    assert shown in check.shows
    assert hidden in check.hides
    assert states(check) == ({"view": "poor"} if yaw_deg == 45.0 else {})


@pytest.mark.parametrize(
    ("track", "wrong"),
    [
        (standing(shift_px=(0.0, 70.0)), {"body": "bad"}),
        (standing(shift_px=(0.0, -130.0)), {"body": "bad"}),
        (standing(px_per_m=100.0), {"distance": "poor"}),
        (standing(px_per_m=50.0), {"distance": "bad"}),
        (standing(fps=12.0), {"rate": "poor"}),
        (standing(fps=6.0), {"rate": "bad"}),
    ],
    ids=["no feet", "no head", "far", "too far", "slow", "too slow"],
)
def test_what_is_wrong_is_found(track: PoseTrack, wrong: dict[str, str]) -> None:
    assert states(checked(track)) == wrong


@pytest.mark.parametrize(("roll_deg", "state"), [(2.0, None), (8.0, "poor"), (-20.0, "bad")])
def test_a_tilted_camera_is_found(roll_deg: float, state: str | None) -> None:
    track = standing(figure.FROM_FRONT, 160.0)
    angle = np.radians(roll_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array([320.0, 240.0])
    check = checked(replace(track, xy_px=(track.xy_px - middle) @ turn.T + middle))
    assert states(check).get("level") == state


@pytest.mark.parametrize(
    ("pictures", "wrong"),
    [
        (Pictures(10.0, 30.0, 0.0), {"light": "bad"}),
        (Pictures(40.0, 30.0, 0.0), {"light": "poor"}),
        (Pictures(120.0, 3.0, 0.0), {"light": "bad"}),
        (Pictures(120.0, 40.0, 0.01), {"still": "poor"}),
        (Pictures(120.0, 40.0, 0.1), {"still": "bad"}),
    ],
)
def test_light_and_shaking_are_found(pictures: Pictures, wrong: dict[str, str]) -> None:
    check = checked(standing(), pictures)
    assert states(check) == wrong
    assert check.first is not None
    assert check.first.id in wrong


def test_without_pictures_nothing_is_said_of_light() -> None:
    assert {point.id for point in checked(standing(), None).points} == {"body", "view", "distance", "rate", "level"}


def test_a_whole_set_is_checked_by_its_standing_frames() -> None:
    track = figure.film(figure.reps(figure.PARALLEL_SQUAT))
    assert checked(track).usable
    assert states(checked(track)) == {}
