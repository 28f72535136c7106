"""A camera that is attached to this machine: always its newest picture, also after it was unplugged for a while."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .errors import VideoError
from .image import ImageFrame

if TYPE_CHECKING:
    from typing import Self

_RETRY_S = 1.0
_LOST_S = 2.0


class Camera:
    """Reads a camera in a thread; older pictures than the newest are dropped.

    Parameters
    ----------
    source : int or str
        Number of the camera, or an address or a file that OpenCV can open. A file is played at its own speed.
    size : tuple of int
        Width and height to ask the camera for; it may give others.

    Raises
    ------
    VideoError
        When there is no such camera.
    """

    def __init__(self, source: int | str, size: tuple[int, int] = (640, 480)) -> None:
        self._source, self._size = source, size
        self._newest: ImageFrame | None = None
        self._fresh, self._stopped = threading.Condition(), threading.Event()
        self._start_s, self._read_s = time.monotonic(), time.monotonic()
        self._open = self._opened()
        if self._open is None:
            raise VideoError(f"Camera {source} does not open: plug it in, or choose another one with --camera.")
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    @property
    def lost(self) -> bool:
        """The camera has given no picture for two seconds."""
        return time.monotonic() - self._read_s > _LOST_S

    def newest(self, timeout_s: float) -> ImageFrame | None:
        """Return the newest picture that was not returned yet; None when none came in that time."""
        with self._fresh:
            if self._newest is None:
                self._fresh.wait(timeout_s)
            frame, self._newest = self._newest, None
        return frame

    def _opened(self) -> cv2.VideoCapture | None:
        capture = cv2.VideoCapture(self._source)
        if not capture.isOpened():
            capture.release()
            return None
        if isinstance(self._source, int):
            capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._size[0])
            capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._size[1])
            capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        return capture

    def _read(self) -> None:
        index = 0
        while not self._stopped.is_set():
            if self._open is None:
                self._stopped.wait(_RETRY_S)
                self._open = self._opened()
                continue
            done, bgr = self._open.read()
            if not done:
                self._open.release()
                self._open = None
                continue
            self._read_s = time.monotonic()
            image = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)
            with self._fresh:
                self._newest = ImageFrame(index, self._read_s - self._start_s, image)
                self._fresh.notify()
            index += 1
            self._pace()
        if self._open is not None:
            self._open.release()

    def _pace(self) -> None:
        """Wait where the source is a file, which would else be read as fast as it can."""
        if self._open is not None and isinstance(self._source, str) and "://" not in self._source:
            self._stopped.wait(1.0 / (self._open.get(cv2.CAP_PROP_FPS) or 30.0))
