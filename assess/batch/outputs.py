"""What a batch leaves for analysts: long tables of every result, as Parquet or CSV."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Literal

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from ..whole import written_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ..video import VideoAssessment

Format = Literal["parquet", "csv"]


def pack_tables(assessment: VideoAssessment, notes: Mapping[str, str]) -> bytes:
    """Return the tables of one video, every row with where it came from, as one archive of Arrow streams.

    Parameters
    ----------
    assessment : VideoAssessment
    notes : mapping of str to str
        Columns of the manifest, handed on as ``manifest_NAME``.
    """
    source, versions = assessment.sources[0], assessment.versions
    origin = {
        "sha256": source.sha256,
        "engine": source.engine,
        "model_id": source.model_id,
        "formdrift": versions.formdrift,
        "thresholds": versions.thresholds,
        "calibration": versions.calibration,
    } | {f"manifest_{name}": value for name, value in notes.items()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, columns in assessment.tables().items():
            table = pa.table({column: pa.array(values) for column, values in columns.items()})
            for column, value in origin.items():
                if column not in table.column_names:
                    table = table.append_column(column, pa.array([value] * len(table), pa.string()))
            stream = io.BytesIO()
            with pa.ipc.new_stream(stream, table.schema) as writer:
                writer.write_table(table)
            archive.writestr(name, stream.getvalue())
    return packed.getvalue()


def write_tables(packed: Sequence[Path], folder: Path, form: Format) -> list[Path]:
    """Put the tables of many videos below one another, one file a table.

    Parameters
    ----------
    packed : sequence of Path
        Archives that `pack_tables` made, in the order in which their rows are to come.
    folder : Path
        Where the tables go; what is there under their names is replaced.
    form : str
        ``parquet`` or ``csv``.

    Returns
    -------
    list of Path
        The files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    names = list(dict.fromkeys(name for path in packed for name in zipfile.ZipFile(path).namelist()))
    for name in names:
        found = pa.unify_schemas([table.schema for table in _each(packed, name)], promote_options="permissive")
        schema = _writable(found, form)
        target = folder / f"{name}.{form}"
        with written_whole(target) as partial, _writer(partial, schema, form) as writer:
            for table in _each(packed, name):
                writer.write_table(_fit(table, schema))
        written.append(target)
    return written


def _each(packed: Sequence[Path], name: str) -> Iterator[pa.Table]:
    for path in packed:
        with zipfile.ZipFile(path) as archive:
            if name in archive.namelist():
                yield pa.ipc.open_stream(archive.read(name)).read_all()


def _writable(schema: pa.Schema, form: Format) -> pa.Schema:
    """Give a column that has no value anywhere a type: numbers are what is missing most; CSV knows no lists."""

    def kind(of: pa.DataType) -> pa.DataType:
        if pa.types.is_null(of):
            return pa.float64()
        return pa.string() if form == "csv" and pa.types.is_list(of) else of

    return pa.schema([field.with_type(kind(field.type)) for field in schema])


def _writer(path: Path, schema: pa.Schema, form: Format) -> pq.ParquetWriter | pa.csv.CSVWriter:
    return pq.ParquetWriter(path, schema, compression="zstd") if form == "parquet" else pa.csv.CSVWriter(path, schema)


def _fit(table: pa.Table, schema: pa.Schema) -> pa.Table:
    columns = [
        _cast(table[field.name], field.type) if field.name in table.column_names else pa.nulls(len(table), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _cast(column: pa.ChunkedArray, to: pa.DataType) -> pa.ChunkedArray | pa.Array:
    if pa.types.is_list(column.type) and pa.types.is_string(to):
        return pa.array([None if v is None else " ".join(map(str, v)) for v in column.to_pylist()], to)
    return column.cast(to)
