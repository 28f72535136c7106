from __future__ import annotations

import numpy as np
import pytest
from stage import Actor

from formdrift.pose.body import body_box, part_inside, same_body, shared
from formdrift.pose.engine import Landmarks
from formdrift.pose.topology import MEDIAPIPE_33

INDEX = MEDIAPIPE_33.index
LEG = ("knee", "ankle", "heel", "toe")


def body(x_px: float, height_px: float = 200.0) -> Landmarks:
    xy = Actor(lambda t: x_px, height_px).landmarks(0.0).copy()
    return Landmarks(xy, np.full((33, 3), 0.1), np.full(33, 0.9), 0.95, None)


def with_joints_of(one: Landmarks, other: Landmarks, names: list[str]) -> Landmarks:
    index = [INDEX[name] for name in names]
    one.xy_px[index] = other.xy_px[index]
    return one


def test_bodies_apart_are_two_and_share_nothing() -> None:
    assert not same_body(body(100), body(160), MEDIAPIPE_33)
    assert shared(body(100), body(160), MEDIAPIPE_33) == 0


def test_a_body_a_little_to_the_side_is_the_same() -> None:
    assert same_body(body(100), body(105), MEDIAPIPE_33)
    assert shared(body(100), body(105), MEDIAPIPE_33) == 8


def test_a_leg_taken_for_that_of_somebody_else_makes_no_other_body() -> None:
    theirs = body(160)
    mixed = with_joints_of(body(100), theirs, [f"left_{joint}" for joint in LEG])
    assert not same_body(mixed, theirs, MEDIAPIPE_33)
    assert shared(mixed, theirs, MEDIAPIPE_33) == 2


def test_who_has_the_shoulders_of_somebody_else_is_that_one() -> None:
    theirs = body(160)
    mixed = with_joints_of(body(100), theirs, ["left_shoulder", "right_shoulder"])
    assert same_body(mixed, theirs, MEDIAPIPE_33)


def test_joints_that_are_not_known_are_no_joints_of_others() -> None:
    one = body(100)
    one.xy_px[INDEX["left_knee"]] = np.nan
    assert shared(one, body(100), MEDIAPIPE_33) == 7
    assert same_body(one, body(100), MEDIAPIPE_33)


def test_part_of_a_body_in_the_box_of_another() -> None:
    assert part_inside(body(100), [body_box(body(300))]) == 0.0
    assert part_inside(body(100), [body_box(body(300)), body_box(body(100))]) == 1.0
    xy = body(100).xy_px
    middle = float(np.median(xy[:, 0]))
    expected = float((xy[:, 0] < middle).mean())
    assert part_inside(body(100), [(0.0, 0.0, middle, 400.0)]) == pytest.approx(expected)
