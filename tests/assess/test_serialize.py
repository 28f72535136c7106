from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from formdrift.assess import InputError, from_json, schema, to_dict

if TYPE_CHECKING:
    from formdrift.assess import VideoAssessment

# the contract of the result: more names may be added, none may go
ASSESSMENT = {"schema", "sources", "sets", "quality", "versions"}
SOURCE = {
    "id",
    "path",
    "sha256",
    "duration_s",
    "frames",
    "fps",
    "size",
    "rotation_deg",
    "engine",
    "model_id",
    "detected_fraction",
    "subject",
    "view",
}
VIEW = {"label", "yaw_deg", "yaw_sem_deg", "facing"}
SET = {"exercise", "reps", "summary", "drift", "sway", "cues"}
EXERCISE = {"declared", "detected", "family", "confidence"}
REP = {"index", "source", "kind", "start_s", "bottom_s", "end_s", "measurements", "criteria"}
MEASUREMENT = {"value", "unit", "sem_within", "sem_abs", "bias_bound", "status", "reason", "view", "phase"}
CRITERION = {
    "id",
    "status",
    "reason",
    "value",
    "unit",
    "sem_abs",
    "severity",
    "score",
    "interval",
    "p_fault",
    "view",
}
SUMMARY = {"full_reps", "partial_reps", "scores", "technique_total", "velocity_loss_pct"}
SUB_SCORE = {"name", "score", "interval", "coverage"}
DRIFT = {"metric", "verdict", "change", "unit", "ci95", "mdc95", "onset_rep", "onset_interval", "p", "q"}
CUE = {"id", "text", "evidence", "reps"}


@pytest.fixture(params=["squat", "front", "still"])
def assessment(request: pytest.FixtureRequest) -> VideoAssessment:
    made: VideoAssessment = request.getfixturevalue(request.param)
    return made


def test_names_in_the_json_are_the_contract(assessment: VideoAssessment) -> None:
    plain = to_dict(assessment)
    assert plain.keys() >= ASSESSMENT
    assert plain["schema"] == "formdrift.assessment/1"
    assert plain["quality"].keys() >= {"usable", "warnings"}
    assert plain["versions"].keys() >= {"formdrift", "thresholds"}
    for source in plain["sources"]:
        assert source.keys() >= SOURCE
        assert source["view"].keys() >= VIEW
        assert source["subject"].keys() >= {"index", "candidates"}
    for one in plain["sets"]:
        assert one.keys() >= SET
        assert one["exercise"].keys() >= EXERCISE
        assert one["summary"].keys() >= SUMMARY
        assert all(part.keys() >= SUB_SCORE for part in one["summary"]["scores"])
        for rep in one["reps"]:
            assert rep.keys() >= REP
            assert all(m.keys() >= MEASUREMENT for m in rep["measurements"].values())
            assert all(c.keys() >= CRITERION for c in rep["criteria"])


def test_curves_stay_out_of_the_json(squat: VideoAssessment) -> None:
    assert squat.series
    assert "series" not in to_dict(squat)


def test_json_is_strict_and_comes_back_unchanged(assessment: VideoAssessment) -> None:
    text = json.dumps(to_dict(assessment), allow_nan=False)
    again = from_json(text)
    assert json.dumps(to_dict(again), allow_nan=False) == text
    assert again.sets == assessment.sets
    assert again.sources == assessment.sources


def test_fields_added_later_are_no_hindrance(squat: VideoAssessment) -> None:
    plain = to_dict(squat) | {"added": 1}
    assert from_json(json.dumps(plain)).sets == squat.sets


def test_what_was_read_has_tables(squat: VideoAssessment) -> None:
    again = from_json(json.dumps(to_dict(squat)))
    assert again.tables()["reps"] == squat.tables()["reps"]
    assert again.tables()["series"].keys() == squat.tables()["series"].keys()


def test_a_schema_that_is_not_ours_is_refused(squat: VideoAssessment) -> None:
    plain = to_dict(squat) | {"schema": "formdrift.assessment/2"}
    with pytest.raises(InputError, match=r"formdrift\.assessment/2.* update Formdrift"):
        from_json(json.dumps(plain))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"schema": "formdrift.assessment/1"}', "not json", "NaN"])
def test_other_text_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(InputError, match=r"not a Formdrift assessment: give a file") as caught:
        from_json(text)
    assert "\n" not in str(caught.value)


def test_a_value_of_the_wrong_kind_is_refused(squat: VideoAssessment) -> None:
    plain = to_dict(squat)
    plain["sets"][0]["reps"][0]["kind"] = "splendid"
    with pytest.raises(InputError):
        from_json(json.dumps(plain))


def test_schema_names_the_contract() -> None:
    loaded: dict[str, Any] = json.loads(schema())
    named = {name: set(one["properties"]) for name, one in loaded["$defs"].items()}
    assert set(loaded["properties"]) >= ASSESSMENT
    for name, fields in {
        "Source": SOURCE,
        "View": VIEW,
        "SetResult": SET,
        "Exercise": EXERCISE,
        "Rep": REP,
        "Measurement": MEASUREMENT,
        "Criterion": CRITERION,
        "Summary": SUMMARY,
        "SubScore": SUB_SCORE,
        "Drift": DRIFT,
        "Cue": CUE,
    }.items():
        assert named[name] >= fields, name
