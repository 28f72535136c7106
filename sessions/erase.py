"""Erasing somebody: every row and every file that is about them and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from .tables import Day, Job, Person, TrainingSet, Video

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy.orm import Session

    from .store import Store


def erase_person(store: Store, person_id: int) -> int:
    """Erase a person for good.

    Videos that lie outside the data folder are the user's own and stay; tracks that
    somebody else's set was made from as well stay too.

    Returns
    -------
    int
        How many files were removed.
    """
    return _erase(store, select(TrainingSet.id).join(Day).where(Day.person_id == person_id), person_id)


def erase_set(store: Store, set_id: int) -> int:
    """Erase one set for good; returns how many files were removed."""
    return _erase(store, select(TrainingSet.id).where(TrainingSet.id == set_id), None)


def _erase(store: Store, which: object, person_id: int | None) -> int:
    with store.begin() as session:
        sets = list(session.scalars(which))  # type: ignore[call-overload]
        # locks the database: a job that asks whether it is still wanted waits, and hears no
        session.execute(delete(Job).where(Job.set_id.in_(sets)))
        files = [*_files_of(store, session, sets)]
        for one in session.scalars(select(TrainingSet).where(TrainingSet.id.in_(sets))):
            session.delete(one)
        if person_id is not None and (person := session.get(Person, person_id)) is not None:
            session.delete(person)
        # the files go before the rows do: a crash in between leaves rows that can be erased again, never stray files
        for path in files:
            path.unlink(missing_ok=True)
    store.scrub()
    return len(files)


def _files_of(store: Store, session: Session, sets: list[int]) -> Iterable[Path]:
    videos = session.scalars(select(Video).where(Video.set_id.in_(sets))).all()
    kept = set(session.scalars(select(Video.track_key).where(Video.set_id.not_in(sets))))
    kept_clips = set(session.scalars(select(Video.path).where(Video.set_id.not_in(sets), Video.ours)))
    for video in videos:
        # anything with the name in it: also what was half written when the machine died
        if video.ours and video.path not in kept_clips:
            yield from store.clips.glob(f"*{video.path}*")
        if video.track_key and video.track_key not in kept:
            yield from store.tracks.glob(f"*{video.track_key}*")
    for set_id in sets:
        yield from store.thumbnails.glob(f"{set_id}[.-]*")
        yield from store.thumbnails.glob(f".{set_id}-*.part")
        yield from store.reports.glob(f"{set_id}[.-]*")
