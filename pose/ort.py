"""Running networks with ONNX Runtime."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

# Since 1.29 the library reports its use to its maker as soon as it is imported, unless this is set before.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_ONLY_ERRORS = 3


class Network:
    """One network with one picture as its input.

    It runs on one thread of the processor: a second one costs CPU time and gains
    nothing at this size, and several videos can be worked on side by side.

    Parameters
    ----------
    path : Path
        An ONNX file.
    """

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = _ONLY_ERRORS
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        self._outputs = [output.name for output in self._session.get_outputs()]

    def run(self, picture: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """Return the network's outputs for one picture.

        Parameters
        ----------
        picture : (H, W, C) array

        Returns
        -------
        dict of str to array
            By output name, without the batch axis.
        """
        values = self._session.run(self._outputs, {self._input: picture[None]})
        return {name: np.asarray(value, np.float32)[0] for name, value in zip(self._outputs, values, strict=True)}
