"""The calibrations that come with the product, and that a result names them."""

from __future__ import annotations

from dataclasses import replace

import figure
import pytest

from formdrift.assess import assess_seen
from formdrift.assess.settings import load_calibrations
from formdrift.pose.estimate import MODELS
from formdrift.pose.track import People

FILM = figure.film(figure.reps(figure.PARALLEL_SQUAT))


def as_seen_by(model_id: str) -> figure.SeenVideo:
    seen = figure.seen(FILM)
    return replace(seen, people=People((replace(FILM, model_id=model_id),), (1.0,), 0))


def test_every_model_has_a_calibration() -> None:
    assert set(load_calibrations().models) == {f"blazepose-{model}" for model in MODELS}


def test_from_the_side_segments_are_only_turned_and_by_little() -> None:
    for model in load_calibrations().models.values():
        for lean in (model.side.trunk, model.side.thigh, model.side.shank):
            assert lean.gain == 1.0
            assert abs(lean.offset_deg) < 6.0


def test_a_result_names_its_calibration() -> None:
    assert assess_seen(as_seen_by("blazepose-full")).versions.calibration == load_calibrations().version
    assert assess_seen(as_seen_by("somebody's own model")).versions.calibration is None


def test_measured_angles_are_those_of_the_calibrated_model() -> None:
    plain, calibrated = (assess_seen(as_seen_by(name)) for name in ("somebody's own model", "blazepose-full"))
    learned = load_calibrations().models["blazepose-full"].side
    for one, other in zip(plain.sets[0].reps, calibrated.sets[0].reps, strict=True):
        trunk, knee = (
            (other.measurements[name].value or 0.0) - (one.measurements[name].value or 0.0)
            for name in ("trunk_inclination_bottom_deg", "knee_flexion_bottom_deg")
        )
        assert trunk == pytest.approx(learned.trunk.offset_deg, abs=1e-3)
        assert knee == pytest.approx(learned.shank.offset_deg - learned.thigh.offset_deg, abs=1e-3)
        # when a repetition happens is not a matter of calibration
        assert (other.start_s, other.bottom_s, other.end_s) == (one.start_s, one.bottom_s, one.end_s)
