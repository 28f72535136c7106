"""Live practice before a camera that is attached to this machine: one set, recorded while it runs."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..vision.camera import Camera
from ..vision.draw import Canvas
from ..vision.jpeg import encode_jpeg
from ..vision.write import VideoWriter
from .live import LiveCoach

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..vision.frame import Image
    from ..vision.image import ImageFrame
    from .live_state import LiveSetup, LiveState

_WAIT_S = 0.5
_LINES = (77, 215, 255)


@dataclass(frozen=True, eq=False)
class Shown:
    """The newest picture with the lines of the body on it, and what is so in it.

    ``lost`` says that the camera gives no pictures any more; then both are the last there were.
    """

    number: int
    state: LiveState
    jpeg: bytes
    lost: bool = False


class Screen:
    """Holds what is to be shown now; whoever shows it may be slower than the camera.

    Attributes
    ----------
    closed : bool
        Nothing more comes.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._shown: Shown | None = None
        self.closed = False

    def close(self) -> None:
        """Tell whoever shows it that nothing more comes."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def show(self, shown: Shown) -> None:
        """Replace what is shown."""
        with self._changed:
            self._shown = shown
            self._changed.notify_all()

    def newer(self, number: int, timeout_s: float) -> Shown | None:
        """Return what is shown once its number is above another one; None when that takes too long."""
        with self._changed:
            self._changed.wait_for(lambda: self.closed or self._is_newer(number), timeout_s)
            return self._shown if self._is_newer(number) else None

    def _is_newer(self, number: int) -> bool:
        return self._shown is not None and self._shown.number > number


def practise(
    source: int | str,
    setup: LiveSetup,
    record: Path,
    screen: Screen,
    stopped: Callable[[], bool] = lambda: False,
) -> LiveState | None:
    """Follow one set before a camera until it is over.

    Parameters
    ----------
    source : int or str
        See `formdrift.vision.camera.Camera`.
    setup : LiveSetup
    record : Path
        Where the set is recorded, from the countdown on; not written when nothing began.
    screen : Screen
    stopped : callable
        Asked again and again whether to stop early.

    Returns
    -------
    LiveState, the last one of the set; None when it was stopped before it began.

    Raises
    ------
    VideoError, ModelError, EngineError
        When camera, weights or engine are missing or the recording can't be written.
    """
    coach = LiveCoach(setup)
    number, last, begun = 0, None, False
    try:
        with Camera(source) as camera, ExitStack() as files:
            writer = None
            while not stopped():
                frame = camera.newest(_WAIT_S)
                number += 1
                if frame is None:
                    if camera.lost and last is not None:
                        screen.show(Shown(number, last.state, last.jpeg, lost=True))
                    continue
                state = coach.step(frame)
                if writer is None and state.phase in ("ready", "set"):
                    writer, first_s, begun = files.enter_context(VideoWriter(record)), frame.time_s, True
                if writer is not None:
                    writer.write(frame.image, frame.time_s - first_s)
                last = Shown(number, state, encode_jpeg(_drawn(frame, state, coach.bones)))
                screen.show(last)
                if state.phase == "done":
                    return state
    finally:
        coach.close()
    return last.state if begun and last is not None else None


def _drawn(frame: ImageFrame, state: LiveState, bones: list[tuple[int, int]]) -> Image:
    image = frame.image.copy()
    if state.points is not None:
        canvas = Canvas(image)
        for a, b in bones:
            canvas.line([state.points[a], state.points[b]], _LINES)
    return image
