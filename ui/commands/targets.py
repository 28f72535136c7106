"""The files that ``formdrift score`` is asked for: checked before any work is done, and written whole."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...assess import VideoAssessment

    # a video that could not be used is there with the reason
    Result = VideoAssessment | tuple[Path, str]


@dataclass(frozen=True)
class Targets:
    """Where results are to be written; None where they are not wanted.

    Attributes
    ----------
    report, overlay : Path or None
        HTML and MP4.
    json : str or None
        A file, or '-' for standard output.
    tables : Path or None
        Folder of CSV files.
    """

    report: Path | None
    json: str | None
    overlay: Path | None
    tables: Path | None

    @property
    def json_file(self) -> Path | None:
        """The file for JSON; None for standard output too."""
        return Path(self.json) if self.json and self.json != "-" else None

    def check(self, videos: Sequence[Path], others: Sequence[Path] = (), *, together: bool) -> None:
        """Refuse what would be lost or overwritten.

        Parameters
        ----------
        videos : sequence of Path
        others : sequence of Path
            What else is read.
        together : bool
            They make one result.

        Raises
        ------
        InputError
        """
        from ...assess import InputError, check_overlay_target

        if self.overlay and len(videos) > 1:
            raise InputError("--overlay takes one video: score the videos one by one to annotate each.")
        check_texts(self.json_file, self.report, [*videos, *others], {self.overlay: "annotated video"})
        if self.tables:
            _check_folder(self.tables)
        if self.overlay:
            check_file(self.overlay, videos)
            if self.overlay.suffix.lower() != ".mp4":
                raise InputError(f"'{self.overlay}' doesn't end in .mp4, but --overlay writes MP4: add the ending.")
            check_overlay_target(videos[0], self.overlay)
        if self.report and len(videos) > 1 and not together:
            raise InputError("--report takes one video: score the videos one by one, or --as-one-set.")

    def write(self, results: Sequence[Result]) -> None:
        """Write report, tables and JSON of what could be scored; the overlay is written with its video at hand."""
        from ...assess import report_html

        scored = [result for result in results if not isinstance(result, tuple)]
        if self.report and scored:
            write_text(self.report, report_html(scored[0]))
        if self.tables and scored:
            _write_tables(scored, self.tables)
        if self.json and (scored or len(results) > 1):
            text = _as_json(results)
            if self.json_file:
                write_text(self.json_file, text)
            else:
                click.echo(as_bytes(text), nl=False)


def write_text(target: Path, text: str) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    InputError
        When it can't be written there.
    """
    from ...assess import InputError
    from ...assess.whole import written_whole

    try:
        if target.exists() and not target.is_file():
            # a device or a pipe keeps its place
            target.write_bytes(as_bytes(text))
            return
        with written_whole(target.resolve()) as partial:
            partial.write_bytes(as_bytes(text))
    except OSError as error:
        raise InputError(f"'{target}' can't be written ({error.strerror}): choose another place.") from error


def as_bytes(text: str) -> bytes:
    """Return a text in UTF-8; a byte of a file's name that is no text becomes an escape, as JSON has it."""
    return text.encode("utf-8", "backslashreplace")


def check_texts(
    json_file: Path | None, report: Path | None, inputs: Sequence[Path], others: dict[Path | None, str] | None = None
) -> None:
    """Refuse a JSON file or a report that can't be written, or in whose place something else would be lost.

    Parameters
    ----------
    json_file, report : Path or None
    inputs : sequence of Path
        What is read.
    others : dict of Path to str, optional
        What else is to be written, and what it is.

    Raises
    ------
    InputError
    """
    from ...assess import InputError

    if json_file:
        check_file(json_file, inputs)
        _check_json(json_file, {**(others or {}), report: "report"})
    if report:
        if report.suffix.lower() not in (".html", ".htm"):
            raise InputError(f"'{report}' doesn't end in .html, but --report writes HTML: add the ending.")
        check_file(report, inputs)


def check_file(target: Path, inputs: Sequence[Path] = ()) -> None:
    """Refuse a file that can't be written, or that is read.

    Raises
    ------
    InputError
    """
    from ...assess import InputError

    if any(target.resolve() == read.resolve() for read in inputs):
        raise InputError(f"'{target}' is what is read: give another name, or it would be overwritten.")
    if target.is_dir():
        raise InputError(f"'{target}' is a folder: give the name of a file.")
    if target.exists() and not target.is_file():
        return
    if not target.resolve().parent.is_dir():
        raise InputError(f"'{target}' can't be written, as its folder does not exist: make it first.")
    _check_writable(target, target.resolve().parent)


def check_new_video(target: Path) -> None:
    """Refuse a video that can't be written, or in whose place something would be lost.

    Raises
    ------
    InputError
    """
    from ...assess import InputError

    check_file(target)
    if target.suffix.lower() != ".mp4":
        raise InputError(f"'{target}' doesn't end in .mp4, but MP4 is what is written: add the ending.")
    if target.exists():
        raise InputError(f"'{target}' exists: give another name, or it would be overwritten.")


def _check_folder(tables: Path) -> None:
    from ...assess import InputError

    if tables.exists() and not tables.is_dir():
        raise InputError(f"'{tables}' is a file: --tables takes a folder.")
    _check_writable(tables, next(f for f in (tables.resolve(), *tables.resolve().parents) if f.is_dir()))


def _check_writable(target: Path, folder: Path) -> None:
    from ...assess import InputError

    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(f"'{target}' can't be written ({error.strerror}): choose another place.") from error


def _check_json(target: Path, others: dict[Path | None, str]) -> None:
    """Refuse to put a result in the place of something else, such as a video that was meant to be scored."""
    from ...assess import InputError

    for other, what in others.items():
        if other and target.resolve() == other.resolve():
            raise InputError(f"'{target}' can't be both the JSON and the {what}: give two names.")
    if target.is_file():
        with target.open("rb") as file:
            if file.read(1) not in (b"", b"{", b"["):
                raise InputError(f"'{target}' exists and is no JSON: give another name, or it would be overwritten.")


def _as_json(results: Sequence[Result]) -> str:
    from ...assess import to_dict

    plain: list[dict[str, Any]] = [
        {"path": str(result[0]), "error": result[1]} if isinstance(result, tuple) else to_dict(result)
        for result in results
    ]
    return json.dumps(plain[0] if len(plain) == 1 else plain, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _write_tables(results: Sequence[VideoAssessment], folder: Path) -> None:
    """Write one CSV file a table, the videos below one another."""
    _make_folder(folder)
    each = [result.tables() for result in results]
    for name in each[0]:
        header = list(each[0][name])
        rows = [map(_cell, row) for tables in each for row in zip(*tables[name].values(), strict=True)]
        text = io.StringIO(newline="")
        csv.writer(text).writerows([header, *rows])
        write_text(folder / f"{name}.csv", text.getvalue())


def _cell(value: object) -> object:
    """Return a value as CSV holds it: several are put in a row."""
    return " ".join(map(str, value)) if isinstance(value, (list, tuple)) else value


def _make_folder(folder: Path) -> None:
    from ...assess import InputError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The folder '{folder}' can't be made ({error.strerror}): choose another place.") from error
