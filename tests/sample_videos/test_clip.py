"""From a scenario file to a clip that plays, with a truth file that holds what the README says."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from formdrift.sample_videos.render import (
    ScenarioError,
    read_scenario,
    read_truth,
    render,
    render_file,
    truth_path,
)
from formdrift.sample_videos.render.clip import act
from formdrift.sample_videos.render.events import KINDS
from formdrift.sample_videos.render.faults import FAULTS, PROGRAMMES, Fatigue
from formdrift.sample_videos.render.load import KINDS as LOAD_KINDS
from formdrift.sample_videos.render.people import ACTIONS
from formdrift.sample_videos.render.programme import EXERCISES
from formdrift.sample_videos.render.room import STYLES
from formdrift.sample_videos.render.scenario import Video
from formdrift.sample_videos.samples import samples, scenarios

ROOM = Path(__file__).parents[2] / "sample_videos"
SCENARIO = """
description = "One quick squat"
body = "woman_short"
seed = 5
[movement]
exercise = "squat"
reps = 1
knee_flexion_deg = [8, 115]
trunk_inclination_deg = [3, 40]
arm_elevation_deg = [10, 80]
descent_s = 0.5
ascent_s = 0.4
pause_s = 0.1
lead_in_s = 0.2
lead_out_s = 0.1
[variation]
knee_flexion_deg = 2
[camera]
yaw_deg = 60
[video]
width = 160
height = 120
fps = 10
"""


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clip")
    (folder / "one.toml").write_text(SCENARIO, encoding="utf-8")
    told = []
    truth = render_file(folder / "one.toml", folder / "one.mp4", lambda done, total: told.append((done, total)))
    return folder, truth, told


def decoded(path):
    with av.open(str(path)) as container:
        return [(frame.time, frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]


def test_the_clip_has_a_picture_for_every_time_stamp(rendered):
    folder, truth, told = rendered
    frames = decoded(folder / "one.mp4")
    np.testing.assert_allclose([time for time, _ in frames], truth.time_s, atol=1e-4)
    assert frames[0][1].shape == (120, 160, 3)
    assert told == [(n + 1, len(frames)) for n in range(len(frames))]


def test_the_truth_file_gives_back_the_truth(rendered):
    folder, truth, _ = rendered
    stored = read_truth(truth_path(folder / "one.mp4"))
    np.testing.assert_allclose(stored.joints_m, truth.joints_m, atol=1e-4)
    np.testing.assert_allclose(stored.joints_px, truth.joints_px, atol=0.02)
    np.testing.assert_allclose(stored.angles_joint_deg, truth.angles_joint_deg, atol=1e-3)
    np.testing.assert_array_equal(stored.rep_bottom_s, truth.rep_bottom_s)
    assert stored.scenario == json.loads(json.dumps(truth.scenario))
    assert stored.scenario["body"] == "woman_short"


def test_the_picture_coordinates_are_the_projected_joints(rendered):
    folder, _, _ = rendered
    truth = read_truth(truth_path(folder / "one.mp4"))
    points = np.concatenate([truth.joints_m, np.ones((*truth.joints_m.shape[:2], 1))], axis=2)
    homogeneous = np.einsum("tij,tkj->tki", truth.projection, points)
    np.testing.assert_allclose(homogeneous[..., :2] / homogeneous[..., 2:], truth.joints_px, atol=0.05)


def test_the_knee_is_deepest_at_the_bottom_of_the_rep(rendered):
    _, truth, _ = rendered
    knee = truth.angle("left_knee_flexion_deg")
    assert abs(truth.time_s[knee.argmax()] - truth.rep_bottom_s[0]) <= 0.1
    assert knee.max() == pytest.approx(truth.rep_parameter("knee_flexion_deg")[0], abs=0.1)
    assert knee[truth.time_s <= truth.rep_start_s[0]] == pytest.approx(8)


def test_both_definitions_of_an_angle_agree_roughly_and_not_exactly(rendered):
    _, truth, _ = rendered
    difference = truth.angle("left_knee_flexion_deg", surface=True) - truth.angle("left_knee_flexion_deg")
    assert 0.5 < np.abs(difference).max() < 20


def test_rendering_again_gives_the_same_clip(rendered):
    folder, _, _ = rendered
    render_file(folder / "one.toml", folder / "two.mp4")
    assert (folder / "two.mp4").read_bytes() == (folder / "one.mp4").read_bytes()
    one, two = (read_truth(truth_path(folder / f"{name}.mp4")) for name in ("one", "two"))
    np.testing.assert_array_equal(one.surface_m, two.surface_m)


def test_the_readme_lists_what_a_truth_file_holds(rendered):
    folder, _, _ = rendered
    readme = (ROOM / "README.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in readme.splitlines() if line.startswith("| `")]
    documented = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    with np.load(folder / "one.truth.npz") as stored:
        assert set(stored.files) <= documented


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("seed = 5", "seed = x"), "isn't a TOML file"),
        (('exercise = "squat"', 'exercise = "plank"'), "movement.exercise"),
        (("yaw_deg = 60", "yaw = 60"), "no entry 'camera.yaw'"),
        (("reps = 1", "reps = -1"), "expected 0 reps or more"),
        (("reps = 1", ""), "movement.reps"),
        (("descent_s = 0.5", "descent_s = 0"), "longer than 0 s"),
        (("[camera]", "[faults]\nknees_out_deg = 3\n[camera]"), "there is no fault 'knees_out_deg'"),
        (("[camera]", '[[events]]\nkind = "wave"\nafter_rep = 4\n[camera]'), "expected wave after one of 1 reps"),
        (("[camera]", '[[others]]\naction = "spot"\nplace = [1, 1]\n[camera]'), "no entry 'others.place'"),
        (("[camera]", '[load]\nkind = "sandbag"\n[camera]'), "load.kind"),
        (("[camera]", '[fatigue]\nprogramme = "none"\nascent = 0.1\n[camera]'), "expected no ascent"),
        (("reps = 1", 'reps = 1\nleg = "left"'), "expected leg left or right"),
        (("descent_s = 0.5", 'descent_s = "slow"'), "movement.descent_s"),
        (("descent_s = 0.5", "descent_s = inf"), "finite numbers, and 'inf' is none"),
        (("seed = 5", "seed = -5"), "a seed that is not negative"),
    ],
)
def test_a_wrong_scenario_is_refused_in_one_sentence(tmp_path, change, complaint):
    (tmp_path / "wrong.toml").write_text(SCENARIO.replace(*change), encoding="utf-8")
    with pytest.raises(ScenarioError, match=complaint):
        read_scenario(tmp_path / "wrong.toml")


def test_a_missing_scenario_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match="can't be read"):
        read_scenario(tmp_path / "none.toml")


def test_nothing_is_left_behind_when_rendering_fails(tmp_path):
    (tmp_path / "far.toml").write_text(SCENARIO.replace("yaw_deg = 60", "distance_m = 9"), encoding="utf-8")
    with pytest.raises(ScenarioError, match="outside the room"):
        render_file(tmp_path / "far.toml", tmp_path / "far.mp4")
    assert [p.name for p in tmp_path.iterdir()] == ["far.toml"]


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_a_shipped_clip_fits_its_truth_and_its_scenario(sample):
    truth = read_truth(truth_path(sample.path))
    with av.open(str(sample.path)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.frames == len(truth.time_s)
    scenario = read_scenario(sample.path.with_suffix(".toml"))
    assert truth.scenario["description"] == sample.what == scenario.description
    assert truth.scenario["movement"]["reps"] == len(truth.rep_start_s)
    assert truth.rep_start_s[0] >= 1.5
    assert truth.time_s[-1] - truth.rep_end_s[-1] >= 1.0
    assert f"| `{sample.name}` |" in (ROOM / "README.md").read_text(encoding="utf-8")


SCENARIOS = {sample.name: read_scenario(sample.path) for sample in scenarios()}


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_that_comes_with_the_program_renders(name, tmp_path):
    scenario = SCENARIOS[name]
    truth = render(replace(scenario, video=Video(160, 120, 4.0)), tmp_path / "clip.mp4")
    assert len(decoded(tmp_path / "clip.mp4")) == len(truth.time_s)
    inside = (truth.joints_px > 0) & (truth.joints_px < [160, 120])
    assert inside.all()
    assert f"| `{name}` |" in (ROOM / "README.md").read_text(encoding="utf-8")


def test_clips_and_scenarios_show_all_that_can_be_rendered():
    shown = [*SCENARIOS.values(), *(read_scenario(sample.path.with_suffix(".toml")) for sample in samples())]
    assert {s.movement.exercise for s in shown} == set(EXERCISES)
    assert {name for s in shown for name in (*s.faults, *s.fatigue.faults)} == set(FAULTS)
    assert {s.fatigue.programme for s in shown if s.fatigue != Fatigue()} | {"none"} == set(PROGRAMMES)
    assert {event.kind for s in shown for event in s.events} == set(KINDS)
    assert {s.load.kind for s in shown} == set(LOAD_KINDS)
    assert {person.action for s in shown for person in s.others} == set(ACTIONS)
    assert {s.room.style for s in shown} == set(STYLES)
    assert {True} == {any(s.camera.shake_deg for s in shown), any(s.camera.pan_deg_s for s in shown)}


def test_the_spotter_behind_is_larger_and_nearer_than_the_lifter():
    truth, _ = act(SCENARIOS["spotter_nearer"])
    heights = [box[:, 3] - box[:, 1] for box in (truth.other_box_px[0], truth.box_px)]
    assert (heights[0] > heights[1]).all()
    hips = [list(truth.joint_names).index(f"{side}_hip") for side in ("left", "right")]
    lifter, spotter = (joints[:, hips].mean(axis=1) for joints in (truth.joints_m, truth.other_joints_m[0]))
    assert (spotter[:, 1] > lifter[:, 1] + 0.3).all()
    away = [
        np.einsum("tj,tj->t", truth.projection[:, 2, :3], at) + truth.projection[:, 2, 3] for at in (spotter, lifter)
    ]
    assert (away[0] < away[1] - 0.2).all()


def test_the_shipped_clips_are_few_and_small():
    clips = samples()
    assert {"squat_side", "rdl_side"} <= {sample.name for sample in clips}
    assert 10 <= len(clips) <= 14
    size = sum(s.path.stat().st_size + truth_path(s.path).stat().st_size for s in clips)
    assert size < 8_000_000
