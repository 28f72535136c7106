"""Sway of any series in a text file: a force plate's, another tracker's."""

from __future__ import annotations

import csv
import math
import re
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..scoring.sway import LEAST_SAMPLES, bds_descriptors, sway_1d, sway_2d
from .errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ..scoring.sway import Quantity

    Floats = NDArray[np.float64]

Definitions = Literal["formdrift", "bds"]
UNITS = ("mm", "cm", "m")
_NAMED_UNIT = re.compile(r"^(?P<name>.*?)\s*[\[(](?P<unit>[^\])]*)[\])]$")


def series_sway(path: Path, columns: Sequence[str], fs_hz: float, definitions: Definitions) -> dict[str, Any]:
    """Describe the sway of one or two columns of a text file.

    Parameters
    ----------
    path : Path
        Columns separated by tabs, commas, semicolons or blanks, their names in the first row.
    columns : sequence of str
        One name for sway along an axis, or two, medio-lateral first. A unit in brackets may
        be left out: ``COPx`` is the column ``COPx[cm]`` or ``COPx (cm)``.
    fs_hz : float
        Sampling rate.
    definitions : str
        ``formdrift``, or ``bds`` for those of the data set of Santos and Duarte (2016).

    Returns
    -------
    dict
        ``n``, ``fs_hz``, ``definitions`` and ``descriptors``, name to value and unit; a
        value that the series doesn't have is None.

    Raises
    ------
    InputError
        When the file or the columns can't be used.
    """
    series, unit = read_series(path, columns)
    n = series.shape[1]
    if n < LEAST_SAMPLES:
        raise InputError(f"'{path.name}' has {n} rows of numbers: sway needs {LEAST_SAMPLES} at least.")
    if len(series) == 1 and definitions == "bds":
        raise InputError("The definitions 'bds' are of two axes: give two columns, such as --columns COPx,COPy.")
    found: dict[str, Quantity]
    if len(series) == 1:
        found = sway_1d(series[0], fs_hz, unit)
    else:
        found = (bds_descriptors if definitions == "bds" else sway_2d)(series[0], series[1], fs_hz, unit)
    plain = {k: {"value": q.value if math.isfinite(q.value) else None, "unit": q.unit} for k, q in found.items()}
    return {"n": n, "fs_hz": fs_hz, "definitions": definitions, "descriptors": plain}


def read_series(path: Path, columns: Sequence[str]) -> tuple[Floats, str]:
    """Return the wanted columns, (1 or 2, n), and their unit; mm where the names don't say.

    Raises
    ------
    InputError
        When the file or the columns can't be used.
    """
    if len(columns) not in (1, 2):
        raise InputError("Give one column or two, such as --columns COPx,COPy.")
    (_, names), *rows = _rows(path)
    header = [cell.strip() for cell in names]
    places = [_place(path, header, column) for column in columns]
    if len(set(places)) < len(places):
        raise InputError(f"The columns {' and '.join(columns)} are one and the same: give two, such as COPx,COPy.")
    units = {_unit(header[place]) for place in places}
    if len(units) > 1:
        raise InputError(f"The columns {' and '.join(columns)} have different units: bring them to one unit first.")
    numbers = [[_number(path, row, place, line) for place in places] for line, row in rows]
    return np.array(numbers, dtype=np.float64).reshape(-1, len(places)).T, units.pop()


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Return the cells of each line that is not blank, with its number in the file, from 1."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"'{path}' can't be read ({error.strerror}): give the name of a text file.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"'{path}' is not a text file: export the series as CSV or TXT.") from error
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise InputError(f"'{path}' is empty: give a file with a row of column names and rows of numbers.")
    separator = next((s for s in "\t;," if s in lines[0][1]), None)
    if separator is None:
        return [(number, line.split()) for number, line in lines]
    # line by line: a quotation mark that nobody closed costs one line, not the file
    return [(number, next(csv.reader([line], delimiter=separator))) for number, line in lines]


def _place(path: Path, header: Sequence[str], column: str) -> int:
    """Find a column by its name, with or without the unit."""
    wanted = column.strip()
    for names in (header, [_split(name)[0] for name in header]):
        if names.count(wanted) == 1:
            return list(names).index(wanted)
    raise InputError(f"'{path.name}' has no column '{wanted}': it has {', '.join(header)}.")


def _unit(name: str) -> str:
    unit = _split(name)[1]
    if unit not in UNITS:
        raise InputError(f"The column '{name}' is in '{unit}': only {', '.join(UNITS)} are lengths that sway is in.")
    return unit


def _split(name: str) -> tuple[str, str]:
    match = _NAMED_UNIT.match(name)
    return (match["name"], match["unit"].strip()) if match else (name, "mm")


def _number(path: Path, row: Sequence[str], place: int, line: int) -> float:
    cell = row[place].strip() if place < len(row) else ""
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(
            f"'{path.name}' has '{cell}' in line {line} where a number should be: fill or cut the gap first."
        )
    return value
