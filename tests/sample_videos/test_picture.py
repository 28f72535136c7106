"""The camera puts points where geometry says, and the painter draws the body there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from formdrift.sample_videos.render.body import load_body
from formdrift.sample_videos.render.camera import CameraSetup, place_camera
from formdrift.sample_videos.render.errors import ScenarioError
from formdrift.sample_videos.render.light import Light
from formdrift.sample_videos.render.model import Clothes, body_model
from formdrift.sample_videos.render.painter import Painter
from formdrift.sample_videos.render.room import Room, draw_room

SIZE = (320, 240)


def camera(**setup):
    return place_camera(CameraSetup(**setup), SIZE)


def test_the_aimed_point_is_in_the_middle():
    xy, depth = camera(yaw_deg=37, height_m=1.7, distance_m=3.0, aim_height_m=0.9).project(np.array([0, 0, 0.9]))
    np.testing.assert_allclose(xy, [160, 120])
    assert depth == pytest.approx(np.hypot(3.0, 0.8))


def test_a_point_at_the_edge_of_the_field_of_view():
    """With 90° from top to bottom, a point 3 m above the axis at 3 m lies at the upper edge."""
    view = camera(yaw_deg=0, height_m=1.0, distance_m=3.0, aim_height_m=1.0, fov_deg=90)
    xy, _ = view.project(np.array([[0, 0, 4.0], [1.5, 0, 1.0]]))
    np.testing.assert_allclose(xy, [[160, 0], [160 + 60, 120]], atol=1e-9)


@pytest.mark.parametrize(("yaw_deg", "nearest", "rightwards"), [(0, (0, -1), (1, 0)), (90, (1, 0), (0, 1))])
def test_yaw_0_is_in_front_and_90_on_the_subjects_left(yaw_deg, nearest, rightwards):
    """Forward is -y and the subject's left is +x."""
    view = camera(yaw_deg=yaw_deg, height_m=1.0, aim_height_m=1.0)
    centre, near, right = (view.project(np.array([*xy, 1.0])) for xy in ((0, 0), nearest, rightwards))
    assert near[1] < centre[1]
    assert right[0][0] > centre[0][0]


def test_the_projection_matrix_says_the_same():
    view = camera(yaw_deg=120, height_m=0.4)
    point = np.array([0.3, -0.2, 1.1])
    u, v, w = view.projection @ [*point, 1]
    np.testing.assert_allclose([u / w, v / w], view.project(point)[0])


def test_the_room_is_seen_from_inside_only():
    with pytest.raises(ScenarioError, match="outside the room"):
        draw_room(Room(), camera(distance_m=5.5), 1, 0)


def figure(yaw_deg, seed=0, noise=0.0):
    body = load_body("man_average")
    view = camera(yaw_deg=yaw_deg)
    return (
        Painter(body_model(body, Clothes()), view, Room(), Light(), noise, seed).draw(body.vertices.astype(float)),
        view,
        body,
    )


@pytest.mark.parametrize("yaw_deg", [0, 90, 200])
def test_the_body_is_drawn_where_its_points_are_projected(yaw_deg):
    picture, view, body = figure(yaw_deg)
    empty = cv2.resize(draw_room(Room(), view, 2, 0), SIZE, interpolation=cv2.INTER_AREA)
    above_horizon = slice(0, 110)  # the shadow lies below it
    changed = np.abs(picture.astype(int) - empty)[above_horizon] > 15
    rows, columns = np.nonzero(changed.any(axis=2))
    xy, _ = view.project(body.vertices.astype(float))
    upper = xy[xy[:, 1] < above_horizon.stop]
    assert rows.min() == pytest.approx(upper[:, 1].min(), abs=2)
    assert columns.min() == pytest.approx(upper[:, 0].min(), abs=2)
    assert columns.max() == pytest.approx(upper[:, 0].max(), abs=2)


def test_the_chest_is_a_shirt_and_the_face_is_skin():
    picture, view, body = figure(0)

    def colour(point):
        x, y = view.project(np.asarray(point))[0]
        return picture[int(y), int(x)].astype(float)

    chest = colour((body.joint("left_shoulder") + body.joint("right_shoulder")) / 2 - [0, 0, 0.15])
    face = colour(body.joint("head") + np.array([0, 0, 0.06]))
    assert chest[2] > 1.5 * chest[0]
    assert face[0] > 1.2 * face[2]


def test_the_same_seed_gives_the_same_pixels():
    one, other, third = (figure(45, seed=seed, noise=2.5)[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, other)
    assert (one != third).mean() > 0.5
