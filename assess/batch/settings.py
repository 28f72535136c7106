"""How one video of a batch is to be assessed, as said on the command line or in a manifest."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from ...pose.estimate import MODELS
from ..errors import InputError
from ..video import check_exercise

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Settings:
    """What is said about a video; text as somebody wrote it, checked by `check`.

    Attributes
    ----------
    exercise : str
        See `formdrift.assess.assess_video`.
    engine, model : str
    subject : int or None
        Which of the people in it, from 0; None for the likeliest.
    """

    exercise: str = "auto"
    engine: str = "blazepose-onnx"
    model: str = "full"
    subject: int | None = None

    def check(self) -> None:
        """Refuse what could never work, before anything is done.

        Raises
        ------
        InputError
        """
        check_exercise(self.exercise)
        if self.model not in MODELS:
            raise InputError(f"There is no model '{self.model}': choose one of {', '.join(MODELS)}.")


def settings_from_row(row: Mapping[str, str], settings: Settings) -> tuple[Settings, dict[str, str]]:
    """Return the settings of one line of a manifest, and its columns that are no settings.

    Raises
    ------
    InputError
        When a setting makes no sense.
    """
    names = {field.name for field in fields(Settings)}
    said: dict[str, Any] = {name: value for name, value in row.items() if name in names}
    if "subject" in said:
        if not said["subject"].isdecimal():
            raise InputError(f"subject '{said['subject']}' is no number: give 0, 1, 2 …")
        said["subject"] = int(said["subject"])
    special = replace(settings, **said)
    special.check()
    return special, {name: value for name, value in row.items() if name not in names}
