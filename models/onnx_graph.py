"""An ONNX graph under construction, with each TFLite tensor in the layout its users want."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .tflite import Graph


class OnnxGraph:
    """Nodes and initializers in the order of their making.

    TFLite holds images as (N, H, W, C), ONNX wants (N, C, H, W). Every four-dimensional result
    stays in the layout in which it was made and is transposed once, when someone asks for the other.

    Parameters
    ----------
    source : Graph
        The network being converted; tensors are named by their position in it.
    """

    def __init__(self, source: Graph) -> None:
        self.source = source
        self.nodes: list[NodeProto] = []
        self.initializers: list[TensorProto] = []
        self._constants = {i: t.constant for i, t in enumerate(source.tensors) if t.constant is not None}
        self._plain: dict[int, str] = {}
        self._channels_first: dict[int, str] = {}

    def node(self, kind: str, inputs: Sequence[str], **attributes: Any) -> str:
        """Append a node with one output and return the output's name."""
        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def initializer(self, array: NDArray[Any]) -> str:
        """Append a constant and return the name of its float32 or integer value.

        Half-precision weights stay so in the file and are widened when the session is loaded.
        """
        name = f"constant_{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return self.node("Cast", [name], to=TensorProto.FLOAT) if array.dtype == np.float16 else name

    def constant(self, tensor: int) -> NDArray[Any]:
        """Return the value of a constant tensor.

        Raises
        ------
        ValueError
            The tensor is computed, not constant.
        """
        if tensor not in self._constants:
            raise ValueError(f"tensor {self.source.tensors[tensor].name!r} is not constant")
        return self._constants[tensor]

    def set_constant(self, tensor: int, value: NDArray[Any]) -> None:
        """Declare a computed tensor constant, as the result of widening a constant is."""
        self._constants[tensor] = value

    def set_plain(self, tensor: int, name: str) -> None:
        """Declare where a tensor is found in TFLite's layout."""
        self._plain[tensor] = name

    def set_channels_first(self, tensor: int, name: str) -> None:
        """Declare where a tensor is found as (N, C, H, W)."""
        self._channels_first[tensor] = name

    def plain(self, tensor: int) -> str:
        """Return the name of a computed tensor in TFLite's layout."""
        if tensor not in self._plain:
            self._plain[tensor] = self.node("Transpose", [self._channels_first[tensor]], perm=[0, 2, 3, 1])
        return self._plain[tensor]

    def channels_first(self, tensor: int) -> str:
        """Return the name of a computed tensor as (N, C, H, W)."""
        if tensor not in self._channels_first:
            self._channels_first[tensor] = self.node("Transpose", [self._plain[tensor]], perm=[0, 3, 1, 2])
        return self._channels_first[tensor]

    def shape(self, tensor: int) -> tuple[int, ...]:
        """Return a tensor's shape in TFLite's layout, for a batch of one."""
        return self.source.tensors[tensor].shape
