"""Settings from their files: thresholds and weights, ours or a user's own, and calibrations of the models."""

from __future__ import annotations

import math
import tomllib
from dataclasses import asdict, fields
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from ..scoring.calibration import Calibrations
from ..scoring.drift_tables import DriftTables
from ..scoring.thresholds import (
    CriterionThresholds,
    FilterThresholds,
    RepThresholds,
    ScoreThresholds,
    Sem,
    Thresholds,
    ViewThresholds,
)
from .errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
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
    ours = _our_thresholds()
    if path is None:
        return ours
    theirs = _read(path)
    if fault := next(_misfits(asdict(theirs), asdict(ours)), None):
        raise InputError(f"The thresholds '{path}' don't fit at {fault}; correct that entry.")
    return theirs


@cache
def _our_thresholds() -> Thresholds:
    text = files("formdrift.scoring").joinpath("thresholds.toml").read_text(encoding="utf-8")
    return TypeAdapter(Thresholds).validate_python(tomllib.loads(text))


@cache
def load_calibrations() -> Calibrations:
    """Read what was learned of each model: the difference between its landmarks and joint centres."""
    text = files("formdrift.models").joinpath("calibrations.toml").read_text(encoding="utf-8")
    return TypeAdapter(Calibrations).validate_python(tomllib.loads(text))


@cache
def load_drift_tables() -> DriftTables:
    """Read how large the drift detector's statistic gets by chance."""
    text = files("formdrift.scoring").joinpath("drift_tables.toml").read_text(encoding="utf-8")
    return TypeAdapter(DriftTables).validate_python(tomllib.loads(text))


def _misfits(theirs: dict[str, Any], ours: dict[str, Any]) -> Iterator[str]:
    """Yield what is missing, unheard of or senseless, each as ``place: what is wrong``."""
    for table in ("criteria", "sem"):
        for name in sorted(ours[table].keys() - theirs[table].keys()):
            yield f"[{table}.{name}]: it is missing"
        for name in sorted(theirs[table].keys() - ours[table].keys()):
            yield f"[{table}.{name}]: there is no such entry"
    for name, limits in theirs["criteria"].items():
        for bins in (limits["t"], limits["t_kettlebell"] or limits["t"]):
            if sorted(set(bins)) != list(bins):
                yield f"criteria.{name}: t must increase"
        if not limits["weight"] >= 0:
            yield f"criteria.{name}: the weight must not be negative"
    positive = {f"sem.{name}.{kind}": value for name, one in theirs["sem"].items() for kind, value in one.items()}
    positive |= {f"filter.{name}": value for name, value in theirs["filter"].items()}
    positive["score.monte_carlo"] = theirs["score"]["monte_carlo"]
    for name, value in positive.items():
        if not value > 0:
            yield f"{name}: it must be above 0"
    if theirs["score"]["seed"] < 0:
        yield "score.seed: it must not be negative"
    for name, number in _numbers(theirs):
        if not math.isfinite(number):
            yield f"{name}: it must be a finite number"


def _numbers(entry: object, place: str = "") -> Iterator[tuple[str, float]]:
    """Yield every number of nested tables, with its place."""
    if isinstance(entry, dict):
        for name, inner in entry.items():
            yield from _numbers(inner, f"{place}.{name}" if place else name)
    elif isinstance(entry, tuple):
        for inner in entry:
            yield from _numbers(inner, place)
    elif isinstance(entry, int | float):
        yield place, entry


def _unknown_keys(raw: dict[str, Any]) -> Iterator[str]:
    """Yield keys that mean nothing: a misspelt one would silently leave its default in place."""
    kinds = {"view": ViewThresholds, "filter": FilterThresholds, "reps": RepThresholds, "score": ScoreThresholds}
    tables: list[tuple[str, type, dict[str, Any]]] = [("", Thresholds, raw)]
    tables += [(f"{name}.", kind, raw.get(name, {})) for name, kind in kinds.items()]
    tables += [(f"criteria.{n}.", CriterionThresholds, one) for n, one in raw.get("criteria", {}).items()]
    tables += [(f"sem.{n}.", Sem, one) for n, one in raw.get("sem", {}).items()]
    for place, kind, table in tables:
        for key in sorted(table.keys() - {field.name for field in fields(kind)}):
            yield place + key


def _read(path: Path) -> Thresholds:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        thresholds = TypeAdapter(Thresholds).validate_python(raw)
    except OSError as error:
        raise InputError(
            f"The thresholds '{path}' can't be read ({error.strerror}): give a file that is there."
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(f"The thresholds '{path}' can't be read as TOML: start from a copy of ours.") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"The thresholds '{path}' are not TOML ({error}): start from a copy of ours.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"The thresholds '{path}' don't fit at {where}: {first['msg']}; correct that entry."
        ) from error
    if unknown := next(_unknown_keys(raw), None):
        raise InputError(f"The thresholds '{path}' don't fit at {unknown}: there is no such entry; take it out.")
    return thresholds
