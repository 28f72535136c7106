"""Every shipped squat and hinge clip gets its exercise family, view and counts."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from formdrift.assess import assess_video
from formdrift.sample_videos.samples import samples

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("models_present")
FAMILY = {"squat": "squat", "rdl": "hinge", "deadlift": "hinge", "good_morning": "hinge"}
SHIPPED = {s.name: s.path for s in samples()}


def movement(path: Path) -> str:
    exercise: str = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))["movement"]["exercise"]
    return exercise


def expected_view(yaw_deg: float) -> str:
    yaw = abs(yaw_deg)
    return "frontal" if min(yaw, 180 - yaw) <= 20 else "sagittal" if abs(90 - yaw) <= 20 else "oblique"


@pytest.mark.parametrize("name", [name for name, path in SHIPPED.items() if movement(path) in FAMILY])
def test_shipped_clip(name: str) -> None:
    scenario = tomllib.loads(SHIPPED[name].with_suffix(".toml").read_text(encoding="utf-8"))
    result = assess_video(SHIPPED[name])
    (one,) = result.sets
    found = one.exercise.family, result.sources[0].view.label, one.summary.full_reps, one.summary.partial_reps
    wanted = FAMILY[movement(SHIPPED[name])], expected_view(scenario["camera"]["yaw_deg"])
    assert found == (*wanted, scenario["movement"]["reps"], 0)


@pytest.mark.parametrize("name", [name for name, path in SHIPPED.items() if movement(path) not in FAMILY])
def test_standing_on_one_leg_is_no_repetition(name: str) -> None:
    result = assess_video(SHIPPED[name])
    assert [one.summary.full_reps for one in result.sets] == [0]
