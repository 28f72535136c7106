"""A set as it happens: checking, ready, set, done; what is said in it and when. No clock and no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from .live_reps import RepCounter
from .live_words import Spoken, StopLine, Words, stop_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .live_body import Posture
    from .live_words import SpokenKind
    from .result import Family, Rep
    from .thresholds import Thresholds

    # judges what was seen between two times, as offline
    Judge = Callable[[float, float], Sequence[Rep]]

Phase = Literal["checking", "ready", "set", "done"]
Ending = Literal["stood", "walked_out", "asked", "too_long"]

# a repetition is judged when the lifter has stood for so long: before, knees are still on their way to straight
_SETTLED_S = 0.4
# not seen for so long, or the feet so far (leg lengths) from where the set began for so long: gone
_GONE_S, _AWAY, _AWAY_S = 2.0, 0.6, 1.0
# a camera that gave no picture for so long was gone itself
_BLIND_S = 1.0
# nothing live goes on for longer
LONGEST_S = 600.0
# the same repetition in two judgements
_SAME_S = 0.3
# percentage points before the limit at which it is announced
_NEAR_PCT = 5.0


@dataclass(frozen=True)
class LiveRules:
    """What the lifter asked for.

    Attributes
    ----------
    family : str
        Of the exercise; ``other`` when that is to be found out.
    end_after_s : float
        Standing for longer ends the set.
    countdown_s : float
    velocity_limit_pct : float or None
        Loss of velocity at which to stop; only where every ascent is meant to be as fast as possible.
    """

    family: Family = "other"
    end_after_s: float = 8.0
    countdown_s: float = 3.0
    velocity_limit_pct: float | None = None


@dataclass(frozen=True)
class Moment:
    """What is so after one frame.

    Attributes
    ----------
    phase : str
    countdown_s : float or None
        Seconds until "go"; None when it is over.
    count : int
        Repetitions counted.
    standing : bool
    spoken : Spoken or None
        Said now.
    stop_line : StopLine or None
    ending : str or None
        Why the set is over.
    """

    phase: Phase
    countdown_s: float | None
    count: int
    standing: bool
    spoken: Spoken | None
    stop_line: StopLine | None
    ending: Ending | None


class LiveSet:
    """Follows one set of a lifter who is ready. The same postures and judgements always give the same moments.

    Parameters
    ----------
    rules : LiveRules
    thresholds : Thresholds
    judge : callable
        Returns the repetitions between two times as they are judged offline.
    ready_s : float
        When the countdown began.
    """

    def __init__(self, rules: LiveRules, thresholds: Thresholds, judge: Judge, ready_s: float) -> None:
        self._rules, self._thresholds, self._judge, self._ready_s = rules, thresholds, judge, ready_s
        self._counter = RepCounter(thresholds.reps)
        self._phase: Phase = "ready"
        self._ending: Ending | None = None
        self._time_s = self._seen_s = self._stood_s = ready_s
        self._away_s: float | None = None
        self._place: float | None = None
        self._due_s: float | None = None
        self._waiting: Spoken | None = None
        self._judged: list[Rep] = []
        self._words = Words(thresholds)
        self._line = StopLine() if rules.velocity_limit_pct is not None else None
        self._announced: set[SpokenKind] = set()

    @property
    def reps(self) -> tuple[Rep, ...]:
        """The repetitions, each as it was judged right after it."""
        return tuple(self._judged)

    def step(self, time_s: float, posture: Posture | None) -> Moment:
        """Take the next frame; None when the lifter was not seen in it."""
        spoken = None
        if self._phase in ("ready", "set"):
            self._leave_out(time_s)
            if posture is not None:
                self._see(posture)
            spoken = self._say(time_s)
            self._ending = self._over(time_s)
            if self._ending is not None:
                self._phase = "done"
        left_s = self._ready_s + self._rules.countdown_s - time_s
        return Moment(
            phase=self._phase,
            countdown_s=left_s if self._phase == "ready" and left_s > 0 else None,
            count=len(self._counter.reps),
            standing=not self._counter.down,
            spoken=spoken,
            stop_line=self._line,
            ending=self._ending,
        )

    def end(self, time_s: float) -> Moment:
        """End the set because somebody asked for it."""
        if self._phase != "done":
            self._phase, self._ending = "done", "asked"
        return self.step(time_s, None)

    def _leave_out(self, time_s: float) -> None:
        """Leave out a time without pictures: as far as is known nobody stood still in it, or was away."""
        blind_s, self._time_s = time_s - self._time_s, time_s
        if blind_s > _BLIND_S:
            self._seen_s += blind_s
            self._stood_s += blind_s
            self._away_s = None if self._away_s is None else self._away_s + blind_s

    def _see(self, posture: Posture) -> None:
        self._seen_s = posture.time_s
        if np.isfinite(posture.feet_x):
            self._look_where(posture)
        counted = self._counter.step(posture.time_s, posture.effort(self._rules.family))
        if self._counter.down:
            self._phase = "set"
            self._stood_s = posture.time_s
        if counted is not None:
            self._due_s = counted.end_s + _SETTLED_S

    def _look_where(self, posture: Posture) -> None:
        """Note whether the feet are where the set began; walking out before it begins moves that place."""
        if self._place is None or self._phase == "ready":
            self._place = posture.feet_x
        away = abs(posture.feet_x - self._place) > _AWAY
        self._away_s = (posture.time_s if self._away_s is None else self._away_s) if away else None

    def _over(self, time_s: float) -> Ending | None:
        if time_s - self._ready_s > LONGEST_S:
            return "too_long"
        if time_s - self._seen_s > _GONE_S:
            return "walked_out"
        if self._phase == "ready":
            return None
        if self._away_s is not None and time_s - self._away_s > _AWAY_S:
            return "walked_out"
        return "stood" if time_s - self._stood_s > self._rules.end_after_s else None

    def _say(self, time_s: float) -> Spoken | None:
        """Judge the repetition that has just ended, and choose what to say; never under way.

        Who hardly stands between two repetitions hears it after the next one.
        """
        if self._due_s is not None and (self._counter.down or time_s >= self._due_s):
            self._due_s = None
            self._waiting = self._choose(time_s)
        if self._counter.down:
            return None
        spoken, self._waiting = self._waiting, None
        return spoken

    def _choose(self, time_s: float) -> Spoken | None:
        reps = self._judge(self._ready_s, time_s)
        known_s = self._judged[-1].bottom_s + _SAME_S if self._judged else -np.inf
        new = [rep for rep in reps if rep.bottom_s > known_s]
        self._judged += new
        limit = self._limit()
        return limit or (self._words.after(self._judged, len(new)) if new else None)

    def _limit(self) -> Spoken | None:
        """Announce the limit of velocity, once when it is near and once when it is reached."""
        limit = self._rules.velocity_limit_pct
        if limit is None:
            return None
        self._line = stop_line(self._judged, limit)
        loss = self._line.loss_pct
        if not self._line.usable or loss is None or loss < limit - _NEAR_PCT:
            return None
        kind: SpokenKind = "stop" if loss >= limit else "near_limit"
        if kind in self._announced:
            return None
        self._announced.add(kind)
        return Spoken(kind, "", (), len(self._judged))
