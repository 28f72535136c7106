from __future__ import annotations

from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from formdrift.pose.camera import CameraWatch
from formdrift.vision.image import ImageFrame

SIZE = WIDTH, HEIGHT = 640, 360
FOCAL_PX = 0.9 * WIDTH
TIMES_S = np.arange(120) / 30
CENTRE = np.array([WIDTH / 2, HEIGHT / 2])
INNER = np.array([[FOCAL_PX, 0, CENTRE[0]], [0, FOCAL_PX, CENTRE[1]], [0, 0, 1]])


def wall() -> np.ndarray:
    """A picture with corners everywhere, larger than what the camera sees."""
    rng = np.random.default_rng(3)
    coarse = rng.integers(40, 220, (2 * HEIGHT // 12, 2 * WIDTH // 12)).astype(np.uint8)
    return cv2.GaussianBlur(cv2.resize(coarse, (2 * WIDTH, 2 * HEIGHT), interpolation=cv2.INTER_NEAREST), (0, 0), 1.5)


WALL = wall()


def turned(right_deg: float, down_deg: float, roll_deg: float) -> np.ndarray:
    """What the camera sees of the wall when it is turned."""
    angles = np.radians([down_deg, -right_deg, roll_deg])
    turn = INNER @ cv2.Rodrigues(angles)[0] @ np.linalg.inv(INNER)
    onto = turn @ np.array([[1.0, 0, -WIDTH / 2], [0, 1, -HEIGHT / 2], [0, 0, 1]])
    return cv2.warpPerspective(WALL, onto, SIZE)


def watch(pictures: list[np.ndarray], boxes: list[tuple[int, int, int, int]] | None = None) -> np.ndarray:
    """Follow the camera of a film and return its path at the middle of the picture."""
    rng = np.random.default_rng(4)
    camera = CameraWatch()
    for i, picture in enumerate(pictures):
        noisy = np.clip(picture + rng.normal(0, 2, picture.shape), 0, 255).astype(np.uint8)
        around = [boxes[i]] if boxes else []
        people = [SimpleNamespace(xy_px=np.array([box[:2], box[2:]], float)) for box in around]
        camera.step(ImageFrame(i, TIMES_S[i], np.repeat(noisy[..., None], 3, axis=2)), people)
    return camera.path(TIMES_S[: len(pictures)], CENTRE)


def test_a_tripod_gives_exactly_zeros() -> None:
    assert not watch([turned(0, 0, 0)] * len(TIMES_S)).any()


@pytest.mark.parametrize(("pan_deg_s", "error_px"), [(0.0, 0.5), (3.0, 1.0)])
def test_an_unsteady_hand_and_a_slow_pan(pan_deg_s: float, error_px: float) -> None:
    shake = 0.4 * np.sin(2 * np.pi * np.outer(TIMES_S, (1.1, 0.7, 1.3)))
    shake[:, 0] += pan_deg_s * TIMES_S
    found = watch([turned(*angles) for angles in shake])
    # what was in the middle of the first picture moves to the left when the camera turns to the right
    right, down = np.radians(shake[:, :2]).T
    truth = FOCAL_PX * np.stack([-np.tan(right), -np.tan(down)], axis=1)
    error = found - (truth - truth[0])
    assert np.ptp(truth, axis=0).min() > 7
    assert np.sqrt((error**2).mean(axis=0)).max() < error_px
    assert np.abs(error).max() < 3.0


def lifted(at: np.ndarray) -> list[np.ndarray]:
    """A still camera, and a third of the picture that goes up and down."""
    board = WALL[:HEIGHT, : WIDTH // 3]
    films = []
    for y in at:
        picture = turned(0, 0, 0)
        picture[:, WIDTH // 3 : WIDTH // 3 + board.shape[1]] = np.roll(board, int(y), axis=0)
        films.append(picture)
    return films


def test_what_people_do_is_no_movement_of_the_camera() -> None:
    at = 60 * np.sin(2 * np.pi * 0.5 * TIMES_S)
    assert not watch(lifted(at)).any()
    box = (WIDTH // 3, 0, 2 * WIDTH // 3, HEIGHT)
    assert not watch(lifted(at), [box] * len(at)).any()


def test_a_picture_without_corners_tells_nothing() -> None:
    assert not watch([np.full((HEIGHT, WIDTH), 120, np.uint8)] * 40).any()


def test_a_cut_is_no_movement() -> None:
    other = cv2.flip(turned(0, 0, 0), 1)
    assert not watch([turned(0, 0, 0)] * 60 + [other] * 60).any()


def test_no_frames_and_one() -> None:
    assert CameraWatch().path(np.zeros(0), CENTRE).shape == (0, 2)
    assert not watch([turned(0, 0, 0)]).any()
