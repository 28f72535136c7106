from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from formdrift.vision.draw import WHITE, Canvas

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAN = (np.nan, np.nan)
AMBER = (255, 190, 40)


def canvas(width: int = 360, height: int = 360, grey: int = 128) -> Canvas:
    return Canvas(np.full((height, width, 3), grey, np.uint8))


def changed(drawn: Canvas, grey: int = 128) -> NDArray[np.bool_]:
    return np.asarray(np.any(drawn.image != grey, axis=2), bool)


def is_colour(drawn: Canvas, colour: tuple[int, int, int]) -> NDArray[np.bool_]:
    return np.asarray(np.all(np.abs(drawn.image.astype(int) - colour) < 12, axis=2), bool)


def test_a_line_lies_where_it_is_asked_for() -> None:
    drawn = canvas()
    drawn.line([(50, 100), (300, 100)], AMBER)
    ys, xs = np.nonzero(is_colour(drawn, AMBER))
    assert (ys + 0.5).mean() == pytest.approx(100, abs=0.6)
    assert xs.min() == pytest.approx(50, abs=3)
    assert xs.max() == pytest.approx(300, abs=3)
    assert drawn.image[95:106, 150:200].min() < 40  # a dark rim


def test_a_missing_point_interrupts_a_line() -> None:
    drawn = canvas()
    drawn.line([(20, 20), (60, 20), NAN, (200, 20), (240, 20)], AMBER)
    columns = np.nonzero(changed(drawn).any(axis=0))[0]
    assert not ((columns > 70) & (columns < 190)).any()
    assert (columns < 70).any()
    assert (columns > 190).any()


def test_missing_points_draw_nothing() -> None:
    drawn = canvas()
    drawn.points([NAN], AMBER)
    drawn.line([NAN, (5, 5)], AMBER)
    assert not changed(drawn).any()


def test_a_disc_is_round_its_place() -> None:
    drawn = canvas()
    drawn.points([(120.5, 80.5)], AMBER, radius=6)
    ys, xs = np.nonzero(is_colour(drawn, AMBER))
    assert (xs + 0.5).mean() == pytest.approx(120.5, abs=0.2)
    assert (ys + 0.5).mean() == pytest.approx(80.5, abs=0.2)
    assert len(xs) == pytest.approx(np.pi * 36, rel=0.2)


@pytest.mark.parametrize(("start", "end"), [((1, 0), (0, 1)), ((0, 1), (1, 0))])
def test_an_arc_takes_the_smaller_way(start: tuple[int, int], end: tuple[int, int]) -> None:
    drawn = canvas()
    drawn.angle((180, 180), start, end, 100, WHITE)
    ys, xs = np.nonzero(changed(drawn))
    assert changed(drawn)[180 + 71, 180 + 71]
    assert xs.min() > 170
    assert ys.min() > 170


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_text_contrasts_with_any_picture(grey: int) -> None:
    drawn = canvas(grey=grey)
    drawn.label("Knee 95°", (100, 100))
    text = is_colour(drawn, WHITE)
    ys, xs = np.nonzero(text[90:130, 90:200])
    box = drawn.image[90 + ys.min() : 90 + ys.max(), 90 + xs.min() : 90 + xs.max()]
    around = np.percentile(box, 5)
    # Relative luminance by WCAG 2.2: readable from a ratio of 4.5 on.
    ratio = 1.05 / ((around / 255) ** 2.2 + 0.05)
    assert len(xs) > 50
    assert ratio > 4.5


def test_the_degree_sign_is_a_ring_above_the_line() -> None:
    shapes = []
    for text in ("95", "95°", "95?"):
        drawn = canvas(grey=0)
        drawn.label(text, (50, 50), scale=3)
        shapes.append(drawn.image[..., 0] > 128)
    plain, degree, question = shapes
    right = np.nonzero(plain.any(axis=0))[0].max()
    sign = np.nonzero(degree[:, right + 1 :].any(axis=1))[0]
    rows = np.nonzero(plain.any(axis=1))[0]
    assert sign.max() < rows.mean()
    assert not np.array_equal(degree, question)


@pytest.mark.parametrize("place", [(-500, -500), (5000, 5000), (0, 355), (355, 0)])
def test_a_label_stays_inside(place: tuple[int, int]) -> None:
    inside, drawn = canvas(grey=0), canvas(grey=0)
    inside.label("Trunk 45°", (150, 150))
    drawn.label("Trunk 45°", place)
    assert (drawn.image > 128).sum() == (inside.image > 128).sum()


def test_long_text_is_broken_into_lines_that_fit() -> None:
    text = "Filmed from the front: joint angles can't be measured. Film from the side to see them."
    drawn, wide = canvas(grey=0), canvas(2000, 360, grey=0)
    drawn.label(text, (180, 300), (0.5, 1))
    wide.label(text, (1000, 300), (0.5, 1))
    assert (drawn.image > 128).sum() == pytest.approx((wide.image > 128).sum(), rel=0.02)


def test_text_and_lines_grow_with_the_picture() -> None:
    heights = []
    for size in (360, 1080):
        drawn = canvas(size, size, grey=0)
        drawn.label("Hip", (50, 50))
        heights.append(np.ptp(np.nonzero((drawn.image > 128).any(axis=(1, 2)))[0]))
    assert heights[1] / heights[0] == pytest.approx(3, rel=0.15)


@pytest.mark.parametrize(("fraction", "columns"), [(-1, 0), (0, 0), (0.25, 90), (1, 360), (2, 360)])
def test_the_bar_shows_its_fraction(fraction: float, columns: int) -> None:
    drawn = canvas()
    drawn.bar(fraction, AMBER)
    assert is_colour(drawn, AMBER)[-1].sum() == columns


def test_marks_stand_above_the_bar() -> None:
    drawn = canvas()
    drawn.bar(0, AMBER, [0.5])
    ys, xs = np.nonzero(is_colour(drawn, WHITE))
    assert set(xs) == {180}
    assert ys.max() - ys.min() >= 6
