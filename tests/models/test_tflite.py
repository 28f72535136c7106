from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from formdrift.models import tflite
from formdrift.models.flatbuffer import Number, Record

if TYPE_CHECKING:
    from conftest import TfliteMaker

    from formdrift.models.flatbuffer import Value


def test_densify_puts_entries_where_the_index_says() -> None:
    # Two rows of four: [0, 5, 0, 6] and [0, 0, 0, 0], then [7, 0, 0, 0].
    dense = tflite.densify(
        np.array([5, 6, 7], np.float16), (3, 1, 4), np.array([0, 2, 2, 3], np.uint8), np.array([1, 3, 0], np.uint8)
    )
    assert dense.tolist() == [[[0, 5, 0, 6]], [[0, 0, 0, 0]], [[7, 0, 0, 0]]]
    assert dense.dtype == np.float16


def test_densify_undoes_compression() -> None:
    rng = np.random.default_rng(4)
    truth = np.where(rng.random((3, 2, 5, 300)) < 0.2, rng.normal(size=(3, 2, 5, 300)), 0).astype(np.float32)
    rows = truth.reshape(-1, 300)
    segments = np.concatenate([[0], np.cumsum((rows != 0).sum(axis=1))]).astype(np.uint16)
    dense = tflite.densify(rows[rows != 0], truth.shape, segments, np.nonzero(rows)[1].astype(np.uint16))
    np.testing.assert_array_equal(dense, truth)


def _sparsity(formats: list[int]) -> Record:
    last: dict[int, Value] = {
        0: Number("b", 1),
        2: Number("B", 3),
        3: Record({0: np.array([0, 1, 3], np.uint8)}),
        4: Number("B", 2),
        5: Record({0: np.array([2, 0, 1], np.uint16)}),
    }
    axes = [Record(last) if form else Record({0: Number("b", 0), 1: Number("i", 2)}) for form in formats]
    return Record({0: np.arange(len(formats), dtype=np.int32), 2: axes})


def test_reads_sparse_tensors_as_dense_ones(maker: TfliteMaker) -> None:
    maker.tensor("weights", (2, 3), np.array([1, 2, 3], np.float16), _sparsity([0, 1]))
    (tensor,) = tflite.read(maker.write([], [])).tensors
    assert tensor.constant is not None
    assert tensor.constant.tolist() == [[0, 0, 1], [2, 3, 0]]


def test_refuses_sparsity_of_another_kind(maker: TfliteMaker) -> None:
    maker.tensor("weights", (2, 3), np.array([1, 2, 3], np.float16), _sparsity([1, 1]))
    with pytest.raises(ValueError, match="last axis"):
        tflite.read(maker.write([], []))


def test_reads_the_graph(maker: TfliteMaker) -> None:
    image = maker.tensor("image", (1, 4, 4, 2))
    weights = maker.constant("weights", np.arange(12, dtype=np.float16).reshape(3, 1, 2, 2))
    result = maker.tensor("result", (1, 2, 2, 3))
    maker.operator("CONV_2D", [image, weights], result, {0: ("b", 1), 1: ("i", 2), 2: ("i", 3), 3: ("b", 3)})
    graph = tflite.read(maker.write([image], [result]))
    assert (graph.inputs, graph.outputs) == ((image,), (result,))
    assert next((tensor.name, tensor.shape) for tensor in graph.tensors) == ("image", (1, 4, 4, 2))
    assert graph.tensors[image].constant is None
    np.testing.assert_array_equal(graph.tensors[weights].constant, np.arange(12).reshape(3, 1, 2, 2))
    (operator,) = graph.operators
    assert (operator.kind, operator.inputs, operator.outputs) == ("CONV_2D", (image, weights), (result,))
    assert operator.options == {
        "padding": 1,
        "stride_w": 2,
        "stride_h": 3,
        "activation": 3,
        "dilation_w": 1,
        "dilation_h": 1,
    }


def test_refuses_other_formats_and_unknown_operators(maker: TfliteMaker) -> None:
    with pytest.raises(ValueError, match="not a TFLite file"):
        tflite.read(b"PK\x03\x04" + bytes(100))
    image = maker.tensor("image", (1, 2, 2, 3))
    maker.operator("SOFTMAX", [image], image)
    with pytest.raises(ValueError, match="operator 25"):
        tflite.read(maker.write([image], [image]))
