"""How bright pictures are and whether the camera moves."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .frame import Frame

_SIZE = 160, 120
# a peak of the correlation that is lower than this is chance: the walls are bare
_LEAST_RESPONSE = 0.15


class Steadiness:
    """Watches the last seconds of a camera.

    Parameters
    ----------
    seconds : float
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._past: deque[tuple[float, NDArray[np.float32]]] = deque()
        self._shifts: deque[tuple[float, float]] = deque()
        self._window = cv2.createHanningWindow(_SIZE, cv2.CV_32F)
        self.brightness, self.contrast = 0.0, 0.0

    @property
    def movement(self) -> float:
        """Median movement of the picture against that of a moment before, as a part of its width."""
        return float(np.median([shift for _, shift in self._shifts])) if self._shifts else 0.0

    def step(self, frame: Frame) -> None:
        """Take the next frame."""
        width, height = frame.size
        scale = np.array([[width / _SIZE[0], 0.0, 0.0], [0.0, height / _SIZE[1], 0.0]])
        small = cv2.cvtColor(frame.crop(scale, _SIZE), cv2.COLOR_RGB2GRAY).astype(np.float32)
        self.brightness, self.contrast = float(small.mean()), float(small.std())
        while len(self._past) > 1 and self._past[0][0] < frame.time_s - self._seconds / 2:
            self._past.popleft()
        while self._shifts and self._shifts[0][0] < frame.time_s - self._seconds:
            self._shifts.popleft()
        if self._past:
            (x, y), response = cv2.phaseCorrelate(self._past[0][1], small, self._window)
            if response >= _LEAST_RESPONSE:
                self._shifts.append((frame.time_s, float(np.hypot(x, y)) / _SIZE[0]))
        self._past.append((frame.time_s, small))
