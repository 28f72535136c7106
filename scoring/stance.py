"""Standing still as an exercise: when somebody balances, on what, how long, and what goes wrong."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.ndimage import median_filter

from .result import BalanceError
from .sides import LEG, SIDES, other
from .signal import bridge, mean_seen, median, runs, velocity
from .stance_errors import hands_off, hands_seen_on, hops, once, step_frames, thigh_off
from .stance_paths import StancePaths

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ..pose.track import PoseTrack
    from .sides import Side

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

StanceKind = Literal["double-leg", "tandem", "single-leg"]
EndKind = Literal["touch_down", "hop", "hands_off", "foot_down", "step", "video_end"]

_FEET = ("ankle", "heel", "toe")
_HEIGHT = slice(1, 2)
_JOINTS = (*_FEET, "knee", "hip", "shoulder", "wrist")
# leg lengths: a foot this much above the other is off the floor; less than the second, it is down again
_LIFTED, _DOWN = 0.10, 0.05
# a foot's height is a median over so long: from the side the network takes one leg for the other now and then
_FOOT_S = 0.4
# a foot that stays down for longer ends the trial; a shorter touch is an error in it
_LONGEST_TOUCH_S = 2.0
# less than this on one leg is a step, on two feet a pause
_SHORTEST_S = {"single-leg": 3.0, "double-leg": 8.0}
# after the foot is lifted: at least, at most so long, until the hips are slower than this (leg lengths a second)
_LEAST_SETTLE_S, _MOST_SETTLE_S, _SETTLED_SPEED, _SETTLED_S = 2.0, 5.0, 0.10, 0.5
# around a touch-down nobody stands on one leg
_NEAR_TOUCH_S = 0.5
_ENDINGS: dict[str, EndKind] = {"touch_down": "touch_down", "hop": "hop", "hands_off": "hands_off"}
# of the Balance Error Scoring System as well, but no landmark shows them: from the front those of the foot
# stay where they are when the heel rises, from the side legs are mistaken for one another by as much
_NEVER_SEEN = {
    "eyes_open": "eyes can't be seen",
    "foot_lift": "a heel or forefoot that leaves the floor can't be told from the landmarks' noise",
}
_HANDS_FREE = "the hands were not on the hips at first"
# ankles apart in the picture, leg lengths: feet beside or behind each other
_ONE_LINE_FRONT, _ONE_LINE_SIDE = 0.10, 0.20


@dataclass(frozen=True)
class Trial:
    """One time of standing still.

    Attributes
    ----------
    kind : str
        On one leg, on both, or with one foot before the other.
    side : str or None
        The leg that somebody stands on.
    start_s, end_s : float
        From lifting the foot (or standing still) to putting it down, errors included.
    held_s : float
        Until the first touch-down, hop or hand that leaves the hips.
    ended_by : str
        What ended `held_s`.
    errors : tuple of BalanceError
        In order, at most ten; what happens at once counts once.
    quiet_s : (float, float)
        Longest time without touch-down or hop, settled: where sway is measured; of no length
        where nothing settles.
    errors_unseen : dict
        Kinds of error that can't be seen here, and why.
    """

    kind: StanceKind
    side: Side | None
    start_s: float
    end_s: float
    held_s: float
    ended_by: EndKind
    errors: tuple[BalanceError, ...]
    quiet_s: tuple[float, float]
    errors_unseen: dict[str, str]

    @property
    def quiet_duration_s(self) -> float:
        """Length of the time in which sway is measured."""
        return self.quiet_s[1] - self.quiet_s[0]


def find_trials(
    track: PoseTrack, *, two_feet: bool, wanted: Callable[[float, float], bool] | None = None
) -> tuple[Trial, ...]:
    """Find when somebody balances.

    Parameters
    ----------
    track : PoseTrack
        Cleaned landmarks, at least two frames.
    two_feet : bool
        Whether standing on both feet is a trial as well, where there is none on one leg.
        Everybody stands on two feet now and then: that is a test only when it was declared.
    wanted : callable, optional
        Tells from its first and its last second whether to look at a stance on one leg at all;
        the others are passed over.
    """
    leg_px = leg_length_px(track)
    if not np.isfinite(leg_px):
        return ()
    feet = StancePaths.of(track, _FEET, leg_px, _HEIGHT)
    stances = [one for side in SIDES for one in _one_leg(feet, side) if wanted is None or wanted(*one.times_s(feet))]
    if not (stances or two_feet):
        return ()
    paths = StancePaths.of(track, _JOINTS, leg_px)
    if not stances:
        return _two_feet(paths)
    return tuple(sorted((_single_leg(paths, stance) for stance in stances), key=lambda trial: trial.start_s))


def leg_length_px(track: PoseTrack) -> float:
    """Hip to knee to ankle in pixels, each as long as it is seen; the better of both legs, NaN without one."""
    lengths = []
    for side in SIDES:
        hip, knee, ankle = (track.joint(f"{side}_{joint}") for joint in LEG)
        parts = [np.linalg.norm(a - b, axis=1) for a, b in ((hip, knee), (knee, ankle))]
        seen = [part[part > 0.0] for part in parts]
        if all(len(part) for part in seen):
            lengths.append(sum(float(np.percentile(part, 95)) for part in seen))
    return max(lengths, default=float("nan"))


@dataclass(frozen=True, eq=False)
class _Stance:
    """Frames of standing on one leg, and those in the middle of each short touch of the other foot."""

    side: Side
    start: int
    stop: int
    touches: tuple[int, ...]

    def times_s(self, paths: StancePaths) -> tuple[float, float]:
        return float(paths.time_s[self.start]), float(paths.time_s[self.stop - 1])


def _one_leg(feet: StancePaths, side: Side) -> list[_Stance]:
    """Find when somebody stands on one leg: while the other foot is up, short touches included."""
    up = _hysteresis(_free_foot_height(feet, side), _LIFTED, _DOWN)
    return [
        _Stance(side, start, stop, tuple(start + int(a + b) // 2 for a, b in runs(~up[start:stop])))
        for start, stop in _joined(up, feet.frames(_LONGEST_TOUCH_S))
        if (stop - start) / feet.fs_hz >= _SHORTEST_S["single-leg"]
    ]


def _free_foot_height(feet: StancePaths, side: Side) -> Floats:
    """Free foot above the standing one in leg lengths, from as many of their landmarks as are seen."""
    apart = [(feet.joints[f"{side}_{j}"] - feet.joints[f"{other(side)}_{j}"])[:, 0] for j in _FEET]
    height = bridge(mean_seen(*apart)) / feet.leg_px
    return np.asarray(median_filter(height, size=feet.frames(_FOOT_S), mode="nearest"))


def _single_leg(paths: StancePaths, stance: _Stance) -> Trial:
    span = stance.start, stance.stop
    events = [BalanceError("touch_down", float(paths.time_s[i])) for i in stance.touches]
    events += hops(paths, stance.side, *span, stance.touches)
    events += hands_off(paths, *span) + thigh_off(paths, other(stance.side), *span)
    ended: EndKind = "video_end" if stance.stop >= len(paths.time_s) else "foot_down"
    return _trial(paths, "single-leg", stance.side, span, events, ended)


def _two_feet(paths: StancePaths) -> tuple[Trial, ...]:
    """Take the longest time of upright standing on feet that stay where they are."""
    hips, feet = paths.middle("hip"), paths.middle("ankle")
    height = (feet - hips)[:, 1] / paths.leg_px
    speed = np.linalg.norm(velocity(hips, paths.fs_hz), axis=1) / paths.leg_px
    upright = (height >= np.nanpercentile(height, 90) - 0.05) if np.isfinite(height).any() else height > 0
    spans = [s for s in _joined(upright & (speed < 2 * _SETTLED_SPEED), paths.frames(0.5)) if s[1] > s[0]]
    spans = [part for start, stop in spans for part in _between(step_frames(paths, start, stop), start, stop)]
    if not spans:
        return ()
    start, stop = max(spans, key=lambda span: span[1] - span[0])
    if (stop - start) / paths.fs_hz < _SHORTEST_S["double-leg"]:
        return ()
    ended: EndKind = "video_end" if stop >= len(height) else "step"
    kind = _feet(paths, slice(start, stop))
    return (_trial(paths, kind, None, (start, stop), hands_off(paths, start, stop), ended),)


def _feet(paths: StancePaths, frames: slice) -> StanceKind:
    """Tell feet beside each other from one before the other; from any yaw one of both distances is short."""
    ankles = (paths.joints["left_ankle"] - paths.joints["right_ankle"])[frames]
    hips = (paths.joints["left_hip"] - paths.joints["right_hip"])[frames]
    apart, wide = median(np.abs(ankles[:, 0])) / paths.leg_px, median(np.abs(hips[:, 0])) / paths.leg_px
    # hips that are seen at their width are seen from the front
    from_front = wide > 0.15
    one_line = apart < _ONE_LINE_FRONT if from_front else apart > _ONE_LINE_SIDE
    return "tandem" if one_line else "double-leg"


def _trial(
    paths: StancePaths,
    kind: StanceKind,
    side: Side | None,
    span: tuple[int, int],
    events: list[BalanceError],
    ended: EndKind,
) -> Trial:
    start_s, end_s = float(paths.time_s[span[0]]), float(paths.time_s[span[1] - 1])
    errors = once(events)
    ending = next((e for e in errors if e.kind in _ENDINGS), None)
    hands = {} if hands_seen_on(paths, span) else {"hands_off": _HANDS_FREE}
    breaks = [e.time_s for e in errors if e.kind in ("touch_down", "hop")]
    edges = [start_s, *breaks, end_s]
    quiet = []
    for i, (a, b) in enumerate(pairwise(edges)):
        # the foot that is put down at the end begins to move before it arrives
        last = b - _NEAR_TOUCH_S if i < len(breaks) or ended == "foot_down" else b
        settled_s = _settled_s(paths, a + (_NEAR_TOUCH_S if i else 0.0), last)
        quiet.append((settled_s, max(settled_s, last)))
    return Trial(
        kind=kind,
        side=side,
        start_s=start_s,
        end_s=end_s,
        held_s=(ending.time_s if ending else end_s) - start_s,
        ended_by=_ENDINGS[ending.kind] if ending else ended,
        errors=errors,
        quiet_s=max(quiet, key=lambda q: q[1] - q[0]),
        errors_unseen={**_NEVER_SEEN, **hands},
    )


def _settled_s(paths: StancePaths, start_s: float, end_s: float) -> float:
    """Time from which the hips are slow, some seconds after a foot was lifted."""
    speed = np.linalg.norm(velocity(paths.middle("hip"), paths.fs_hz), axis=1) / paths.leg_px
    first, last = start_s + _LEAST_SETTLE_S, min(start_s + _MOST_SETTLE_S, end_s)
    window = (paths.time_s >= first) & (paths.time_s < last)
    for a, b in runs(window & ~(speed >= _SETTLED_SPEED)):
        if (b - a) / paths.fs_hz >= _SETTLED_S:
            return float(paths.time_s[a])
    return max(first, last)


def _hysteresis(x: Floats, enter: float, leave: float) -> Mask:
    """Tell where a curve is up: from above `enter` until below `leave`; an unknown value changes nothing."""
    state = np.where(x > enter, 1, np.where(x < leave, 0, -1))
    last = np.maximum.accumulate(np.where(state >= 0, np.arange(len(x)), -1))
    return np.asarray((last >= 0) & (state[np.maximum(last, 0)] == 1))


def _joined(mask: Mask, longest_gap: int) -> list[tuple[int, int]]:
    """Return the runs of a mask, joined across gaps of at most so many frames."""
    joined: list[tuple[int, int]] = []
    for start, stop in runs(mask):
        if joined and start - joined[-1][1] <= longest_gap:
            joined[-1] = joined[-1][0], int(stop)
        else:
            joined.append((int(start), int(stop)))
    return joined


def _between(breaks: list[int], start: int, stop: int) -> list[tuple[int, int]]:
    edges = [start, *breaks, stop]
    return list(pairwise(edges))
