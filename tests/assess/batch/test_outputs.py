"""Tables of many videos, one file a table."""

from __future__ import annotations

import csv
import io
import zipfile
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from formdrift.assess.batch import outputs
from formdrift.assess.batch.outputs import pack_tables, write_tables

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

COLUMNS = {"metric": ["trunk", "depth"], "reps": [[1, 2, 4], None], "onset": [None, 5]}


def packed(path: Path, **columns: list[object]) -> Path:
    stream = io.BytesIO()
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("drift", stream.getvalue())
    return path


def test_tables_of_many_videos_come_in_large_pieces_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(outputs, "_PIECE", 4)
    videos = [packed(tmp_path / f"{i}", rep=[1, 2, 3], value=[i, None, -i]) for i in range(5)]
    [table] = write_tables(videos, tmp_path / "tables", "parquet")
    assert [row["value"] for row in pq.read_table(table).to_pylist() if row["rep"] != 2] == [
        sign * i for i in range(5) for sign in (1, -1)
    ]
    file = pq.ParquetFile(table)
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [6, 6, 3]


def test_what_was_packed_before_streams_were_compressed_is_read(tmp_path: Path):
    old, new = packed(tmp_path / "old", rep=[1]), tmp_path / "new"
    assessment = SimpleNamespace(
        sources=[SimpleNamespace(sha256="ab", engine="e", model_id="m")],
        versions=SimpleNamespace(formdrift="0.1.0", thresholds="t", calibration="c"),
        tables=lambda: {"drift": {"rep": [2, 3], "engine": ["own", "own"]}},
    )
    new.write_bytes(pack_tables(assessment, {"person": "Robin"}))
    [table] = write_tables([old, new], tmp_path / "tables", "parquet")
    rows = pq.read_table(table).to_pylist()
    assert [row["rep"] for row in rows] == [1, 2, 3]
    assert [(row["engine"], row["sha256"], row["manifest_person"]) for row in rows] == [
        (None, None, None),
        ("own", "ab", "Robin"),
        ("own", "ab", "Robin"),
    ]


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
