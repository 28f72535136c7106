"""The folder that a batch writes: one result a video, its track, its curves; everything whole or not there."""

from __future__ import annotations

import json
import zipfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from ..errors import InputError
from ..whole import is_partial, written_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_HEAD: tuple[str, ...] = ("path", "error", "batch")
_FOLDERS = ("videos", "tracks", "tables", "opensim")


@dataclass(frozen=True)
class OutFolder:
    """Where a batch keeps what it made.

    ``videos/KEY.json`` holds the result of one work and is written last: what it
    refers to is there when it is. What a killed run had half written, the next one removes.

    Attributes
    ----------
    root : Path
    """

    root: Path

    @property
    def tracks(self) -> Path:
        """Folder of the track store."""
        return self.root / "tracks"

    @property
    def tables(self) -> Path:
        """Folder of the tables."""
        return self.root / "tables"

    def record_path(self, key: str) -> Path:
        """Return where the result of a work lies."""
        return self.root / "videos" / f"{key}.json"

    def packed_path(self, key: str) -> Path:
        """Return where the tables of a work lie."""
        return self.root / "videos" / f"{key}.tables"

    def has_tables(self, key: str) -> bool:
        """Tell whether the tables of a work are there, and whole."""
        return zipfile.is_zipfile(self.packed_path(key))

    def has_opensim(self, key: str) -> bool:
        """Tell whether files for OpenSim were made of a work."""
        return any((self.root / "opensim" / f"{key}.{ending}").exists() for ending in ("mot", "trc"))

    def track(self, name: str | None) -> tuple[str, bytes] | None:
        """Return name and content of a file of tracks, None where it is not there any more."""
        if name is None:
            return None
        try:
            return name, (self.tracks / name).read_bytes()
        except OSError:
            return None

    def record(self, key: str) -> dict[str, Any] | None:
        """Return the result of a work, None where there is none or it can't be read."""
        return read_record(self.record_path(key))

    def heads(self) -> list[dict[str, Any]]:
        """Return of every result how it was made, and the error if it has one, in the order of the videos' URLs."""
        paths = (self.root / "videos").glob("*.json")
        records = (record for path in paths if (record := read_record(path)) is not None)
        heads = [{name: record[name] for name in _HEAD if name in record} for record in records]
        return sorted(heads, key=lambda head: (head["batch"]["url"], head["batch"]["key"]))

    def records(self, heads: Iterable[Mapping[str, Any]] | None = None) -> Iterator[dict[str, Any]]:
        """Yield the results of some `heads`, one at a time; without them every one, in their order."""
        for head in self.heads() if heads is None else heads:
            record = self.record(head["batch"]["key"])
            if record is not None:
                yield record

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder: two runs at once would undo each other's work.

        Raises
        ------
        InputError
            When another run holds it, or it can't be made.
        """
        try:
            (self.root / "videos").mkdir(parents=True, exist_ok=True)
            self.tracks.mkdir(exist_ok=True)
            lock = FileLock(self.root / ".lock", blocking=False)
            lock.acquire()
        except Timeout as error:
            raise InputError(
                f"Another run is writing to '{self.root}': wait until it ends, or give another folder."
            ) from error
        except OSError as error:
            raise InputError(
                f"'{self.root}' can't be written ({error.strerror}): choose another folder with --out."
            ) from error
        try:
            self._clear_leftovers()
            yield
        finally:
            lock.release()

    def _clear_leftovers(self) -> None:
        """Remove what a run that was killed had begun to write."""
        for folder in (self.root, *(self.root / name for name in _FOLDERS)):
            for leftover in folder.glob(".*.part"):
                if is_partial(leftover):
                    with suppress(OSError):
                        leftover.unlink(missing_ok=True)


def read_record(path: Path) -> dict[str, Any] | None:
    """Read a result; None where there is none or it is none of ours."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) and "batch" in record else None


def write_whole(target: Path, content: bytes) -> None:
    """Write a file whole or not at all, in a folder that is made where it is missing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(target) as partial:
        partial.write_bytes(content)
