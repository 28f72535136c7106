"""The FlatBuffers wire format, in which TFLite files and their metadata are written.

A table is read by field numbers, those of the schema's declaration order. Writing goes from
front to back, so that a new root can stand before the bytes of an existing file and refer to
what lies in them: changing a model's metadata then never touches its weights.
"""

from __future__ import annotations

import struct
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import DTypeLike, NDArray

_VECTOR_ALIGNMENT = 16  # what TFLite asks for the bytes of a tensor


@dataclass(frozen=True)
class Table:
    """A table at a position of a buffer; fields that the writer left out read as their default."""

    data: bytes
    position: int

    @classmethod
    def root(cls, data: bytes) -> Table:
        """Return the table that the buffer starts with."""
        return cls(data, _unsigned(data, 0))

    def reference(self, field: int) -> int | None:
        """Return the position of the table, vector or string in ``field``, None when absent."""
        place = self._place(field)
        return place + _unsigned(self.data, place) if place else None

    def number(self, field: int, code: str = "i", default: int = 0) -> int:
        """Return the integer in ``field``; ``code`` is its format in the terms of :mod:`struct`."""
        place = self._place(field)
        return int(struct.unpack_from("<" + code, self.data, place)[0]) if place else default

    def text(self, field: int) -> str:
        """Return the string in ``field``, empty when absent."""
        return self.array(field, np.uint8).tobytes().decode("utf-8")

    def table(self, field: int) -> Table | None:
        """Return the table in ``field``, None when absent."""
        position = self.reference(field)
        return None if position is None else Table(self.data, position)

    def tables(self, field: int) -> list[Table]:
        """Return the vector of tables in ``field``, empty when absent."""
        start = self.reference(field)
        if start is None:
            return []
        places = range(start + 4, start + 4 + 4 * _unsigned(self.data, start), 4)
        return [Table(self.data, place + _unsigned(self.data, place)) for place in places]

    def array(self, field: int, dtype: DTypeLike) -> NDArray[Any]:
        """Return the vector of numbers in ``field`` as a read-only view, empty when absent."""
        start = self.reference(field)
        little_endian = np.dtype(dtype).newbyteorder("<")
        if start is None:
            return np.empty(0, little_endian)
        return np.frombuffer(self.data, little_endian, count=_unsigned(self.data, start), offset=start + 4)

    def _place(self, field: int) -> int:
        vtable = self.position - int(struct.unpack_from("<i", self.data, self.position)[0])
        entry = 4 + 2 * field
        if entry >= int(struct.unpack_from("<H", self.data, vtable)[0]):
            return 0
        offset = int(struct.unpack_from("<H", self.data, vtable + entry)[0])
        return self.position + offset if offset else 0


@dataclass(frozen=True)
class Number:
    """A number to write; ``code`` is its format in the terms of :mod:`struct`."""

    code: str
    value: float


@dataclass(frozen=True)
class Kept:
    """A reference to what stands at ``position`` of the bytes that follow the new ones."""

    position: int


@dataclass(frozen=True)
class Record:
    """A table to write: its fields by their numbers."""

    fields: Mapping[int, Value]


Reference: TypeAlias = "str | NDArray[Any] | Record | Sequence[Record | Kept] | Kept"
Value: TypeAlias = "Number | Reference"
_Waiting: TypeAlias = "deque[tuple[int, Reference]]"


def encode(root: Record, identifier: bytes, kept: bytes = b"") -> bytes:
    """Write a buffer.

    Parameters
    ----------
    root : Record
        The table that the buffer starts with.
    identifier : bytes
        The four letters of the file format.
    kept : bytes
        An existing buffer that is to follow unchanged, the target of every `Kept`.

    Returns
    -------
    bytes
        The same for the same arguments, on every machine.
    """
    out = bytearray(4) + identifier
    waiting: _Waiting = deque([(0, root)])
    kept_places: list[tuple[int, int]] = []
    while waiting:
        place, value = waiting.popleft()
        if isinstance(value, Kept):
            kept_places.append((place, value.position))
        else:
            struct.pack_into("<I", out, place, _append(out, value, waiting) - place)
    _pad(out, 0, _VECTOR_ALIGNMENT)
    for place, position in kept_places:
        struct.pack_into("<I", out, place, len(out) + position - place)
    return bytes(out) + kept


def _append(out: bytearray, value: str | NDArray[Any] | Record | Sequence[Record | Kept], waiting: _Waiting) -> int:
    """Append one object, queue what it refers to, and return its position."""
    if isinstance(value, Record):
        return _append_table(out, value, waiting)
    if isinstance(value, str):
        text = value.encode("utf-8")
        _pad(out, 0, 4)
        start = len(out)
        out += struct.pack("<I", len(text)) + text + b"\0"
        return start
    if isinstance(value, np.ndarray):
        _pad(out, 4, _VECTOR_ALIGNMENT)
        start = len(out)
        out += struct.pack("<I", value.size) + value.astype(value.dtype.newbyteorder("<")).tobytes()
        return start
    _pad(out, 0, 4)
    start = len(out)
    out += struct.pack("<I", len(value)) + bytes(4 * len(value))
    waiting.extend((start + 4 + 4 * number, item) for number, item in enumerate(value))
    return start


def _append_table(out: bytearray, record: Record, waiting: _Waiting) -> int:
    sizes = {number: struct.calcsize(v.code) if isinstance(v, Number) else 4 for number, v in record.fields.items()}
    offsets: dict[int, int] = {}
    end = 4  # the table starts with the distance to its vtable
    for number in sorted(sizes, key=lambda n: (-sizes[n], n)):  # wide fields first: all are then aligned
        offsets[number] = end
        end += sizes[number]
    entries = [offsets.get(number, 0) for number in range(max(offsets, default=-1) + 1)]
    vtable = struct.pack(f"<HH{len(entries)}H", 4 + 2 * len(entries), end, *entries)
    _pad(out, len(vtable), 4)
    out += vtable
    start = len(out)
    out += struct.pack("<i", len(vtable)) + bytes(end - 4)
    for number, value in record.fields.items():
        if isinstance(value, Number):
            struct.pack_into("<" + value.code, out, start + offsets[number], value.value)
        else:
            waiting.append((start + offsets[number], value))
    return start


def _pad(out: bytearray, ahead: int, alignment: int) -> None:
    """Append zeros until what comes ``ahead`` bytes later is aligned."""
    out += bytes(-(len(out) + ahead) % alignment)


def _unsigned(data: bytes, position: int) -> int:
    return int(struct.unpack_from("<I", data, position)[0])
