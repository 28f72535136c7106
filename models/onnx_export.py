"""From a BlazePose TFLite file to an ONNX file, without TensorFlow.

Only the outputs that are asked for are kept, with all that leads to them: the unused
segmentation head of the landmark network is most of its cost. Weights stay in half precision,
as they are published, and are widened when the file is loaded; results are those of the
float32 network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onnx import GraphProto, NodeProto, TensorProto, ValueInfoProto, helper

from . import onnx_ops, tflite
from .onnx_graph import OnnxGraph

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPERATOR_SET = 17
_IR_VERSION = 9
_NOTE = "Converted from the BlazePose TFLite weights of MediaPipe (Apache-2.0); changed: unused outputs removed."


def to_onnx(data: bytes, outputs: Sequence[str]) -> bytes:
    """Convert a TFLite file.

    Parameters
    ----------
    data : bytes
        The TFLite file.
    outputs : sequence of str
        Names of the outputs to keep; they keep their names. Images go in as float32 (N, H, W, 3).

    Returns
    -------
    bytes
        The ONNX file, for batches of any size N; the same bytes for the same arguments.

    Raises
    ------
    ValueError
        An output does not exist, or the network uses what BlazePose does not.
    """
    source = tflite.read(data)
    graph = OnnxGraph(source)
    (image,) = source.inputs
    graph.set_plain(image, source.tensors[image].name)
    for operator in source.operators:
        onnx_ops.append(graph, operator)
    positions = {source.tensors[position].name: position for position in source.outputs}
    missing = [name for name in outputs if name not in positions]
    if missing:
        raise ValueError(f"the network has no output {', '.join(missing)}, it has {', '.join(positions)}")
    for name in outputs:
        result = graph.plain(positions[name])
        graph.nodes.append(helper.make_node("Identity", [result], [name]))
    model = helper.make_model(
        _used_graph(graph, image, [positions[name] for name in outputs]),
        opset_imports=[helper.make_opsetid("", _OPERATOR_SET)],
        ir_version=_IR_VERSION,
        producer_name="formdrift",
        doc_string=_NOTE,
    )
    return bytes(model.SerializeToString(deterministic=True))


def _used_graph(graph: OnnxGraph, image: int, outputs: Sequence[int]) -> GraphProto:
    """Assemble the graph from the nodes and constants on which the outputs depend."""
    described = [_described(graph, position) for position in outputs]
    needed = {value.name for value in described}
    nodes: list[NodeProto] = []
    for node in reversed(graph.nodes):
        if needed.intersection(node.output):
            nodes.append(node)
            needed.update(node.input)
    constants = [constant for constant in graph.initializers if constant.name in needed]
    return helper.make_graph(nodes[::-1], "blazepose", [_described(graph, image)], described, constants)


def _described(graph: OnnxGraph, tensor: int) -> ValueInfoProto:
    name, shape = graph.source.tensors[tensor].name, graph.shape(tensor)
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", *shape[1:]])
