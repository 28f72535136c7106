from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from formdrift.pose.blazepose import BlazePose, decode, turn
from formdrift.pose.detector import anchors
from formdrift.pose.heatmap import refine
from formdrift.pose.region import Region
from formdrift.vision.image import ImageFrame


def slow_refine(points: np.ndarray, heatmaps: np.ndarray) -> np.ndarray:
    height, width, count = heatmaps.shape
    out = points.copy()
    for k in range(count):
        column, row = int(np.floor(points[k, 0])), int(np.floor(points[k, 1]))
        if not (0 <= column < width and 0 <= row < height):
            continue
        total = x = y = best = 0.0
        for r in range(max(0, row - 3), min(height, row + 4)):
            for c in range(max(0, column - 3), min(width, column + 4)):
                weight = 1 / (1 + np.exp(-float(heatmaps[r, c, k])))
                total, x, y, best = total + weight, x + weight * c, y + weight * r, max(best, weight)
        if best >= 0.5:
            out[k] = x / total, y / total
    return out


def test_refinement_is_that_of_the_obvious_loop() -> None:
    rng = np.random.default_rng(0)
    heatmaps = rng.normal(-2, 2, (64, 64, 400)).astype(np.float32)
    heatmaps[..., ::5] = -8  # nothing to be sure of
    points = rng.uniform(-4, 68, (400, 2))
    points[:4] = (0, 0), (63.99, 63.99), (-0.01, 5), (64, 64)
    refined = refine(points, heatmaps)
    np.testing.assert_allclose(refined, slow_refine(points, heatmaps), atol=1e-9)
    moved = (refined != points).any(axis=1)
    assert 0.5 < moved.mean() < 0.9
    assert not moved[::5].any()


def test_refinement_goes_to_a_peak() -> None:
    heatmaps = np.full((64, 64, 1), -30, np.float32)
    heatmaps[21, 12] = 8
    np.testing.assert_allclose(refine(np.array([[10.4, 20.7]]), heatmaps), [(12, 21)], atol=1e-6)


def test_landmarks_land_in_the_picture() -> None:
    values = np.zeros((39, 5), np.float32)
    values[:, :2] = 128
    values[1, :2] = 128, 28
    values[:, 3] = 0
    values[2, 3] = 200
    region = Region((300.0, 200.0), 512.0, np.radians(90))
    xy_px, visibility = decode(values.ravel(), np.full((64, 64, 39), -30, np.float32), region)
    np.testing.assert_allclose(xy_px[0], (300, 200))
    # 100 px up in the cut-out, 200 px to the right in the picture
    np.testing.assert_allclose(xy_px[1], (500, 200))
    np.testing.assert_allclose(visibility[:3], (0.5, 0.5, 1.0))


@pytest.mark.parametrize(
    ("angle_deg", "expected"), [(0, (0, -1, 3)), (90, (1, 0, 3)), (180, (0, 1, 3)), (-90, (-1, 0, 3))]
)
def test_world_landmarks_turn_with_the_region(angle_deg: float, expected: tuple[float, float, float]) -> None:
    np.testing.assert_allclose(turn(np.array([[0.0, -1.0, 3.0]]), np.radians(angle_deg)), [expected], atol=1e-12)


class Network:
    """Stands in for both networks: two people in every picture; landmarks with the presences of a script."""

    asked: ClassVar[list[str]] = []
    presences: ClassVar[list[float]] = []
    runs_on = "CPU"

    def __init__(self, model: str) -> None:
        self.model = model

    def run(self, picture: np.ndarray) -> dict[str, np.ndarray]:
        self.asked.append(self.model)
        if self.model == "blazepose-detector":
            boxes, logits = np.zeros((2254, 12), np.float32), np.full((2254, 1), -50, np.float32)
            for anchor, logit in ((900, 3), (1700, 1)):
                boxes[anchor, 2:4], boxes[anchor, 7], logits[anchor] = 20, -40, logit
            return {"Identity": boxes, "Identity_1": logits}
        values = np.full((39, 5), 128, np.float32)
        values[34, 1] = 28
        return {
            "Identity": values.ravel(),
            "Identity_1": np.array([self.presences.pop(0)], np.float32),
            "Identity_3": np.full((64, 64, 39), -30, np.float32),
            "Identity_4": np.zeros(117, np.float32),
        }


def test_tracks_while_somebody_is_there_and_looks_anew_when_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("blazepose", "tracking"):
        monkeypatch.setattr(f"formdrift.pose.{module}.locate", lambda model: model)
        monkeypatch.setattr(f"formdrift.pose.{module}.load_network", Network)
    engine = BlazePose("full")
    frame = ImageFrame(0, 0.0, np.zeros((224, 224, 3), np.uint8))
    detector, landmarks = "blazepose-detector", "blazepose-full"
    first, second = (tuple(anchors()[anchor]) for anchor in (900, 1700))
    for presences, asked, hips in [
        ([0.9], [detector, landmarks], first),  # nobody known: detected
        ([0.8], [landmarks], first),  # followed
        ([0.2, 0.1, 0.7], [landmarks, detector, landmarks, landmarks], second),  # lost, found as the second likeliest
        ([0.2, 0.1, 0.1], [landmarks, detector, landmarks, landmarks], None),  # lost
        ([0.6], [detector, landmarks], first),
    ]:
        Network.asked.clear()
        Network.presences[:] = presences
        found = engine.process(frame)
        assert Network.asked == asked
        assert (found is None) == (hips is None)
        if found is not None:
            np.testing.assert_allclose(found.xy_px[0], hips)
            assert found.presence == pytest.approx(presences[-1])
