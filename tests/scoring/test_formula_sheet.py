"""``docs/metrics.md`` says what the code does, and covers everything that a result can hold."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING

import figure
import numpy as np
import pytest
from figure import FROM_FRONT, FROM_LEFT, film, reps

from formdrift.scoring.exercise import FAMILIES
from formdrift.scoring.prescription import Prescription, Tempo
from formdrift.scoring.registry import METRICS
from formdrift.scoring.rubric import RULES
from formdrift.scoring.sets import score_track

if TYPE_CHECKING:
    from types import ModuleType

    from formdrift.scoring.thresholds import Thresholds

DOCS = Path(__file__).parents[2] / "docs"
POSES = {"squat": figure.PARALLEL_SQUAT, "hinge": figure.RDL}
EVERYTHING = Prescription(tempo=Tempo(3.0, 1.0, 1.0, 1.0), intent="max", load_kg=60.0, height_m=1.8)


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_metrics", DOCS / "build_metrics.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def page() -> str:
    return (DOCS / "metrics.md").read_text(encoding="utf-8")


def test_the_sheet_is_what_the_code_says(builder: ModuleType, page: str, thresholds: Thresholds) -> None:
    assert page == builder.sheet(thresholds), "run python docs/build_metrics.py"


def test_every_metric_and_criterion_has_its_entry(page: str) -> None:
    assert re.findall(r"^### `(\w+)`", page, flags=re.MULTILINE) == list(METRICS)
    assert set(re.findall(r"^\| `([A-Z]+-[A-Z]+)`", page, flags=re.MULTILINE)) == {rule.id for rule in RULES}
    for info in METRICS.values():
        for fact in (info.title, info.meaning, info.formula, info.source, info.bias):
            assert fact in page


def test_every_rule_judges_a_metric_that_is_listed(thresholds: Thresholds) -> None:
    assert {rule.metric for rule in RULES} <= METRICS.keys()
    assert {name for info in METRICS.values() for name in info.errors} <= thresholds.sem.keys()
    assert thresholds.criteria.keys() <= {rule.id for rule in RULES}


@pytest.mark.parametrize("exercise", sorted(FAMILIES))
@pytest.mark.parametrize("yaw", [FROM_LEFT, 50.0, FROM_FRONT])
def test_whatever_a_result_holds_is_on_the_sheet(exercise: str, yaw: float, page: str, thresholds: Thresholds) -> None:
    pose = POSES["squat" if FAMILIES[exercise] == "squat" else "hinge"]
    scored = score_track(film(reps(pose), yaw), exercise, thresholds, prescription=EVERYTHING)
    found = [rep for one in scored.sets for rep in one.reps]
    assert found
    for rep in found:
        assert rep.measurements.keys() <= METRICS.keys()
        for name, one in rep.measurements.items():
            info = METRICS[name]
            assert (one.metric, one.unit, one.phase) == (name, info.unit, info.phase)
        assert all(f"`{criterion.id}`" in page for criterion in rep.criteria)


def test_errors_and_thresholds_on_the_sheet_are_those_that_count(page: str, thresholds: Thresholds) -> None:
    assert f"({thresholds.version})" in page
    for name, limits in thresholds.criteria.items():
        (row,) = re.findall(rf"^\| `{name}` .*$", page, flags=re.MULTILINE)
        assert ", ".join(f"{value:g}" for value in limits.t) in row
    # a back rounded by 25 degrees: 1 - sin(12.5) / 12.5 in radians
    shorter = 100.0 * (1.0 - np.sin(np.radians(12.5)) / np.radians(12.5))
    assert f"{shorter:.1f} %" in page
