from __future__ import annotations

import numpy as np
import pytest

from formdrift.pose.detector import PersonDetector, anchors, decode
from formdrift.vision.image import ImageFrame


def tensors(**people: tuple[int, float, tuple[float, float], tuple[float, float], tuple[float, float]]):
    """Boxes and logits with, per person: anchor, logit, middle of the box, hips, rim; boxes are 80 px wide."""
    boxes, logits = np.zeros((2254, 12), np.float32), np.full((2254, 1), -50, np.float32)
    for anchor, logit, middle, hips, rim in people.values():
        origin = anchors()[anchor]
        boxes[anchor, :2], boxes[anchor, 2:4] = np.subtract(middle, origin), 80
        boxes[anchor, 4:8] = np.r_[np.subtract(hips, origin), np.subtract(rim, origin)]
        logits[anchor] = logit
    return boxes, logits


def test_anchors_stand_in_the_middle_of_their_cells() -> None:
    points = anchors()
    assert points.shape == (28 * 28 * 2 + 14 * 14 * 2 + 7 * 7 * 6, 2)
    np.testing.assert_array_equal(points[:3], [(4, 4), (4, 4), (12, 4)])
    np.testing.assert_array_equal(points[28 * 28 * 2], (8, 8))
    np.testing.assert_array_equal(points[-1], (208, 208))


def test_nobody_likely_enough() -> None:
    assert decode(*tensors(a=(900, -0.01, (100, 100), (100, 120), (100, 60)))) == []


def test_points_are_relative_to_their_anchor() -> None:
    (points,) = decode(*tensors(a=(900, 0.01, (100, 100), (101, 121), (102, 62))))
    np.testing.assert_allclose(points, [(101, 121), (102, 62)], atol=1e-4)


def test_boxes_of_the_same_person_are_averaged_by_their_scores_and_the_likeliest_comes_first() -> None:
    logit = np.log(3)  # a score of 0.75
    points, other = decode(
        *tensors(
            best=(900, 50, (100, 100), (100, 120), (100, 60)),
            same=(901, logit, (104, 100), (107, 120), (100, 67)),
            other=(1700, 2, (180, 100), (180, 120), (180, 60)),
        )
    )
    np.testing.assert_allclose(points, [(103, 120), (100, 63)], atol=1e-4)
    np.testing.assert_allclose(other, [(180, 120), (180, 60)], atol=1e-4)


@pytest.mark.parametrize("size", [(448, 224), (224, 448), (300, 300)])
def test_the_region_is_in_the_coordinates_of_the_picture(size: tuple[int, int]) -> None:
    width, height = size
    side = max(size)

    class Known:
        """A network that checks its letterbox and finds a person in the middle."""

        def run(self, picture: np.ndarray) -> dict[str, np.ndarray]:
            assert picture.shape == (224, 224, 3)
            assert picture.dtype == np.float32
            inside = picture[:, :, 0] > -1
            assert inside.mean() == pytest.approx(min(size) / side, abs=0.01)
            assert picture.max() == pytest.approx(200 / 127.5 - 1, abs=1e-3)
            boxes, logits = tensors(a=(900, 5, (112, 112), (112, 112), (112, 12)))
            return {"Identity": boxes, "Identity_1": logits}

    frame = ImageFrame(0, 0.0, np.full((height, width, 3), 200, np.uint8))
    (region,) = PersonDetector(Known()).find(frame)
    np.testing.assert_allclose(region.center_px, (width / 2, height / 2), atol=1e-3)
    assert region.side_px == pytest.approx(2.5 * 100 * side / 224, rel=1e-4)
