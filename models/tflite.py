"""Reading the TFLite files in which the BlazePose weights are published.

Field numbers and codes are those of the TFLite schema, version 3; only what the BlazePose
graphs use is known here, anything else is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .flatbuffer import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_KINDS = {
    0: "ADD",
    2: "CONCATENATION",
    3: "CONV_2D",
    4: "DEPTHWISE_CONV_2D",
    5: "DEPTH_TO_SPACE",
    6: "DEQUANTIZE",
    14: "LOGISTIC",
    17: "MAX_POOL_2D",
    22: "RESHAPE",
    23: "RESIZE_BILINEAR",
    34: "PAD",
    124: "DENSIFY",
}
_DTYPES: dict[int, type[np.generic]] = {0: np.float32, 1: np.float16, 2: np.int32}
_INDEX_DTYPES: dict[int, type[np.generic]] = {1: np.int32, 2: np.uint16, 3: np.uint8}

# Name of an option: field number, struct code, default.
_OPTIONS: dict[str, dict[str, tuple[int, str, int]]] = {
    "ADD": {"activation": (0, "b", 0)},
    "CONCATENATION": {"axis": (0, "i", 0), "activation": (1, "b", 0)},
    "CONV_2D": {
        "padding": (0, "b", 0),
        "stride_w": (1, "i", 0),
        "stride_h": (2, "i", 0),
        "activation": (3, "b", 0),
        "dilation_w": (4, "i", 1),
        "dilation_h": (5, "i", 1),
    },
    "DEPTHWISE_CONV_2D": {
        "padding": (0, "b", 0),
        "stride_w": (1, "i", 0),
        "stride_h": (2, "i", 0),
        "activation": (4, "b", 0),
        "dilation_w": (5, "i", 1),
        "dilation_h": (6, "i", 1),
    },
    "DEPTH_TO_SPACE": {"block_size": (0, "i", 0)},
    "MAX_POOL_2D": {
        "padding": (0, "b", 0),
        "stride_w": (1, "i", 0),
        "stride_h": (2, "i", 0),
        "filter_w": (3, "i", 0),
        "filter_h": (4, "i", 0),
        "activation": (5, "b", 0),
    },
    "RESIZE_BILINEAR": {"align_corners": (2, "?", 0), "half_pixel_centers": (3, "?", 0)},
}


@dataclass(frozen=True)
class Tensor:
    """A tensor of the graph; ``constant`` holds its value when the file does, dense in any case."""

    name: str
    shape: tuple[int, ...]
    constant: NDArray[Any] | None


@dataclass(frozen=True)
class Operator:
    """One step of the graph; ``inputs`` and ``outputs`` are positions in `Graph.tensors`."""

    kind: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: Mapping[str, int]


@dataclass(frozen=True)
class Graph:
    """The network of a TFLite file, operators in the order of execution."""

    tensors: tuple[Tensor, ...]
    operators: tuple[Operator, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


def read(data: bytes) -> Graph:
    """Read the one subgraph of a TFLite file.

    Parameters
    ----------
    data : bytes
        The whole file; its origin must have been checked, a broken file is not diagnosed here.

    Raises
    ------
    ValueError
        The file has another format or uses what BlazePose does not.
    """
    if data[4:8] != b"TFL3":
        raise ValueError("not a TFLite file")
    model = Table.root(data)
    (subgraph,) = model.tables(2)
    buffers = model.tables(4)
    return Graph(
        tensors=tuple(_tensor(table, buffers) for table in subgraph.tables(0)),
        operators=tuple(_operator(table, model.tables(1)) for table in subgraph.tables(3)),
        inputs=_positions(subgraph, 1),
        outputs=_positions(subgraph, 2),
    )


def densify(
    values: NDArray[Any], shape: tuple[int, ...], segments: NDArray[Any], indices: NDArray[Any]
) -> NDArray[Any]:
    """Return the dense tensor whose last axis is stored in compressed rows.

    Parameters
    ----------
    values : ndarray, shape (n,)
        The stored entries, row after row.
    shape : tuple of int
        Of the dense tensor; all axes but the last are flattened to R rows.
    segments : ndarray of int, shape (R + 1,)
        Row r holds the entries ``segments[r]`` to ``segments[r + 1] - 1``.
    indices : ndarray of int, shape (n,)
        Position on the last axis of each entry.

    Returns
    -------
    ndarray, shape ``shape``
        Zero where nothing is stored.
    """
    starts: NDArray[np.int64] = segments.astype(np.int64)
    rows = np.repeat(np.arange(len(starts) - 1), starts[1:] - starts[:-1])
    dense = np.zeros((len(starts) - 1, shape[-1]), values.dtype)
    dense[rows, indices] = values
    return dense.reshape(shape)


def _tensor(table: Table, buffers: list[Table]) -> Tensor:
    shape = tuple(int(length) for length in table.array(0, np.int32))
    stored = buffers[table.number(2, "I")].array(0, np.uint8)
    constant = None
    if stored.size:
        code = table.number(1, "b")
        if code not in _DTYPES:
            raise ValueError(f"tensor type {code} is not known")
        values = stored.view(np.dtype(_DTYPES[code]).newbyteorder("<"))
        sparsity = table.table(6)
        constant = values.reshape(shape) if sparsity is None else _sparse(values, shape, sparsity)
    return Tensor(table.text(3), shape, constant)


def _sparse(values: NDArray[Any], shape: tuple[int, ...], sparsity: Table) -> NDArray[Any]:
    axes = sparsity.tables(2)
    formats = [axis.number(0, "b") for axis in axes]
    order = sparsity.array(0, np.int32).tolist()
    if formats != [0] * (len(shape) - 1) + [1] or order != list(range(len(shape))):
        raise ValueError("only tensors whose last axis alone is sparse can be read")
    last = axes[-1]
    segments, indices = _index_vector(last, 2), _index_vector(last, 4)
    return densify(values, shape, segments, indices)


def _index_vector(axis: Table, field: int) -> NDArray[Any]:
    """Read a union: its type in ``field``, the vector in the next one."""
    vector = axis.table(field + 1)
    if vector is None:
        raise ValueError("a sparse tensor lacks its index")
    return vector.array(0, _INDEX_DTYPES[axis.number(field, "B")])


def _operator(table: Table, codes: list[Table]) -> Operator:
    code_table = codes[table.number(0, "I")]
    code = max(code_table.number(0, "b"), code_table.number(3, "i"))  # the first is the older, narrower field
    if code not in _KINDS:
        raise ValueError(f"operator {code} is not known")
    kind = _KINDS[code]
    stored = table.table(4)
    options = {
        name: default if stored is None else stored.number(field, struct_code, default)
        for name, (field, struct_code, default) in _OPTIONS.get(kind, {}).items()
    }
    return Operator(kind, _positions(table, 1), _positions(table, 2), options)


def _positions(table: Table, field: int) -> tuple[int, ...]:
    return tuple(int(position) for position in table.array(field, np.int32))
