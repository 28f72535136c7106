"""Following several people through a video, each with one region, without taking one for another."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from .appearance import clothes, colour_distance
from .cuts import Startle, thumbnail
from .glance import Glance, Window
from .region import Region

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..vision.frame import Frame
    from .engine import Landmarks, RegionEngine
    from .glance import Box
    from .topology import Topology

    Floats = NDArray[np.float64]

# Each person more costs a run of the network in every frame.
MOST_PEOPLE = 4
# How long after the last look around the next one is due: the shortest time, and the longest that
# it grows to while nobody new is found, also while something moves where nobody is known.
_LOOK_AROUND_S, _LOOK_AT_MOVEMENT_S = (0.1, 2.0), 0.5
# That something moves: by so many grey levels within so many seconds, in this part of the picture
# but not in so much of it that it must be the camera.
_MOVEMENT, _MOVEMENT_S, _MOVING_PART = 12, 0.2, (0.01, 0.3)
# How sure the engine must be of somebody new beside people who are known.
_SURE = 0.7
# Room around the landmarks of somebody who is painted over, as a part of their extent.
_ROOM = 0.08
# Part of the landmarks of somebody new, or of somebody looked for beside them, that may lie there.
_MOST_INSIDE = 0.6
# Joints that somebody new may share with others, and how close they then are, in lengths of the
# trunk: with more, the legs of one were taken for those of the other.
_MOST_SHARED, _SHARED = 1, 0.2
# Side of the window in which people beside those known are looked for, over that of their region;
# none where it is nearly the whole picture.
_NEAR, _NEARLY_ALL = 2.0, 0.8
# The same while somebody is missing but others are seen, and how long they are missed.
_LOOK_FOR_LOST_S, _MISSED_S = 0.1, 2.0
# Two sets of landmarks show one body when their joints are closer than this, in lengths of the trunk.
_SAME_BODY = 0.35
_JOINTS = tuple(f"{side}_{joint}" for joint in ("shoulder", "hip", "knee", "ankle") for side in ("left", "right"))
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
    covered : bool
        They were last seen only with those beside them painted over.
    """

    number: int
    region: Region | None
    place: Region
    seen_s: float
    velocity: Floats = field(default_factory=lambda: np.zeros(2))
    clothes: Floats | None = None
    covered: bool = False

    def expected(self, time_s: float) -> Floats:
        """Return where the middle of their region should be."""
        gap = time_s - self.seen_s
        return np.asarray(self.place.center_px + self.velocity * _SPEED_LASTS_S * (1 - np.exp(-gap / _SPEED_LASTS_S)))

    def surroundings(self, time_s: float) -> Region:
        """Return a larger upright region where they should be: for movements too fast for the last one."""
        x, y = (float(c) for c in self.expected(time_s))
        return Region((x, y), _LARGER * self.place.side_px, 0.0)

    def saw(self, region: Region, time_s: float) -> None:
        """Note where they are now."""
        gap = time_s - self.seen_s
        if self.region is not None and gap > 0:
            step = np.subtract(region.center_px, self.place.center_px) / gap
            self.velocity = self.velocity + (step - self.velocity) * min(1.0, gap / 0.2)
        self.region = self.place = region
        self.seen_s = time_s

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


class Follower:
    """Follows the people of one video frame by frame.

    Parameters
    ----------
    engine : RegionEngine
        Finds people in whole pictures and landmarks in regions.
    most : int
        How many people are followed at once; the largest and most central ones.

    Attributes
    ----------
    thumbnail : (18, 32) uint8 array
        Of the last frame, as `formdrift.pose.cuts` needs it.
    """

    def __init__(self, engine: RegionEngine, most: int = MOST_PEOPLE) -> None:
        self._engine = engine
        self._most = most
        self._known: list[Person] = []
        self._count = 0
        self._startle = Startle()
        self._recent: deque[tuple[float, NDArray[np.uint8]]] = deque()
        self._looked_s = -np.inf
        self._patience_s = _LOOK_AROUND_S[0]
        self.thumbnail: NDArray[np.uint8]

    def step(self, frame: Frame) -> dict[int, Landmarks]:
        """Return the landmarks of everybody seen in the next frame, by their number."""
        self.thumbnail = thumbnail(frame)
        if self._startle.step(frame.time_s, self.thumbnail):
            self._lose_all()
        expected = [person for person in self._known if person.region is not None]
        seen = self._follow(frame)
        self._part(frame, seen)
        for person in expected:
            if person.number not in seen:
                self._uncover(frame, person, seen)
        if self._is_due(frame.time_s, self._moves(frame, seen)):
            self._look_around(frame, seen)
        for person in self._known:
            if person.number in seen:
                self._note(frame, person, seen[person.number])
        return seen

    def _lose_all(self) -> None:
        """Expect nobody where they were: the picture is another, or a light went on."""
        for person in self._known:
            person.lose()
            person.seen_s = -np.inf
        self._looked_s, self._patience_s = -np.inf, _LOOK_AROUND_S[0]

    def _follow(self, frame: Frame) -> dict[int, Landmarks]:
        """Look for everybody where they should be."""
        seen = {}
        for person in self._known:
            if person.region is None or person.covered:
                continue
            found = look_upright(self._engine, frame, person.region)
            if found is None:
                found = look_upright(self._engine, frame, person.surroundings(frame.time_s))
            if found is None or found.region is None:
                person.lose()
            else:
                seen[person.number] = found
        return seen

    def _part(self, frame: Frame, seen: dict[int, Landmarks]) -> None:
        """Leave a body that two are seen in to the one who is likelier to be it."""
        people = [person for person in self._known if person.number in seen]
        for k, one in enumerate(people):
            for other in people[k + 1 :]:
                if one.number not in seen or other.number not in seen:
                    continue
                a, b = seen[one.number], seen[other.number]
                if not same_body(a, b, self._engine.topology):
                    continue
                colours = clothes(frame, a, self._engine.topology)
                where = a.region or one.place
                fits = [person.strangeness(where, frame.time_s, colours) for person in (one, other)]
                wrong = other if fits[0] <= fits[1] else one
                del seen[wrong.number]
                wrong.lose()

    def _uncover(self, frame: Frame, person: Person, seen: dict[int, Landmarks]) -> None:
        """Look again, with the others painted over, for somebody who is not seen beside them.

        The network sees the body of a region that is seen best. Who stands behind a plate
        next to somebody is not that one.
        """
        found = self._beside(frame, person, list(seen.values()))
        person.covered = found is not None and self._touches(found, seen)
        if found is None:
            person.lose()
        else:
            seen[person.number] = found

    def _touches(self, found: Landmarks, seen: dict[int, Landmarks]) -> bool:
        """Tell whether the box of a body meets that of another."""
        one = _box(found)
        others = [_box(other) for other in seen.values()]
        return any(a[0] < one[2] and one[0] < a[2] and a[1] < one[3] and one[1] < a[3] for a in others)

    def _beside(self, frame: Frame, person: Person, others: list[Landmarks]) -> Landmarks | None:
        """Return the landmarks of somebody with others painted over, or None where those hide too much."""
        painted = [_box(other) for other in others]
        found = look_upright(self._engine, Glance(frame, painted), person.place)
        if found is None or found.region is None or _part_inside(found, painted) > _MOST_INSIDE:
            return None
        if any(same_body(found, other, self._engine.topology) for other in others):
            return None
        colours = clothes(frame, found, self._engine.topology)
        return found if person.strangeness(found.region, frame.time_s, colours) <= 1 else None

    def _moves(self, frame: Frame, seen: dict[int, Landmarks]) -> bool:
        """Tell whether something moves where nobody is known."""
        self._recent.append((frame.time_s, self.thumbnail))
        while len(self._recent) > 1 and self._recent[1][0] <= frame.time_s - _MOVEMENT_S:
            self._recent.popleft()
        moving = np.abs(self.thumbnail.astype(np.int16) - self._recent[0][1]) > _MOVEMENT
        rows, columns = moving.shape
        cells = np.array([columns, rows, columns, rows])
        for found in seen.values():
            box = np.clip(_box(found) / np.tile(frame.size, 2) * cells, 0, cells)
            left, top, right, bottom = box.round().astype(int)
            moving[top:bottom, left:right] = False
        least, most = _MOVING_PART
        return bool(least <= moving.mean() <= most)

    def _is_due(self, time_s: float, something_moves: bool) -> bool:
        """Tell whether it is time to look at the whole picture."""
        waited = time_s - self._looked_s
        if not any(person.region is not None for person in self._known):
            return True
        if any(self._is_missing(person, time_s) for person in self._known):
            return waited >= _LOOK_FOR_LOST_S
        return waited >= min(self._patience_s, _LOOK_AT_MOVEMENT_S if something_moves else np.inf)

    def _is_missing(self, person: Person, time_s: float) -> bool:
        """Tell whether somebody was seen a moment ago but is not now."""
        return person.region is None and time_s - person.seen_s < _MISSED_S

    def _look_around(self, frame: Frame, seen: dict[int, Landmarks]) -> None:
        """Find who came or came back, until there is nobody more."""
        shortest, longest = _LOOK_AROUND_S
        self._patience_s = min(2 * self._patience_s, longest)
        self._looked_s = frame.time_s
        self._find_again(frame, seen)
        while len(seen) < self._most and self._find_more(frame, seen):
            self._patience_s = shortest

    def _find_again(self, frame: Frame, seen: dict[int, Landmarks]) -> None:
        """Look for those who were hidden a moment ago where they should be."""
        for person in self._known:
            if person.region is not None or not self._is_missing(person, frame.time_s) or not seen:
                continue
            others = list(seen.values())
            found = look_upright(self._engine, frame, person.surroundings(frame.time_s))
            if found is None or any(same_body(found, other, self._engine.topology) for other in others):
                found = self._beside(frame, person, others)
            if found is None or found.region is None or found.presence < _SURE:
                continue
            colours = clothes(frame, found, self._engine.topology)
            if person.strangeness(found.region, frame.time_s, colours) <= 1:
                seen[person.number] = found

    def _find_more(self, frame: Frame, seen: dict[int, Landmarks]) -> bool:
        """Add people to those seen and tell whether there were any.

        The detector sees the most striking person and rarely those beside them, so
        people who are known are painted over. Small people and those half hidden it finds
        only where they are larger, so that it looks around those known once more.
        """
        before = len(seen)
        painted = [_box(found) for found in seen.values()]
        picture: Frame = Glance(frame, painted) if seen else frame
        regions = self._engine.find(picture)
        if seen and not regions:
            known = [found.region for found in seen.values() if found.region is not None]
            regions = self._find_near(picture, max(known, key=lambda region: region.side_px))
        for region in regions[: self._most - len(seen)]:
            found = look_upright(self._engine, frame, region)
            covered = bool(seen) and self._is_mixed(found, seen)
            if covered:
                found = look_upright(self._engine, picture, region)
            if found is None or found.region is None or (seen and found.presence < _SURE):
                continue
            if any(same_body(found, known, self._engine.topology) for known in seen.values()):
                continue
            # The detector can't have seen a body that lies where others were painted over.
            if _part_inside(found, painted) > _MOST_INSIDE:
                continue
            person = self._recognise(frame, found, found.region, seen)
            person.covered = covered
            seen[person.number] = found
        return len(seen) > before

    def _is_mixed(self, found: Landmarks | None, seen: dict[int, Landmarks]) -> bool:
        """Tell whether landmarks are missing or have joints of somebody else."""
        return found is None or any(
            shared(found, other, self._engine.topology) > _MOST_SHARED for other in seen.values()
        )

    def _find_near(self, picture: Frame, known: Region) -> list[Region]:
        """Return the regions around people beside somebody known."""
        side = _NEAR * known.side_px
        if side > _NEARLY_ALL * max(picture.size):
            return []
        left, top = (float(c) - side / 2 for c in known.center_px)
        window = Window(picture, (left, top), (round(side), round(side)))
        return [
            Region((region.center_px[0] + left, region.center_px[1] + top), region.side_px, region.angle_rad)
            for region in self._engine.find(window)
        ]

    def _recognise(self, frame: Frame, found: Landmarks, region: Region, seen: dict[int, Landmarks]) -> Person:
        """Return the missing person whom landmarks belong to, or somebody new."""
        missing = [person for person in self._known if person.number not in seen]
        colours = clothes(frame, found, self._engine.topology)
        fits = [person.strangeness(region, frame.time_s, colours) for person in missing]
        if fits and min(fits) <= 1:
            return missing[int(np.argmin(fits))]
        person = Person(self._count, None, region, frame.time_s, clothes=colours)
        self._count += 1
        self._known.append(person)
        return person

    def _note(self, frame: Frame, person: Person, found: Landmarks) -> None:
        """Remember where somebody is and, in company, what they wear."""
        assert found.region is not None
        if len(self._known) > 1:
            colours = clothes(frame, found, self._engine.topology)
            if colours is not None:
                before = colours if person.clothes is None else person.clothes
                person.clothes = before + _MEMORY * (colours - before)
        person.saw(found.region, frame.time_s)


def look_upright(engine: RegionEngine, frame: Frame, region: Region) -> Landmarks | None:
    """Return the landmarks in a region; a body that stands on its head is looked at the other way round.

    Nobody squats upside down, but a body whose head is outside the picture can look
    as if its feet were the head.
    """
    found = engine.look(frame, region)
    if found is None or not upside_down(found, engine.topology):
        return found
    turned = engine.look(frame, Region(region.center_px, region.side_px, region.angle_rad + np.pi))
    return None if turned is None or upside_down(turned, engine.topology) else turned


def upside_down(found: Landmarks, topology: Topology) -> bool:
    """Tell whether the shoulders are below the hips and the feet above them."""
    shoulders, hips, ankles = (_middle(found, topology, joint)[1] for joint in ("shoulder", "hip", "ankle"))
    return bool(shoulders > hips > ankles)


def same_body(one: Landmarks, other: Landmarks, topology: Topology) -> bool:
    """Tell whether two sets of landmarks show one body."""
    index = [topology.index[joint] for joint in _JOINTS]
    apart = np.linalg.norm(one.xy_px[index] - other.xy_px[index], axis=1)
    known = apart[np.isfinite(apart)]
    return len(known) > 0 and float(np.median(known)) < _SAME_BODY * max(_size(one, topology), _size(other, topology))


def shared(one: Landmarks, other: Landmarks, topology: Topology) -> int:
    """Return how many joints of one body lie on the same joint of another, be it the left or the right one."""
    near = _SHARED * max(_size(one, topology), _size(other, topology))
    count = 0
    for joint in ("shoulder", "hip", "knee", "ankle"):
        pair = [topology.index[f"{side}_{joint}"] for side in ("left", "right")]
        apart = np.linalg.norm(one.xy_px[pair, None] - other.xy_px[None, pair], axis=2)
        count += int((apart.min(axis=1) < near).sum())
    return count


def _size(found: Landmarks, topology: Topology) -> float:
    """Return the length of the trunk or, if that is seen from above, half that of the legs, in pixels."""
    shoulders, hips, ankles = (_middle(found, topology, joint) for joint in ("shoulder", "hip", "ankle"))
    lengths = np.linalg.norm(shoulders - hips), np.linalg.norm(hips - ankles) / 2
    return float(np.nan_to_num(lengths).max())


def _box(found: Landmarks) -> Box:
    """Return left, top, right and bottom of a body, in pixels."""
    low, high = np.nanmin(found.xy_px, axis=0), np.nanmax(found.xy_px, axis=0)
    room = _ROOM * float((high - low).max())
    return float(low[0]) - room, float(low[1]) - room, float(high[0]) + room, float(high[1]) + room


def _part_inside(found: Landmarks, boxes: list[Box]) -> float:
    """Return the part of the landmarks that lie in one of the boxes."""
    x, y = found.xy_px.T
    parts = [((left < x) & (x < right) & (top < y) & (y < bottom)).mean() for left, top, right, bottom in boxes]
    return float(max(parts, default=0.0))


def _middle(found: Landmarks, topology: Topology, joint: str) -> Floats:
    return np.asarray(found.xy_px[[topology.index[f"{side}_{joint}"] for side in ("left", "right")]].mean(axis=0))
