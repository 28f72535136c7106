"""The phases of a repetition as frame ranges, and how the person stands between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import binary_erosion

from .signal import butter_zero_lag, median, runs, velocity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .kinematics import Kinematics
    from .reps import RepSpan

    Floats = NDArray[np.float64]

# an event is read only when everything this close to it was seen
EVENT_S = 0.1
# the straightest moment is looked for in this much time before the descent and after the ascent
_STANDING_S = 1.0
# hips slower than this are still, leg lengths a second
_STILL = 0.05
_STILL_FC_HZ = 3.0
# landmarks of a straight knee or an upright trunk read up to this much bent, hips a little more
_STRAIGHT_DEG = 10.0
_UPRIGHT_DEG = 15.0


@dataclass(frozen=True)
class Baseline:
    """How the person stands: what straight and upright mean for this body and camera.

    Attributes
    ----------
    knee_flexion_deg, hip_flexion_deg, trunk_inclination_deg : float
        Medians over standing frames.
    quiet : bool
        The person stood still before the set; otherwise the top of its repetitions
        serves instead.
    """

    knee_flexion_deg: float
    hip_flexion_deg: float
    trunk_inclination_deg: float
    quiet: bool


@dataclass(frozen=True, eq=False)
class RepFrames:
    """Frame ranges of one repetition on the clock of its kinematics.

    Attributes
    ----------
    whole, descent, ascent, first_half_of_ascent : slice
        Phases.
    top, lockout : slice
        Around the straightest moment before the descent and after the ascent. The hips
        rise so little over the last degrees of the knees that the phases, timed by the
        hips, begin late and end early.
    bottom : (n,) int array
        Frames within 2 % of the lowest point.
    """

    whole: slice
    descent: slice
    ascent: slice
    first_half_of_ascent: slice
    top: slice
    lockout: slice
    bottom: NDArray[np.intp]


def standing_baseline(
    kin: Kinematics, spans: Sequence[RepSpan], lowering: Floats, after_s: float = -np.inf
) -> Baseline:
    """Find how the person stands, before the set or else in the least lowered twentieth of it.

    Quiet standing is at least one second without a break before the first repetition,
    with the knees bent less than 20 degrees and the hips still. Without it the top of the
    set serves, but only as far as it can pass for straight: who never stands up has no
    straight knee to be compared with.

    Parameters
    ----------
    kin : Kinematics
    spans : sequence of RepSpan
        The set.
    lowering : (N,) array
        The signal by which the set is timed.
    after_s : float
        End of the set before.
    """
    speed = velocity(butter_zero_lag(kin.hip_height, _STILL_FC_HZ, kin.fs_hz), kin.fs_hz)
    # a knee that is hidden for a moment breaks no standing
    still = (np.abs(speed) < _STILL) & ~(np.abs(kin.knee_flexion_deg) >= 20.0)
    before = (kin.time_s > after_s) & (kin.time_s < spans[0].start_s) & still
    stands = [run for run in runs(before) if run[1] - run[0] >= kin.fs_hz]
    quiet = bool(stands)
    if quiet:
        before = np.zeros_like(before)
        before[stands[-1][0] : stands[-1][1]] = True
    else:
        within = (kin.time_s >= spans[0].start_s) & (kin.time_s <= spans[-1].end_s)
        within &= np.isfinite(kin.knee_flexion_deg) & np.isfinite(lowering)
        if not within.any():
            return Baseline(np.nan, np.nan, np.nan, quiet=False)
        before = within & (lowering <= np.percentile(lowering[within], 5))
    curves = (kin.knee_flexion_deg, kin.hip_flexion_deg, kin.trunk_inclination_deg)
    knee, hip, trunk = (median(curve[before]) for curve in curves)
    if not quiet:
        knee, hip, trunk = min(knee, _STRAIGHT_DEG), min(hip, _UPRIGHT_DEG), min(trunk, _STRAIGHT_DEG)
    return Baseline(knee, hip, trunk, quiet=quiet)


def rep_frames(
    kin: Kinematics, span: RepSpan, lowering: Floats, free_s: tuple[float, float] = (-np.inf, np.inf)
) -> RepFrames:
    """Turn the times of a repetition into frame ranges.

    Parameters
    ----------
    kin : Kinematics
    span : RepSpan
    lowering : (N,) array
        The signal by which the set is timed; high at the bottom.
    free_s : (float, float)
        When the repetition before ended and the one after begins.
    """
    start, descent_end, bottom, ascent_start, end = (
        # an edge set by hand can lie behind the last frame
        min(int(np.searchsorted(kin.time_s, s - 1e-9)), len(kin.time_s) - 1)
        for s in (span.start_s, span.descent_end_s, span.bottom_s, span.ascent_start_s, span.end_s)
    )
    whole = slice(start, end + 1)
    near = 0.02 * span.amplitude
    low = start + np.flatnonzero(lowering[whole] >= np.fmax.reduce(lowering[whole]) - near)
    risen = lowering[ascent_start : end + 1] <= (lowering[bottom] + lowering[end]) / 2.0
    half = ascent_start + (int(np.argmax(risen)) if risen.any() else end - ascent_start)
    earliest, latest = max(span.start_s - _STANDING_S, free_s[0]), min(span.end_s + _STANDING_S, free_s[1])
    return RepFrames(
        whole=whole,
        descent=slice(start, descent_end + 1),
        ascent=slice(ascent_start, end + 1),
        first_half_of_ascent=slice(bottom, half + 1),
        top=_straightest(kin, min(earliest, span.start_s), span.start_s),
        lockout=_straightest(kin, span.end_s, max(latest, span.end_s)),
        bottom=low if len(low) else np.array([bottom]),
    )


def _straightest(kin: Kinematics, first_s: float, last_s: float) -> slice:
    """Frames around the moment of least flexion in a time range, and a little beyond its ends."""
    reach = round(EVENT_S * kin.fs_hz)
    first, last = (int(i) for i in np.searchsorted(kin.time_s, (first_s - EVENT_S - 1e-9, last_s + EVENT_S + 1e-9)))
    near = slice(max(0, first - reach), last + reach)
    inner = slice(first - near.start, last - near.start)
    bent = kin.knee_flexion_deg[near] + kin.hip_flexion_deg[near]
    seen = binary_erosion(np.isfinite(bent), np.ones(2 * reach + 1, dtype=bool), border_value=1)[inner]
    middle = first + (int(np.argmin(np.where(seen, bent[inner], np.inf))) if seen.any() else (last - first) // 2)
    return slice(max(0, middle - reach), middle + reach + 1)
