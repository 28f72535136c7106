"""Counting repetitions while they happen, by the hysteresis of `reps` with what is known so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from .thresholds import RepThresholds

# Before the set has an amplitude of its own (specification section D, live): a squat enters at a hip drop of
# 0.20 leg lengths and leaves at 0.08, a hinge at 30 and 12 degrees of lean. In both the second is 0.4 of the first.
SQUAT_ENTER, HINGE_ENTER_DEG, LEAVE = 0.20, 30.0, 0.4
_OWN_SCALE_FROM = 2
# how fast the standing level follows who stands higher, and who stands lower
_RISES_S, _SINKS_S = 0.3, 2.0
# coming up by this part of a repetition and going down again ends it, as missed lockouts do in `reps`
_PARTED = 0.5


@dataclass(frozen=True)
class CountedRep:
    """One repetition, counted as the lifter comes up; times in seconds of the camera.

    ``amplitude`` is in the unit of the signal; ``kind`` is told from the repetitions so far.
    """

    start_s: float
    bottom_s: float
    end_s: float
    amplitude: float
    kind: Literal["full", "partial"]


class RepCounter:
    """Counts excursions of a signal that is low in standing and 1 where the first ones begin to count.

    Parameters
    ----------
    limits : RepThresholds
        Hysteresis as parts of the set's amplitude, which holds once two full repetitions are known.

    Attributes
    ----------
    down : bool
        The lifter is under way.
    reps : list of CountedRep
    """

    def __init__(self, limits: RepThresholds) -> None:
        self._limits = limits
        self.down = False
        self.reps: list[CountedRep] = []
        self._base: float | None = None
        self._time_s = 0.0
        self._start_s = self._bottom_s = 0.0
        self._peak = self._valley = 0.0

    def step(self, time_s: float, q: float) -> CountedRep | None:
        """Take the next value; returns the repetition that ends with it. NaN changes nothing."""
        if not np.isfinite(q):
            return None
        if self._base is None:
            self._base, self._time_s = q, time_s
        height = q - self._base
        step_s, self._time_s = time_s - self._time_s, time_s
        enter, leave, _ = self._scale()
        if not self.down:
            # the first moment above the lower threshold is where the excursion starts
            if height <= leave:
                self._start_s = time_s
                self._base += height * min(1.0, step_s / (_SINKS_S if height > 0 else _RISES_S))
            if height > enter:
                self.down = True
                self._peak = self._valley = height
                self._bottom_s = time_s
            return None
        if height < leave:
            self.down = False
            return self._counted(time_s)
        return self._under_way(time_s, height)

    def _scale(self) -> tuple[float, float, float]:
        """Return where an excursion begins, where it ends, and from which height it is full."""
        full = [rep.amplitude for rep in self.reps if rep.kind == "full"]
        if len(full) < _OWN_SCALE_FROM:
            return 1.0, LEAVE, 1.0
        usual = float(np.median(full))
        return self._limits.partial_enter * usual, self._limits.leave * usual, self._limits.full * usual

    def _under_way(self, time_s: float, height: float) -> CountedRep | None:
        """Follow an excursion; it is parted where the lifter comes halfway up and goes halfway down again."""
        half = _PARTED * self._peak
        if height > self._peak and self._peak - self._valley < half:
            self._peak = self._valley = height
            self._bottom_s = time_s
        self._valley = min(self._valley, height)
        if self._peak - self._valley < half or height - self._valley < half:
            return None
        parted = self._counted(time_s)
        self._start_s = self._bottom_s = time_s
        self._peak = self._valley = height
        return parted

    def _counted(self, time_s: float) -> CountedRep | None:
        if not self._limits.min_s <= time_s - self._start_s <= self._limits.max_s:
            return None
        kind: Literal["full", "partial"] = "full" if self._peak >= self._scale()[2] else "partial"
        self.reps.append(CountedRep(self._start_s, self._bottom_s, time_s, self._peak, kind))
        return self.reps[-1]
