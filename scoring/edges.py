"""When the phases of a repetition begin and end."""

from __future__ import annotations

from dataclasses import replace
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


def time_phases(
    spans: Sequence[RepSpan],
    time_s: ArrayLike,
    lowering: ArrayLike,
    effort: ArrayLike,
    limits: RepThresholds,
    filters: FilterThresholds,
) -> tuple[RepSpan, ...]:
    """Time the phases of repetitions that were found.

    The height of the hips hides the beginning of a descent and the end of an ascent: it goes
    with the cosine of the angles, which is flat in standing. The joint angles show them.

    A slow beginning lies below any threshold of speed. How long it is, is told by how the
    speed rises: a minimum-jerk movement (Flash and Hogan, 1985) spends `_lead` times as long
    below the threshold as from there to half of its peak speed. A movement that sets off
    abruptly rises at once and is hardly extended. Where one repetition runs into the next,
    they are parted half-way. The bottom is the middle of the time near the lowest point.

    Parameters
    ----------
    spans : sequence of RepSpan
        In order of time.
    time_s, lowering : (N,) array
        Equally spaced clock and the signal in which the repetitions were found, high at the bottom; NaN is bridged.
    effort : (N,) array
        Joint angles, in right angles; may be `lowering` itself.
    limits, filters : RepThresholds, FilterThresholds
        Part of the peak speed, and its floor, at which a phase begins; cut-off of the timing.
    """
    t = np.asarray(time_s, dtype=np.float64)
    if not spans or len(t) < 4:
        return tuple(spans)
    q, angles = (
        butter_zero_lag(bridge(np.asarray(curve, dtype=np.float64)), filters.fc_timing_hz, 1.0 / float(t[1] - t[0]))
        for curve in (lowering, effort)
    )
    bottoms = [int(np.searchsorted(t, span.bottom_s)) for span in spans]
    tops = [a + int(np.argmin(q[a : b + 1])) for a, b in pairwise([0, *bottoms, len(t) - 1])]
    around = zip(pairwise(tops), bottoms, strict=True)
    return _apart(
        [
            _lowered(_raised(span, t, q, angles, bottom, after, limits), t, q, angles, (before, bottom, after), limits)
            for span, ((before, after), bottom) in zip(spans, around, strict=True)
        ]
    )


def _lowered(
    span: RepSpan, t: Floats, q: Floats, angles: Floats, frames: tuple[int, int, int], limits: RepThresholds
) -> RepSpan:
    """Time the way down and the bottom, unless the video begins there."""
    before, bottom, after = frames
    if "starts_at_bottom" in span.flags or bottom - before < 2:
        return span
    down = slice(before, bottom + 1)
    start_s, descent_end_s = _edges(t[down], q[down], angles[down], limits)
    first, last = _hold(q[before : after + 1], bottom - before)
    bottom_s = float(t[before + first] + t[before + last]) / 2.0
    return replace(
        span,
        start_s=max(start_s, float(t[0])),
        descent_end_s=min(descent_end_s, bottom_s),
        bottom_s=bottom_s,
        ascent_start_s=max(span.ascent_start_s, bottom_s),
    )


def _raised(
    span: RepSpan, t: Floats, q: Floats, angles: Floats, bottom: int, after: int, limits: RepThresholds
) -> RepSpan:
    """Time the way up; it is lowering with time reversed."""
    if after - bottom < 2:
        return span
    up = slice(bottom, after + 1)
    end_s, ascent_start_s = (-s for s in _edges(-t[up][::-1], q[up][::-1], angles[up][::-1], limits))
    ascent_start_s = max(ascent_start_s, span.bottom_s)
    return replace(
        span,
        ascent_start_s=ascent_start_s,
        end_s=span.end_s if "ends_early" in span.flags else min(max(end_s, ascent_start_s), float(t[-1])),
    )


def _hold(q: Floats, bottom: int) -> tuple[int, int]:
    """First and last frame near the lowest point around `bottom`; `q` begins at the top before it."""
    excursion = q[bottom] - q[0]
    dip = next(slice(a, b) for a, b in runs(q >= q[bottom] - _LEFT_BOTTOM * excursion) if a <= bottom < b)
    near = dip.start + np.flatnonzero(q[dip] >= q[dip].max() - _NEAR_BOTTOM * excursion)
    return int(near[0]), int(near[-1])


def _edges(t: Floats, q: Floats, angles: Floats, limits: RepThresholds) -> tuple[float, float]:
    """When a way down from a top to a bottom begins and ends."""
    seen, end = _onset(t, q, limits), -_onset(-t[::-1], -q[::-1], limits)
    begun = _onset(t, angles, limits) if angles[-1] > angles[0] else seen
    return float(np.clip(begun, seen - _HIDDEN * max(end - seen, 0.0), seen)), end


def _onset(t: Floats, q: Floats, limits: RepThresholds) -> float:
    """Return when a curve that rises from its first to its last sample sets off."""
    speed = velocity(q, 1.0 / float(t[1] - t[0]))
    peak = float(speed.max())
    under = np.flatnonzero(q < q[0] + _UNDER_WAY * (q[-1] - q[0]))
    under_way = int(under[-1]) if len(under) else 0
    moving = runs(speed >= max(limits.velocity_floor, limits.velocity_fraction * peak))
    begun = moving[moving[:, 0] <= under_way]
    first = int(begun[-1, 0]) if len(begun) else under_way
    half = first + int(np.argmax(speed[first:] >= _HALF_SPEED * peak))
    return float(t[first] - _lead(limits.velocity_fraction) * (t[half] - t[first]))


def _lead(part: float) -> float:
    """Time that a minimum-jerk movement spends below `part` of its peak speed, per time from there to half of it.

    Its speed is ``16 p**2 (1 - p)**2`` of the peak after a share ``p`` of its duration.
    """
    slow, half = ((1.0 - np.sqrt(1.0 - np.sqrt(v))) / 2.0 for v in (part, _HALF_SPEED))
    return float(slow / (half - slow))


def _apart(spans: list[RepSpan]) -> tuple[RepSpan, ...]:
    """Let no repetition begin before the one before it has ended."""
    for i, (one, after) in enumerate(pairwise(spans)):
        if one.end_s > after.start_s:
            middle = (one.end_s + after.start_s) / 2.0
            spans[i], spans[i + 1] = replace(one, end_s=middle), replace(after, start_s=middle)
    return tuple(spans)
