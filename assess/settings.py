"""Settings from their files: thresholds and weights, ours or a user's own, and calibrations of the models."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from ..scoring.calibration import Calibrations
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
    text = files("formdrift.scoring").joinpath("thresholds.toml").read_text(encoding="utf-8")
    ours = TypeAdapter(Thresholds).validate_python(tomllib.loads(text))
    if path is None:
        return ours
    theirs = _read(path)
    for table in ("criteria", "sem"):
        if missing := sorted(getattr(ours, table).keys() - getattr(theirs, table).keys()):
            raise InputError(f"The thresholds '{path}' lack [{table}.{missing[0]}]: start from a copy of ours.")
    for name, limits in theirs.criteria.items():
        for bins in (limits.t, limits.t_kettlebell or limits.t):
            if sorted(set(bins)) != list(bins):
                raise InputError(f"The thresholds '{path}' don't fit at criteria.{name}: t must increase.")
    return theirs


@cache
def load_calibrations() -> Calibrations:
    """Read what was learned of each model: the difference between its landmarks and joint centres."""
    text = files("formdrift.models").joinpath("calibrations.toml").read_text(encoding="utf-8")
    return TypeAdapter(Calibrations).validate_python(tomllib.loads(text))


def _read(path: Path) -> Thresholds:
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
