"""Following several people through a video, each with one region, without taking one for another."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .appearance import clothes
from .body import body_box, look_upright, part_inside, same_body, shared
from .cuts import Startle, thumbnail
from .glance import Glance, Window
from .person import Person
from .region import Region

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..vision.frame import Frame
    from .engine import Landmarks, RegionEngine

# Each person more costs a run of the network in every frame.
MOST_PEOPLE = 4
# How long after the last look around the next one is due: the shortest time, and the longest that
# it grows to while nobody new is found, also while something moves where nobody is known.
_LOOK_AROUND_S, _LOOK_AT_MOVEMENT_S = (0.1, 5.0), 0.5
# That something moves: by so many grey levels within so many seconds, in this part of the picture
# but not in so much of it that it must be the camera.
_MOVEMENT, _MOVEMENT_S, _MOVING_PART = 12, 0.2, (0.01, 0.3)
# How sure the engine must be of somebody new beside people who are known.
_SURE = 0.7
# Part of the landmarks of somebody new, or of somebody looked for beside them, that may lie there.
_MOST_INSIDE = 0.6
# Joints that somebody new may share with others: with more, the legs of one were taken for those of the other.
_MOST_SHARED = 1
# Side of the window in which people beside those known are looked for, over that of their region;
# none where it is nearly the whole picture.
_NEAR, _NEARLY_ALL = 2.0, 0.8
# How often the whole picture is looked at while somebody is missing, and how long they are missed.
_LOOK_FOR_LOST_S, _MISSED_S = 0.1, 2.0


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
        around = [person for person in self._known if self._is_around(person, frame)]
        seen = self._follow(frame)
        self._part(frame, seen)
        for person in around:
            if person.number not in seen:
                self._uncover(frame, person, seen)
        self._remember(frame.time_s)
        if self._is_due(frame, seen):
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
        """Look again for somebody who is not seen beside others; of too many, who was followed least is let go."""
        found = self._beside(frame, person, seen) if seen else None
        person.covered = found is not None and self._touches(found, seen)
        if found is None:
            person.lose()
            return
        seen[person.number] = found
        if len(seen) > self._most:
            newest = min((one for one in self._known if one.number in seen), key=lambda one: one.followed_s)
            del seen[newest.number]
            newest.lose()

    def _touches(self, found: Landmarks, seen: dict[int, Landmarks]) -> bool:
        """Tell whether the box of a body meets that of another."""
        one = body_box(found)
        others = [body_box(other) for other in seen.values()]
        return any(a[0] < one[2] and one[0] < a[2] and a[1] < one[3] and one[1] < a[3] for a in others)

    def _beside(self, frame: Frame, person: Person, others: dict[int, Landmarks]) -> Landmarks | None:
        """Return the landmarks of somebody beside others, or None where those hide too much.

        The network sees the body of a region that is seen best, so that there should be
        little else in it. Who stands behind a plate next to somebody is not that one even
        then, but with the others painted over.
        """
        closely = look_upright(self._engine, frame, person.closely(frame.time_s))
        if self._is_theirs(frame, person, closely, others):
            return closely
        painted = [body_box(other) for other in others.values()]
        found = look_upright(self._engine, Glance(frame, painted), person.surroundings(frame.time_s))
        if found is None or part_inside(found, painted) > _MOST_INSIDE:
            return None
        return found if self._is_theirs(frame, person, found, others) else None

    def _is_theirs(self, frame: Frame, person: Person, found: Landmarks | None, others: dict[int, Landmarks]) -> bool:
        """Tell whether landmarks can be somebody's and are of nobody else."""
        if found is None or found.region is None:
            return False
        if any(same_body(found, other, self._engine.topology) for other in others.values()):
            return False
        colours = clothes(frame, found, self._engine.topology)
        return person.strangeness(found.region, frame.time_s, colours) <= 1

    def _remember(self, time_s: float) -> None:
        """Keep the thumbnails of the last moment."""
        self._recent.append((time_s, self.thumbnail))
        while len(self._recent) > 1 and self._recent[1][0] <= time_s - _MOVEMENT_S:
            self._recent.popleft()

    def _moves(self, frame: Frame, seen: dict[int, Landmarks]) -> bool:
        """Tell whether something moves where nobody is known."""
        moving = cv2.absdiff(self.thumbnail, self._recent[0][1]) > _MOVEMENT
        least, most = _MOVING_PART
        if np.count_nonzero(moving) < least * moving.size:
            return False
        rows, columns = moving.shape
        cells = np.array([columns, rows, columns, rows])
        for found in seen.values():
            box = np.clip(body_box(found) / np.tile(frame.size, 2) * cells, 0, cells)
            left, top, right, bottom = box.round().astype(int)
            moving[top:bottom, left:right] = False
        return bool(least <= moving.mean() <= most)

    def _is_due(self, frame: Frame, seen: dict[int, Landmarks]) -> bool:
        """Tell whether it is time to look at the whole picture."""
        waited = frame.time_s - self._looked_s
        if not any(person.region is not None for person in self._known):
            return True
        if any(person.region is None and self._is_around(person, frame) for person in self._known):
            return waited >= _LOOK_FOR_LOST_S
        return waited >= self._patience_s or (waited >= _LOOK_AT_MOVEMENT_S and self._moves(frame, seen))

    def _is_around(self, person: Person, frame: Frame) -> bool:
        """Tell whether somebody is seen, or was a moment ago and should be; who was seen briefly is missed briefly."""
        if person.region is not None:
            return True
        if frame.time_s - person.seen_s >= min(_MISSED_S, person.followed_s):
            return False
        x, y = person.expected(frame.time_s)
        width, height = frame.size
        return bool(0 <= x < width and 0 <= y < height)

    def _look_around(self, frame: Frame, seen: dict[int, Landmarks]) -> None:
        """Find who came or came back, until there is nobody more."""
        shortest, longest = _LOOK_AROUND_S
        self._patience_s = min(2 * self._patience_s, longest)
        self._looked_s = frame.time_s
        while len(seen) < self._most and self._find_more(frame, seen):
            self._patience_s = shortest

    def _find_more(self, frame: Frame, seen: dict[int, Landmarks]) -> bool:
        """Add people to those seen and tell whether there were any.

        The detector sees the most striking person and rarely those beside them, so
        people who are known are painted over. Small people and those half hidden it finds
        only where they are larger, so that it looks around those known once more.
        """
        before = len(seen)
        painted = [body_box(found) for found in seen.values()]
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
            if part_inside(found, painted) > _MOST_INSIDE:
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
        around = [one for one in self._known if self._is_around(one, frame)]
        if len(around) > 1 or person.region is None:
            person.wears(clothes(frame, found, self._engine.topology))
        person.saw(found.region, frame.time_s)
