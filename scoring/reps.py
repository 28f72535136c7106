"""Repetitions in a dimensionless signal that is low in standing and high at the bottom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.signal import find_peaks

from .signal import bridge, butter_zero_lag, median, runs, velocity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from .thresholds import FilterThresholds, RepThresholds

    Floats = NDArray[np.float64]


# of its peak speed: who is so fast in the first picture was under way before it
_UNDER_WAY = 0.3


@dataclass(frozen=True)
class RepSpan:
    """One excursion from standing to the bottom and back; times as in the clock given.

    Attributes
    ----------
    start_s, descent_end_s, bottom_s, ascent_start_s, end_s : float
        Edges of the phases: lowering, holding, rising.
    amplitude : float
        Height of the excursion in the signal's unit.
    kind : str
        ``full``, or ``partial`` for clearly less than the set's typical amplitude.
    flags : tuple of str
        ``starts_at_bottom`` (dead start, or the video begins there), ``begins_before``
        (the lifter is on the way down already when the video begins), ``ends_early``
        (the video ends before the lifter stands), ``bounce`` (two dips).
    """

    start_s: float
    descent_end_s: float
    bottom_s: float
    ascent_start_s: float
    end_s: float
    amplitude: float
    kind: Literal["full", "partial"]
    flags: tuple[str, ...] = ()


def typical_amplitude(q: ArrayLike, fs_hz: float, smallest: float) -> float:
    """Typical height of the excursions in a signal; 0 when none reaches `smallest`.

    The median of the larger excursions, so that neither small dips (walking,
    unracking) nor one crouch to the floor sets the scale.
    """
    filled = np.asarray(q, dtype=np.float64)
    # the ends are padded with the lowest value, so that a clip that begins at the bottom has a peak there
    padded = np.concatenate([[filled.min()], filled, [filled.min()]])
    _, found = find_peaks(padded, prominence=smallest, distance=max(1, round(0.3 * fs_hz)))
    return _usual(found["prominences"])


def regrade(spans: Sequence[RepSpan], limits: RepThresholds) -> tuple[RepSpan, ...]:
    """Grade excursions anew as full or partial once those that are no repetition have been left out."""
    usual = _usual(np.array([span.amplitude for span in spans]))
    return tuple(replace(s, kind="full" if s.amplitude >= limits.full * usual else "partial") for s in spans)


def _usual(heights: Floats) -> float:
    return median(heights[heights >= 0.5 * np.percentile(heights, 90)]) if len(heights) else 0.0


def segment_reps(
    time_s: ArrayLike,
    q: ArrayLike,
    limits: RepThresholds,
    filters: FilterThresholds,
    smallest: float,
) -> tuple[RepSpan, ...]:
    """Find repetitions by hysteresis on an equally sampled signal.

    A repetition is a bottom followed by standing. The descent before it may be
    missing: a lift from the floor begins at the bottom (amendment d of the specification).

    Parameters
    ----------
    time_s, q : (N,) array
        Clock and signal; NaN is bridged.
    limits, filters : RepThresholds, FilterThresholds
        Hysteresis as fractions of the typical amplitude; the timing cut-off.
    smallest : float
        Excursions below this height are no repetition.

    Returns
    -------
    tuple of RepSpan in order of time.
    """
    seen = np.flatnonzero(np.isfinite(q))
    if len(seen) < 4:
        return ()
    # what lies before the first and after the last sighting is unknown, not still
    known = slice(int(seen[0]), int(seen[-1]) + 1)
    t, values = np.asarray(time_s, dtype=np.float64)[known], bridge(np.asarray(q, dtype=np.float64)[known])
    fs = 1.0 / float(t[1] - t[0])
    slow = butter_zero_lag(values, filters.fc_timing_hz, fs)
    typical = typical_amplitude(slow, fs, smallest)
    if typical < smallest:
        return ()
    base = float(np.percentile(values, 10))
    whole = _excursions(slow, base + limits.enter * typical, base + limits.leave * typical)
    whole = [part for excursion in whole for part in _parted(slow, excursion, 0.5 * typical, limits.leave)]
    small = _excursions(slow, base + limits.partial_enter * typical, base + limits.partial_leave * typical)
    covered = np.zeros(len(slow) + 1, dtype=bool)
    for a, b in whole:
        covered[a:b] = True
    small = [(a, b) for a, b in small if not covered[a:b].any()]
    excursions = sorted(whole + small)
    bottoms = [a + _turning_point(slow[a:b], base) for a, b in excursions]
    fences = [0, *bottoms, len(t) - 1]
    signal = _Signal(t, slow, velocity(slow, fs), base, typical, limits)
    found = [
        _span(signal, excursion, turns)
        for excursion, turns in zip(excursions, zip(fences, bottoms, fences[2:], strict=False), strict=True)
    ]
    return tuple(
        span for span in found if span is not None and limits.min_s <= span.end_s - span.start_s <= limits.max_s
    )


def _excursions(q: Floats, enter: float, leave: float) -> list[tuple[int, int]]:
    return [(int(a), int(b)) for a, b in runs(q > leave) if q[a:b].max() > enter]


def _parted(q: Floats, excursion: tuple[int, int], rise: float, leave: float) -> list[tuple[int, int]]:
    """Part an excursion where the lifter comes up by `rise`, yet never to standing: a missed lockout ends a rep too.

    Parameters
    ----------
    q : (N,) array
    excursion : (int, int)
        Half-open range of frames.
    rise : float
        Smallest way up, in the unit of `q`.
    leave : float
        Part of the way up that is left when an excursion is over.
    """
    first, last = excursion
    peaks, _ = find_peaks(np.concatenate([[-np.inf], q[first:last], [-np.inf]]), prominence=rise)
    parts, start = [], first
    for before, after in pairwise(first + peaks - 1):
        valley = int(before + np.argmin(q[before : after + 1]))
        over = q[valley] + leave * (np.minimum(q[before], q[after]) - q[valley])
        parts.append((start, int(before + np.flatnonzero(q[before : valley + 1] > over)[-1] + 1)))
        start = int(valley + np.flatnonzero(q[valley : after + 1] > over)[0])
    return [*parts, (start, last)]


@dataclass(frozen=True, eq=False)
class _Signal:
    """What excursions are measured in: clock, smoothed signal and its speed, (N,), and where and how high they are."""

    t: Floats
    q: Floats
    speed: Floats
    base: float
    typical: float
    limits: RepThresholds


def _span(signal: _Signal, excursion: tuple[int, int], turns: tuple[int, int, int]) -> RepSpan | None:
    """Measure one excursion; None when the lifter never rises from it, or was already rising when the video began.

    `turns` are the bottoms before, of and after it.
    """
    t, q, speed, limits = signal.t, signal.q, signal.speed, signal.limits
    (a, b), (_, bottom, after) = excursion, turns
    amplitude = float(q[a:b].max() - signal.base)
    if b == len(q) and q[-1] > signal.base + 0.5 * amplitude:
        return None
    down = _way_down(signal, excursion, turns, amplitude)
    if down is None:
        return None
    start, descent_end, begun = down
    flags = [*(("ends_early",) if b == len(q) else ()), *begun]
    # rising is lowering with time reversed
    end, ascent_start = (after - i for i in _descent(-speed[bottom : after + 1][::-1], max(0, after - b), limits))
    still_rising = -speed[-1] > max(limits.velocity_floor, -limits.velocity_fraction * float(speed[bottom:].min()))
    if end == len(q) - 1 and still_rising and "ends_early" not in flags:
        flags.append("ends_early")
    if _dips(q[a:b], 0.03 * amplitude) > 1:
        flags.append("bounce")
    kind: Literal["full", "partial"] = "full" if amplitude >= limits.full * signal.typical else "partial"
    return RepSpan(
        start_s=float(t[start]),
        descent_end_s=float(t[descent_end]),
        bottom_s=float(t[bottom]),
        ascent_start_s=float(t[ascent_start]),
        end_s=float(t[end]),
        amplitude=amplitude,
        kind=kind,
        flags=tuple(flags),
    )


def _way_down(
    signal: _Signal, excursion: tuple[int, int], turns: tuple[int, int, int], amplitude: float
) -> tuple[int, int, tuple[str, ...]] | None:
    """First and last frame of lowering, and the flag of one that the video misses; None for who was rising already."""
    q, speed = signal.q, signal.speed
    (a, b), (before, bottom, _) = excursion, turns
    if a == 0 and q[0] > q[bottom] - 0.1 * amplitude:
        rising = -speed[0] > _UNDER_WAY * -speed[bottom:b].min()
        return None if rising else (0, 0, ("starts_at_bottom",))
    start, end = (before + i for i in _descent(speed[before : bottom + 1], a - before, signal.limits))
    under_way = a == 0 or (start == 0 and speed[0] > _UNDER_WAY * speed[:bottom].max())
    return start, end, ("begins_before",) if under_way else ()


def _descent(speed: Floats, crossing: int, limits: RepThresholds) -> tuple[int, int]:
    """First and last moment of lowering.

    The lifter is under way where the signal crosses its lower threshold, so the
    movement around that crossing gives the start; fidgeting before it does not.

    Parameters
    ----------
    speed : (n,) array
        Downward speed up to the bottom.
    crossing : int
        Frame in which the signal rises through its lower threshold.
    """
    moving = runs(speed >= max(limits.velocity_floor, limits.velocity_fraction * float(speed.max())))
    before = moving[moving[:, 0] <= crossing]
    start = int(before[-1, 0]) if len(before) else crossing
    return start, int(moving[-1, 1] - 1) if len(moving) else crossing


def _turning_point(q: Floats, base: float) -> int:
    """Index of the bottom: the last of the dips that reach the lowest point to 2 % of the excursion.

    In a held bottom the lowest sample is chance; the moment before rising is not.
    """
    lowest = int(np.argmax(q))
    dips, _ = find_peaks(q, height=q[lowest] - 0.02 * (q[lowest] - base))
    return int(max(lowest, dips[-1])) if len(dips) else lowest


def _dips(q: Floats, rise: float) -> int:
    """Count the bottoms of one excursion that are parted by at least `rise`."""
    peaks, _ = find_peaks(q, prominence=rise)
    return len(peaks)
