"""A small TFLite network made by hand, for tests that know what it must compute."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from formdrift.models.flatbuffer import Number, Record, encode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from formdrift.models.flatbuffer import Value

_CODES = {
    "ADD": 0,
    "CONCATENATION": 2,
    "CONV_2D": 3,
    "DEPTHWISE_CONV_2D": 4,
    "DEPTH_TO_SPACE": 5,
    "DEQUANTIZE": 6,
    "LOGISTIC": 14,
    "MAX_POOL_2D": 17,
    "RESHAPE": 22,
    "RESIZE_BILINEAR": 23,
    "PAD": 34,
    "DENSIFY": 124,
    "SOFTMAX": 25,
}
_TYPES = {"float32": 0, "float16": 1, "int32": 2}


@dataclass
class TfliteMaker:
    """Collects tensors and operators and writes them as a TFLite file."""

    tensors: list[Record] = field(default_factory=list)
    buffers: list[Record] = field(default_factory=lambda: [Record({})])  # buffer 0 is empty by convention
    codes: list[str] = field(default_factory=list)
    operators: list[Record] = field(default_factory=list)

    def tensor(
        self, name: str, shape: Sequence[int], value: NDArray[Any] | None = None, sparsity: Record | None = None
    ) -> int:
        buffer, kind = 0, "float32"
        if value is not None:
            buffer, kind = len(self.buffers), value.dtype.name
            self.buffers.append(Record({0: np.frombuffer(value.tobytes(), np.uint8)}))
        fields: dict[int, Value] = {
            0: np.array(shape, np.int32),
            1: Number("b", _TYPES[kind]),
            2: Number("I", buffer),
            3: name,
        }
        self.tensors.append(Record(fields if sparsity is None else {**fields, 6: sparsity}))
        return len(self.tensors) - 1

    def constant(self, name: str, value: NDArray[Any]) -> int:
        return self.tensor(name, value.shape, value)

    def operator(
        self, kind: str, inputs: Sequence[int], output: int, options: Mapping[int, tuple[str, int]] | None = None
    ) -> None:
        if kind not in self.codes:
            self.codes.append(kind)
        fields: dict[int, Value] = {
            0: Number("I", self.codes.index(kind)),
            1: np.array(inputs, np.int32),
            2: np.array([output], np.int32),
        }
        if options is not None:
            fields[4] = Record({number: Number(code, value) for number, (code, value) in options.items()})
        self.operators.append(Record(fields))

    def write(self, inputs: Sequence[int], outputs: Sequence[int], metadata: Sequence[Record] = ()) -> bytes:
        subgraph = Record(
            {0: self.tensors, 1: np.array(inputs, np.int32), 2: np.array(outputs, np.int32), 3: self.operators}
        )
        codes = [Record({0: Number("b", min(_CODES[kind], 127)), 3: Number("i", _CODES[kind])}) for kind in self.codes]
        model: dict[int, Value] = {0: Number("I", 3), 1: codes, 2: [subgraph], 3: "hand-made", 4: self.buffers}
        return encode(Record({**model, 6: list(metadata)} if metadata else model), b"TFL3")


@pytest.fixture
def maker() -> TfliteMaker:
    return TfliteMaker()


@pytest.fixture
def tiny_tflite(maker: TfliteMaker) -> bytes:
    """Image (1, 2, 2, 3) -> relu -> output "doubled" (added to itself) and "kept" (the sigmoid of that)."""
    image = maker.tensor("image", (1, 2, 2, 3))
    doubled = maker.tensor("doubled", (1, 2, 2, 3))
    kept = maker.tensor("kept", (1, 2, 2, 3))
    maker.operator("ADD", [image, image], doubled, {0: ("b", 1)})
    maker.operator("LOGISTIC", [doubled], kept)
    return maker.write([image], [doubled, kept])
