"""Which videos to work on: files, folders, globs, object stores and manifests, each with its settings."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import fsspec

from ..errors import InputError
from .settings import Settings, settings_from_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# what is taken from a folder; a file that is named is taken whatever it is called
VIDEO_ENDINGS = (
    *(".3gp", ".avi", ".m2ts", ".m4v", ".mjpeg", ".mkv", ".mov", ".mp4"),
    *(".mpeg", ".mpg", ".mts", ".ogv", ".ts", ".webm", ".wmv"),
)
# of a file name, so that names of ours stay short enough for every disk
_STEM = 60
_STAMPS = ("ETag", "etag", "mtime", "LastModified", "last_modified", "updated", "created")


@dataclass(frozen=True)
class Video:
    """One video and how it is to be assessed.

    Attributes
    ----------
    url : str
        What fsspec opens; an absolute path for a file on this machine.
    stamp : str
        Changes when the file does: its size with its time or tag.
    settings : Settings
    notes : mapping of str to str
        Further columns of the manifest, such as ``person``: handed on to every table.
    """

    url: str
    stamp: str
    settings: Settings
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Name of this work: the same video with the same settings, whatever its content is by now."""
        settings = asdict(self.settings)
        if settings["plate_px"] is None:
            # works that were kept before there was this setting keep their names
            del settings["plate_px"]
        told = json.dumps([self.url, settings, dict(self.notes)], sort_keys=True)
        stem = re.sub(r"[^\w.-]+", "_", PurePosixPath(self.url).stem)[:_STEM]
        return f"{stem}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def find_videos(paths: Sequence[str], settings: Settings) -> list[Video]:
    """Find every video that the paths name.

    Parameters
    ----------
    paths : sequence of str
        Files, folders (searched to the bottom), globs, fsspec URLs of any of these, and
        CSV manifests: a column ``path``, relative to the manifest, and any settings.
    settings : Settings
        Where a manifest doesn't say otherwise.

    Returns
    -------
    list of Video
        In the order of their URLs, each work once.

    Raises
    ------
    InputError
        When a path leads nowhere, a folder holds no video, or a manifest can't be read.
    """
    found = [video for path in paths for video in _of_path(path, settings)]
    return sorted({video.key: video for video in found}.values(), key=lambda v: (v.url, v.key))


def _of_path(path: str, settings: Settings) -> Iterator[Video]:
    if path.lower().endswith(".csv"):
        yield from _of_manifest(path, settings)
    else:
        yield from (Video(url, stamp, settings) for url, stamp in _files(path))


def _files(path: str) -> Iterator[tuple[str, str]]:
    """Yield the URL and the stamp of each video that a path, folder or glob names."""
    try:
        fs, inside = fsspec.core.url_to_fs(path)
        if any(sign in path for sign in "*?[") and not fs.exists(inside):
            entries = {name: info for name, info in fs.glob(inside, detail=True).items() if _is_video(name, info)}
        elif fs.isdir(inside):
            entries = {name: info for name, info in fs.find(inside, detail=True).items() if _is_video(name, info)}
        else:
            entries = {inside: fs.info(inside)}
    except FileNotFoundError as error:
        raise InputError(f"There is no '{path}': give videos, folders or a CSV manifest that are there.") from error
    except (OSError, ValueError, ImportError) as error:
        raise InputError(
            f"'{path}' can't be opened ({error}): give videos, folders or URLs that can be read."
        ) from error
    if not entries:
        raise InputError(f"There is no video in '{path}': give videos, or a folder that holds some.")
    for name, info in entries.items():
        yield _url(fs, name), _stamp(info)


def _is_video(name: str, info: Mapping[str, Any]) -> bool:
    hidden = any(part.startswith(".") for part in name.split("/")[-1:])
    return info["type"] == "file" and not hidden and name.lower().endswith(VIDEO_ENDINGS)


def _url(fs: fsspec.AbstractFileSystem, name: str) -> str:
    return name if "file" in fs.protocol else str(fs.unstrip_protocol(name))


def _stamp(info: Mapping[str, Any]) -> str:
    return f"{info.get('size')} {next((info[key] for key in _STAMPS if info.get(key) is not None), '')}"


def _of_manifest(path: str, settings: Settings) -> Iterator[Video]:
    try:
        with fsspec.open(path, "rb") as file:
            text = file.read().decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text), strict=True)
        columns, rows = reader.fieldnames or (), list(reader)
    except FileNotFoundError as error:
        raise InputError(f"There is no manifest '{path}': give a CSV file that is there.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"The manifest '{path}' is not in UTF-8: save it as CSV in UTF-8.") from error
    except (OSError, ValueError, ImportError, csv.Error) as error:
        raise InputError(f"The manifest '{path}' can't be read ({error}): give a CSV file that is whole.") from error
    if "path" not in columns:
        raise InputError(
            f"The manifest '{path}' has no column 'path': its first line must name the columns, separated by commas."
        )
    if not rows:
        raise InputError(f"The manifest '{path}' names no video: give each a line, with its path.")
    yield from _of_rows(path, rows, settings)


def _of_rows(manifest: str, rows: Iterable[dict[str, str]], settings: Settings) -> Iterator[Video]:
    """Yield a video a row; one that is not there fails when its turn comes, like one that is broken."""
    folder = manifest.rpartition("/")[0]
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values() or not row["path"]:
            raise InputError(
                f"The manifest '{manifest}' doesn't fit its first line in line {number}: one value a column."
            )
        name = row.pop("path")
        absolute = "://" in name or name.startswith("/") or not folder
        try:
            special, notes = settings_from_row({key: value for key, value in row.items() if value}, settings)
            url, stamp = _one_file(name if absolute else f"{folder}/{name}")
        except InputError as error:
            raise InputError(f"The manifest '{manifest}', line {number}: {error}") from error
        yield Video(url, stamp, special, notes)


def _one_file(path: str) -> tuple[str, str]:
    try:
        fs, inside = fsspec.core.url_to_fs(path)
        return _url(fs, inside), _stamp(fs.info(inside))
    except FileNotFoundError:
        return _url(fs, inside), ""
    except (OSError, ValueError, ImportError) as error:
        raise InputError(f"'{path}' can't be opened ({error}): give a path or URL that can be read.") from error


def known_videos(records: Iterable[Mapping[str, Any]]) -> list[Video]:
    """Return the videos of earlier results whose tracks were kept, as they were then."""
    return [
        Video(made["url"], made["stamp"], Settings(**made["settings"]), made["notes"])
        for made in (record["batch"] for record in records)
        if made.get("track")
    ]
