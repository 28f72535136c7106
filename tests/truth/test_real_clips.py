"""Real clips with counted repetitions, which lie outside the repository because people can be recognised in them."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from formdrift.assess import assess_video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from formdrift.assess import VideoAssessment

    Assess = Callable[[str], VideoAssessment]

KETTLEBELL, SQUAT = "deadlift_faults_tby66/0016c_1.mp4", "gym_tracker_juris/squat.mp4"
NEGATIVES = (
    "pose_test_joelo/pushup.mp4",
    "pose_test_joelo/pullup1.mp4",
    "postop_cv/jacks.mp4",
    "pose_trainer_kaiakol/neg_plank_004.mp4",
    "pose_trainer_kaiakol/neg_jumpingjack_001.mp4",
)


@pytest.fixture(scope="module")
def clips(shared_data: Path) -> dict[str, dict[str, str]]:
    """Rows of the list of clips by file."""
    with (shared_data / "videos" / "videos.csv").open(newline="", encoding="utf-8") as lines:
        return {row["file"]: row for row in csv.DictReader(lines)}


@pytest.fixture(scope="module")
def assess(shared_data: Path, models_present: None) -> Assess:
    """Assess a clip once, however many tests ask for it."""
    known: dict[str, VideoAssessment] = {}

    def once(file: str) -> VideoAssessment:
        if file not in known:
            known[file] = assess_video(shared_data / "videos" / file)
        return known[file]

    return once


def full_bottoms(assessment: VideoAssessment) -> list[float]:
    return [rep.bottom_s for one in assessment.sets for rep in one.reps if rep.kind == "full"]


def test_kettlebell_deadlift_is_one_set_of_ten(assess: Assess) -> None:
    found = assess(KETTLEBELL)
    (only,) = found.sets
    assert (only.exercise.detected, only.exercise.family) == ("deadlift", "hinge")
    assert found.sources[0].view.label == "sagittal"
    assert found.sources[0].view.facing == "left"
    assert only.summary.full_reps == 10


def test_kettlebell_bottoms_are_where_they_were_seen(assess: Assess, clips: dict[str, dict[str, str]]) -> None:
    truth = [float(part) for part in clips[KETTLEBELL]["bottom_times_s_or_lockouts"].split()]
    assert full_bottoms(assess(KETTLEBELL)) == pytest.approx(truth, abs=0.15)


def test_kettlebell_angles_are_those_of_a_deadlift(assess: Assess) -> None:
    for rep in assess(KETTLEBELL).sets[0].reps:
        measured = {name: m.value for name, m in rep.measurements.items() if m.status == "measured"}
        assert 20 < (measured["trunk_inclination_bottom_deg"] or 0) < 90
        assert 20 < (measured["knee_flexion_bottom_deg"] or 0) < 110
        assert abs(measured["lockout_deficit_deg"] or 0) < 30


def test_squats_seen_at_an_angle_are_counted_and_timed(assess: Assess, clips: dict[str, dict[str, str]]) -> None:
    found = assess(SQUAT)
    (only,) = found.sets
    assert (only.exercise.detected, only.exercise.family) == ("squat", "squat")
    assert only.summary.full_reps == 8
    truth = [float(part) for part in clips[SQUAT]["bottom_times_s_or_lockouts"].split()]
    assert full_bottoms(found) == pytest.approx(truth, abs=0.3)


def test_the_list_names_these_negatives(clips: dict[str, dict[str, str]]) -> None:
    assert {file for file, row in clips.items() if "NEGATIVE" in row["exercise"]} == set(NEGATIVES)


@pytest.mark.parametrize("file", NEGATIVES)
def test_other_exercises_are_no_squats_or_hinges(file: str, assess: Assess) -> None:
    assert full_bottoms(assess(file)) == []
