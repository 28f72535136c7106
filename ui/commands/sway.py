"""``formdrift sway``."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import Number
from .targets import as_bytes, check_texts, write_text

if TYPE_CHECKING:
    from ...assess.series import Definitions


@click.command()
@click.argument("series", metavar="SERIES", type=click.Path(path_type=Path))
@click.option(
    "--fs",
    "fs_hz",
    required=True,
    metavar="HZ",
    type=Number(0, 1e6, min_open=True),
    help="Samples a second.",
)
@click.option(
    "--columns",
    required=True,
    metavar="ML[,AP]",
    help="Names of the columns, sideways first, with or without the unit in brackets; without one it is mm.",
)
@click.option(
    "--definitions",
    default="formdrift",
    show_default=True,
    type=click.Choice(["formdrift", "bds"]),
    help="Whose formulas: ours, or those of the data set BDS (Santos and Duarte 2016).",
)
@click.option("--json", "json_target", metavar="FILE|-", help="Write the result as JSON, '-' for standard output.")
@click.option("--report", type=click.Path(path_type=Path), metavar="FILE.html", help="Draw it on a page of its own.")
def sway(
    series: Path, fs_hz: float, columns: str, definitions: Definitions, json_target: str | None, report: Path | None
) -> None:
    """Describe the sway in a text file: a force plate's centre of pressure, or any path in the plane."""
    from ...assess import InputError
    from ...assess.report_sway import series_page
    from ...assess.series import series_sway

    if math.isnan(fs_hz):
        raise InputError("'nan' samples a second can't be right: give the sampling rate in Hz, such as --fs 100.")
    json_file = Path(json_target) if json_target and json_target != "-" else None
    check_texts(json_file, report, [series])
    wanted = columns.split(",")
    found = series_sway(series, wanted, fs_hz, definitions)
    if report:
        write_text(report, series_page(series, wanted, found))
    text = json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    if json_target == "-":
        click.echo(as_bytes(text), nl=False)
        return
    if json_file:
        write_text(json_file, text)
    click.echo(f"{found['n']} samples at {fs_hz:g} Hz")
    for name, each in found["descriptors"].items():
        value = "–" if each["value"] is None else f"{each['value']:.6g}"
        click.echo(f"  {name:<14} {value} {each['unit']}".rstrip())
