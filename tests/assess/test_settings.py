from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from formdrift.assess import InputError, load_thresholds

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def ours() -> str:
    return files("formdrift.scoring").joinpath("thresholds.toml").read_text(encoding="utf-8")


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_thresholds(path)
    text = str(caught.value)
    assert str(path) in text
    assert "\n" not in text
    assert text.endswith(".")
    return text


def test_defaults_are_those_of_the_specification() -> None:
    limits = load_thresholds()
    assert limits.criteria["SQ-DEPTH"].t == (4, 12, 22, 40)
    assert limits.criteria["HG-RATIO"].t == (0.35, 0.50, 0.70, 1.00)
    assert limits.criteria["HG-RATIO"].t_kettlebell == (0.85, 1.00, 1.20, 1.50)
    assert (limits.sem["knee_flexion"].within, limits.sem["knee_flexion"].absolute) == (3, 6)
    assert limits.score.coverage_min == 0.5
    assert limits.version


def test_a_copy_with_other_values(tmp_path: Path, ours: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(ours.replace("t = [4.0, 12.0, 22.0, 40.0]", "t = [1, 2, 3, 4]").replace('"2026.1"', '"mine"'))
    limits = load_thresholds(path)
    assert limits.criteria["SQ-DEPTH"].t == (1, 2, 3, 4)
    assert limits.version == "mine"
    assert limits.criteria["SQ-LEAN"] == load_thresholds().criteria["SQ-LEAN"]


def test_no_file_or_a_folder(tmp_path: Path) -> None:
    assert "can't be read" in refusal(tmp_path / "absent.toml")
    assert "can't be read" in refusal(tmp_path)


def test_not_text(tmp_path: Path) -> None:
    path = tmp_path / "bytes.toml"
    path.write_bytes(b"\xff\xfe\x00\x01")
    assert "can't be read" in refusal(path)


@pytest.mark.parametrize("text", ["version = ", "[view", "a = 1\na = 2"])
def test_not_toml(text: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(text)
    assert "not TOML" in refusal(path)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("min_s = 0.6\n", "", "reps.min_s"),
        ("max_s = 15.0", 'max_s = "long"', "reps.max_s"),
        ("t = [4.0, 12.0, 22.0, 40.0]", "t = [4.0, 12.0]", "criteria.SQ-DEPTH.t"),
        ("t = [4.0, 12.0, 22.0, 40.0]", "t = 4.0", "criteria.SQ-DEPTH.t"),
        ("t = [4.0, 12.0, 22.0, 40.0]", "t = [4.0, 3.0, 22.0, 40.0]", "criteria.SQ-DEPTH"),
        ("[criteria.SQ-DEPTH]", "[criteria.SQ-DEEP]", "criteria.SQ-DEPTH"),
        ("[sem.hips_back]", "[sem.hips_bock]", "sem.hips_back"),
        ("[view]", "[vue]", "view"),
        ("min_s = 0.6\n", "min_s = 0.6\nmin_ss = 0.6\n", "reps.min_ss"),
        ("target = 0.30 ", "tarjet = 0.30 ", "criteria.HG-BACK.tarjet"),
        ("monte_carlo = 1000", "monte_carlo = 0", "score.monte_carlo"),
        ("seed = 0", "seed = -1", "score.seed"),
        ("fc_joint_hz = 6.0", "fc_joint_hz = 0.0", "filter.fc_joint_hz"),
        ("fc_timing_hz = 3.0", "fc_timing_hz = nan", "filter.fc_timing_hz"),
        ("min_s = 0.6\n", "min_s = inf\n", "reps.min_s"),
        ("t = [4.0, 12.0, 22.0, 40.0]", "t = [4.0, 12.0, 22.0, inf]", "criteria.SQ-DEPTH.t"),
    ],
)
def test_missing_and_wrong_values_are_named(old: str, new: str, where: str, ours: str, tmp_path: Path) -> None:
    assert ours.count(old) == 1
    path = tmp_path / "mine.toml"
    path.write_text(ours.replace(old, new))
    assert where in refusal(path)
