"""Standing still as an exercise: when somebody balances, on what, how long, and what goes wrong."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.ndimage import median_filter

from .result import BalanceError
from .signal import bridge, butter_zero_lag, mean_seen, median, resample, runs, sampling_rate, uniform_clock, velocity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..pose.track import PoseTrack
    from .kinematics import Side

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

StanceKind = Literal["double-leg", "tandem", "single-leg"]
ErrorKind = Literal["touch_down", "hop", "hands_off", "free_thigh", "out_of_position"]
EndKind = Literal["touch_down", "hop", "hands_off", "foot_down", "step", "video_end"]

_SIDES: tuple[Side, Side] = ("left", "right")
_JOINTS = ("shoulder", "hip", "knee", "ankle", "heel", "toe", "wrist")
_FC_HZ = 3.0
_MAX_GAP_S = 0.5
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
# leg lengths: the standing foot is somewhere else
_MOVED = 0.06
# share of the trunk's length by which a hand leaves the hips, and degrees by which the free thigh leaves its place
_HANDS_ON, _HANDS_OFF, _THIGH_OFF_DEG = 0.40, 0.25, 30.0
_KEPT_S = 0.3
# who stays out of position for so long has made another error
_OUT_S = 5.0
_ENDINGS: dict[str, EndKind] = {"touch_down": "touch_down", "hop": "hop", "hands_off": "hands_off"}
# of the Balance Error Scoring System as well, but no landmark shows them: from the front those of the foot
# stay where they are when the heel rises, from the side legs are mistaken for one another by as much
_NEVER_SEEN = {
    "eyes_open": "eyes can't be seen",
    "foot_lift": "a heel or forefoot that leaves the floor can't be told from the landmarks' noise",
}
_HANDS_FREE = "the hands were not on the hips at first"
# errors closer than this are one
_AT_ONCE_S = 1.0
_MOST_ERRORS = 10
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
        Longest time without touch-down or hop, settled: where sway is measured.
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
        return max(0.0, self.quiet_s[1] - self.quiet_s[0])


def find_trials(track: PoseTrack, *, two_feet: bool) -> tuple[Trial, ...]:
    """Find when somebody balances.

    Parameters
    ----------
    track : PoseTrack
        Cleaned landmarks, at least two frames.
    two_feet : bool
        Whether standing on both feet is a trial as well, where there is none on one leg.
        Everybody stands on two feet now and then: that is a test only when it was declared.
    """
    paths = _Paths.of(track)
    if not np.isfinite(paths.leg_px):
        return ()
    single = [trial for side in _SIDES for trial in _single_leg(paths, side)]
    if single or not two_feet:
        return tuple(sorted(single, key=lambda trial: trial.start_s))
    return _two_feet(paths)


@dataclass(frozen=True, eq=False)
class _Paths:
    """Joints on a uniform clock, pixels, smoothed for finding events (never for measuring sway)."""

    time_s: Floats
    fs_hz: float
    leg_px: float
    joints: dict[str, Floats]

    @classmethod
    def of(cls, track: PoseTrack) -> _Paths:
        fs = sampling_rate(track.time_s)
        clock = uniform_clock(track.time_s, fs)
        camera = np.zeros((len(track), 2)) if track.camera_xy_px is None else track.camera_xy_px
        names = [f"{side}_{joint}" for side in _SIDES for joint in _JOINTS]
        raw = np.stack([track.joint(name) - camera for name in names], axis=1)
        smooth = butter_zero_lag(resample(track.time_s, raw, clock, _MAX_GAP_S), _FC_HZ, fs)
        joints = {name: smooth[:, i] for i, name in enumerate(names)}
        return cls(clock, fs, leg_length_px(track), joints)

    def middle(self, joint: str) -> Floats:
        return np.asarray((self.joints[f"left_{joint}"] + self.joints[f"right_{joint}"]) / 2.0)

    def frames(self, seconds: float) -> int:
        return max(1, round(seconds * self.fs_hz))


def leg_length_px(track: PoseTrack) -> float:
    """Hip to knee to ankle in pixels, each as long as it is seen; the better of both legs, NaN without one."""
    lengths = []
    for side in _SIDES:
        hip, knee, ankle = (track.joint(f"{side}_{joint}") for joint in ("hip", "knee", "ankle"))
        parts = [np.linalg.norm(a - b, axis=1) for a, b in ((hip, knee), (knee, ankle))]
        if all(np.isfinite(part).any() for part in parts):
            lengths.append(sum(float(np.nanpercentile(part, 95)) for part in parts))
    return max(lengths, default=float("nan"))


def _single_leg(paths: _Paths, side: Side) -> list[Trial]:
    """Find the trials on one leg: while the other foot is up, short touches included."""
    free: Side = "right" if side == "left" else "left"
    height = _free_foot_height(paths, side, free)
    up = _hysteresis(height, _LIFTED, _DOWN)
    found = []
    for start, stop in _joined(up, paths.frames(_LONGEST_TOUCH_S)):
        touches = [start + (a + b) // 2 for a, b in runs(~up[start:stop])]
        if (stop - start) / paths.fs_hz < _SHORTEST_S["single-leg"]:
            continue
        events = [BalanceError("touch_down", float(paths.time_s[i])) for i in touches]
        events += [BalanceError("hop", at) for at in _moves(paths, (side,), start, stop, touches)]
        events += _hands_off(paths, start, stop) + _thigh_off(paths, free, start, stop)
        ended: EndKind = "video_end" if stop >= len(height) else "foot_down"
        found.append(_trial(paths, "single-leg", side, (start, stop), events, ended))
    return found


def _free_foot_height(paths: _Paths, side: Side, free: Side) -> Floats:
    """Free foot above the standing one in leg lengths, from as many of their landmarks as are seen."""
    apart = [(paths.joints[f"{side}_{j}"] - paths.joints[f"{free}_{j}"])[:, 1] for j in ("ankle", "heel", "toe")]
    height = bridge(mean_seen(*apart)) / paths.leg_px
    return np.asarray(median_filter(height, size=paths.frames(_FOOT_S), mode="nearest"))


def _two_feet(paths: _Paths) -> tuple[Trial, ...]:
    """Take the longest time of upright standing on feet that stay where they are."""
    hips, feet = paths.middle("hip"), paths.middle("ankle")
    height = (feet - hips)[:, 1] / paths.leg_px
    speed = np.linalg.norm(velocity(hips, paths.fs_hz), axis=1) / paths.leg_px
    upright = (height >= np.nanpercentile(height, 90) - 0.05) if np.isfinite(height).any() else height > 0
    spans = [s for s in _joined(upright & (speed < 2 * _SETTLED_SPEED), paths.frames(0.5)) if s[1] > s[0]]
    spans = [part for start, stop in spans for part in _between(_step_frames(paths, start, stop), start, stop)]
    if not spans:
        return ()
    start, stop = max(spans, key=lambda span: span[1] - span[0])
    if (stop - start) / paths.fs_hz < _SHORTEST_S["double-leg"]:
        return ()
    ended: EndKind = "video_end" if stop >= len(height) else "step"
    kind = _feet(paths, slice(start, stop))
    return (_trial(paths, kind, None, (start, stop), _hands_off(paths, start, stop), ended),)


def _feet(paths: _Paths, frames: slice) -> StanceKind:
    """Tell feet beside each other from one before the other; from any yaw one of both distances is short."""
    ankles = (paths.joints["left_ankle"] - paths.joints["right_ankle"])[frames]
    hips = (paths.joints["left_hip"] - paths.joints["right_hip"])[frames]
    apart, wide = median(np.abs(ankles[:, 0])) / paths.leg_px, median(np.abs(hips[:, 0])) / paths.leg_px
    # hips that are seen at their width are seen from the front
    from_front = wide > 0.15
    one_line = apart < _ONE_LINE_FRONT if from_front else apart > _ONE_LINE_SIDE
    return "tandem" if one_line else "double-leg"


def _trial(
    paths: _Paths,
    kind: StanceKind,
    side: Side | None,
    span: tuple[int, int],
    events: list[BalanceError],
    ended: EndKind,
) -> Trial:
    start_s, end_s = float(paths.time_s[span[0]]), float(paths.time_s[span[1] - 1])
    errors = _once(events)
    ending = next((e for e in errors if e.kind in _ENDINGS), None)
    hands = {} if any(_hand_is_on(paths, each, span) for each in _SIDES) else {"hands_off": _HANDS_FREE}
    breaks = [e.time_s for e in errors if e.kind in ("touch_down", "hop")]
    edges = [start_s, *breaks, end_s]
    quiet = []
    for i, (a, b) in enumerate(pairwise(edges)):
        # the foot that is put down at the end begins to move before it arrives
        last = b - _NEAR_TOUCH_S if i < len(breaks) or ended == "foot_down" else b
        quiet.append((_settled_s(paths, a + (_NEAR_TOUCH_S if i else 0.0), last), last))
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


def _settled_s(paths: _Paths, start_s: float, end_s: float) -> float:
    """Time from which the hips are slow, some seconds after a foot was lifted."""
    speed = np.linalg.norm(velocity(paths.middle("hip"), paths.fs_hz), axis=1) / paths.leg_px
    first, last = start_s + _LEAST_SETTLE_S, min(start_s + _MOST_SETTLE_S, end_s)
    window = (paths.time_s >= first) & (paths.time_s < last)
    for a, b in runs(window & ~(speed >= _SETTLED_SPEED)):
        if (b - a) / paths.fs_hz >= _SETTLED_S:
            return float(paths.time_s[a])
    return max(first, last)


def _moves(paths: _Paths, sides: tuple[Side, ...], start: int, stop: int, touches: list[int]) -> list[float]:
    """Return the times at which a standing foot is put somewhere else, away from touch-downs."""
    near = paths.frames(_AT_ONCE_S)
    return [
        float(paths.time_s[i])
        for side in sides
        for i in _steps(paths, side, start, stop)
        if all(abs(i - touch) > near for touch in touches)
    ]


def _steps(paths: _Paths, side: Side, start: int, stop: int) -> list[int]:
    """Frames at which a foot is somewhere else for half a second than for the half second before.

    Ankle, heel, toe and hips must all have gone: a landmark alone may be mistaken, and a foot
    that hops takes the body with it.
    """
    half = paths.frames(0.5)
    if stop - start < 3 * half:
        return []
    away = np.full(stop - start - 2 * half, np.inf)
    for path in (*(paths.joints[f"{side}_{joint}"] for joint in ("ankle", "heel", "toe")), paths.middle("hip")):
        known = bridge(path[start:stop])
        if np.isfinite(known).all():
            place = median_filter(known, size=(2 * half + 1, 1), mode="nearest")
            away = np.minimum(away, np.linalg.norm(place[2 * half :] - place[: -2 * half], axis=1) / paths.leg_px)
    moved = np.isfinite(away) & (away > _MOVED)
    return [start + half + int(a + np.argmax(away[a:b])) for a, b in runs(moved)]


def _step_frames(paths: _Paths, start: int, stop: int) -> list[int]:
    return sorted(i for side in _SIDES for i in _steps(paths, side, start, stop))


def _hands_off(paths: _Paths, start: int, stop: int) -> list[BalanceError]:
    """Find hands that leave the hips, of those that were there at first."""
    found = []
    for side in _SIDES:
        if _hand_is_on(paths, side, (start, stop)):
            away = _hand_from_hip(paths, side, (start, stop))
            found += _lasting(paths, away - _at_first(paths, away) > _HANDS_OFF, start, "hands_off")
    return found


def _hand_is_on(paths: _Paths, side: Side, span: tuple[int, int]) -> bool:
    return _at_first(paths, _hand_from_hip(paths, side, span)) <= _HANDS_ON


def _hand_from_hip(paths: _Paths, side: Side, span: tuple[int, int]) -> Floats:
    """Distance of a hand from its hip in lengths of the trunk."""
    part = slice(*span)
    trunk = median(np.linalg.norm((paths.middle("shoulder") - paths.middle("hip"))[part], axis=1))
    away = paths.joints[f"{side}_wrist"][part] - paths.joints[f"{side}_hip"][part]
    return np.asarray(np.linalg.norm(away, axis=1) / trunk)


def _at_first(paths: _Paths, curve: Floats) -> float:
    return median(curve[: paths.frames(2.0)])


def _thigh_off(paths: _Paths, free: str, start: int, stop: int) -> list[BalanceError]:
    """Find the free thigh leaving the place that it has most of the time."""
    thigh = (paths.joints[f"{free}_knee"] - paths.joints[f"{free}_hip"])[start:stop]
    angle = np.degrees(np.arctan2(thigh[:, 0], thigh[:, 1]))
    inner = np.zeros(len(angle), dtype=bool)
    # lifting and putting down move it anyway
    inner[paths.frames(1.0) : -paths.frames(1.0)] = True
    # seen from the front a thigh that points at the camera has no direction
    long_enough = np.linalg.norm(thigh, axis=1) > 0.25 * paths.leg_px
    off = (np.abs(angle - median(angle[inner & long_enough])) > _THIGH_OFF_DEG) & inner & long_enough
    return _lasting(paths, off, start, "free_thigh")


def _lasting(paths: _Paths, mask: Mask, start: int, kind: ErrorKind) -> list[BalanceError]:
    kept = [(a, b) for a, b in runs(mask) if b - a >= paths.frames(_KEPT_S)]
    stayed = [a + paths.frames(_OUT_S) for a, b in kept if b - a > paths.frames(_OUT_S)]
    return [
        *(BalanceError(kind, float(paths.time_s[start + a])) for a, _ in kept),
        *(BalanceError("out_of_position", float(paths.time_s[start + a])) for a in stayed),
    ]


def _once(events: list[BalanceError]) -> tuple[BalanceError, ...]:
    """Count errors at the same time once, the gravest of them, and no more than ten."""
    order = ("touch_down", "hop", "hands_off", "free_thigh", "out_of_position")
    kept: list[BalanceError] = []
    for event in sorted(events, key=lambda e: (order.index(e.kind), e.time_s)):
        if all(abs(event.time_s - other.time_s) > _AT_ONCE_S for other in kept):
            kept.append(BalanceError(event.kind, round(event.time_s, 2)))
    return tuple(sorted(kept, key=lambda e: e.time_s)[:_MOST_ERRORS])


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
