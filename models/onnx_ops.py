"""How each TFLite operator of the BlazePose graphs is said in ONNX (operator set 17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .onnx_graph import OnnxGraph
    from .tflite import Operator

_SAME_PADDING = 0
_ACTIVATIONS = {1: "Relu", 3: "Relu6"}


def append(graph: OnnxGraph, operator: Operator) -> None:
    """Append one operator's nodes to the graph.

    Raises
    ------
    ValueError
        The operator is used in a way in which BlazePose does not use it.
    """
    _WRITERS[operator.kind](graph, operator)


def same_padding(
    lengths: Sequence[int], kernel: Sequence[int], strides: Sequence[int], dilations: Sequence[int]
) -> list[int]:
    """Return the zeros that TensorFlow's ``SAME`` adds: before each axis, then after each axis.

    The output has ``ceil(length / stride)`` entries; an odd number of zeros has the extra one after.
    """
    before, after = [], []
    for length, size, stride, dilation in zip(lengths, kernel, strides, dilations, strict=True):
        outputs = -(-length // stride)
        total = max((outputs - 1) * stride + (size - 1) * dilation + 1 - length, 0)
        before.append(total // 2)
        after.append(total - total // 2)
    return before + after


def _fixed(graph: OnnxGraph, operator: Operator) -> None:
    """Widening or densifying a constant leaves a constant."""
    graph.set_constant(operator.outputs[0], graph.constant(operator.inputs[0]))


def _pad(graph: OnnxGraph, operator: Operator) -> None:
    (n0, n1), (h0, h1), (w0, w1), (c0, c1) = graph.constant(operator.inputs[1]).tolist()
    pads = graph.initializer(np.array([n0, c0, h0, w0, n1, c1, h1, w1], np.int64))
    padded = graph.node("Pad", [graph.channels_first(operator.inputs[0]), pads], mode="constant")
    graph.set_channels_first(operator.outputs[0], padded)


def _convolution(graph: OnnxGraph, operator: Operator) -> None:
    image, weights, bias = operator.inputs
    kernel = graph.constant(weights)
    if operator.kind == "DEPTHWISE_CONV_2D":
        kernel, groups = kernel.transpose(3, 0, 1, 2), graph.shape(image)[3]
    else:
        kernel, groups = kernel.transpose(0, 3, 1, 2), 1
    size = [int(length) for length in kernel.shape[2:]]
    strides = [operator.options["stride_h"], operator.options["stride_w"]]
    dilations = [operator.options["dilation_h"], operator.options["dilation_w"]]
    inputs = [graph.channels_first(image), graph.initializer(kernel), graph.initializer(graph.constant(bias))]
    result = graph.node(
        "Conv",
        inputs,
        kernel_shape=size,
        strides=strides,
        dilations=dilations,
        group=groups,
        pads=_padding(graph, operator, size, strides, dilations),
    )
    graph.set_channels_first(operator.outputs[0], _activated(graph, operator, result))


def _max_pool(graph: OnnxGraph, operator: Operator) -> None:
    size = [operator.options["filter_h"], operator.options["filter_w"]]
    strides = [operator.options["stride_h"], operator.options["stride_w"]]
    pads = _padding(graph, operator, size, strides, [1, 1])
    image = graph.channels_first(operator.inputs[0])
    result = graph.node("MaxPool", [image], kernel_shape=size, strides=strides, pads=pads)
    graph.set_channels_first(operator.outputs[0], _activated(graph, operator, result))


def _add(graph: OnnxGraph, operator: Operator) -> None:
    first, second = operator.inputs
    total = graph.node("Add", [graph.channels_first(first), graph.channels_first(second)])
    graph.set_channels_first(operator.outputs[0], _activated(graph, operator, total))


def _resize(graph: OnnxGraph, operator: Operator) -> None:
    if operator.options["align_corners"] or not operator.options["half_pixel_centers"]:
        raise ValueError("only resizing with half-pixel centres can be converted")
    image = operator.inputs[0]
    height, width = graph.constant(operator.inputs[1]).tolist()
    scales = np.array([1, 1, height / graph.shape(image)[1], width / graph.shape(image)[2]], np.float32)
    result = graph.node(
        "Resize",
        [graph.channels_first(image), "", graph.initializer(scales)],
        mode="linear",
        coordinate_transformation_mode="half_pixel",
    )
    graph.set_channels_first(operator.outputs[0], result)


def _depth_to_space(graph: OnnxGraph, operator: Operator) -> None:
    image = graph.channels_first(operator.inputs[0])
    result = graph.node("DepthToSpace", [image], blocksize=operator.options["block_size"], mode="DCR")
    graph.set_channels_first(operator.outputs[0], result)


def _logistic(graph: OnnxGraph, operator: Operator) -> None:
    graph.set_plain(operator.outputs[0], graph.node("Sigmoid", [graph.plain(operator.inputs[0])]))


def _reshape(graph: OnnxGraph, operator: Operator) -> None:
    shape = np.array([-1, *graph.shape(operator.outputs[0])[1:]], np.int64)  # any batch
    result = graph.node("Reshape", [graph.plain(operator.inputs[0]), graph.initializer(shape)])
    graph.set_plain(operator.outputs[0], result)


def _concatenation(graph: OnnxGraph, operator: Operator) -> None:
    parts = [graph.plain(part) for part in operator.inputs]
    joined = graph.node("Concat", parts, axis=operator.options["axis"])
    graph.set_plain(operator.outputs[0], _activated(graph, operator, joined))


def _padding(
    graph: OnnxGraph, operator: Operator, kernel: Sequence[int], strides: Sequence[int], dilations: Sequence[int]
) -> list[int]:
    if operator.options["padding"] != _SAME_PADDING:
        return [0, 0, 0, 0]
    return same_padding(graph.shape(operator.inputs[0])[1:3], kernel, strides, dilations)


def _activated(graph: OnnxGraph, operator: Operator, name: str) -> str:
    code = operator.options["activation"]
    if code == 0:
        return name
    if code not in _ACTIVATIONS:
        raise ValueError(f"activation {code} cannot be converted")
    if _ACTIVATIONS[code] == "Relu":
        return graph.node("Relu", [name])
    limits = [graph.initializer(np.array(limit, np.float32)) for limit in (0, 6)]
    return graph.node("Clip", [name, *limits])


_WRITERS: dict[str, Callable[[OnnxGraph, Operator], None]] = {
    "ADD": _add,
    "CONCATENATION": _concatenation,
    "CONV_2D": _convolution,
    "DENSIFY": _fixed,
    "DEPTHWISE_CONV_2D": _convolution,
    "DEPTH_TO_SPACE": _depth_to_space,
    "DEQUANTIZE": _fixed,
    "LOGISTIC": _logistic,
    "MAX_POOL_2D": _max_pool,
    "PAD": _pad,
    "RESHAPE": _reshape,
    "RESIZE_BILINEAR": _resize,
}
