"""Cuts and fades: where a video goes on with another picture."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..vision.frame import Frame

    Floats = NDArray[np.float64]
    Indices = NDArray[np.intp]
    Thumbnail = NDArray[np.uint8]
    Grey = NDArray[np.uint8] | NDArray[np.float16] | NDArray[np.float32]

# Width and height of the grey picture that is kept of every frame: 576 bytes.
SIZE = 32, 18
SHAPE = SIZE[::-1]
# The difference of two pictures, in grey levels, that a cut has at least, the part of the picture
# that must have changed by as much, and how far the difference must stand out from those around it.
_CHANGE = 10.0
_CHANGED_PART = 0.25
_STANDS_OUT = 5.0
_AROUND_S = 0.4
# Differences below one grey level are noise.
_NOISE = 1.0
# Half the length of the cross-fades that are looked for, how far the difference of its ends must
# stand out from the changes in as much time before and after, and how badly the pictures between
# may be mixtures of the ends, as a part of their difference.
_HALF_FADES_S = (0.2, 0.4, 0.8)
_FADE_STANDS_OUT = 2.5
_MIX_ERROR = 0.25
# A picture with less contrast than this, in grey levels, or than this part of the video's usual
# contrast, shows nothing.
_BLANK = 3.0
_FADED = 0.35
# Rows and columns at the margin whose grey levels, over the whole video, differ by no more than this are bars.
_BAR = 8
# So many pairs of pictures are compared together: more gain no time and take memory.
_AT_ONCE = 200


def thumbnail(frame: Frame) -> Thumbnail:
    """Return the whole picture in grey as (18, 32) array; its shape is not kept."""
    return frame.grey(SIZE)


def change(before: Grey, after: Grey) -> float:
    """Return how much a picture changed, in grey levels, 0 where only a small part of it did.

    A change of brightness or contrast is none: it is the root mean square of what is
    left when one picture is fitted to the other by a line.
    """
    difference = _difference(before, after)
    # a caption that appears spoils the fit everywhere, but leaves most of the picture as it was
    plain = np.abs(after.astype(np.float64) - before)
    changed = np.mean(np.minimum(difference, plain) > _CHANGE) >= _CHANGED_PART
    return float(np.sqrt(np.mean(difference**2))) if changed else 0.0


def segments(time_s: Floats, thumbnails: NDArray[np.uint8]) -> tuple[tuple[int, int], ...]:
    """Return the frame ranges between the cuts of a video.

    Parameters
    ----------
    time_s : (T,) array
    thumbnails : (T, 18, 32) array

    Returns
    -------
    tuple of (start, stop)
        In order, covering all frames. A cut is a change of the picture that stands out
        from those shortly before and after, so that neither a pan nor somebody who walks
        past the camera is one; a cross-fade ends the range in its middle; an empty
        picture (black, white, or nearly faded to it) is a range of its own.
    """
    count = len(time_s)
    if count < 2:
        return ((0, count),)
    # in half precision and one by one: an hour has a hundred thousand
    pictures = np.empty(thumbnails.shape, np.float16)
    contrast = np.zeros(count)
    for i, picture in enumerate(thumbnails):
        soft = _soft(picture)
        pictures[i], contrast[i] = soft, soft.std()
    blank = contrast < max(_BLANK, _FADED * float(np.median(contrast)))
    edges = set((np.flatnonzero(blank[1:] != blank[:-1]) + 1).tolist())
    rows, columns = _inside_bars(thumbnails)
    pictures = pictures[:, rows, columns]
    edges |= {i for i in _hard_cuts(time_s, pictures) if not blank[i - 1 : i + 1].any()}
    edges |= {i for i in _cross_fades(time_s, pictures, sorted(edges)) if not blank[i]}
    borders = [0, *sorted(edges), count]
    return tuple(pairwise(borders))


class Startle:
    """Notices a cut in the frame that it happens in, by the frames before."""

    def __init__(self) -> None:
        self._last: tuple[NDArray[np.float32], Floats, float] | None = None
        self._recent: list[tuple[float, float]] = []

    def step(self, time_s: float, picture: Thumbnail) -> bool:
        """Tell whether the picture is another than that of the frame before."""
        soft = _soft(picture)
        values = _centred(soft)
        last, self._last = self._last, (soft, values, float(values @ values))
        if last is None:
            return False
        size = float(_residual(last[2], self._last[2], float(last[1] @ values), values.size))
        self._recent = [(t, value) for t, value in self._recent if t >= time_s - _AROUND_S]
        calm = max([_NOISE, *(value for _, value in self._recent)])
        self._recent.append((time_s, size))
        return size > _STANDS_OUT * calm and change(last[0], soft) > _CHANGE


def _inside_bars(thumbnails: NDArray[np.uint8]) -> tuple[slice, slice]:
    """Return rows and columns inside bars, such as beside a portrait video that was put into a landscape one.

    A cut or a fade between bars changes only a small part of the whole picture.
    """
    low, high = thumbnails.min(axis=0), thumbnails.max(axis=0)
    inside = []
    for along in (1, 0):
        shown = np.flatnonzero(high.max(axis=along).astype(int) - low.min(axis=along) > _BAR)
        if not len(shown):
            return slice(None), slice(None)
        inside.append(slice(int(shown[0]), int(shown[-1]) + 1))
    return inside[0], inside[1]


def _soft(picture: Thumbnail) -> NDArray[np.float32]:
    """Blur a little, so that a shaking camera changes little."""
    return cv2.GaussianBlur(picture.astype(np.float32), (0, 0), 1.0).astype(np.float32, copy=False)


def _difference(before: Grey, after: Grey) -> Floats:
    """Return the absolute residual of the picture with more contrast fitted by the other."""
    a, b = (x.astype(np.float64) - float(x.mean()) for x in (before, after))
    if (a * a).sum() > (b * b).sum():
        a, b = b, a
    gain = max((a * b).sum(), 0.0) / max((a * a).sum(), 1e-9)
    return np.asarray(np.abs(b - gain * a))


def _rms(before: Grey, after: Grey) -> Floats:
    """Return the root mean square of `_difference`, of two pictures or of as many pairs."""
    a, b = _centred(before), _centred(after)
    aa, bb, ab = (np.einsum("...i,...i->...", x, y) for x, y in ((a, a), (b, b), (a, b)))
    return _residual(aa, bb, ab, a.shape[-1])


def _centred(pictures: Grey) -> Floats:
    """Return each picture as one row without its mean."""
    values = pictures.reshape(*pictures.shape[:-2], -1).astype(np.float64)
    values -= values.sum(axis=-1, keepdims=True) / values.shape[-1]
    return values


def _residual(aa: Floats | float, bb: Floats | float, ab: Floats | float, count: int) -> Floats:
    """Return the root mean square of what is left when the stronger of two pictures is fitted by the weaker, a.

    It needs no picture: the fit leaves b b - (a b)^2 / a a.
    """
    left = np.maximum(aa, bb) - np.maximum(ab, 0.0) ** 2 / np.maximum(np.minimum(aa, bb), 1e-9)
    return np.asarray(np.sqrt(np.maximum(left, 0.0) / count))


def _apart(pictures: NDArray[np.float16], some: Indices, others: Indices) -> Floats:
    """Return how much pictures differ from others, some at a time."""
    parts = [slice(k, k + _AT_ONCE) for k in range(0, len(some), _AT_ONCE)]
    return np.concatenate([np.empty(0), *(_rms(pictures[some[part]], pictures[others[part]]) for part in parts)])


def _hard_cuts(time_s: Floats, pictures: NDArray[np.float16]) -> list[int]:
    """Return the first frames after cuts."""
    number = np.arange(len(pictures))
    size = np.r_[0.0, _apart(pictures, number[:-1], number[1:])]
    found = []
    for i in np.flatnonzero(size > _CHANGE):
        first, last = np.searchsorted(time_s, (time_s[i] - _AROUND_S, time_s[i] + _AROUND_S))
        # a blended frame may stand between the two pictures
        around = np.r_[size[first : max(i - 1, first)], size[i + 2 : last]]
        if size[i] < max(size[max(i - 1, 0) : i + 2]) or size[i] < _STANDS_OUT * max(_NOISE, around.max(initial=0.0)):
            continue
        if change(pictures[i - 1], pictures[i]) > _CHANGE:
            found.append(int(i))
    return found


def _cross_fades(time_s: Floats, pictures: NDArray[np.float16], known: list[int]) -> list[int]:
    """Return the frames in the middle of cross-fades, where the pictures are mixtures of what was and what comes."""
    found: list[int] = []
    for half_s in _HALF_FADES_S:
        best: dict[int, float] = {}
        ends_s = time_s[::2, None] + half_s * np.array([-3, -1, 1, 3])
        ends = np.minimum(np.searchsorted(time_s, ends_s), len(time_s) - 1)
        # without pictures before and after it, a quick movement can't be told from a fade
        inside = (ends_s[:, 1] - half_s >= time_s[0]) & (ends_s[:, 2] + half_s <= time_s[-1])
        likely = np.flatnonzero(inside & (ends[:, 2] - ends[:, 1] >= 4))
        likely = likely[_apart(pictures, ends[likely, 1], ends[likely, 2]) > _CHANGE]
        for k in likely.tolist():
            i, (before, first, last, after) = 2 * k, ends[k].tolist()
            if any(first <= edge <= last for edge in (*known, *found)):
                continue
            size = change(pictures[first], pictures[last])
            around = max(_NOISE, *_apart(pictures, np.array([before, last]), np.array([first, after])))
            if size > max(_CHANGE, _FADE_STANDS_OUT * around) and _is_mixture(pictures[first : last + 1]):
                best[i] = size
        while best:
            i = max(best, key=lambda k: best[k])
            found.append(i)
            best = {k: v for k, v in best.items() if abs(time_s[k] - time_s[i]) > 2 * half_s}
    return found


def _is_mixture(pictures: NDArray[np.float16]) -> bool:
    """Tell whether all pictures are mixtures of the first and the last, with ever more of the last."""
    pictures = pictures.astype(np.float64)
    step = pictures[-1] - pictures[0]
    power = max(float((step * step).sum()), 1e-9)
    middle = pictures[1:-1] - pictures[0]
    part = (middle * step).sum(axis=(1, 2)) / power
    error = np.sqrt(((middle - part[:, None, None] * step) ** 2).sum(axis=(1, 2)) / power)
    return bool(error.max() < _MIX_ERROR and np.diff(part).min(initial=0.0) > -0.05 and np.ptp(part) > 0.5)
