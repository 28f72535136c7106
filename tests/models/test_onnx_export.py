"""The converted network computes what TensorFlow Lite defines, checked against plain loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import pytest
from onnx.reference import ReferenceEvaluator

from formdrift.models.onnx_export import to_onnx
from formdrift.models.onnx_ops import same_padding

if TYPE_CHECKING:
    from conftest import TfliteMaker
    from numpy.typing import NDArray


def _run(data: bytes, image: NDArray[Any]) -> list[NDArray[Any]]:
    model = onnx.load_from_string(data)
    onnx.checker.check_model(model, full_check=True)
    results = ReferenceEvaluator(model).run(None, {"image": image.astype(np.float32)})
    return [np.asarray(result) for result in results]


def _images(*shape: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def _windows(image: NDArray[Any], size: int, stride: int, same: bool, fill: float) -> NDArray[Any]:
    """Every window of TensorFlow's definition: (N, H', W', size, size, C)."""
    if same:
        spare = [max((-(-n // stride) - 1) * stride + size - n, 0) for n in image.shape[1:3]]
        widths = [(0, 0), *[(s // 2, s - s // 2) for s in spare], (0, 0)]
        image = np.pad(image, widths, constant_values=fill)
    rows, columns = (range(0, n - size + 1, stride) for n in image.shape[1:3])
    return np.stack([np.stack([image[:, r : r + size, c : c + size] for c in columns], 1) for r in rows], 1)


@pytest.mark.parametrize("same", [True, False])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("activation", [0, 1, 3])
def test_convolution(maker: TfliteMaker, same: bool, stride: int, activation: int) -> None:
    images = 4 * _images(2, 6, 6, 3)
    windows = _windows(images, 3, stride, same, 0.0)
    kernel, bias = _images(5, 3, 3, 3, seed=1).astype(np.float16), _images(5, seed=2).astype(np.float16)
    expected = np.einsum("nhwabc,oabc->nhwo", windows, kernel.astype(np.float32)) + bias.astype(np.float32)
    expected = {0: expected, 1: np.maximum(expected, 0), 3: np.clip(expected, 0, 6)}[activation]

    image = maker.tensor("image", (1, 6, 6, 3))
    wide = []
    for name, value in (("kernel", kernel), ("bias", bias)):
        wide.append(maker.tensor(f"wide {name}", value.shape))
        maker.operator("DEQUANTIZE", [maker.constant(name, value)], wide[-1])
    result = maker.tensor("result", (1, *expected.shape[1:]))
    options = {0: ("b", 0 if same else 1), 1: ("i", stride), 2: ("i", stride), 3: ("b", activation)}
    maker.operator("CONV_2D", [image, *wide], result, options)
    (found,) = _run(to_onnx(maker.write([image], [result]), ["result"]), images)
    np.testing.assert_allclose(found, expected, atol=2e-5)


@pytest.mark.parametrize("same", [True, False])
def test_depthwise_convolution(maker: TfliteMaker, same: bool) -> None:
    images = _images(2, 7, 5, 4)
    kernel, bias = _images(1, 3, 3, 4, seed=1), _images(4, seed=2)
    expected = np.einsum("nhwabc,abc->nhwc", _windows(images, 3, 2, same, 0.0), kernel[0]) + bias

    image = maker.tensor("image", (1, 7, 5, 4))
    result = maker.tensor("result", (1, *expected.shape[1:]))
    inputs = [image, maker.constant("kernel", kernel), maker.constant("bias", bias)]
    options = {0: ("b", 0 if same else 1), 1: ("i", 2), 2: ("i", 2), 3: ("i", 1), 4: ("b", 0)}
    maker.operator("DEPTHWISE_CONV_2D", inputs, result, options)
    (found,) = _run(to_onnx(maker.write([image], [result]), ["result"]), images)
    np.testing.assert_allclose(found, expected, atol=2e-5)


def test_pad_pool_and_add(maker: TfliteMaker) -> None:
    images = _images(2, 4, 4, 2)
    padded = np.pad(images, [(0, 0), (1, 2), (0, 1), (0, 3)])
    pooled = _windows(padded, 2, 1, False, 0.0).max(axis=(3, 4))

    image = maker.tensor("image", (1, 4, 4, 2))
    wide = maker.tensor("wide", (1, *padded.shape[1:]))
    small = maker.tensor("small", (1, *pooled.shape[1:]))
    total = maker.tensor("total", (1, *pooled.shape[1:]))
    maker.operator("PAD", [image, maker.constant("pads", np.array([[0, 0], [1, 2], [0, 1], [0, 3]], np.int32))], wide)
    pool = {0: ("b", 1), 1: ("i", 1), 2: ("i", 1), 3: ("i", 2), 4: ("i", 2), 5: ("b", 0)}
    maker.operator("MAX_POOL_2D", [wide], small, pool)
    maker.operator("ADD", [small, small], total, {0: ("b", 1)})
    (found,) = _run(to_onnx(maker.write([image], [total]), ["total"]), images)
    np.testing.assert_allclose(found, np.maximum(2 * pooled, 0), atol=1e-6)


def test_depth_to_space_keeps_channels_together(maker: TfliteMaker) -> None:
    images = np.arange(2 * 2 * 1 * 8, dtype=np.float32).reshape(2, 2, 1, 8)
    expected = images.reshape(2, 2, 1, 2, 2, 2).transpose(0, 1, 3, 2, 4, 5).reshape(2, 4, 2, 2)
    image, result = maker.tensor("image", (1, 2, 1, 8)), maker.tensor("result", (1, 4, 2, 2))
    maker.operator("DEPTH_TO_SPACE", [image], result, {0: ("i", 2)})
    (found,) = _run(to_onnx(maker.write([image], [result]), ["result"]), images)
    np.testing.assert_array_equal(found, expected)


def test_resize_has_half_pixel_centres(maker: TfliteMaker) -> None:
    image, result = maker.tensor("image", (1, 1, 2, 1)), maker.tensor("result", (1, 2, 4, 1))
    size = maker.constant("size", np.array([2, 4], np.int32))
    maker.operator("RESIZE_BILINEAR", [image, size], result, {2: ("?", 0), 3: ("?", 1)})
    (found,) = _run(to_onnx(maker.write([image], [result]), ["result"]), np.array([0, 4]).reshape(1, 1, 2, 1))
    np.testing.assert_allclose(found[0, :, :, 0], [[0, 1, 3, 4]] * 2, atol=1e-6)


def test_resize_of_another_kind_is_refused(maker: TfliteMaker) -> None:
    image, result = maker.tensor("image", (1, 1, 2, 1)), maker.tensor("result", (1, 2, 4, 1))
    size = maker.constant("size", np.array([2, 4], np.int32))
    maker.operator("RESIZE_BILINEAR", [image, size], result, {2: ("?", 1), 3: ("?", 0)})
    with pytest.raises(ValueError, match="half-pixel"):
        to_onnx(maker.write([image], [result]), ["result"])


def test_heads_are_flattened_in_tflite_order_for_any_batch(maker: TfliteMaker) -> None:
    images = _images(3, 2, 2, 4)
    image, flat = maker.tensor("image", (1, 2, 2, 4)), maker.tensor("flat", (1, 8, 2))
    joined, chance = maker.tensor("joined", (1, 16, 2)), maker.tensor("chance", (1, 16, 2))
    maker.operator("RESHAPE", [image, maker.constant("shape", np.array([1, 8, 2], np.int32))], flat)
    maker.operator("CONCATENATION", [flat, flat], joined, {0: ("i", 1), 1: ("b", 0)})
    maker.operator("LOGISTIC", [joined], chance)
    (found,) = _run(to_onnx(maker.write([image], [chance]), ["chance"]), images)
    expected = 1 / (1 + np.exp(-images.reshape(3, 8, 2)))
    np.testing.assert_allclose(found, np.concatenate([expected, expected], axis=1), atol=1e-6)


def test_only_the_wanted_outputs_are_kept(tiny_tflite: bytes) -> None:
    both = onnx.load_from_string(to_onnx(tiny_tflite, ["doubled", "kept"]))
    one = onnx.load_from_string(to_onnx(tiny_tflite, ["doubled"]))
    assert [output.name for output in both.graph.output] == ["doubled", "kept"]
    assert [output.name for output in one.graph.output] == ["doubled"]
    assert "Sigmoid" in {node.op_type for node in both.graph.node}
    assert "Sigmoid" not in {node.op_type for node in one.graph.node}


def test_an_unknown_output_is_refused(tiny_tflite: bytes) -> None:
    with pytest.raises(ValueError, match=r"no output tripled, it has doubled, kept"):
        to_onnx(tiny_tflite, ["tripled"])


def test_half_precision_weights_stay_so_in_the_file(maker: TfliteMaker) -> None:
    kernel = _images(5, 1, 1, 3).astype(np.float16)
    image, result = maker.tensor("image", (1, 6, 6, 3)), maker.tensor("result", (1, 6, 6, 5))
    inputs = [image, maker.constant("kernel", kernel), maker.constant("bias", np.zeros(5, np.float16))]
    maker.operator("CONV_2D", inputs, result, {0: ("b", 0), 1: ("i", 1), 2: ("i", 1)})
    model = onnx.load_from_string(to_onnx(maker.write([image], [result]), ["result"]))
    assert {constant.data_type for constant in model.graph.initializer} == {onnx.TensorProto.FLOAT16}


def test_the_same_bytes_every_time(tiny_tflite: bytes) -> None:
    assert to_onnx(tiny_tflite, ["kept"]) == to_onnx(tiny_tflite, ["kept"])


@pytest.mark.parametrize(
    ("length", "kernel", "stride", "dilation", "expected"),
    [
        (256, 3, 1, 1, [1, 1]),
        (256, 3, 2, 1, [0, 1]),  # the odd zero goes after
        (7, 3, 2, 1, [1, 1]),
        (8, 5, 2, 1, [1, 2]),
        (8, 2, 2, 1, [0, 0]),
        (8, 3, 1, 2, [2, 2]),
        (8, 1, 2, 1, [0, 0]),  # never negative
    ],
)
def test_same_padding(length: int, kernel: int, stride: int, dilation: int, expected: list[int]) -> None:
    assert same_padding([length], [kernel], [stride], [dilation]) == expected
