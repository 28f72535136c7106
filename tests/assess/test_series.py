"""Sway of series in text files, and what is wrong with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner

from formdrift.assess.errors import InputError
from formdrift.assess.series import series_sway
from formdrift.ui.cli import main

if TYPE_CHECKING:
    from pathlib import Path

PHASE = 2 * np.pi * 0.5 * np.arange(400) / 50.0
X, Y = 10 * np.cos(PHASE), 10 * np.sin(PHASE)


def written(folder: Path, header: str, separator: str = ",") -> Path:
    target = folder / "series.csv"
    rows = [
        header.replace(",", separator),
        *(f"{i}{separator}{x:.9f}{separator}{y:.9f}" for i, (x, y) in enumerate(zip(X, Y, strict=True))),
    ]
    target.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return target


@pytest.mark.parametrize("separator", [",", "\t", ";", " "])
def test_columns_are_found_with_and_without_their_unit(tmp_path: Path, separator: str):
    path = written(tmp_path, "t[s],COPx[cm],COPy[cm]", separator)
    for columns in (["COPx", "COPy"], ["COPx[cm]", "COPy[cm]"]):
        found = series_sway(path, columns, 50.0, "formdrift")
        assert (found["n"], found["fs_hz"]) == (400, 50.0)
        assert found["descriptors"]["RMS"] == {"value": pytest.approx(10.0, rel=1e-6), "unit": "cm"}


@pytest.mark.parametrize("column", ["COPx", "COPx (cm)"])
def test_a_unit_in_round_brackets_is_one(tmp_path: Path, column: str):
    found = series_sway(written(tmp_path, "t (s),COPx (cm),COPy (cm)"), [column], 50.0, "formdrift")
    assert found["descriptors"]["RANGE"] == {"value": pytest.approx(20.0, rel=1e-3), "unit": "cm"}


def test_one_column_is_sway_along_an_axis(tmp_path: Path):
    found = series_sway(written(tmp_path, "t,ml,ap"), ["ml"], 50.0, "formdrift")["descriptors"]
    assert "AREA-PE95" not in found
    assert found["RANGE"] == {"value": pytest.approx(20.0, rel=1e-3), "unit": "mm"}


@pytest.mark.parametrize(
    ("header", "columns", "definitions", "said"),
    [
        ("t,x,y", ["z"], "formdrift", "no column 'z'"),
        ("t,x[mm],y[cm]", ["x", "y"], "formdrift", "different units"),
        ("t,x[N],y[N]", ["x", "y"], "formdrift", "only mm, cm, m"),
        ("t,x,y", ["x"], "bds", "two axes"),
        ("t,x,y", ["t", "x", "y"], "formdrift", "one column or two"),
        ("t,x,y", ["x", "x"], "formdrift", "one and the same"),
        ("t,x[cm],y[cm]", ["x", "x[cm]"], "bds", "one and the same"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, header: str, columns: list[str], definitions, said: str):
    with pytest.raises(InputError, match=said.replace("(", "\\(")):
        series_sway(written(tmp_path, header), columns, 50.0, definitions)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("x,y\n1,2\n", "1 rows"),
        ("x,y\n1,2\n3,\n", "in line 3"),
        ("x,y\n1,2\n3,nan\n", "'nan' in line 3"),
        ("x,y\n\n1,2\n\n3,\n", "in line 5"),
        ('x,y\n1,2\n"3,4\n' + "5,6\n" * 40_000, "in line 3"),
    ],
)
def test_broken_files_are_named(tmp_path: Path, text: str, said: str):
    target = tmp_path / "series.csv"
    target.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        series_sway(target, ["x", "y"], 50.0, "formdrift")
    with pytest.raises(InputError, match="can't be read"):
        series_sway(tmp_path / "gone.csv", ["x"], 50.0, "formdrift")


def test_the_command_prints_json_alone(tmp_path: Path):
    path = written(tmp_path, "t,COPx[cm],COPy[cm]")
    common = ["sway", str(path), "--fs", "50", "--columns", "COPx,COPy"]
    done = CliRunner().invoke(main, [*common, "--definitions", "bds", "--json", "-"])
    assert done.exit_code == 0
    found = json.loads(done.output)
    assert set(found["descriptors"]) == {"COParea", "COPvelo", "COPmfreq"}
    assert found["descriptors"]["COPmfreq"]["value"] == pytest.approx(0.5, rel=0.05)
    failed = CliRunner().invoke(main, ["sway", str(path), "--fs", "50", "--columns", "gone"])
    assert failed.exit_code == 2
    assert "no column 'gone'" in failed.output


@pytest.mark.parametrize("option", ["--json", "--report"])
def test_the_series_itself_is_never_overwritten(tmp_path: Path, option: str):
    path = written(tmp_path, "x,y").rename(tmp_path / "series.html")
    before = path.read_bytes()
    done = CliRunner().invoke(main, ["sway", str(path), "--fs", "50", "--columns", "x,y", option, str(path)])
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "overwritten" in done.stderr
    assert path.read_bytes() == before


def test_no_number_is_no_sampling_rate(tmp_path: Path):
    done = CliRunner().invoke(main, ["sway", str(written(tmp_path, "x,y")), "--fs", "nan", "--columns", "x,y"])
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "sampling rate" in done.stderr


@pytest.mark.parametrize(("columns", "pictures"), [("COPx,COPy", 3), ("COPy", 1)])
def test_a_report_draws_every_axis_and_the_plane(tmp_path: Path, columns: str, pictures: int):
    path, page = written(tmp_path, "t[s],COPx[cm],COPy[cm]"), tmp_path / "page.html"
    command = ["sway", str(path), "--fs", "50", "--columns", columns, "--report", str(page)]
    assert CliRunner().invoke(main, command).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert text.count("<svg") == pictures
    assert "±10.0 cm" in text
    nowhere = CliRunner().invoke(main, [*command[:-1], str(tmp_path / "none" / "page.html")])
    assert nowhere.exit_code != 0
    assert "can't be written" in nowhere.output
