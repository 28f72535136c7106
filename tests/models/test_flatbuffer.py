from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from formdrift.models.flatbuffer import Kept, Number, Record, Table, encode

flatbuffers: Any = pytest.importorskip("flatbuffers", reason="the reference implementation is not installed")


def test_what_is_written_reads_back() -> None:
    data = encode(
        Record(
            {
                0: Number("I", 3_000_000_000),
                2: Number("b", -5),
                3: "Grüße",
                4: np.array([1.5, -2.5], np.float32),
                5: [Record({0: Number("i", 7)}), Record({})],
                7: Record({1: Number("?", 1)}),
            }
        ),
        b"TEST",
    )
    table = Table.root(data)
    assert data[4:8] == b"TEST"
    assert table.number(0, "I") == 3_000_000_000
    assert table.number(2, "b") == -5
    assert table.text(3) == "Grüße"
    assert table.array(4, np.float32).tolist() == [1.5, -2.5]
    assert [entry.number(0, default=42) for entry in table.tables(5)] == [7, 42]
    inner = table.table(7)
    assert inner is not None
    assert inner.number(1, "?") == 1


def test_absent_fields_read_as_defaults() -> None:
    table = Table.root(encode(Record({1: Number("i", 1)}), b"TEST"))
    for field in (0, 9):  # a gap inside the vtable, and beyond its end
        assert table.number(field, default=-3) == -3
        assert table.text(field) == ""
        assert table.table(field) is None
        assert table.tables(field) == []
        assert table.array(field, np.int32).size == 0


def test_reads_what_the_reference_implementation_writes() -> None:
    builder = flatbuffers.Builder(0)
    text = builder.CreateString("squat")
    numbers = builder.CreateNumpyVector(np.array([3, 1, 2], np.int32))
    builder.StartObject(4)
    builder.PrependInt32Slot(0, 1234, 0)
    builder.PrependUOffsetTRelativeSlot(1, text, 0)
    builder.PrependUOffsetTRelativeSlot(3, numbers, 0)
    builder.Finish(builder.EndObject(), b"TEST")
    table = Table.root(bytes(builder.Output()))
    assert (table.number(0), table.text(1), table.array(3, np.int32).tolist()) == (1234, "squat", [3, 1, 2])


def test_the_reference_implementation_reads_what_is_written() -> None:
    data = encode(Record({0: Number("b", 9), 1: "hinge", 2: np.array([5, 6], np.uint16)}), b"TEST")
    root = flatbuffers.encode.Get(flatbuffers.packer.uoffset, data, 0)
    table = flatbuffers.table.Table(data, root)
    flags = flatbuffers.number_types
    assert table.Get(flags.Int8Flags, table.Pos + table.Offset(4)) == 9
    assert table.String(table.Pos + table.Offset(6)) == b"hinge"
    assert table.GetVectorAsNumpy(flags.Uint16Flags, table.Offset(8)).tolist() == [5, 6]


@pytest.mark.parametrize("text", ["", "a", "abc", "twelve chars"])
def test_bytes_of_vectors_are_aligned_to_16(text: str) -> None:
    data = encode(Record({0: text, 1: np.arange(5, dtype=np.uint8)}), b"TEST")
    start = Table.root(data).reference(1)
    assert start is not None
    assert (start + 4) % 16 == 0


def test_new_root_refers_to_an_existing_buffer() -> None:
    old = encode(Record({0: "old name", 1: [Record({0: Number("i", 11)})]}), b"TEST")
    table = Table.root(old)
    (entry,) = table.tables(1)
    data = encode(Record({0: "new name", 1: [Kept(entry.position), Record({0: Number("i", 12)})]}), b"TEST", kept=old)
    assert data.endswith(old)
    assert Table.root(data).text(0) == "new name"
    assert [item.number(0) for item in Table.root(data).tables(1)] == [11, 12]
