"""From planned reps to what the posture shall show in every frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from . import programme
from .body import SIDES
from .events import apply_event
from .faults import FAULTS
from .programme import minimum_jerk
from .sway import BAND_HZ, band_noise
from .targets import ARM_ABDUCTION_DEG, Targets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .programme import Movement, RepPlan, RepTimes
    from .rotations import Floats
    from .scenario import Scenario

    Channels = dict[str, Floats]

COMMANDS = (
    "depth",
    "knee_flexion_deg",
    "trunk_inclination_deg",
    "hips_first_deg",
    "knees_in_deg",
    "hip_shift_m",
    "pelvic_drop_deg",
    "heel_rise_deg",
    "shin_travel_deg",
    "bar_drift_m",
    "lift",
    "sway_sideways_m",
    "sway_forward_m",
)
"""Columns of ``commands``."""

_HIPS_FIRST_PEAK = 0.35
_TOUCH_RAMP_S = 0.25
_SWAY_SEED = 1


@dataclass(frozen=True, eq=False)
class Course:
    """A set laid out over T frames.

    Attributes
    ----------
    time_s : (T,) array
        Time stamps.
    times : RepTimes
        Edges of the reps.
    event_s : (E, 2) array
        Start and end of each event.
    targets : Targets
        What the posture shall show before any sway.
    commands : (T, C) array
        Values of `COMMANDS`.
    """

    time_s: Floats
    times: RepTimes
    event_s: Floats
    targets: Targets
    commands: Floats

    def command(self, name: str) -> Floats:
        """Return one command's curve, shape (T,)."""
        column: Floats = self.commands[:, COMMANDS.index(name)]
        return column


def lay_out(scenario: Scenario, reps: tuple[RepPlan, ...]) -> Course:
    """Lay a set out in time."""
    movement = scenario.movement
    times = programme.rep_times(movement, reps, scenario.events)
    frames = round(programme.clip_duration_s(movement, reps, scenario.events) * scenario.video.fps)
    time_s = np.arange(frames) / scenario.video.fps
    depth, rep = programme.depth_curve(times, time_s)
    rise = programme.ascent_share(times, time_s, rep)
    fault = {name: np.array([*(r.faults[name] for r in reps), 0.0])[rep] * depth for name in FAULTS}
    fault["hips_first_deg"] = np.array([*(r.faults["hips_first_deg"] for r in reps), 0.0])[rep] * _hump(rise)
    lift = _lift(movement, reps, times, time_s, depth)
    channels = _channels(movement, reps, depth, rep, rise, fault)
    _stand_on_one_leg(channels, scenario, lift, fault["pelvic_drop_deg"])
    event_s = programme.event_times(movement, reps, scenario.events)
    for event, span in zip(scenario.events, event_s, strict=True):
        apply_event(event, span, time_s, movement, channels)
    sway = _sway(scenario, reps, times, time_s, lift)
    commands = {"depth": depth, "lift": lift, "sway_sideways_m": sway[0], "sway_forward_m": sway[1]} | {
        name: channels[name] for name in ("knee_flexion_deg", "trunk_inclination_deg")
    }
    table = np.stack([(fault | commands)[name] for name in COMMANDS], axis=1)
    return Course(time_s, times, event_s, Targets(**channels), table)


def _channels(
    movement: Movement,
    reps: tuple[RepPlan, ...],
    depth: Floats,
    rep: NDArray[np.int64],
    rise: Floats,
    fault: dict[str, Floats],
) -> Channels:
    def curve(ends: tuple[float, float], bottoms: list[float], tops: list[float]) -> Floats:
        """From the last rep's top to this one's bottom and on to its top; ``tops`` come on top of the usual top."""
        top = ends[0] + np.array([0.0, *tops])
        reached = np.where(rise > 0, top[rep + 1], top[np.maximum(rep, 0)])
        return np.asarray(reached + (np.array([*bottoms, ends[0]])[rep] - reached) * depth)

    def same(ends: tuple[float, float]) -> Floats:
        return curve(ends, [ends[1]] * len(reps), [0.0] * len(reps))

    short = [r.faults["lockout_deg"] for r in reps]
    none = [0.0] * len(reps)
    knee, trunk = (none, short) if movement.hinges else (short, none)
    trunk_curve = curve(movement.trunk_inclination_deg, [r.trunk_inclination_deg for r in reps], trunk)
    frames = len(depth)
    return {
        "knee_flexion_deg": curve(movement.knee_flexion_deg, [r.knee_flexion_deg for r in reps], knee),
        "trunk_inclination_deg": trunk_curve + fault["hips_first_deg"],
        "arm_elevation_deg": np.stack([same(movement.arm_elevation_deg)] * 2, axis=1),
        "elbow_flexion_deg": np.stack([same(movement.elbow_flexion_deg)] * 2, axis=1),
        "arm_abduction_deg": np.full((frames, 2), ARM_ABDUCTION_DEG),
        "knees_in_deg": fault["knees_in_deg"],
        "aside_m": fault["hip_shift_m"].copy(),
        "weighed": np.zeros(frames),
        "ahead_m": np.zeros(frames),
        "pelvis_roll_deg": np.zeros(frames),
        "heel_rise_deg": np.stack([fault["heel_rise_deg"]] * 2, axis=1),
        "shin_travel_deg": fault["shin_travel_deg"],
        "grip_drift_m": fault["bar_drift_m"],
        "step_m": np.zeros((frames, 2, 3)),
        "support": np.full((frames, 2), 0.5),
        "lift": np.zeros((frames, 2)),
        "free_thigh_deg": same(movement.free_thigh_deg),
        "free_knee_deg": same(movement.free_knee_deg),
    }


def _hump(rise: Floats) -> Floats:
    """Up to 1 in the first part of the ascent, down to 0 in the rest."""
    up, down = rise / _HIPS_FIRST_PEAK, (rise - _HIPS_FIRST_PEAK) / (1 - _HIPS_FIRST_PEAK)
    return np.asarray(minimum_jerk(up) - minimum_jerk(down))


def _lift(movement: Movement, reps: tuple[RepPlan, ...], times: RepTimes, time_s: Floats, depth: Floats) -> Floats:
    """How far the free leg has left the floor, shape (T,): 0 standing on both, 1 free."""
    if movement.leg == "both":
        return np.zeros(len(time_s))
    if movement.exercise == "single_leg_stance":
        lift, touches = depth.copy(), times.bottom_s
    else:
        lead_in, lead_out = movement.lead_in_s, movement.lead_out_s
        lift = minimum_jerk((time_s / lead_in - 0.2) / 0.5)
        lift -= minimum_jerk(((time_s - time_s[-1]) / max(lead_out, 1e-9) + 0.9) / 0.6)
        touches = times.end_s
    for plan, at in zip(reps, touches, strict=True):
        if plan.faults["touch_down_s"]:
            half = plan.faults["touch_down_s"] / 2
            away = (np.abs(time_s - at) - half) / _TOUCH_RAMP_S
            lift = np.minimum(lift, minimum_jerk(away))
    return np.asarray(lift)


def _stand_on_one_leg(channels: Channels, scenario: Scenario, lift: Floats, drop_deg: Floats) -> None:
    """Bring the weight over the standing foot before the other one leaves the floor, in place."""
    movement, stance = scenario.movement, scenario.stance
    if movement.leg == "both":
        channels["pelvis_roll_deg"] = drop_deg
        return
    standing = SIDES.index(movement.leg)
    sign = 1.0 if movement.leg == "left" else -1.0
    over = minimum_jerk(lift / 0.5)
    channels["support"][:, standing] = 0.5 + 0.5 * over
    channels["support"][:, 1 - standing] = 0.5 - 0.5 * over
    channels["lift"][:, 1 - standing] = minimum_jerk((lift - 0.3) / 0.7)
    channels["weighed"] = over
    channels["aside_m"] = channels["aside_m"] * (1 - over) + sign * stance.half_width_m * over
    # with both feet on the floor the legs could not reach it under a tilted pelvis
    channels["pelvis_roll_deg"] = sign * drop_deg * channels["lift"][:, 1 - standing]


def _sway(
    scenario: Scenario, reps: tuple[RepPlan, ...], times: RepTimes, time_s: Floats, lift: Floats
) -> tuple[Floats, Floats]:
    """Sideways and forward displacement of mid-hip, shape (T,) each: fresh noise for each time on one leg."""
    sway = scenario.sway
    sideways, ahead = np.zeros(len(time_s)), np.zeros(len(time_s))
    random = np.random.default_rng([scenario.seed, _SWAY_SEED])
    if scenario.movement.exercise == "single_leg_stance":
        spans = list(zip(times.start_s, times.end_s, [r.sway for r in reps], strict=True))
    else:
        spans = [(0.0, float(time_s[-1]) + 1.0, 1.0)] if scenario.movement.leg != "both" else []
    for start, end, scale in spans:
        inside = (time_s >= start) & (time_s < end)
        envelope = scale * lift[inside] ** 2 * np.linspace(1, sway.growth, int(inside.sum()))
        sideways[inside] = sway.sideways_rms_m * envelope * band_noise(time_s[inside], BAND_HZ, random)
        ahead[inside] = sway.forward_rms_m * envelope * band_noise(time_s[inside], BAND_HZ, random)
    return sideways, ahead
