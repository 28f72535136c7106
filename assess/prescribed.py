"""What a user says about a set, read from text and checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..scoring.prescription import Prescription, parse_tempo
from .errors import InputError

if TYPE_CHECKING:
    from typing import Literal

    from ..scoring.prescription import DepthTarget, Intent

_KG_PER_LB = 0.45359237
_HEAVIEST_KG = 1000.0
_STATURE_CM = (50.0, 250.0)
_PLATE_PX = (10.0, 5000.0)
_LOAD = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(kg|lbs?)?\s*", re.IGNORECASE)


def read_prescription(
    tempo: str | None = None,
    intent: Intent | None = None,
    depth_target: DepthTarget = "parallel",
    load: str | None = None,
    height_cm: float | None = None,
    side: Literal["left", "right"] | None = None,
    eyes: Literal["open", "closed"] | None = None,
    plate_px: float | None = None,
) -> Prescription:
    """Read what was prescribed.

    Parameters
    ----------
    tempo : str, optional
        Seconds down/bottom/up/top, such as ``3/1/X/0``.
    intent, depth_target, side, eyes
        As in `formdrift.scoring.prescription.Prescription`.
    load : str, optional
        Kilograms, or pounds with ``lb``: ``60``, ``62.5kg``, ``100lb``.
    height_cm : float, optional
        Stature of the lifter.
    plate_px : float, optional
        Diameter of a 450 mm plate in the picture, pixels.

    Raises
    ------
    InputError
        One sentence that says what is wrong and what to do.
    """
    if height_cm is not None and not _STATURE_CM[0] <= height_cm <= _STATURE_CM[1]:
        low, high = _STATURE_CM
        raise InputError(
            f"A height of {height_cm:g} cm can't be right: give the lifter's height in centimetres,"
            f" between {low:.0f} and {high:.0f}."
        )
    if plate_px is not None and not _PLATE_PX[0] <= plate_px <= _PLATE_PX[1]:
        raise InputError(
            f"A plate {plate_px:g} pixels wide can't be right: give the diameter of a 450 mm plate in the picture."
        )
    try:
        asked = None if tempo is None else parse_tempo(tempo)
    except ValueError as error:
        raise InputError(str(error)) from error
    return Prescription(
        tempo=asked,
        intent=intent,
        depth_target=depth_target,
        load_kg=None if load is None else _kilograms(load),
        height_m=None if height_cm is None else height_cm / 100.0,
        side=side,
        eyes=eyes,
        plate_px=plate_px,
    )


def _kilograms(text: str) -> float:
    match = _LOAD.fullmatch(text)
    if not match:
        raise InputError(f"'{text}' is no load: write kilograms such as 60, or pounds such as 100lb.")
    number, unit = float(match[1].replace(",", ".")), (match[2] or "kg").lower()
    kilograms = number if unit == "kg" else number * _KG_PER_LB
    if kilograms > _HEAVIEST_KG:
        raise InputError(f"A load of {kilograms:.0f} kg can't be right: give it in kilograms, or in pounds with 'lb'.")
    return kilograms
