"""Thresholds and weights from their file: ours, or a user's own in its place."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from ..scoring.thresholds import Thresholds
from .errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def load_thresholds(path: Path | None = None) -> Thresholds:
    """Read thresholds.

    Parameters
    ----------
    path : Path, optional
        A user's own file, whole: a copy of ``scoring/thresholds.toml`` with other values.

    Raises
    ------
    InputError
        When the file is not there, not TOML, or a value is missing or of the wrong kind.
    """
    if path is None:
        text = files("formdrift.scoring").joinpath("thresholds.toml").read_text(encoding="utf-8")
        return TypeAdapter(Thresholds).validate_python(tomllib.loads(text))
    try:
        return TypeAdapter(Thresholds).validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The thresholds '{path}' can't be read: give a file that is there.") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"The thresholds '{path}' are not TOML ({error}): start from a copy of ours.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"The thresholds '{path}' don't fit at {where}: {first['msg']}.") from error
