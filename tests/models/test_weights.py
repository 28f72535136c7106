"""The real models of the store compute what LiteRT computes with the published weights.

The expected numbers were made once with LiteRT 2.x (the successor of TensorFlow Lite) from the
published TFLite files and the drawn image below: mean and standard deviation of every output,
and its first three numbers.
"""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import pytest

from formdrift.models import catalogue, store
from formdrift.models.catalogue import ModelError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

onnxruntime: Any = pytest.importorskip("onnxruntime")

_EXPECTED: dict[str, dict[str, tuple[float, ...]]] = {
    "blazepose-detector": {
        "Identity": (-0.726228, 94.932709, -5.5593, 2.3829, -11.1402),
        "Identity_1": (-47.677621, 53.125192, -91.9533, -7.1536, -106.6821),
    },
    "blazepose-lite": {
        "Identity": (39.243001, 68.947495, 123.4834, 94.8802, -59.1225),
        "Identity_3": (-6.194402, 5.133678, -7.6389, -9.6531, -9.7795),
        "Identity_4": (-0.059541, 0.256928, 0.0316, -0.3187, 0.0457),
    },
    "blazepose-full": {
        "Identity": (45.181485, 80.008347, 136.4191, 60.3416, -43.7860),
        "Identity_1": (0.001751, 0.0, 0.0018),
        "Identity_3": (-8.046713, 5.480761, -27.2611, -28.3806, -27.4067),
        "Identity_4": (-0.047333, 0.261442, 0.0253, -0.5255, -0.1352),
    },
    "blazepose-heavy": {
        "Identity": (35.336358, 63.937984, 128.5710, 50.6693, -39.3505),
        "Identity_3": (-14.228528, 12.458055, -26.7750, -25.7839, -25.0581),
        "Identity_4": (-0.059310, 0.602018, -0.0239, -0.5062, -0.1993),
    },
}


def _located(model_id: str) -> Path:
    try:
        return store.locate(model_id)
    except ModelError as error:
        pytest.skip(str(error))


def _drawn(size: int) -> NDArray[np.float32]:
    """Two ramps and a wave in [0, 1]: (size, size, 3)."""
    row, column = np.mgrid[0:size, 0:size] / size
    wave = (np.sin(6 * np.pi * row) * np.cos(4 * np.pi * column) + 1) / 2
    return np.stack([row, column, wave], axis=-1).astype(np.float32)


@pytest.mark.parametrize("model_id", list(_EXPECTED))
def test_computes_what_litert_computes(model_id: str) -> None:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(_located(model_id)), options, providers=["CPUExecutionProvider"])
    image = _drawn(224) * 2 - 1 if model_id == "blazepose-detector" else _drawn(256)
    batch = np.stack([np.zeros_like(image), image])  # any batch, each image by itself
    names = list(_EXPECTED[model_id])
    for name, result in zip(names, session.run(names, {"input_1": batch}), strict=True):
        found = result[1]
        summary = [found.mean(dtype=np.float64), found.std(dtype=np.float64), *found.ravel()[:3]]
        np.testing.assert_allclose(summary, _EXPECTED[model_id][name], atol=5e-3, err_msg=name)


@pytest.mark.parametrize("model_id", list(_EXPECTED))
def test_keeps_the_outputs_of_the_catalogue_and_half_precision(model_id: str) -> None:
    model = onnx.load(_located(model_id))
    assert tuple(output.name for output in model.graph.output) == catalogue.load().model(model_id).outputs
    heavy = [constant for constant in model.graph.initializer if np.prod(constant.dims) > 100]
    assert {constant.data_type for constant in heavy} == {onnx.TensorProto.FLOAT16}


@pytest.mark.parametrize("size", ["lite", "full", "heavy"])
def test_bundles_hold_the_two_published_networks(size: str) -> None:
    known = catalogue.load()
    with zipfile.ZipFile(_located(f"mediapipe-{size}")) as bundle:
        detector, landmarks = (bundle.read(name) for name in bundle.namelist())
    for data, weights in ((detector, "pose-detection"), (landmarks, f"pose-landmark-{size}")):
        accepted = {(member.build.size, member.build.sha256) for member in known.weights[weights]}
        assert any(hashlib.sha256(data[-length:]).hexdigest() == sha256 for length, sha256 in accepted)
