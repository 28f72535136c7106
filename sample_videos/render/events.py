"""What happens in a set that is no rep: walking out, tying a shoe, waving, half a rep, a pause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from .programme import minimum_jerk

if TYPE_CHECKING:
    from .programme import Movement
    from .rotations import Floats

    Channels = dict[str, Floats]

KINDS = ("pause", "walk_out", "re_rack", "tie_shoe", "half_rep", "wave")
_WALK_M, _STEPS = 0.40, 3
_STEP_UP_M, _SIDE_SWAY_M, _WALKING_KNEE_DEG = 0.07, 0.03, 29.0
# Knees bend before the first step; the hips begin and end each step by a share of it before and after the foot.
_SOFTEN_S, _EARLY = 0.3, 0.1
# The heel behind rises before its foot leaves the floor and sinks while it swings; shares of the swing.
_HEEL_RISE_DEG, _FULL_STRIDE_M, _HEEL_UP, _HEEL_DOWN = 30.0, 0.7, 0.4, 0.6
_CROUCH_KNEE_DEG, _CROUCH_TRUNK_DEG, _CROUCH_ARM_DEG = 85.0, 72.0, 25.0
_WAVE_ELEVATION_DEG, _WAVE_ABDUCTION_DEG, _WAVE_SWING_DEG, _WAVE_HZ = 150.0, 30.0, 22.0, 1.4


@dataclass(frozen=True)
class Event:
    """One of `KINDS`.

    Attributes
    ----------
    kind : str
        ``walk_out``: three steps back from the rack; ``re_rack``: three steps forward;
        ``tie_shoe``: down to the right shoe and up again; ``wave``: with the right arm;
        ``half_rep``: a rep of a share of the depth; ``pause``: standing.
    after_rep : int
        The rep it follows; 0 is before the first.
    duration_s : float
    depth : float
        Share of a rep's way, for ``half_rep``.
    """

    kind: Literal["pause", "walk_out", "re_rack", "tie_shoe", "half_rep", "wave"]
    after_rep: int = 0
    duration_s: float = 3.0
    depth: float = 0.45

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"expected an event of {', '.join(KINDS)}, got {self.kind}")
        if self.duration_s < 1 or self.after_rep < 0 or not 0 < self.depth < 1:
            raise ValueError("expected an event of 1 s or more after a rep of the set, and a depth between 0 and 1")


def apply_event(event: Event, span_s: Floats, time_s: Floats, movement: Movement, channels: Channels) -> None:
    """Change the channels of `Targets` while an event lasts, in place."""
    start, end = (float(edge) for edge in span_s)
    if event.kind == "walk_out":
        walk(channels, time_s, start, end, (_WALK_M, 0.0), _STEPS)
    elif event.kind == "re_rack":
        walk(channels, time_s, start, end, (0.0, _WALK_M), _STEPS)
    elif event.kind == "tie_shoe":
        _crouch(channels, time_s, start, end)
    elif event.kind == "wave":
        _wave(channels, time_s, start, end)
    elif event.kind == "half_rep":
        _half(channels, _swell(time_s, start, end, 0.48), event.depth, movement)


def walk(
    channels: Channels, time_s: Floats, start_s: float, end_s: float, way_m: tuple[float, float], steps: int
) -> None:
    """Step from one place to another, forward of the stance; the left foot first, the last step closes the stance.

    The hips stay between the feet, so that neither leg has to be longer than it is.
    """
    places = [way_m[0], way_m[0]]
    each = (end_s - start_s) / steps
    feet = np.tile(np.array(places), (len(time_s), 1))
    hips = np.full(len(time_s), way_m[0])
    knots, weights = [start_s], [0.5]
    for number in range(steps):
        foot, begin = number % 2, start_s + number * each
        to = way_m[0] + (way_m[1] - way_m[0]) * min(1.0, (number + 1) / (steps - 1))
        stride = to - places[foot]
        share = (time_s - begin - 0.15 * each) / (0.7 * each)
        feet[:, foot] += stride * minimum_jerk(share)
        first, last = max(start_s, begin - _EARLY * each), min(end_s, begin + (1 + _EARLY) * each)
        hips += stride / 2 * minimum_jerk((time_s - first) / (last - first))
        _swing(channels, foot, share, abs(stride))
        places[foot] = to
        knots += [begin + 0.2 * each, begin + 0.8 * each]
        weights += [float(foot)] * 2
    channels["step_m"][:, :, 1] -= feet
    left = np.interp(time_s, [*knots, end_s], [*weights, 0.5])
    left = 0.5 - 0.5 * np.cos(np.pi * left)
    walking = (time_s >= start_s) & (time_s <= end_s)
    channels["support"][walking] = np.stack([left, 1 - left], axis=1)[walking]
    channels["aside_m"][walking] += _SIDE_SWAY_M * (2 * left - 1)[walking]
    channels["ahead_m"] += hips
    soft_s = end_s - start_s + 2 * _SOFTEN_S
    bent = _swell(time_s, start_s - _SOFTEN_S, end_s + _SOFTEN_S, _SOFTEN_S / soft_s)
    channels["knee_flexion_deg"] += _WALKING_KNEE_DEG * bent


def _swing(channels: Channels, foot: int, share: Floats, stride_m: float) -> None:
    """Lift a foot that swings; its heel leaves the floor before."""
    s = np.clip(share, 0, 1)
    channels["step_m"][:, foot, 2] += _STEP_UP_M * 16 * s**2 * (1 - s) ** 2
    heel = minimum_jerk((share + _HEEL_UP) / _HEEL_UP) - minimum_jerk(share / _HEEL_DOWN)
    channels["heel_rise_deg"][:, foot] += _HEEL_RISE_DEG * min(1.0, stride_m / _FULL_STRIDE_M) * heel


def _crouch(channels: Channels, time_s: Floats, start_s: float, end_s: float) -> None:
    down = _swell(time_s, start_s, end_s, 0.28)
    channels["knee_flexion_deg"] += _CROUCH_KNEE_DEG * down
    channels["trunk_inclination_deg"] += _CROUCH_TRUNK_DEG * down
    arms = channels["arm_elevation_deg"]
    busy = 4 * np.sin(2 * np.pi * 1.5 * time_s)[:, None] * [1, -1]
    arms += (_CROUCH_ARM_DEG + busy - arms) * down[:, None]


def _wave(channels: Channels, time_s: Floats, start_s: float, end_s: float) -> None:
    up = _swell(time_s, start_s, end_s, 0.25)
    swing = _WAVE_ABDUCTION_DEG + _WAVE_SWING_DEG * np.sin(2 * np.pi * _WAVE_HZ * (time_s - start_s))
    for name, value in (("arm_elevation_deg", _WAVE_ELEVATION_DEG), ("arm_abduction_deg", swing)):
        right = channels[name][:, 1]
        right += (value - right) * up


def _half(channels: Channels, down: Floats, depth: float, movement: Movement) -> None:
    for name in ("knee_flexion_deg", "trunk_inclination_deg", "arm_elevation_deg", "elbow_flexion_deg"):
        top, bottom = getattr(movement, name)
        part = depth * (bottom - top) * down
        channels[name] += part if channels[name].ndim == 1 else part[:, None]


def _swell(time_s: Floats, start_s: float, end_s: float, ramp: float) -> Floats:
    """From 0 to 1 and back to 0, each in a share of the time."""
    share = (time_s - start_s) / (end_s - start_s)
    return np.asarray(minimum_jerk(share / ramp) - minimum_jerk((share - 1 + ramp) / ramp))
