"""A balance test as it happens: countdown, the trial, touch-downs. No clock and no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from .live_body import Posture

Phase = Literal["ready", "set", "done"]
Ending = Literal["time", "foot_down", "walked_out", "asked"]

# as offline in `stance`: a foot this much above the other is off the floor, less than the second it is down again;
# a foot that stays down for longer ends the trial
_LIFTED, _DOWN, _LONGEST_TOUCH_S = 0.10, 0.05, 2.0
# a foot that is off the floor for so long is lifted, not stepping
_KEPT_S = 0.4
_GONE_S = 2.0


@dataclass(frozen=True)
class BalanceRules:
    """How long a trial lasts, on how many feet, and the countdown before it."""

    seconds: float = 20.0
    two_feet: bool = False
    countdown_s: float = 3.0


@dataclass(frozen=True)
class BalanceMoment:
    """What is so after one frame.

    Attributes
    ----------
    phase : str
    countdown_s : float or None
        Seconds until "go".
    held_s : float
        Since the trial began; until it ended.
    touch_downs : int
    touched : bool
        The foot touched the floor just now.
    ending : str or None
    """

    phase: Phase
    countdown_s: float | None
    held_s: float
    touch_downs: int
    touched: bool
    ending: Ending | None


class LiveBalance:
    """Follows one trial of somebody who is ready.

    On one leg it begins when a foot is off the floor, on two feet with "go".

    Parameters
    ----------
    rules : BalanceRules
    ready_s : float
        When the countdown began.
    """

    def __init__(self, rules: BalanceRules, ready_s: float) -> None:
        self._rules, self._ready_s, self._seen_s = rules, ready_s, ready_s
        self._phase: Phase = "ready"
        self._ending: Ending | None = None
        self._start_s = self._end_s = ready_s
        self._lifted_s: float | None = None
        self._down_s: float | None = None
        self._touch_downs = 0

    def step(self, time_s: float, posture: Posture | None) -> BalanceMoment:
        """Take the next frame; None when nobody was seen in it."""
        touched = False
        go_s = self._ready_s + self._rules.countdown_s
        if self._phase != "done" and posture is not None:
            self._seen_s = time_s
            if self._phase == "ready":
                self._begin(time_s, posture.free_foot, go_s)
            elif not self._rules.two_feet:
                touched = self._touch(time_s, posture.free_foot)
        if self._phase != "done":
            self._end(time_s)
        return BalanceMoment(
            phase=self._phase,
            countdown_s=go_s - time_s if self._phase == "ready" and time_s < go_s else None,
            held_s=0.0 if self._phase == "ready" else max(0.0, self._end_s - self._start_s),
            touch_downs=self._touch_downs,
            touched=touched,
            ending=self._ending,
        )

    def end(self, time_s: float) -> BalanceMoment:
        """End the trial because somebody asked for it."""
        if self._phase != "done":
            self._phase, self._ending = "done", "asked"
        return self.step(time_s, None)

    def _begin(self, time_s: float, free_foot: float, go_s: float) -> None:
        if self._rules.two_feet:
            begun = time_s >= go_s
        else:
            up = np.isfinite(free_foot) and free_foot > _LIFTED
            self._lifted_s = (time_s if self._lifted_s is None else self._lifted_s) if up else None
            begun = time_s >= go_s and self._lifted_s is not None and time_s - self._lifted_s >= _KEPT_S
        if begun:
            self._phase = "set"
            self._start_s = time_s if self._lifted_s is None else max(go_s, self._lifted_s)

    def _touch(self, time_s: float, free_foot: float) -> bool:
        """Follow the free foot; tells whether it has just touched the floor."""
        if free_foot > _LIFTED:
            self._down_s = None
        elif free_foot < _DOWN and self._down_s is None:
            self._down_s = time_s
            self._touch_downs += 1
            return True
        return False

    def _end(self, time_s: float) -> None:
        if time_s - self._seen_s > _GONE_S:
            self._ending = "walked_out"
        elif self._phase == "set" and self._down_s is not None and time_s - self._down_s > _LONGEST_TOUCH_S:
            self._ending = "foot_down"
        elif self._phase == "set" and time_s - self._start_s >= self._rules.seconds:
            self._ending = "time"
        if self._phase == "set":
            self._end_s = time_s if self._ending != "foot_down" or self._down_s is None else self._down_s
        if self._ending is not None:
            self._phase = "done"
