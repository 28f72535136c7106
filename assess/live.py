"""Live practice before a camera: a frame goes in, what to show and to say comes out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..pose.engine import EngineError, RegionEngine
from ..pose.estimate import make_engine
from ..pose.lock import LockedFollower
from ..vision.image import ImageFrame
from ..vision.jpeg import decode_jpeg
from ..vision.steadiness import Steadiness
from .filming import Pictures
from .live_phrases import Phrases
from .live_practice import CHECK_S, Practice
from .live_state import LiveState

if TYPE_CHECKING:
    from ..scoring.result import Rep
    from ..vision.frame import Frame
    from .live_state import LiveSetup

# somebody not seen for so long lets go of the lock while nothing is going on
_RELEASE_S = 2.0


class LiveCoach:
    """Practice before a camera.

    Parameters
    ----------
    setup : LiveSetup
    engine : RegionEngine, optional
        Finds people and landmarks; BlazePose by default.

    Raises
    ------
    ModelError, EngineError
        When the default engine can't be started.
    """

    def __init__(self, setup: LiveSetup, engine: RegionEngine | None = None) -> None:
        made = engine or make_engine("blazepose-onnx", setup.model)
        if not isinstance(made, RegionEngine):
            raise EngineError("Live practice needs an engine that looks where it is told: use blazepose-onnx.")
        self._engine = made
        self._follower = LockedFollower(made)
        self._practice = Practice(setup, made)
        self._steadiness = Steadiness(CHECK_S)
        self._index = 0
        self._time_s = self._seen_s = -np.inf
        self._state = LiveState(0.0, "checking", Phrases(setup).nobody)

    @property
    def bones(self) -> list[tuple[int, int]]:
        """Pairs of landmarks that are joined by a line."""
        topology = self._engine.topology
        return [(topology.index[a], topology.index[b]) for a, b in topology.bones]

    @property
    def reps(self) -> tuple[Rep, ...]:
        """The repetitions of the set, as they were judged live."""
        return self._practice.reps

    def step_jpeg(self, time_s: float, jpeg: bytes) -> LiveState:
        """Take the next frame as JPEG; see `step`.

        Raises
        ------
        VideoError
            When it is no picture that a camera would give.
        """
        return self.step(ImageFrame(self._index, time_s, decode_jpeg(jpeg)))

    def step(self, frame: Frame) -> LiveState:
        """Take the next frame; one that is not later than the last is left out."""
        if not np.isfinite(frame.time_s) or frame.time_s <= self._time_s:
            return replace(self._state, said=None, said_kind=None)
        self._time_s = frame.time_s
        self._index += 1
        checking = self._practice.phase == "checking"
        if checking:
            self._steadiness.step(frame)
        found = self._follower.step(frame)
        self._hold(frame.time_s, seen=found is not None, checking=checking)
        watch = self._steadiness
        pictures = Pictures(watch.brightness, watch.contrast, watch.movement)
        self._state = self._practice.see(frame.time_s, frame.size, found, pictures)
        return self._state

    def start(self) -> None:
        """Begin although the filming check found something wrong."""
        self._practice.start(self._time_s)

    def end(self) -> None:
        """End the set now."""
        self._practice.end(self._time_s)

    def again(self) -> None:
        """Get ready for the next set."""
        self._practice.again()

    def close(self) -> None:
        """Free what the engine holds."""
        self._engine.close()

    def _hold(self, time_s: float, *, seen: bool, checking: bool) -> None:
        """Let go of somebody who went away before anything began."""
        self._seen_s = time_s if seen or self._follower.locked is None else self._seen_s
        if checking and time_s - self._seen_s > _RELEASE_S:
            self._follower.release()
