"""When the phases of a repetition begin and end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from .signal import bridge, butter_zero_lag, runs, velocity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from .reps import RepSpan
    from .thresholds import FilterThresholds, RepThresholds

    Floats = NDArray[np.float64]

# a phase is under way from this part of its range on: fidgeting before it does not begin it
_UNDER_WAY = 0.25
_HALF_SPEED = 0.5
# the bottom lasts while the signal is within this part of the excursion of its lowest point;
# who leaves it by the second part and comes back does another dip
_NEAR_BOTTOM, _LEFT_BOTTOM = 0.02, 0.10
# angles move before the hips visibly drop, by no more than this part of the drop's duration
_HIDDEN = 0.5
# a minimum-jerk movement (Flash and Hogan, 1985): the share of its way, and its speed, after each share of its duration
_SHARE = np.linspace(0.0, 1.0, 1001)
_WAY = _SHARE**3 * (10.0 - 15.0 * _SHARE + 6.0 * _SHARE**2)
_SPEED = 16.0 * _SHARE**2 * (1.0 - _SHARE) ** 2
# the speed of hips that sink with the cosine of thighs and shanks, from about straight to about parallel
_SINKING = np.sin(np.radians(5.0 + 55.0 * _WAY)) * _SPEED
_SINKING /= _SINKING.max()
# how the speed rises: up to its peak
_MOVING_OFF, _SINKING_OFF = (speed[: int(np.argmax(speed)) + 1] for speed in (_SPEED, _SINKING))
# time that such a movement spends near its end, per time before
_ARRIVING = float(np.mean(_WAY > 1.0 - _NEAR_BOTTOM) / np.mean(_WAY <= 1.0 - _NEAR_BOTTOM))


@dataclass(frozen=True, eq=False)
class _Curves:
    """What repetitions are timed by: clock, signal, joint angles where they were seen, and limits."""

    t: Floats
    q: Floats
    angles: Floats | None
    by_height: bool
    limits: RepThresholds

    def part(self, first: int, last: int) -> _Curves:
        """Return the frames from `first` to `last`."""
        frames = slice(first, last + 1)
        angles = None if self.angles is None else self.angles[frames]
        return replace(self, t=self.t[frames], q=self.q[frames], angles=angles)

    def backwards(self) -> _Curves:
        """Return the same with time reversed."""
        angles = None if self.angles is None else self.angles[::-1]
        return replace(self, t=-self.t[::-1], q=self.q[::-1], angles=angles)


def time_phases(
    spans: Sequence[RepSpan],
    time_s: ArrayLike,
    lowering: ArrayLike,
    effort: ArrayLike | None,
    limits: RepThresholds,
    filters: FilterThresholds,
    *,
    by_height: bool,
) -> tuple[RepSpan, ...]:
    """Time the phases of repetitions that were found.

    The height of the hips hides the beginning of a descent and the end of an ascent: it goes
    with the cosine of the angles, which is flat in standing. The joint angles show them.

    A slow beginning lies below any threshold of speed. How long it is, is told by how the
    speed rises: a minimum-jerk movement of the joints spends a known time below the
    threshold for the time from there to half of its peak speed. A movement that sets off
    abruptly rises at once and is hardly extended. Where one repetition runs into the next, they are parted
    half-way. The bottom is the middle of the time near the lowest point, less what such a
    movement spends there on its way: a slow way down does not make the bottom earlier.

    Parameters
    ----------
    spans : sequence of RepSpan
        In order of time.
    time_s, lowering : (N,) array
        Equally spaced clock and the signal in which the repetitions were found, high at the bottom; NaN is bridged.
    effort : (N,) array, optional
        Joint angles, in right angles; where they were not seen `lowering` tells.
    limits, filters : RepThresholds, FilterThresholds
        Part of the peak speed, and its floor, at which a phase begins; cut-off of the timing.
    by_height : bool
        `lowering` is how far the hips have dropped; otherwise it is an angle.
    """
    t = np.asarray(time_s, dtype=np.float64)
    if not spans or len(t) < 4:
        return tuple(spans)
    fs = 1.0 / float(t[1] - t[0])
    q = butter_zero_lag(bridge(lowering), filters.fc_timing_hz, fs)
    angles = None if effort is None else butter_zero_lag(bridge(effort), filters.fc_timing_hz, fs)
    curves = _Curves(t, q, angles, by_height, limits)
    bottoms = [int(np.searchsorted(t, span.bottom_s)) for span in spans]
    fences = [0, *bottoms, len(t) - 1]
    around = [_tops(span, curves, *fences[i : i + 3]) for i, span in enumerate(spans)]
    return _apart([_timed(span, curves, *frames) for span, frames in zip(spans, around, strict=True)])


def _tops(span: RepSpan, curves: _Curves, before: int, bottom: int, after: int) -> tuple[int, int, int]:
    """Frames of the tops and of the bottom between them.

    A top lies between the bottoms before and after, and not far from where the repetition
    was found: what lies further away may be a movement that is no repetition.
    """
    down_s, up_s = span.bottom_s - span.start_s, span.end_s - span.bottom_s
    near = np.searchsorted(curves.t, (span.start_s - down_s, span.end_s + up_s))
    first, last = min(max(before, int(near[0])), bottom), max(min(after, int(near[1])), bottom)
    top, next_top = (a + int(np.argmin(curves.q[a : b + 1])) for a, b in ((first, bottom), (bottom, last)))
    return top, bottom, next_top


def _timed(span: RepSpan, curves: _Curves, before: int, bottom: int, after: int) -> RepSpan:
    """Time a repetition whose lowest point is `bottom`, between the tops `before` and `after` it."""
    t = curves.t
    if after - bottom >= 2:
        # rising is lowering with time reversed
        end_s, ascent_start_s = (-s for s in _edges(curves.part(bottom, after).backwards()))
        end_s = span.end_s if "ends_early" in span.flags else min(max(end_s, span.bottom_s), float(t[-1]))
        span = replace(span, ascent_start_s=ascent_start_s, end_s=end_s)
    if "starts_at_bottom" in span.flags or bottom - before < 2:
        return replace(span, ascent_start_s=max(span.ascent_start_s, span.bottom_s))
    start_s, descent_end_s = _edges(curves.part(before, bottom))
    first_s, last_s = (float(t[before + i]) for i in _hold(curves.q[before : after + 1], bottom - before))
    # what a slow way down or up spends near its lowest point is no part of the hold
    arrived_s = min(first_s + _ARRIVING * max(first_s - start_s, 0.0), last_s)
    left_s = max(last_s - _ARRIVING * max(span.end_s - last_s, 0.0), first_s)
    # who comes up a little while holding has not left yet
    if span.ascent_start_s > last_s:
        left_s = span.ascent_start_s
    bottom_s = (arrived_s + left_s) / 2.0
    return replace(
        span,
        start_s=max(start_s, float(t[0])),
        descent_end_s=min(descent_end_s, bottom_s),
        bottom_s=bottom_s,
        ascent_start_s=max(span.ascent_start_s, bottom_s),
    )


def _hold(q: Floats, bottom: int) -> tuple[int, int]:
    """First and last frame near the lowest point around `bottom`; `q` begins at the top before it."""
    excursion = q[bottom] - q[0]
    dip = next(slice(a, b) for a, b in runs(q >= q[bottom] - _LEFT_BOTTOM * excursion) if a <= bottom < b)
    near = dip.start + np.flatnonzero(q[dip] >= q[dip].max() - _NEAR_BOTTOM * excursion)
    return int(near[0]), int(near[-1])


def _edges(down: _Curves) -> tuple[float, float]:
    """When a way down from a top to a bottom begins and ends."""
    limits = down.limits
    end = -_rise(-down.t[::-1], -down.q[::-1], limits).begun(_MOVING_OFF)
    rise = _rise(down.t, down.q, limits)
    if down.angles is None or not down.angles[-1] > down.angles[0]:
        begun = rise.begun(_SINKING_OFF if down.by_height else _MOVING_OFF)
    else:
        seen = replace(rise, part=limits.velocity_fraction).begun(_MOVING_OFF)
        bent = _rise(down.t, down.angles, limits).begun(_MOVING_OFF)
        begun = float(np.clip(bent, seen - _HIDDEN * max(end - seen, 0.0), seen))
    return min(begun, end), end


@dataclass(frozen=True)
class _Rise:
    """When a curve visibly moves, by `part` of its peak speed, and when it reaches half of that."""

    moving_s: float
    half_s: float
    part: float

    def begun(self, speeds: Floats) -> float:
        """Return when it set off, if its speed rises like `speeds`."""
        slow, half = np.interp((self.part, _HALF_SPEED), speeds, _SHARE[: len(speeds)])
        return self.moving_s - float(slow / (half - slow)) * (self.half_s - self.moving_s)


def _rise(t: Floats, q: Floats, limits: RepThresholds) -> _Rise:
    """Find the beginning of a curve that rises from its first to its last sample."""
    speed = velocity(q, 1.0 / float(t[1] - t[0]))
    peak = float(speed.max())
    under = (q < q[0] + _UNDER_WAY * (q[-1] - q[0])).nonzero()[0]
    under_way = int(under[-1]) if len(under) else 0
    least = max(limits.velocity_floor, limits.velocity_fraction * peak)
    moving = runs(speed >= least)
    begun = moving[moving[:, 0] <= under_way]
    first = int(begun[-1, 0]) if len(begun) else under_way
    half = first + int((speed[first:] >= _HALF_SPEED * peak).argmax())
    # a movement hardly faster than the floor shows too little of its shape
    part = min(least / peak, _HALF_SPEED / 2.0) if peak > 0.0 else limits.velocity_fraction
    return _Rise(float(t[first]), float(t[half]), part)


def _apart(spans: list[RepSpan]) -> tuple[RepSpan, ...]:
    """Let no repetition begin before the one before it has ended."""
    for i, (one, after) in enumerate(pairwise(spans)):
        if one.end_s > after.start_s:
            middle = (one.end_s + after.start_s) / 2.0
            spans[i], spans[i + 1] = replace(one, end_s=middle), replace(after, start_s=middle)
    return tuple(spans)
