"""Running networks with ONNX Runtime."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from .engine import EngineError

# Since 1.29 the library reports its use to its maker as soon as it is imported, unless this is set before.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_SUFFIX = "ExecutionProvider"
_CPU = "CPUExecutionProvider"
# What runs networks faster than the processor where it is installed, the best first.
_FASTER = ("CUDAExecutionProvider", "CoreMLExecutionProvider", "DmlExecutionProvider", "OpenVINOExecutionProvider")
_ONLY_FATAL = 4


class Network:
    """One network with one picture as its input.

    An accelerator is used where ONNX Runtime was installed with the execution provider for
    one (CUDA, CoreML, DirectML, OpenVINO) and it works. On the processor one thread runs
    the network: a second one costs CPU time and gains nothing at this size, and several
    videos can be worked on side by side.

    Parameters
    ----------
    path : Path
        An ONNX file.

    Attributes
    ----------
    runs_on : str
        ``CPU``, or the name of the accelerator; says so when one was there but failed.
    input_shape : tuple of int
        Shape of the picture; 0 for a length that the file leaves open.

    Raises
    ------
    EngineError
        When the file can't be run.
    """

    def __init__(self, path: Path) -> None:
        available = onnxruntime.get_available_providers()
        wanted = next((provider for provider in _FASTER if provider in available), None)
        working = _working(path, wanted) if wanted is not None else None
        self._session = session = working or _loaded(path, [_CPU])
        self.runs_on = str(session.get_providers()[0]).removesuffix(_SUFFIX)
        if wanted is not None and working is None:
            self.runs_on += f" ({wanted.removesuffix(_SUFFIX)} is installed but fails)"
        self._input = session.get_inputs()[0].name
        self.input_shape = _shape(session)
        self._outputs = [output.name for output in session.get_outputs()]

    def run(self, picture: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """Return the network's outputs for one picture.

        Parameters
        ----------
        picture : array of the shape that the network takes

        Returns
        -------
        dict of str to array
            By output name, in the network's order, without the batch axis.
        """
        values = self._session.run(self._outputs, {self._input: picture[None]})
        return {name: np.asarray(value, np.float32)[0] for name, value in zip(self._outputs, values, strict=True)}


@lru_cache(maxsize=4)
def load_network(path: Path) -> Network:
    """Return a network that is opened once a process: many short videos would else wait for it each time."""
    return Network(path)


def _loaded(path: Path, providers: list[str]) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _ONLY_FATAL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=providers)
    except Exception as error:  # the library's own kinds of error have no common base
        raise EngineError(f"'{path}' can't be run as a network: give an ONNX file that is whole.") from error


def _working(path: Path, provider: str) -> onnxruntime.InferenceSession | None:
    """Return a session that has run once on an accelerator, or None: some fail only when they are used."""
    try:
        session = _loaded(path, [provider, _CPU])
        # ONNX Runtime itself leaves out a provider whose libraries are missing
        if session.get_providers()[0] != provider:
            return None
        empty = np.zeros((1, *(length or 1 for length in _shape(session))), np.float32)
        session.run(None, {session.get_inputs()[0].name: empty})
    except Exception:  # whatever an accelerator's driver does, the processor works
        return None
    return session


def _shape(session: onnxruntime.InferenceSession) -> tuple[int, ...]:
    """Return the shape of a session's first input without the batch axis."""
    return tuple(length if isinstance(length, int) else 0 for length in session.get_inputs()[0].shape[1:])
