"""Accelerators are used where they work; nothing is lost where they don't."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from formdrift.pose.engine import EngineError
from formdrift.pose.ort import Network

if TYPE_CHECKING:
    from pathlib import Path

CPU = "CPUExecutionProvider"
RealSession = onnxruntime.InferenceSession


@pytest.fixture
def doubling(tmp_path: Path) -> Path:
    """Return a network that doubles a 2 x 3 picture."""
    shape = ["batch", 2, 3]
    graph = helper.make_graph(
        [helper.make_node("Add", ["in", "in"], ["out"])],
        "doubling",
        [helper.make_tensor_value_info("in", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, shape)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, str(tmp_path / "doubling.onnx"))
    return tmp_path / "doubling.onnx"


class FakeAccelerator:
    """A session on an accelerator: the processor does its work, or it fails as it is told to."""

    fails_in = ""

    def __init__(self, path: str, options: object, providers: list[str]) -> None:
        self._real = RealSession(path, options, providers=[CPU])
        self._providers = providers
        if self.fails_in == "loading" and providers != [CPU]:
            raise RuntimeError("no driver")
        if self.fails_in == "silence":
            self._providers = [CPU]

    def get_providers(self) -> list[str]:
        return self._providers

    def get_inputs(self) -> list[object]:
        return list(self._real.get_inputs())

    def get_outputs(self) -> list[object]:
        return list(self._real.get_outputs())

    def run(self, names: list[str] | None, feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
        if self.fails_in == "running" and self._providers != [CPU]:
            raise RuntimeError("out of memory")
        return list(self._real.run(names, feeds))


def assert_doubles(network: Network) -> None:
    picture = np.arange(6, dtype=np.float32).reshape(2, 3)
    np.testing.assert_array_equal(network.run(picture)["out"], 2 * picture)


def test_the_processor_is_used_where_there_is_nothing_else(doubling: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["AzureExecutionProvider", CPU])
    network = Network(doubling)
    assert (network.runs_on, network.input_shape) == ("CPU", (2, 3))
    assert_doubles(network)


@pytest.mark.parametrize(
    "provider",
    ["CUDAExecutionProvider", "CoreMLExecutionProvider", "DmlExecutionProvider", "OpenVINOExecutionProvider"],
)
def test_an_accelerator_is_used_where_it_works(doubling: Path, monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [provider, CPU])
    monkeypatch.setattr(onnxruntime, "InferenceSession", FakeAccelerator)
    network = Network(doubling)
    assert network.runs_on == provider.removesuffix("ExecutionProvider")
    assert_doubles(network)


@pytest.mark.parametrize("fails_in", ["loading", "silence", "running"])
def test_the_processor_stands_in_for_an_accelerator_that_fails(
    doubling: Path, monkeypatch: pytest.MonkeyPatch, fails_in: str
) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CUDAExecutionProvider", CPU])
    monkeypatch.setattr(onnxruntime, "InferenceSession", FakeAccelerator)
    monkeypatch.setattr(FakeAccelerator, "fails_in", fails_in)
    network = Network(doubling)
    assert network.runs_on == "CPU (CUDA is installed but fails)"
    assert_doubles(network)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.onnx"
    path.write_bytes(b"\x08\x09broken")
    with pytest.raises(EngineError, match=r"broken\.onnx' can't be run as a network: give an ONNX file that is whole"):
        Network(path)
