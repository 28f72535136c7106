"""Tables of many videos, one file a table."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from formdrift.assess.batch.outputs import write_tables

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = {"metric": ["trunk", "depth"], "reps": [[1, 2, 4], None], "onset": [None, 5]}


def packed(path: Path, **columns: list[object]) -> Path:
    stream = io.BytesIO()
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("drift", stream.getvalue())
    return path


def test_lists_are_lists_in_parquet_and_written_in_a_row_in_csv(tmp_path: Path):
    videos = [packed(tmp_path / "a", **COLUMNS), packed(tmp_path / "b", metric=["rise"], reps=[None], onset=[None])]
    [columns] = write_tables(videos, tmp_path / "p", "parquet")
    assert [row["reps"] for row in pq.read_table(columns).to_pylist()] == [[1, 2, 4], None, None]
    [rows] = write_tables(videos, tmp_path / "c", "csv")
    with rows.open(newline="") as file:
        found = list(csv.DictReader(file))
    assert [(row["metric"], row["reps"], row["onset"]) for row in found] == [
        ("trunk", "1 2 4", ""),
        ("depth", "", "5"),
        ("rise", "", ""),
    ]
