"""Balance in the shipped clips of a rendered woman whose sway is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formdrift.assess import assess_seen, look, to_dict
from formdrift.sample_videos.render import read_truth, truth_path
from formdrift.scoring.prescription import Prescription
from formdrift.scoring.sway_change import compare

if TYPE_CHECKING:
    from formdrift.assess import VideoAssessment

CLIPS = Path(__file__).parents[2] / "sample_videos" / "clips"
STATURE_M = 1.65


@pytest.fixture(scope="module")
def judged(models_present: None) -> dict[str, VideoAssessment]:
    asked = Prescription(height_m=STATURE_M)
    return {
        name: assess_seen(look(CLIPS / f"balance_{name}.mp4"), "balance", prescription=asked)
        for name in ("before", "after")
    }


def test_sway_is_that_of_the_truth(judged: dict[str, VideoAssessment]):
    for name, result in judged.items():
        sway = result.sets[0].sway
        assert sway is not None
        truth = read_truth(truth_path(CLIPS / f"balance_{name}.mp4"))
        inside = (truth.time_s >= sway.analysed_s[0]) & (truth.time_s <= sway.analysed_s[1])
        true_mm = 1000.0 * truth.com_m[inside, 0].std()
        assert sway.axis == "medio-lateral"
        assert sway.descriptors["RMS"].value == pytest.approx(true_mm, rel=0.25)


def test_the_touch_is_found_and_ends_the_holding_time(judged: dict[str, VideoAssessment]):
    before, after = (judged[name].sets[0].sway for name in ("before", "after"))
    assert before is not None
    assert after is not None
    truth = read_truth(truth_path(CLIPS / "balance_after.mp4"))
    assert before.errors == ()
    assert [e.kind for e in after.errors] == ["touch_down"]
    assert after.errors[0].time_s == pytest.approx(truth.rep_bottom_s[0], abs=0.5)
    assert (before.ended_by, after.ended_by) == ("foot_down", "touch_down")


def test_more_sway_after_the_set_is_a_change(judged: dict[str, VideoAssessment]):
    before, after = (judged[name].sets[0].sway for name in ("before", "after"))
    assert before is not None
    assert after is not None
    change = compare([before], [after])
    assert change.ratio > 1.3
    assert change.ci95[0] < change.ratio < change.ci95[1]


def test_the_json_carries_noise_floor_and_verdict(judged: dict[str, VideoAssessment]):
    plain = to_dict(judged["before"])["sets"][0]["sway"]
    rms = plain["descriptors"]["RMS"]
    assert rms["status"] == "measured"
    assert rms["noise"] < rms["value"] / 2.0
    assert rms["snr"] == pytest.approx(rms["value"] / rms["noise"], rel=0.05)
    assert np.isfinite(plain["sampling_error"])


def test_the_curve_is_the_one_that_was_judged(judged: dict[str, VideoAssessment]):
    table = judged["before"].tables()["series"]
    sway = judged["before"].sets[0].sway
    rows = zip(table["curve"], table["time_s"], table["value"], strict=True)
    time_s, path = np.array([(t, x) for curve, t, x in rows if curve == "sway_mm"]).T
    assert sway is not None
    assert path.std() == pytest.approx(sway.descriptors["RMS"].value, abs=0.001)
    assert (time_s[0], time_s[-1]) == pytest.approx(sway.analysed_s, abs=0.1)
