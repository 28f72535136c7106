"""The pictures of sway are well-formed, show what they are given and scale to it."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from formdrift.assess.sway_picture import overlay, path_with_ellipse, stabilogram

SVG = "{http://www.w3.org/2000/svg}"
TIME = np.arange(200) / 25.0
WAVE = 6.0 * np.sin(TIME)


def lines(text: str) -> list[np.ndarray]:
    found = ElementTree.fromstring(text).findall(f"{SVG}polyline")
    return [np.array([p.split(",") for p in line.attrib["points"].split()], dtype=float) for line in found]


def test_a_stabilogram_fills_its_frame_and_is_upright():
    text = stabilogram(TIME + 4.0, WAVE, "mm", noise=1.5)
    (line,) = lines(text)
    assert len(line) == len(TIME)
    # up in the picture is a larger value
    assert line[np.argmax(WAVE), 1] == pytest.approx(line[:, 1].min())
    assert np.ptp(line[:, 0]) > 500
    assert "±6.0 mm" in text
    assert "noise floor" in text


def test_two_trials_share_one_scale():
    before, after = lines(overlay({"before": (TIME, WAVE / 3), "after": (TIME + 60.0, WAVE)}, "mm"))
    assert np.ptp(after[:, 1]) == pytest.approx(3 * np.ptp(before[:, 1]), rel=0.02)
    assert before[0, 0] == after[0, 0]


def test_more_than_two_trials_are_refused():
    with pytest.raises(ValueError, match="one or two"):
        overlay({}, "mm")


def test_the_ellipse_lies_along_the_path():
    text = path_with_ellipse(WAVE, 0.1 * np.cos(3 * TIME) + 0.5 * WAVE, "mm & more")
    shape = ElementTree.fromstring(text).find(f"{SVG}ellipse")
    assert shape is not None
    assert float(shape.attrib["rx"]) > 5 * float(shape.attrib["ry"])
    # forward is up, so the turn is against the clock's direction of SVG
    assert float(shape.attrib["transform"].split("(")[1].split()[0]) == pytest.approx(-26.6, abs=2.0)
