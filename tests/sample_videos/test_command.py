"""``formdrift samples``: what is listed, and what rendering refuses to replace."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from formdrift.sample_videos.render import read_truth, truth_path
from formdrift.sample_videos.samples import samples, scenarios
from formdrift.ui.cli import main

SCENARIO = """
description = "Standing for a moment"
[movement]
exercise = "squat"
reps = 0
knee_flexion_deg = [8, 100]
trunk_inclination_deg = [3, 40]
arm_elevation_deg = [10, 80]
lead_in_s = 0.5
lead_out_s = 0
[video]
width = 96
height = 72
fps = 4
"""


def render(folder, *words):
    (folder / "one.toml").write_text(SCENARIO, encoding="utf-8")
    run = CliRunner().invoke(main, ["samples", "render", str(folder / "one.toml"), *map(str, words)])
    return run.exit_code, run.stderr


def test_clips_and_scenarios_are_listed_with_their_places():
    run = CliRunner().invoke(main, ["samples", "list"])
    assert run.exit_code == 0
    for sample in (*samples(), *scenarios()):
        assert f"{sample.name}: {sample.what}" in run.stdout
        assert str(sample.path) in run.stdout


def test_a_clip_and_its_truth_are_written(tmp_path):
    assert render(tmp_path, tmp_path / "one.mp4")[0] == 0
    assert len(read_truth(truth_path(tmp_path / "one.mp4")).time_s) == 2


@pytest.mark.parametrize("name", ["one.mp4", "one.truth.npz"])
def test_what_exists_is_replaced_only_when_asked(tmp_path, name):
    (tmp_path / name).write_bytes(b"mine")
    code, told = render(tmp_path, tmp_path / "one.mp4")
    assert code == 2
    assert f"{name}' exists: give another name, or add --overwrite to replace it." in told
    assert (tmp_path / name).read_bytes() == b"mine"
    assert render(tmp_path, tmp_path / "one.mp4", "--overwrite")[0] == 0
    assert (tmp_path / name).read_bytes() != b"mine"


@pytest.mark.parametrize(
    ("target", "complaint"),
    [(".", "is a folder"), ("one.avi", "add the ending"), ("none/one.mp4", "make it first")],
)
def test_a_target_that_can_not_be_is_refused(tmp_path, target, complaint):
    code, told = render(tmp_path, tmp_path / target)
    assert code == 2
    assert complaint in told
