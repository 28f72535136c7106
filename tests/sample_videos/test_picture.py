"""The camera puts points where geometry says, and the painter draws the body there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from formdrift.sample_videos.render.body import load_body
from formdrift.sample_videos.render.camera import CameraSetup, follow, overlook_px, place_camera
from formdrift.sample_videos.render.errors import ScenarioError
from formdrift.sample_videos.render.light import Light
from formdrift.sample_videos.render.load import Load, LoadPath, load_model, load_vertices
from formdrift.sample_videos.render.model import Clothes, body_model, merge
from formdrift.sample_videos.render.painter import Painter
from formdrift.sample_videos.render.room import STYLES, Room, draw_room

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


def test_a_tilted_camera_turns_the_picture_the_other_way():
    """Tilted 10° clockwise, it shows what is straight up 10° to the left of the vertical."""
    xy, _ = camera(height_m=1.0, aim_height_m=1.0, roll_deg=10).project(np.array([0, 0, 1.5]))
    right, down = xy - [160, 120]
    assert np.rad2deg(np.arctan2(-right, -down)) == pytest.approx(10)


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


@pytest.mark.parametrize(
    "setup",
    [CameraSetup(yaw_deg=30, shake_deg=1.0), CameraSetup(yaw_deg=30, roll_deg=5, pan_deg_s=-3.0)],
    ids=["shake", "pan"],
)
def test_a_turning_camera_sees_the_room_where_it_looks(setup):
    """The steady picture, warped, is the room drawn anew through the turned camera."""
    steady = place_camera(setup, SIZE)
    cameras = follow(steady, setup, np.arange(40) / 10, seed=3)
    turned = cameras[-1]
    body = load_body("man_average")
    painter = Painter(body_model(body, Clothes()), steady, Room(), Light(), 0.0, 0, overlook_px(steady, cameras))
    behind_the_camera = body.vertices.astype(float) + 1.5 * steady.position_m
    picture = painter.draw(behind_the_camera, turned).astype(int)
    anew = cv2.resize(draw_room(Room(), turned, 2, 0), SIZE, interpolation=cv2.INTER_AREA).astype(int)
    unturned = cv2.resize(draw_room(Room(), steady, 2, 0), SIZE, interpolation=cv2.INTER_AREA).astype(int)
    assert np.abs(picture - anew).mean() < 0.4 * np.abs(unturned - anew).mean()
    assert np.median(np.abs(picture - anew)) <= 2


@pytest.mark.parametrize(("nearer", "colour"), [(0.7, "plate"), (-0.7, "body")])
def test_a_plate_hides_what_is_behind_it_and_nothing_before_it(nearer, colour):
    """A bar along the line of sight to the hip: seen from the left, its left plate lies before the hip."""
    body, load = load_body("man_average"), Load("barbell_hands", plate_colour=(0.0, 1.0, 0.0))
    hip = body.joint("left_hip")
    path = LoadPath((hip + np.array([nearer, 0, 0]))[None], np.eye(3)[None], 0.0)
    model, about_centre, block = load_model(load, 0.0)
    # One plate only: the other half of the bar is folded away below the floor's middle.
    vertices = load_vertices(path, about_centre, block, 0)
    vertices[np.sign(about_centre[:, 0]) != np.sign(nearer)] = [0, 0, 0]
    both = merge([body_model(body, Clothes()), model], [len(body.vertices), len(vertices)])
    view = camera(yaw_deg=90, height_m=float(hip[2]), aim_height_m=float(hip[2]))
    everything = np.concatenate([body.vertices.astype(float), vertices])
    x, y = view.project(hip + np.array([0, 0, 0.06]))[0].astype(int)
    red, green, _ = Painter(both, view, Room(), Light(), 0.0, 0).draw(everything)[y, x].astype(int)
    assert (green > 60 + red) == (colour == "plate")


def test_the_lamp_shines_from_where_it_stands():
    """A face in the lamp's light is brighter than one turned away, and more so in strong light."""
    left, right = np.array([[1.0, 0, 0]]), np.array([[-1.0, 0, 0]])
    from_left, strong = Light(azimuth_deg=90, elevation_deg=30), Light(azimuth_deg=90, elevation_deg=30, strength=1.5)
    assert from_left.towards[0] > 0.8
    gain = from_left.diffuse(left)[0] - from_left.diffuse(right)[0]
    assert gain > 0.3
    assert strong.diffuse(left)[0] - strong.diffuse(right)[0] > gain
    assert Light(brightness=0.5).diffuse(left)[0] == pytest.approx(Light().diffuse(left)[0] / 2)


def test_rooms_and_clothes_differ():
    rooms = [draw_room(Room(style), camera(), 1, 0).astype(int) for style in STYLES]
    for one, other in zip(rooms, rooms[1:] + rooms[:1], strict=True):
        assert np.abs(one - other).mean() > 10
    body = load_body("woman_slim")
    own, red = (body_model(body, clothes).colour for clothes in (Clothes(), Clothes(shirt=(1.0, 0.0, 0.0))))
    assert (red == [1.0, 0.0, 0.0]).all(axis=1).mean() > 0.05
    assert not (own == [1.0, 0.0, 0.0]).all(axis=1).any()
