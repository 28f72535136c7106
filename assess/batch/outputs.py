"""What a batch leaves for analysts: long tables of every result, as Parquet or CSV."""

from __future__ import annotations

import io
import zipfile
from contextlib import ExitStack
from typing import TYPE_CHECKING, Literal, get_args

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from ..whole import written_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ..video import VideoAssessment

# in a batch every processor has its video already
_COMPRESSED = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
_ALONE = pa.ipc.IpcReadOptions(use_threads=False)
# rows that wait to be written together
_PIECE = 50_000
Format = Literal["parquet", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)


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
    # the streams are compressed themselves, which costs less than the archive's own method
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, columns in assessment.tables().items():
            table = pa.table({column: pa.array(values) for column, values in columns.items()})
            for column, value in origin.items():
                if column not in table.column_names:
                    table = table.append_column(column, pa.repeat(pa.scalar(value, pa.string()), len(table)))
            stream = io.BytesIO()
            with pa.ipc.new_stream(stream, table.schema, options=_COMPRESSED) as writer:
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
    schemas = {name: _writable(schema, form) for name, schema in _schemas(packed).items()}
    targets = {name: folder / f"{name}.{form}" for name in schemas}
    with ExitStack() as open_files:
        rows = {}
        for name, schema in schemas.items():
            partial = open_files.enter_context(written_whole(targets[name]))
            rows[name] = _Rows(open_files.enter_context(_writer(partial, schema, form)))
        for path in packed:
            for name, stream in _streams(path):
                rows[name].add(_fit(stream.read_all(), schemas[name]))
        for waiting in rows.values():
            waiting.hand_on()
    return list(targets.values())


def _schemas(packed: Sequence[Path]) -> dict[str, pa.Schema]:
    """Return what all videos together have in each table."""
    found: dict[str, list[pa.Schema]] = {}
    for path in packed:
        for name, stream in _streams(path):
            found.setdefault(name, []).append(stream.schema)
    return {name: pa.unify_schemas(schemas, promote_options="permissive") for name, schemas in found.items()}


def _streams(path: Path) -> Iterator[tuple[str, pa.RecordBatchReader]]:
    """Yield name and content of each table of a video."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield name, pa.ipc.open_stream(archive.read(name), options=_ALONE)


class _Rows:
    """Hands the rows of many videos on in large pieces: a piece of a file that holds one video costs as much."""

    def __init__(self, writer: pq.ParquetWriter | pa.csv.CSVWriter) -> None:
        self._writer = writer
        self._waiting: list[pa.Table] = []
        self._rows = 0

    def add(self, table: pa.Table) -> None:
        """Take the rows of a video."""
        self._waiting.append(table)
        self._rows += len(table)
        if self._rows >= _PIECE:
            self.hand_on()

    def hand_on(self) -> None:
        """Hand on what waits."""
        if self._waiting:
            self._writer.write_table(pa.concat_tables(self._waiting))
            self._waiting, self._rows = [], 0


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
