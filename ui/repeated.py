"""Which videos somebody's sets hold already: counted twice, they would stand in every trend twice."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from ..sessions.overview import set_line
from ..sessions.tables import Day, TrainingSet, Video
from .home import file_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy.orm import Session

    from ..sessions.overview import SetLine
    from ..sessions.store import Store


def repeated(store: Store, person_id: int | None, files: Sequence[Path]) -> dict[int, SetLine | None]:
    """Find the files that a person's sets hold already, and those that stand among the files twice.

    Only files of one size are read, so that nobody waits.

    Parameters
    ----------
    store : Store
    person_id : int or None
        None for somebody new.
    files : sequence of Path

    Returns
    -------
    dict
        By place among the files: the set that holds the same video, None where an earlier one of the files does.
    """
    found: dict[int, SetLine | None] = {}
    # by size, so that few are read: each with the set that holds it, None for one of the files
    there: dict[int, list[tuple[int | None, Path]]] = {}
    with store.begin() as session:
        for set_id, path in _kept(store, session, person_id):
            there.setdefault(_size(path), []).append((set_id, path))
        for place, file in enumerate(files):
            alike = there.setdefault(_size(file), [])
            holders = [set_id for set_id, path in alike if _same(file, path)]
            if holders:
                found[place] = None if holders[0] is None else set_line(session, holders[0])
            alike.append((None, file))
    return found


def _kept(store: Store, session: Session, person_id: int | None) -> list[tuple[int, Path]]:
    """Return the videos of a person's sets, the newest first."""
    rows = session.scalars(
        select(Video).join(TrainingSet).join(Day).where(Day.person_id == person_id).order_by(Video.id.desc())
    )
    return [(video.set_id, file_of(store, video)) for video in rows]


def _size(path: Path) -> int:
    """Return the size of a file, -1 where there is none."""
    with suppress(OSError):
        return path.stat().st_size
    return -1


def _same(one: Path, other: Path) -> bool:
    """Tell whether two files hold the same; one that can't be read is like no other."""
    with suppress(OSError):
        return _digest_of(one) == _digest_of(other)
    return False


def _digest_of(path: Path) -> str:
    known = path.stat()
    return _digest(path, known.st_size, known.st_mtime_ns)


@lru_cache(maxsize=256)
def _digest(path: Path, _size: int, _written_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
