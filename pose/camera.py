"""How the camera moved, measured on the background: what shakes or pans with it moves nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from scipy.interpolate import PchipInterpolator

from .body import body_box

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ..vision.frame import Frame
    from .engine import Landmarks

    Floats = NDArray[np.float64]
    Grey = NDArray[np.uint8]
    Mask = NDArray[np.bool_]

# Longer side of the grey picture that is looked at, in pixels; lengths below are in its pixels.
_SIDE = 320
# Time between two looks, in seconds, while the camera moves and while it stands.
_MOVING_S, _STANDING_S = 0.05, 0.25
# How long after its last movement the camera stands, and how far it must have moved to be moving.
_CALM_S, _MOVED = 1.0, 0.25
# Corners that are followed: so many in each cell of a grid, so far apart, and at least so many in all.
_GRID, _PER_CELL, _APART, _FEWEST = (6, 4), 4, 8, 10
_CORNERS = 200
# Room around people, as a part of their extent: what they hold moves with them.
_ROOM = 0.2
# Corners that agree lie within this. If so large a part has not moved, the camera hasn't.
_AGREE, _UNMOVED_PART = 0.6, 0.4
# A picture is compared with an earlier one until the camera has turned so far, as a part of the
# side, or fewer than this part of the corners agree.
_TURNED, _KEPT_PART = 0.15, 0.5
# A camera that never moved further than this stood on something.
_STOOD = 0.5
# Focal lengths between which that of the camera lies, as parts of the longer side, and where it
# lies if nothing tells: as of most phones. That weighs as much as so much squared error.
_FOCALS = 1.2, 0.6
_USUAL, _WEIGHT = 0.35, 1.0
_WINDOW = (11, 11)


class CameraWatch:
    """Follows the background of one video.

    A camera that turns by small angles and zooms moves a point of the picture at (x, y)
    from its middle by a (1 + q x^2) + b q x y - c y + d x to the right and by
    a q x y + b (1 + q y^2) + c x + d y down, all in lengths of the longer side, with q one
    over the square of the focal length. These four are fitted to corners outside of all
    people (Lucas and Kanade 1981), against a picture that is kept as long as it is in
    view, so that errors don't add up. They are fitted for a long and for a short focal
    length; in the end they are mixed so that they fit best.
    """

    def __init__(self) -> None:
        self._times: list[float] = []
        self._turns: list[Floats] = []
        self._due_s = -np.inf
        self._moved_s: float | None = None
        self._size = (0, 0)
        self._full = (0, 0)
        self._key: Grey = np.zeros((1, 1), np.uint8)
        self._previous: tuple[Grey, list[Floats]] | None = None
        self._corners: Floats = np.zeros((0, 2))
        self._motion: Floats = np.zeros((len(_FOCALS), 0, 2, 4))
        self._agreed = 0
        # a, b, c and d for each focal length: of the picture that is kept, and last
        self._base: Floats = np.zeros((len(_FOCALS), 4))
        self._last = self._base
        self._errors: Floats = np.zeros((len(_FOCALS), len(_FOCALS)))

    def step(self, frame: Frame, people: Iterable[Landmarks]) -> None:
        """Look at the next frame, if it is time to."""
        if frame.time_s < self._due_s:
            return
        width, height = self._full = frame.size
        scale = _SIDE / max(width, height)
        self._size = max(1, round(width * scale)), max(1, round(height * scale))
        grey = frame.grey(self._size)
        boxes = [np.array(body_box(found, _ROOM)) * scale for found in people]
        if self._moved_s is None:
            self._moved_s = frame.time_s
        turn = self._compare(grey, boxes)
        if turn is None and self._previous is not None:
            self._keep(*self._previous)
            turn = self._compare(grey, boxes)
        if turn is None:
            # the first picture, or after a cut, or nothing to be seen in it
            self._keep(grey, boxes)
        else:
            if _shift(turn - self._last) > _MOVED:
                self._moved_s = frame.time_s
            self._last = turn
            if _shift(turn - self._base) > _TURNED * _SIDE:
                self._keep(grey, boxes)
        self._previous = grey, boxes
        self._times.append(frame.time_s)
        self._turns.append(self._last)
        moves = frame.time_s - self._moved_s < _CALM_S
        self._due_s = frame.time_s + (_MOVING_S if moves else _STANDING_S) - 1e-3

    def path(self, time_s: Floats, place_px: Floats) -> Floats:
        """Return how far the camera has moved what is at a place of the picture, in pixels, shape (T, 2).

        All zeros for a camera that stood still.
        """
        if len(self._times) < 2:
            return np.zeros((len(time_s), 2))
        turns = PchipInterpolator(self._times, np.array(self._turns))(np.clip(time_s, self._times[0], self._times[-1]))
        side = max(self._full)
        place = (place_px - np.array(self._full) / 2)[None] / side
        each = side * np.einsum("kic,tkc->kti", _motion(place)[:, 0], turns)
        moved = each[0] + self._mixture * (each[1] - each[0])
        low, high = np.percentile(moved, (2, 98), axis=0)
        return np.zeros_like(moved) if (high - low).max() < _STOOD * side / _SIDE else moved - moved[0]

    @property
    def _mixture(self) -> float:
        """How much of the shorter focal length the one has that leaves the smallest error."""
        (long, both), (_, short) = self._errors
        return float(np.clip((long - both + _WEIGHT * _USUAL) / (long - 2 * both + short + _WEIGHT), 0, 1))

    def _keep(self, grey: Grey, boxes: list[Floats]) -> None:
        """Compare the pictures that come with this one."""
        self._key, self._base = grey, self._last
        found = cv2.goodFeaturesToTrack(grey, _CORNERS, 0.02, _APART)
        corners = np.zeros((0, 2)) if found is None else found.reshape(-1, 2).astype(np.float64)
        corners = corners[~_inside(corners, boxes)]
        cell = (corners / self._size * _GRID).astype(int) @ (1, _GRID[0])
        order = np.argsort(cell, kind="stable")
        rank = np.empty(len(cell), dtype=int)
        rank[order] = np.arange(len(cell)) - np.searchsorted(cell[order], cell[order])
        self._corners = corners[rank < _PER_CELL]
        self._motion = _SIDE * _motion((self._corners - np.array(self._size) / 2) / _SIDE)
        self._agreed = 0

    def _compare(self, grey: Grey, boxes: list[Floats]) -> Floats | None:
        """Return how the camera is turned against the first picture; None where that can't be told."""
        if len(self._corners) < _FEWEST:
            return None
        before = self._corners.astype(np.float32)
        expected = _flow(self._motion, self._last - self._base).mean(axis=0)
        guess = np.ascontiguousarray(before + expected, dtype=np.float32)
        tracked, status, _ = cv2.calcOpticalFlowPyrLK(
            self._key, grey, before, guess, winSize=_WINDOW, maxLevel=2, flags=cv2.OPTFLOW_USE_INITIAL_FLOW
        )
        after = np.asarray(tracked, dtype=np.float64)
        known = (status.ravel() > 0) & ~_inside(after, boxes) & ((after > 0) & (after < self._size)).all(axis=1)
        flow = after - self._corners
        if known.sum() < _FEWEST:
            return None
        still = known & (np.hypot(*flow.T) < _AGREE)
        agree = (
            still
            if still.sum() >= _UNMOVED_PART * known.sum()
            else _near(flow, np.median(flow[known], axis=0), known, 4 * _AGREE)
        )
        for _ in range(2):
            if agree.sum() < _FEWEST:
                return None
            turn = _fit(self._motion[:, agree], flow[agree])
            found = _flow(self._motion, turn)
            agree = _near(flow, found.mean(axis=0), known, _AGREE)
        self._agreed = max(self._agreed, int(agree.sum()))
        if agree.sum() < max(_FEWEST, _KEPT_PART * self._agreed, _UNMOVED_PART * known.sum()):
            return None
        left = (found - flow)[:, agree].reshape(len(_FOCALS), -1)
        self._errors += left @ left.T
        return np.asarray(self._base + turn)


def _motion(places: Floats) -> Floats:
    """Return how points (P, 2), in sides from the middle, move with a, b, c, d for K focal lengths: (K, P, 2, 4)."""
    x, y = places.T
    one, none = np.ones_like(x), np.zeros_like(x)
    turned = np.array([[x * x, x * y, none, none], [x * y, y * y, none, none]])
    plain = np.array([[one, none, -y, x], [none, one, x, y]])
    return np.array([(plain + turned / focal**2).transpose(2, 0, 1) for focal in _FOCALS])


def _flow(motion: Floats, turn: Floats) -> Floats:
    """Return how far points move, for K focal lengths, shape (K, P, 2)."""
    return np.asarray((motion @ turn[:, None, :, None])[..., 0])


def _fit(motion: Floats, flow: Floats) -> Floats:
    """Return the a, b, c and d, (K, 4), with which points move most nearly so."""
    design = motion.reshape(len(motion), -1, 4)
    across = design.transpose(0, 2, 1)
    # a trace is added so that points on a line have a solution, too
    return np.asarray(np.linalg.solve(across @ design + 1e-6 * np.eye(4), across @ flow.reshape(-1, 1))[..., 0])


def _shift(turn: Floats) -> float:
    """Return how far the middle of the picture moves, in pixels of the small one."""
    return float(_SIDE * np.abs(turn[:, :2]).max())


def _near(flow: Floats, model: Floats, known: Mask, limit: float) -> Mask:
    return np.asarray(known & (np.linalg.norm(flow - model, axis=1) < limit))


def _inside(points: Floats, boxes: list[Floats]) -> Mask:
    """Tell which points (P, 2) lie in one of the boxes."""
    inside = np.zeros(len(points), dtype=bool)
    x, y = points.T
    for left, top, right, bottom in boxes:
        inside |= (left < x) & (x < right) & (top < y) & (y < bottom)
    return inside
