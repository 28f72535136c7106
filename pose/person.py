"""Somebody who is followed: where they were, where they should be, and whether somebody found is them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from .appearance import colour_distance
from .region import Region

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# What was found is a person known before only if it is at most so far from where they are expected,
# in sides of their region: at once, more with every second, and at most.
_REACH, _REACH_PER_S, _MOST_REACH = 0.2, 0.2, 0.6
_SIZE_RATIO = 1.6
# and if shirt and trousers differ by less than this, in grey levels.
_OTHER_CLOTHES = 60.0
# Speeds are forgotten while somebody is not seen: who walks may stop.
_SPEED_LASTS_S = 0.7
# How much of what somebody wears is learned from a frame.
_MEMORY = 0.1
# Side of the region in which somebody is looked for who has just been lost, over that of the last one.
_LARGER = 1.25
# The same for somebody beside others.
_SMALLER = 0.85


@dataclass(eq=False)
class Person:
    """Somebody who is followed.

    Attributes
    ----------
    number : int
        From 0, in the order in which people were first seen.
    region : Region or None
        Where to look in the next frame; None while they are not seen.
    place : Region
        Where they were last seen.
    velocity : (2,) array
        Of the middle of their region, in pixels a second.
    seen_s : float
        When they were last seen.
    clothes : (2, 3) array or None
        Mean colours of shirt and trousers, RGB.
    followed_s : float
        For how long they have been seen, in all.
    covered : bool
        They were last seen only with those beside them painted over.
    """

    number: int
    region: Region | None
    place: Region
    seen_s: float
    velocity: Floats = field(default_factory=lambda: np.zeros(2))
    clothes: Floats | None = None
    followed_s: float = 0.0
    covered: bool = False

    def expected(self, time_s: float) -> Floats:
        """Return where the middle of their region should be."""
        gap = time_s - self.seen_s
        return np.asarray(self.place.center_px + self.velocity * _SPEED_LASTS_S * (1 - np.exp(-gap / _SPEED_LASTS_S)))

    def surroundings(self, time_s: float) -> Region:
        """Return a larger upright region where they should be: for movements too fast for the last one."""
        x, y = (float(c) for c in self.expected(time_s))
        return Region((x, y), _LARGER * self.place.side_px, 0.0)

    def closely(self, time_s: float) -> Region:
        """Return a smaller region where they should be: for bodies that others are close to."""
        x, y = (float(c) for c in self.expected(time_s))
        return Region((x, y), _SMALLER * self.place.side_px, self.place.angle_rad)

    def saw(self, region: Region, time_s: float) -> None:
        """Note where they are now."""
        gap = time_s - self.seen_s
        if self.region is not None and gap > 0:
            step = np.subtract(region.center_px, self.place.center_px) / gap
            self.velocity = self.velocity + (step - self.velocity) * min(1.0, gap / 0.2)
            self.followed_s += gap
        self.region = self.place = region
        self.seen_s = time_s

    def wears(self, colours: Floats | None) -> None:
        """Learn what they wear, a little from every frame."""
        if colours is not None:
            before = colours if self.clothes is None else self.clothes
            self.clothes = before + _MEMORY * (colours - before)

    def lose(self) -> None:
        """Note that they are not where they were expected."""
        self.region = None

    def strangeness(self, region: Region, time_s: float, colours: Floats | None) -> float:
        """Return how unlike them somebody in a region is: above 1 it is somebody else."""
        gap = time_s - self.seen_s
        reach = min(_REACH + _REACH_PER_S * gap, _MOST_REACH) * self.place.side_px
        away = float(np.hypot(*(region.center_px - self.expected(time_s)))) / reach
        size = abs(np.log(region.side_px / self.place.side_px)) / np.log(_SIZE_RATIO)
        return float(max(away, size, colour_distance(self.clothes, colours) / _OTHER_CLOTHES))
