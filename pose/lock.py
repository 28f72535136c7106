"""Whom a live camera watches: locked by standing still for a moment, and not to be taken by who walks through."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from .people import Follower

if TYPE_CHECKING:
    from ..vision.frame import Frame
    from .engine import Landmarks, RegionEngine

# The stance that locks: so long, moving less than this part of the region's side, and seen this well.
_STANCE_S = 1.5
_STILL = 0.03
_MIN_VISIBILITY = 0.5
# Two people at once: the one who trains, and whoever comes too close.
_MOST_PEOPLE = 2


class LockedFollower:
    """Follows one person of a live camera, who has stood still in the picture for a moment.

    Parameters
    ----------
    engine : RegionEngine

    Attributes
    ----------
    locked : int or None
        Number of the person who is watched; None until somebody was locked.
    """

    def __init__(self, engine: RegionEngine) -> None:
        self._follower = Follower(engine, _MOST_PEOPLE)
        self._stances: dict[int, deque[tuple[float, Landmarks]]] = {}
        self.locked: int | None = None

    def step(self, frame: Frame) -> Landmarks | None:
        """Return the landmarks of the person who is watched in the next frame, or None when they are not seen.

        While nobody is locked, the first who stands still, whole and seen well, is; of
        several the one most in the middle.
        """
        seen = self._follower.step(frame)
        if self.locked is None:
            self._note(frame.time_s, seen)
            self.lock(frame.size)
        return None if self.locked is None else seen.get(self.locked)

    def lock(self, size: tuple[int, int]) -> int | None:
        """Lock who has stood still for a moment, if anybody has, and return their number."""
        still = {number: found for number, past in self._stances.items() if (found := _stance(past)) is not None}
        if still:
            self.locked = min(still, key=lambda number: _off_middle(still[number], size[0]))
        return self.locked

    def release(self) -> None:
        """Let go, so that the next one who stands still is watched."""
        self.locked = None
        self._stances.clear()

    def _note(self, time_s: float, seen: dict[int, Landmarks]) -> None:
        """Keep what was seen of everybody without a break, as long as a stance takes."""
        self._stances = {number: self._stances.get(number, deque()) for number in seen}
        for number, found in seen.items():
            past = self._stances[number]
            past.append((time_s, found))
            while len(past) > 1 and past[1][0] <= time_s - _STANCE_S:
                past.popleft()


def _off_middle(found: Landmarks, width: int) -> float:
    """Return how far from the middle of the picture somebody is, in pixels."""
    return abs(float(np.nanmedian(found.xy_px[:, 0])) - width / 2)


def _stance(past: deque[tuple[float, Landmarks]]) -> Landmarks | None:
    """Return the last landmarks of somebody who has stood still, whole and seen well, for long enough."""
    last_s, last = past[-1]
    if last_s - past[0][0] < _STANCE_S or last.region is None:
        return None
    regions = [found.region for _, found in past if found.region is not None]
    way = np.ptp([region.center_px for region in regions], axis=0).max()
    seen_well = min(float(found.visibility.mean()) for _, found in past) >= _MIN_VISIBILITY
    return last if seen_well and way < _STILL * last.region.side_px else None
