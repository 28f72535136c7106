"""MediaPipe's own process: frames come in on a pipe, landmarks go out on another.

MediaPipe looks up a metrics host in the network and writes to the terminal. Here it
can do neither: :mod:`formdrift.pose.mediapipe_tasks` starts this process with proxies
that lead nowhere, and what goes to standard output is thrown away, but for the answers.
"""

from __future__ import annotations

import os
import struct
import sys
import time
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Time stamp for MediaPipe, width, height; then the pixels, RGB.
REQUEST = struct.Struct("<qII")
# Kind, length of the body in bytes, CPU seconds spent.
REPLY = struct.Struct("<cId")
READY, LANDMARKS, NOBODY, FAILED = b"R", b"L", b"N", b"F"
# x and y in parts of the picture, world x, y, z in metres, visibility, presence.
COLUMNS = 7


def explain(error: BaseException) -> str:
    """Return one sentence that says why MediaPipe can't run and what to do."""
    reason = " ".join(str(error).split()) or type(error).__name__
    if "libEGL" in reason or "libGLES" in reason:
        return (
            "MediaPipe needs the system libraries EGL and GLES: install them with "
            "`sudo apt-get install libegl1 libgles2`, or use the engine blazepose-onnx."
        )
    if isinstance(error, ModuleNotFoundError):
        return f"MediaPipe is not installed ({reason}): install it, or use the engine blazepose-onnx."
    return f"MediaPipe failed ({reason}): use the engine blazepose-onnx."


def serve(model: str, requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer requests until their pipe closes."""
    try:
        from mediapipe import Image, ImageFormat
        from mediapipe.tasks.python import BaseOptions, vision

        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=model), running_mode=vision.RunningMode.VIDEO
        )
        with vision.PoseLandmarker.create_from_options(options) as landmarker:
            _reply(replies, READY)
            while header := requests.read(REQUEST.size):
                timestamp, width, height = REQUEST.unpack(header)
                pixels = np.frombuffer(requests.read(width * height * 3), np.uint8).reshape(height, width, 3)
                start = time.process_time()
                image = Image(image_format=ImageFormat.SRGB, data=pixels)
                found = _first_person(landmarker.detect_for_video(image, timestamp))
                cpu_s = time.process_time() - start
                kind, body = (NOBODY, b"") if found is None else (LANDMARKS, found.tobytes())
                _reply(replies, kind, body, cpu_s)
    except Exception as error:
        _reply(replies, FAILED, explain(error).encode())


def _first_person(result: Any) -> NDArray[np.float64] | None:
    if not result.pose_landmarks:
        return None
    pairs = zip(result.pose_landmarks[0], result.pose_world_landmarks[0], strict=True)
    return np.array([(p.x, p.y, w.x, w.y, w.z, p.visibility, p.presence) for p, w in pairs], np.float64)


def _reply(replies: BinaryIO, kind: bytes, body: bytes = b"", cpu_s: float = 0.0) -> None:
    replies.write(REPLY.pack(kind, len(body), cpu_s) + body)
    replies.flush()


def main() -> None:
    """Serve on the standard streams; nothing but answers reaches standard output."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as replies:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        serve(sys.argv[1], sys.stdin.buffer, replies)


if __name__ == "__main__":
    main()
