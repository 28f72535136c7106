"""True points in the place of landmarks: the product reads from them what is true."""

from __future__ import annotations

import numpy as np
import pytest

from formdrift.assess.seen import SeenVideo
from formdrift.assess.video import assess_seen
from formdrift.pose.track import People
from formdrift.sample_videos.render import read_truth, truth_path
from formdrift.sample_videos.samples import samples
from formdrift.vision.frame import VideoInfo
from synthetic.points import true_track
from synthetic.responses import true_depth, true_tempo_error


@pytest.fixture(scope="module")
def truth():
    (squat,) = (sample for sample in samples() if sample.name == "squat_side")
    return read_truth(truth_path(squat.path))


@pytest.fixture(scope="module")
def track(truth):
    frames = len(truth.time_s)
    size = truth.scenario["video"]["width"], truth.scenario["video"]["height"]
    source = VideoInfo("squat.mp4", "", frames / 30.0, frames, 30.0, size, 0, "h264", "yuv420p")
    return true_track(truth, source)


def test_true_points_score_as_the_truth(truth, track):
    (only,) = assess_seen(SeenVideo(People((track,), (1.0,), 0), "truth", ()), "squat").sets
    assert only.summary.full_reps == len(truth.rep_bottom_s)
    depth = [rep.measurements["depth_angle_bottom_deg"].value for rep in only.reps]
    # perspective turns all thighs alike
    off = np.array(depth) - true_depth(truth)
    assert np.abs(off).max() < 4.0
    assert off.std() < 0.5


def test_world_points_lie_as_the_camera_sees_them(truth, track):
    assert (track.joint_world("nose")[:, 1] < -0.3).all()
    for here, there in (("left_toe", "left_heel"), ("left_knee", "left_hip")):
        across_px = (track.joint(here) - track.joint(there))[:, 0]
        across_m = (track.joint_world(here) - track.joint_world(there))[:, 0]
        assert np.corrcoef(across_px, across_m)[0, 1] > 0.9
    left, right = (truth.joints_m[:, list(truth.joint_names).index(f"{side}_hip")] for side in ("left", "right"))
    nearer = np.einsum("tj,tj->t", truth.projection[:, 2, :3], left - right) < 0.0
    assert (nearer == (track.joint_world("left_hip")[:, 2] < track.joint_world("right_hip")[:, 2])).all()


def test_a_tempo_is_missed_by_what_every_phase_is_off(truth):
    asked = truth.scenario["movement"]
    whole = sum(asked[f"{phase}_s"] for phase in ("descent", "hold", "ascent", "pause"))
    off = true_tempo_error(truth)
    first = np.abs(truth.rep_descent_end_s[0] - truth.rep_start_s[0] - asked["descent_s"])
    assert len(off) == len(truth.rep_start_s)
    assert off[0] >= first / whole
    assert (off < 1.0).all()
