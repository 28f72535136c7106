"""Everything that is kept about a person, as files that other programs read."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from sqlalchemy import select

from .tables import Base, Day, Note, PainAnswer, Person, SetValue, StoredAssessment, TrainingSet, Video

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy.orm import Session

    from .store import Store

_README = """Everything that Formdrift keeps about this person.

tables/   one file a table, as CSV and as Parquet: person, day, training_set, video, set_value, note, pain_answer
results/  one JSON file an assessment, named by set and number; the highest number is the newest
tracks/   landmarks of the body, one NumPy file a video
clips/    videos that were copied into Formdrift or recorded with it
reports/  reports that were made
"""


def export_person(store: Store, person_id: int, target: Path) -> None:
    """Write a ZIP archive with everything about a person; an existing file of that name is replaced.

    Parameters
    ----------
    store : Store
    person_id : int
    target : Path
        The archive; it appears when it is whole.
    """
    partial = target.with_name(f".{target.name}.part")
    try:
        with store.begin() as session, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", _README)
            _write_tables(session, person_id, archive)
            _write_results(session, person_id, archive)
            _write_files(store, session, person_id, archive)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _sets(session: Session, person_id: int) -> list[int]:
    return list(session.scalars(select(TrainingSet.id).join(Day).where(Day.person_id == person_id)))


def _write_tables(session: Session, person_id: int, archive: zipfile.ZipFile) -> None:
    sets = _sets(session, person_id)
    chosen: list[tuple[type[Base], Any]] = [
        (Person, Person.id == person_id),
        (Day, Day.person_id == person_id),
        (TrainingSet, TrainingSet.id.in_(sets)),
        (Video, Video.set_id.in_(sets)),
        (SetValue, SetValue.set_id.in_(sets)),
        (Note, Note.person_id == person_id),
        (PainAnswer, PainAnswer.person_id == person_id),
    ]
    for kind, condition in chosen:
        rows = session.scalars(select(kind).where(condition)).all()
        table = _arrow(kind, rows)
        for ending, write in (("csv", pa.csv.write_csv), ("parquet", pq.write_table)):
            stream = io.BytesIO()
            write(table, stream)
            archive.writestr(f"tables/{kind.__tablename__}.{ending}", stream.getvalue())


def _arrow(kind: type[Base], rows: Sequence[Base]) -> pa.Table:
    columns = [column.key for column in kind.__table__.columns]
    return pa.table({name: pa.array([getattr(row, name) for row in rows]) for name in columns})


def _write_results(session: Session, person_id: int, archive: zipfile.ZipFile) -> None:
    made = select(StoredAssessment).where(StoredAssessment.set_id.in_(_sets(session, person_id)))
    numbers: dict[int, int] = {}
    for one in session.scalars(made.order_by(StoredAssessment.id)):
        number = numbers[one.set_id] = numbers.get(one.set_id, 0) + 1
        plain = json.loads(zlib.decompress(one.json_zlib))
        archive.writestr(f"results/{one.set_id}-{number}.json", json.dumps(plain, indent=1, ensure_ascii=False))


def _write_files(store: Store, session: Session, person_id: int, archive: zipfile.ZipFile) -> None:
    sets = _sets(session, person_id)
    videos = session.scalars(select(Video).where(Video.set_id.in_(sets))).all()
    wanted = [("tracks", path) for v in videos if v.track_key for path in store.tracks.glob(f"{v.track_key}*")]
    wanted += [("clips", path) for v in videos if v.ours for path in store.clips.glob(f"{v.path}*")]
    wanted += [("reports", path) for number in sets for path in store.reports.glob(f"{number}[.-]*")]
    for folder, path in dict.fromkeys(wanted):
        with path.open("rb") as source, archive.open(f"{folder}/{path.name}", "w", force_zip64=True) as copy:
            shutil.copyfileobj(source, copy)
