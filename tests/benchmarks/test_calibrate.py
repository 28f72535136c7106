"""Learning a calibration, on inclinations made by hand."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest
from pydantic import TypeAdapter

from calibrate import fit, toml
from formdrift.scoring.calibration import Calibrations, Lean, ModelCalibration, ViewCalibration

TRUE = np.linspace(-90.0, 60.0, 31)


def test_a_constant_turn_is_found() -> None:
    found = fit(TRUE - 4.5, TRUE, gain=False)
    assert (found.offset_deg, found.gain) == pytest.approx((4.5, 1.0))


def test_a_gain_is_found_where_asked_for() -> None:
    found = fit(0.8 * TRUE + 4.0, TRUE, gain=True)
    assert (found.offset_deg, found.gain) == pytest.approx((-5.0, 1.25))


def test_hidden_frames_are_left_out() -> None:
    seen = TRUE - 2.0
    seen[::3] = np.nan
    assert fit(seen, TRUE, gain=False).offset_deg == pytest.approx(2.0)


def test_what_is_written_is_read_back() -> None:
    view = ViewCalibration(Lean(1.5), Lean(-3.25, 1.02), Lean(0.0))
    learned = {"blazepose-full": ModelCalibration(view, view)}
    read = TypeAdapter(Calibrations).validate_python(tomllib.loads(toml(learned, "today")))
    assert read.models == learned
    assert read.made == "today"
