"""How one video of a batch is to be assessed, as said on the command line or in a manifest."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal, get_args, get_type_hints

from ...pose.estimate import MODELS
from ..errors import InputError
from ..prescribed import read_prescription
from ..video import check_exercise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...scoring.prescription import Prescription


_NUMBERS = {"height_cm": "centimetres, such as 172", "plate_px": "pixels, such as 90"}


@dataclass(frozen=True)
class Settings:
    """What is said about a video, in words that JSON knows.

    Attributes
    ----------
    exercise, engine, model
        See `formdrift.assess.assess_video`.
    subject : int or None
        Which of the people in it, from 0; None for the likeliest.
    tempo, intent, depth_target, load, height_cm, side, eyes, plate_px
        See `formdrift.assess.read_prescription`.
    """

    exercise: str = "auto"
    engine: str = "blazepose-onnx"
    model: str = "full"
    subject: int | None = None
    tempo: str | None = None
    intent: Literal["max", "controlled"] | None = None
    depth_target: Literal["parallel", "half", "full"] = "parallel"
    load: str | None = None
    height_cm: float | None = None
    side: Literal["left", "right"] | None = None
    eyes: Literal["open", "closed"] | None = None
    plate_px: float | None = None

    def check(self) -> None:
        """Refuse what could never work, before anything is done.

        Raises
        ------
        InputError
        """
        check_exercise(self.exercise)
        if self.model not in MODELS:
            raise InputError(f"There is no model '{self.model}': choose one of {', '.join(MODELS)}.")
        self.prescription()

    def prescription(self) -> Prescription:
        """Return what was prescribed for the set."""
        return read_prescription(
            *(self.tempo, self.intent, self.depth_target, self.load),
            *(self.height_cm, self.side, self.eyes, self.plate_px),
        )


def settings_from_row(row: Mapping[str, str], settings: Settings) -> tuple[Settings, dict[str, str]]:
    """Return the settings of one line of a manifest, and its columns that are no settings.

    Parameters
    ----------
    row : mapping of str to str
        Column to value; empty ones are left out.
    settings : Settings
        Where the line doesn't say otherwise.

    Raises
    ------
    InputError
        When a setting makes no sense.
    """
    names = {field.name for field in fields(Settings)}
    said = {name: _value(name, text.strip()) for name, text in row.items() if name in names}
    special = replace(settings, **said)
    special.check()
    return special, {name: value for name, value in row.items() if name not in names}


def _value(name: str, text: str) -> Any:
    if name == "subject":
        if not text.isdecimal():
            raise InputError(f"subject '{text}' is no number: give 0, 1, 2 or higher.")
        return int(text)
    if name in _NUMBERS:
        try:
            return float(text)
        except ValueError as error:
            raise InputError(f"{name} '{text}' is no number: give {_NUMBERS[name]}.") from error
    choices = [word for kind in get_args(get_type_hints(Settings)[name]) for word in get_args(kind) or (kind,)]
    words = [word for word in choices if isinstance(word, str)]
    if words and text not in words:
        raise InputError(f"{name} '{text}' is none of {', '.join(words)}.")
    return text
