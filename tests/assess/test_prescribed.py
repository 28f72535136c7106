from __future__ import annotations

import pytest

from formdrift.assess import InputError, read_prescription
from formdrift.scoring.prescription import NOTHING_PRESCRIBED, Tempo


def test_nothing_said_is_nothing_prescribed() -> None:
    assert read_prescription() == NOTHING_PRESCRIBED


@pytest.mark.parametrize(
    ("text", "kilograms"), [("60", 60.0), ("62.5kg", 62.5), ("62,5 KG", 62.5), ("100lb", 45.359), ("100 lbs", 45.359)]
)
def test_loads(text: str, kilograms: float) -> None:
    assert read_prescription(load=text).load_kg == pytest.approx(kilograms, abs=1e-3)


def test_everything_said() -> None:
    asked = read_prescription("3/1/X/0", "max", "full", "60", 178.0, "left", "closed")
    assert asked.tempo == Tempo(3.0, 1.0, None, 0.0)
    assert (asked.intent, asked.depth_target, asked.load_kg, asked.height_m) == ("max", "full", 60.0, 1.78)
    assert (asked.side, asked.eyes) == ("left", "closed")
    assert read_prescription(plate_px=120.0).plate_px == 120.0


@pytest.mark.parametrize("text", ["", "heavy", "-5", "1e3", "60 stone", "nan", "5000"])
def test_no_loads(text: str) -> None:
    with pytest.raises(InputError, match=r"load") as error:
        read_prescription(load=text)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("height_cm", [1.78, 0.0, -170.0, 400.0, float("nan"), float("inf")])
def test_no_heights(height_cm: float) -> None:
    with pytest.raises(InputError, match="centimetres"):
        read_prescription(height_cm=height_cm)


@pytest.mark.parametrize("plate_px", [0.0, -120.0, 9.0, 6000.0, float("nan"), float("inf")])
def test_no_plates(plate_px: float) -> None:
    with pytest.raises(InputError, match="450 mm plate"):
        read_prescription(plate_px=plate_px)


@pytest.mark.parametrize("text", ["fast", "3/1", "3/1/1/0/2", "3/-1/1/0", "99/1/1/0"])
def test_no_tempos(text: str) -> None:
    with pytest.raises(InputError, match="is no tempo"):
        read_prescription(tempo=text)
