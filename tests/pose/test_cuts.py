from __future__ import annotations

import cv2
import numpy as np
import pytest

from formdrift.pose.cuts import Startle, segments, thumbnail
from formdrift.vision.image import ImageFrame

RNG = np.random.default_rng(5)
FPS = 30


def scene(number: int) -> np.ndarray:
    """Return a room larger than the picture: (54, 96), with edges of all sizes."""
    rng = np.random.default_rng(number)
    rough = [cv2.resize(rng.uniform(0, 255, (6 * k, 10 * k)), (96, 54), interpolation=cv2.INTER_AREA) for k in (1, 2)]
    return np.mean(rough, axis=0)


def shot(number: int, frames: int, pan: float = 0.0, shake: float = 0.0) -> np.ndarray:
    """Return pictures of a room: the camera pans by columns a frame and shakes by columns."""
    room, pictures = scene(number), []
    for k in range(frames):
        x, y = 20 + pan * k + shake * np.sin(1.1 * k), 10 + shake * np.cos(1.7 * k)
        pictures.append(cv2.warpAffine(room, np.array([[1, 0, -x], [0, 1, -y]]), (32, 18), borderMode=cv2.BORDER_WRAP))
    return np.array(pictures)


def cuts_of(pictures: np.ndarray) -> list[int]:
    noisy = np.clip(pictures + RNG.normal(0, 1, pictures.shape), 0, 255).round().astype(np.uint8)
    return [start for start, _ in segments(np.arange(len(noisy)) / FPS, noisy)[1:]]


def test_a_cut_is_found_in_its_frame() -> None:
    assert cuts_of(np.concatenate([shot(1, 40), shot(2, 50), shot(3, 30)])) == [40, 90]


def test_a_cut_between_shaking_cameras_is_found() -> None:
    assert cuts_of(np.concatenate([shot(1, 40, shake=0.15), shot(2, 50, shake=0.15)])) == [40]


def cross_fade(length: int) -> np.ndarray:
    """Return a room that becomes another within so many pictures, after 60 of the first."""
    part = np.linspace(0, 1, length + 2)[1:-1, None, None]
    fade = (1 - part) * shot(1, length) + part * shot(2, length)
    return np.concatenate([shot(1, 60), fade, shot(2, 60)])


@pytest.mark.parametrize("length", [8, 16, 30])
def test_a_cross_fade_is_cut_in_its_middle(length: int) -> None:
    (cut,) = cuts_of(cross_fade(length))
    assert abs(cut - (60 + length / 2)) <= 4


def between_bars(pictures: np.ndarray) -> np.ndarray:
    """Return what a portrait video looks like that was put into a landscape one."""
    barred = np.full(pictures.shape, 16.0)
    barred[:, :, 11:21] = pictures[:, :, 11:21]
    return barred


def test_a_cut_between_bars_is_found() -> None:
    assert cuts_of(between_bars(np.concatenate([shot(1, 40), shot(2, 50)]))) == [40]


@pytest.mark.parametrize("length", [8, 16, 30])
def test_a_cross_fade_between_bars_is_cut_in_its_middle(length: int) -> None:
    (cut,) = cuts_of(between_bars(cross_fade(length)))
    assert abs(cut - (60 + length / 2)) <= 4


def test_black_is_a_shot_of_its_own() -> None:
    assert cuts_of(np.concatenate([shot(1, 40), np.zeros((20, 18, 32)), shot(1, 40)])) == [40, 60]


@pytest.mark.parametrize(("pan", "shake"), [(0.0, 0.5), (0.6, 0.0), (0.0, 0.0)])
def test_no_cut_in_shaking_and_panning(pan: float, shake: float) -> None:
    assert cuts_of(shot(4, 120, pan, shake)) == []


def test_no_cut_when_somebody_walks_close_past_the_camera() -> None:
    pictures = shot(1, 90)
    for k in range(90):
        left = int(-12 + 0.7 * k)
        pictures[k, :, max(left, 0) : max(left + 12, 0)] = 30
    assert cuts_of(pictures) == []


def test_no_cut_when_the_light_changes_or_a_caption_appears() -> None:
    pictures = shot(1, 90)
    pictures[30:] = 0.6 * pictures[30:] + 40
    pictures[60:, 14:, 4:16] = 255
    assert cuts_of(pictures) == []


def test_no_cut_in_nothing() -> None:
    assert segments(np.zeros(0), np.zeros((0, 18, 32), np.uint8)) == ((0, 0),)
    assert segments(np.zeros(1), np.zeros((1, 18, 32), np.uint8)) == ((0, 1),)


def test_startled_by_a_cut_at_once_and_by_nothing_else() -> None:
    pictures = np.concatenate([shot(1, 40, shake=0.3), shot(2, 40, shake=0.3)]).astype(np.uint8)
    startle = Startle()
    assert [k for k, picture in enumerate(pictures) if startle.step(k / FPS, picture)] == [40]


def test_a_thumbnail_is_the_whole_picture_in_grey() -> None:
    image = np.zeros((360, 640, 3), np.uint8)
    image[:, 320:] = 200
    small = thumbnail(ImageFrame(0, 0.0, image))
    assert small.shape == (18, 32)
    assert (small[:, :16] == 0).all()
    np.testing.assert_allclose(small[:, 16:], 200, atol=1)
