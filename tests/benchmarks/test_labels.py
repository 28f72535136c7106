"""Our ratios and counts on frames and angles that others labelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from labels import motion_reps, parted

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("file", ["test.csv", "validation.csv"])
def test_ratios_part_labelled_errors(file: str, shared_data: Path) -> None:
    found = parted(shared_data / "labels" / "squat_errors_wing282k4" / file)
    assert found["stance too narrow"].area > 0.95
    assert found["stance too wide"].area > 0.95
    assert found["knees in"].low > 0.7


@pytest.mark.parametrize("file", ["train.csv", "test.csv"])
def test_knees_part_the_phases_and_the_stance_hardly_does(file: str, shared_data: Path) -> None:
    found = parted(shared_data / "labels" / "squat_correction_ngoquoc" / file)
    knees, stance = found["down: knees further apart than up"], found["down: stance wider than up"]
    assert knees.low > 0.7
    assert abs(stance.area - 0.5) < 0.1


def test_squats_in_motion_capture_are_counted(shared_data: Path) -> None:
    spans = motion_reps(shared_data / "kinematics" / "squats1_videoAndMocap.mot")
    assert [span.kind for span in spans] == ["full"] * 5
    assert all(1.0 < span.end_s - span.start_s < 4.0 for span in spans)
    assert all(60.0 < 90.0 * span.amplitude < 130.0 for span in spans)
