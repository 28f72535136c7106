from __future__ import annotations

import numpy as np
import pytest

from formdrift.pose.region import Region
from formdrift.vision.image import ImageFrame


def test_an_upright_person_gives_an_upright_square() -> None:
    region = Region.around(np.array([100.0, 200.0]), np.array([100.0, 120.0]))
    assert region is not None
    assert region.center_px == (100, 200)
    assert region.side_px == pytest.approx(2 * 80 * 1.25)
    assert region.angle_rad == pytest.approx(0)
    np.testing.assert_allclose(
        region.to_picture(np.array([[0, 0], [256, 256], [128, 128]]), 256), [[0, 100], [200, 300], [100, 200]]
    )


@pytest.mark.parametrize(("rim", "angle_deg"), [((60, 0), 90), ((-60, 0), -90), ((0, 60), 180), ((60, -60), 45)])
def test_the_square_turns_with_the_person(rim: tuple[float, float], angle_deg: float) -> None:
    hips = np.array([300.0, 200.0])
    region = Region.around(hips, hips + rim)
    assert region is not None
    assert np.degrees(region.angle_rad) == pytest.approx(angle_deg)
    # the rim point lies straight above the middle of the cut-out, at 1 / 2.5 of its side
    np.testing.assert_allclose(region.to_picture(np.array([[128, 128 - 256 / 2.5]]), 256)[0], hips + rim, atol=1e-9)


def test_points_on_top_of_each_other_give_no_region() -> None:
    assert Region.around(np.array([5.0, 5.0]), np.array([5.0, 5.2])) is None
    assert Region.around(np.array([5.0, np.nan]), np.array([5.0, 50.0])) is None


def test_a_cut_out_is_sampled_by_pixel_numbers() -> None:
    """Pixel (i, j) of the cut-out is the picture at matrix @ (i, j), counted in pixel numbers."""
    y, x = np.mgrid[:200, :240]
    frame = ImageFrame(0, 0.0, np.dstack([x, y, x]).astype(np.uint8))
    region = Region((120.0, 100.0), 64.0, np.radians(30))
    cut = region.cut(frame, 32)
    j, i = np.mgrid[:32, :32]
    expected = region.to_picture(np.column_stack([i.ravel(), j.ravel()]).astype(float), 32).reshape(32, 32, 2)
    np.testing.assert_allclose(cut[..., :2], expected, atol=0.6)


def test_the_edge_of_the_picture_goes_on_outside_it() -> None:
    y, x = np.mgrid[:120, :80]
    frame = ImageFrame(0, 0.0, np.dstack([50 + x, 50 + y, 0 * x]).astype(np.uint8))
    region = Region((0.0, 60.0), 160.0, np.radians(15))
    cut = region.cut(frame, 64)
    j, i = np.mgrid[:64, :64]
    place = region.to_picture(np.column_stack([i.ravel(), j.ravel()]).astype(float), 64).reshape(64, 64, 2)
    nearest = np.clip(place, 0, (79, 119))
    inside = (place == nearest).all(axis=-1)
    assert 0.3 < inside.mean() < 0.7
    np.testing.assert_allclose(cut[..., :2] - 50.0, nearest, atol=0.6)
