"""Who trains: the people of a video as tracks, ordered by how likely each is the one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from .appearance import colour_distance
from .signal import running_median

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..vision.frame import Image
    from .topology import Topology

    Floats = NDArray[np.float64]

# Movements up and down that are smaller than this part of the body's height are none.
_LEAST_TRAVEL = 0.08
# What somebody who never moves counts as, in heights of the body.
_STANDING = 0.1
# A body at the picture's edge counts half as much as one in its middle.
_EDGE = 0.5
# Somebody seen for less time and for less of a shot is not worth choosing.
_LEAST_S, _LEAST_PART = 1.0, 0.3
# Change of pace from frame to frame, in heights of the body, at which landmarks count half: in real
# bodies it is below 0.04.
_SHAKING = 0.1
# Two sightings that don't overlap are of one person if the second begins where the first ended,
# in heights of the body, about as large, in the same clothes (grey levels).
_SAME_PLACE, _SAME_SIZE, _SAME_CLOTHES = 0.5, 1.5, 60.0
# Frames at the ends of a sighting that tell where it ends.
_ENDS = 3
# A body's height over the length from its shoulders to its ankles.
_HEIGHT_PER_LENGTH = 1.2


@dataclass(eq=False)
class Sighting:
    """One person without interruption of identity: in which frames, and the landmarks there.

    Attributes
    ----------
    frames : list of int
        Increasing.
    rows : list of (J, 6) float32 arrays
        x, y in pixels; x, y, z in metres; visibility.
    clothes : (2, 3) array or None
        See `formdrift.pose.appearance.clothes`.
    portrait : (128, 96, 3) uint8 array or None
        See `formdrift.pose.appearance.portrait`.
    likeness : float
        Mean visibility of the landmarks in it.
    """

    frames: list[int] = field(default_factory=list)
    rows: list[NDArray[np.float32]] = field(default_factory=list)
    clothes: Floats | None = None
    portrait: Image | None = None
    likeness: float = 0.0

    def within(self, start: int, stop: int) -> Sighting:
        """Return the part of it in a range of frames."""
        a, b = np.searchsorted(self.frames, (start, stop))
        return replace(self, frames=self.frames[a:b], rows=self.rows[a:b])

    def joined(self, later: Sighting) -> Sighting:
        """Return this and a later one as one."""
        longer = self if len(self.frames) >= len(later.frames) else later
        return replace(longer, frames=self.frames + later.frames, rows=self.rows + later.rows)


def rank(
    sightings: Sequence[Sighting],
    time_s: Floats,
    segments: Sequence[tuple[int, int]],
    picture: tuple[int, int],
    topology: Topology,
) -> list[tuple[float, Sighting]]:
    """Return everybody with their likelihood to be the one who trains, the likeliest first.

    A cut may show other people, or the same ones from elsewhere: the first of the
    list is the likeliest of every shot, the second the next one, and so on.

    Parameters
    ----------
    sightings : sequence of Sighting
        Of the whole video.
    time_s : (T,) array
    segments : sequence of (start, stop)
        The shots, as frame ranges.
    picture : tuple of int
        Width and height in pixels.
    topology : Topology
        Of the landmarks.
    """
    fps = float(1 / np.median(np.diff(time_s))) if len(time_s) > 1 else 1.0
    ranks: list[tuple[float, Sighting]] = []
    for start, stop in segments:
        parts = [part for one in sightings if (part := one.within(start, stop)).frames]
        linked = link(parts, topology)
        rated = [(likelihood(one, len(time_s), fps, picture, topology), one) for one in linked]
        rated.sort(key=lambda pair: pair[0], reverse=True)
        least = min(_LEAST_S * fps, _LEAST_PART * (stop - start))
        kept = [pair for k, pair in enumerate(rated) if k == 0 or len(pair[1].frames) >= least]
        for place, (value, one) in enumerate(kept):
            if place == len(ranks):
                ranks.append((value, one))
            else:
                ranks[place] = ranks[place][0] + value, ranks[place][1].joined(one)
    return ranks


def link(sightings: Sequence[Sighting], topology: Topology) -> list[Sighting]:
    """Join the sightings of one shot that follow each other and look like one person."""
    linked: list[Sighting] = []
    for later in sorted(sightings, key=lambda one: one.frames[0]):
        before = [one for one in linked if one.frames[-1] < later.frames[0]]
        fits = [_unlike(one, later, topology) for one in before]
        if fits and min(fits) <= 1:
            one = before[int(np.argmin(fits))]
            linked[linked.index(one)] = one.joined(later)
        else:
            linked.append(later)
    return linked


def likelihood(sighting: Sighting, frames: int, fps: float, picture: tuple[int, int], topology: Topology) -> float:
    """Return how likely somebody is the one who trains.

    The product of the way that shoulders and hips went up and down, in heights of the
    body, the part of the frames in which they are seen, how well, their size in the
    picture, how central they are, and how steady their landmarks: a coach stands, a
    passer-by is soon gone, a mirror image is smaller, a poster does nothing, and a
    chair that is taken for somebody shakes.

    Parameters
    ----------
    sighting : Sighting
    frames : int
        Of the whole video.
    fps : float
        Frames a second.
    picture : tuple of int
        Width and height in pixels.
    topology : Topology
        Of the landmarks.
    """
    body = _Body.of(sighting, topology)
    if not body.height_px > 0:
        return 0.0
    width, height = picture
    window = max(1, round(0.2 * fps))
    moved = max(travel(_smooth(part / body.height_px, window), _LEAST_TRAVEL) for part in (body.hips, body.shoulders))
    size = min(1.0, body.height_px / height)
    central = 1.0 - _EDGE * min(1.0, abs(float(np.nanmedian(body.x_px)) - width / 2) / (width / 2))
    seen_well = float(np.mean([row[:, 5] for row in sighting.rows])) ** 2
    shakes = max(_shaking(part / body.height_px) for part in (body.hips, body.shoulders))
    steady = 1.0 / (1.0 + (shakes / _SHAKING) ** 2)
    return float((_STANDING + moved) * len(sighting.frames) / frames * size * central * seen_well * steady)


def _shaking(y: Floats) -> float:
    """Return how much a curve changes its pace from frame to frame, in its own unit."""
    changes = np.abs(np.diff(y, n=2))
    known = changes[np.isfinite(changes)]
    return float(np.percentile(known, 75)) if len(known) > 1 else 0.0


def travel(y: Floats, least: float) -> float:
    """Return the way along what is known of a (T,) curve, without movements to and fro smaller than `least`."""
    known = y[np.isfinite(y)]
    if not len(known):
        return 0.0
    turns, extreme, direction = [known[0]], known[0], 0.0
    for value in known:
        if direction * (value - extreme) > 0:
            extreme = value
        elif abs(value - extreme) > least:
            turns.append(extreme)
            extreme, direction = value, np.sign(value - extreme)
    return float(np.abs(np.diff([*turns, extreme])).sum())


@dataclass(frozen=True, eq=False)
class _Body:
    """Where and how large a body is; hips and shoulders in pixels above the ankles.

    (T,) arrays, NaN where not seen; the height is NaN where the body is never seen whole.
    """

    x_px: Floats
    y_px: Floats
    hips: Floats
    shoulders: Floats
    height_px: float

    @property
    def known_px(self) -> Floats:
        """Middles of the hips where they are seen, (n, 2)."""
        middles = np.column_stack([self.x_px, self.y_px])
        return middles[np.isfinite(middles).all(axis=1)]

    @classmethod
    def of(cls, sighting: Sighting, topology: Topology) -> _Body:
        xy = np.array(sighting.rows, dtype=np.float64)[..., :2]
        shoulder, hip, knee, ankle = (
            xy[:, [topology.index[f"{side}_{joint}"] for side in ("left", "right")]].mean(axis=1)
            for joint in ("shoulder", "hip", "knee", "ankle")
        )
        length = sum(np.linalg.norm(a - b, axis=1) for a, b in ((shoulder, hip), (hip, knee), (knee, ankle)))
        known = length[np.isfinite(length)]
        # the longest it looks: a thigh that points to the camera is short
        height_px = _HEIGHT_PER_LENGTH * float(np.percentile(known, 90)) if len(known) else np.nan
        return cls(hip[:, 0], hip[:, 1], ankle[:, 1] - hip[:, 1], ankle[:, 1] - shoulder[:, 1], height_px)


def _unlike(one: Sighting, later: Sighting, topology: Topology) -> float:
    """Return how unlike one person two sightings are: above 1 they are two."""
    a, b = (_Body.of(part, topology) for part in (one, later))
    if not np.minimum(a.height_px, b.height_px) > 0:
        return np.inf
    ended, began = a.known_px[-_ENDS:], b.known_px[:_ENDS]
    apart = float(np.hypot(*(np.median(ended, axis=0) - np.median(began, axis=0))))
    place = apart / max(a.height_px, b.height_px) / _SAME_PLACE
    size = abs(np.log(a.height_px / b.height_px)) / np.log(_SAME_SIZE)
    return float(max(place, size, colour_distance(one.clothes, later.clothes) / _SAME_CLOTHES))


def _smooth(y: Floats, window: int) -> Floats:
    return running_median(y, 2 * (window // 2) + 1)
