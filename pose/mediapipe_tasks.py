"""MediaPipe Tasks as a pose engine, without its smoothing and without the network."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from ..models.store import locate
from . import mediapipe_worker as worker
from .engine import EngineError, Landmarks
from .topology import MEDIAPIPE_33

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..vision.frame import Frame
    from .topology import Topology

# MediaPipe's filters work on time differences: over frames that seem to be minutes apart
# they pass everything. A filter that starts at time 0 takes the second frame for a
# continuation, so the first stamp is 1.
_STRETCH = 1_000_000
_FIRST_STAMP = 1
_CLOSED = "This pose engine has been closed: make a new one."
_DEAD_END = "http://127.0.0.1:9"
_PATIENCE_S = 5.0


def shielded(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which no HTTP client gets beyond this machine.

    With a proxy set, not even the name of the host is looked up.
    """
    kept = {name: value for name, value in environment.items() if not name.lower().endswith("_proxy")}
    proxies = ("http_proxy", "https_proxy", "all_proxy")
    return kept | {name: _DEAD_END for proxy in proxies for name in (proxy, proxy.upper())}


class MediaPipeTasks:
    """Follows one person with MediaPipe; satisfies :class:`formdrift.pose.engine.PoseEngine`.

    MediaPipe runs in a process of its own, which ends with this one. It smooths
    visibilities whatever it is told; coordinates come unsmoothed.

    Parameters
    ----------
    variant : str
        ``lite``, ``full`` or ``heavy``.

    Raises
    ------
    ModelError
        When the weights are not on this machine.
    EngineError
        When MediaPipe can't be started, saying why.
    """

    engine_id = "mediapipe"
    runs_on = "CPU"
    topology: Topology = MEDIAPIPE_33

    def __init__(self, variant: str = "full") -> None:
        self.model_id = f"blazepose-{variant}"
        self.cpu_s = 0.0
        self._stamp = _FIRST_STAMP - _STRETCH
        command = [sys.executable, "-P", "-m", worker.__name__, str(locate(f"mediapipe-{variant}"))]
        self._process: subprocess.Popen[bytes] | None = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=shielded(os.environ),
        )
        self._receive(self._process)

    def process(self, frame: Frame) -> Landmarks | None:
        """Return the landmarks in the next frame, or None when nobody is seen."""
        if self._process is None:
            raise EngineError(_CLOSED)
        self._stamp = max(self._stamp + _STRETCH, round(frame.time_s * 1000) * _STRETCH + _FIRST_STAMP)
        width, height = frame.size
        self._send(self._process, worker.REQUEST.pack(self._stamp, width, height), frame.rgb().tobytes())
        kind, body = self._receive(self._process)
        if kind == worker.NOBODY:
            return None
        values = np.frombuffer(body, np.float64).reshape(-1, worker.COLUMNS)
        presence = float(np.clip(values[:, 6].mean(), 0.0, 1.0))
        return Landmarks(values[:, :2] * (width, height), values[:, 2:5].copy(), values[:, 5].copy(), presence)

    def close(self) -> None:
        """End MediaPipe's process; the engine can't be used afterwards."""
        if self._process is None:
            return
        process, self._process = self._process, None
        try:
            process.communicate(timeout=_PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()

    def _send(self, process: subprocess.Popen[bytes], *parts: bytes) -> None:
        assert process.stdin is not None
        try:
            for part in parts:
                process.stdin.write(part)
            process.stdin.flush()
        except BrokenPipeError:
            self._fail(process)

    def _receive(self, process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
        assert process.stdout is not None
        header = process.stdout.read(worker.REPLY.size)
        if len(header) < worker.REPLY.size:
            self._fail(process)
        kind, length, cpu_s = worker.REPLY.unpack(header)
        body = process.stdout.read(length)
        self.cpu_s += cpu_s
        if kind == worker.FAILED:
            self.close()
            raise EngineError(body.decode())
        return kind, body

    def _fail(self, process: subprocess.Popen[bytes]) -> NoReturn:
        self._process = None
        process.kill()
        process.communicate()
        raise EngineError(
            f"MediaPipe stopped unexpectedly (exit code {process.returncode}): use the engine blazepose-onnx."
        )
