"""The set: which reps are done, how they differ, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from .faults import FAULTS, amounts_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from .events import Event
    from .faults import Fatigue
    from .rotations import Floats

    FaultAmounts = Mapping[str, float | tuple[float, ...]]

SQUATS = ("squat", "single_leg_squat")
HINGES = ("rdl", "deadlift", "good_morning", "single_leg_rdl")
EXERCISES = (*SQUATS, *HINGES, "single_leg_stance")
SETTLE_S = 0.5
_SHORTEST_DESCENT = 0.1


@dataclass(frozen=True)
class Movement:
    """A set of equal reps.

    Attributes
    ----------
    exercise : str
        One of `EXERCISES`. In ``single_leg_stance`` a rep is a time on one leg: the descent
        lifts the foot, the hold is the balance, the ascent puts it down.
    reps : int
        How many.
    leg : {'both', 'left', 'right'}
        On which the subject stands.
    lead_in_s, lead_out_s : float
        Standing before the first and after the last rep.
    knee_flexion_deg, trunk_inclination_deg, arm_elevation_deg, elbow_flexion_deg : (float, float)
        At the top and at the bottom of a rep. Arms: 0 hanging, 90 forward.
    free_thigh_deg, free_knee_deg : (float, float)
        Of the free leg: thigh forward of hanging, knee flexion.
    descent_s, hold_s, ascent_s, pause_s : float
        Durations: down, at the bottom, up, at the top.
    """

    exercise: Literal[
        "squat", "single_leg_squat", "rdl", "deadlift", "good_morning", "single_leg_rdl", "single_leg_stance"
    ]
    reps: int
    knee_flexion_deg: tuple[float, float]
    trunk_inclination_deg: tuple[float, float]
    arm_elevation_deg: tuple[float, float]
    elbow_flexion_deg: tuple[float, float] = (12.0, 12.0)
    descent_s: float = 1.5
    hold_s: float = 0.2
    ascent_s: float = 1.2
    pause_s: float = 0.6
    lead_in_s: float = 1.5
    lead_out_s: float = 1.0
    leg: Literal["both", "left", "right"] = "both"
    free_thigh_deg: tuple[float, float] = (35.0, 35.0)
    free_knee_deg: tuple[float, float] = (85.0, 85.0)

    def __post_init__(self) -> None:
        if self.exercise not in EXERCISES:
            raise ValueError(f"expected an exercise of {', '.join(EXERCISES)}, got {self.exercise}")
        if self.reps < 0:
            raise ValueError(f"expected 0 reps or more, got {self.reps}")
        if min(self.descent_s, self.ascent_s) <= 0:
            raise ValueError("expected a descent and an ascent longer than 0 s")
        if min(self.hold_s, self.pause_s, self.lead_in_s, self.lead_out_s) < 0:
            raise ValueError("expected no negative duration")
        if self.exercise.startswith("single_leg") == (self.leg == "both"):
            raise ValueError("expected leg left or right for the exercises on a single leg, and both for the others")

    @property
    def hinges(self) -> bool:
        """Whether the trunk, not the knees, makes the depth."""
        return self.exercise in HINGES


@dataclass(frozen=True)
class Variation:
    """Natural differences between reps, as standard deviations.

    Attributes
    ----------
    knee_flexion_deg, trunk_inclination_deg : float
        Of the bottom position.
    duration : float
        Of each phase, as a share of it.
    """

    knee_flexion_deg: float = 0.0
    trunk_inclination_deg: float = 0.0
    duration: float = 0.0


@dataclass(frozen=True)
class RepPlan:
    """One commanded rep: bottom position (degrees), phases (s), share of the sway, and the faults it contains."""

    knee_flexion_deg: float
    trunk_inclination_deg: float
    descent_s: float
    hold_s: float
    ascent_s: float
    pause_s: float
    sway: float = 1.0
    faults: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(FAULTS, 0.0))

    def parameters(self) -> list[float]:
        """Return the values of `REP_PARAMETERS`."""
        own = [getattr(self, name) for name in REP_PARAMETERS if name not in FAULTS]
        return [*own, *(self.faults[name] for name in FAULTS)]


REP_PARAMETERS = (
    "knee_flexion_deg",
    "trunk_inclination_deg",
    "descent_s",
    "hold_s",
    "ascent_s",
    "pause_s",
    "sway",
    *FAULTS,
)


@dataclass(frozen=True, eq=False)
class RepTimes:
    """Edges of N reps in seconds from the start of the clip, each of shape (N,).

    The descent runs from ``start_s`` to ``descent_end_s``, the ascent from ``ascent_start_s``
    to ``end_s``; ``bottom_s`` is half-way between them.
    """

    start_s: Floats
    descent_end_s: Floats
    bottom_s: Floats
    ascent_start_s: Floats
    end_s: Floats


def plan_reps(
    movement: Movement,
    variation: Variation,
    fatigue: Fatigue,
    random: np.random.Generator,
    faults: FaultAmounts | None = None,
) -> tuple[RepPlan, ...]:
    """Decide every rep of a set."""
    return tuple(
        _plan(movement, variation, fatigue, random.standard_normal(6), amounts_of(faults or {}, rep), rep)
        for rep in range(1, movement.reps + 1)
    )


def _plan(
    movement: Movement, variation: Variation, fatigue: Fatigue, chance: Floats, faults: dict[str, float], rep: int
) -> RepPlan:
    """Typical rep, by chance another, tired, at fault."""
    times = fatigue.times(rep)
    faults = {name: amount + times * fatigue.faults.get(name, 0.0) for name, amount in faults.items()}
    knee = movement.knee_flexion_deg[1] + variation.knee_flexion_deg * float(chance[0])
    trunk = movement.trunk_inclination_deg[1] + variation.trunk_inclination_deg * float(chance[1])
    down, hold, up, top = (float(np.exp(variation.duration * z)) for z in chance[2:])
    shallow = faults["shallow_deg"]
    slow_down = max(_SHORTEST_DESCENT, 1 - faults["fast_descent"])
    return RepPlan(
        knee + times * fatigue.knee_flexion_deg + faults["squatty_deg"] - (0 if movement.hinges else shallow),
        trunk + times * fatigue.trunk_inclination_deg + faults["lean_deg"] - (shallow if movement.hinges else 0),
        movement.descent_s * down * (1 + times * fatigue.descent) * slow_down,
        movement.hold_s * hold,
        movement.ascent_s * up * (1 + times * fatigue.ascent),
        movement.pause_s * top,
        1 + times * fatigue.sway,
        faults,
    )


def rep_times(movement: Movement, reps: Sequence[RepPlan], events: Sequence[Event] = ()) -> RepTimes:
    """Lay the reps out in time."""
    phases = np.array([[r.descent_s, r.hold_s, r.ascent_s, r.pause_s] for r in reps]).reshape(-1, 4)
    gaps = np.array([_gap_s(events, rep) for rep in range(len(reps))])
    edges = movement.lead_in_s + np.concatenate([[0.0], phases.ravel().cumsum()])
    start, descent_end, ascent_start, end = (edges[k:-1:4] + gaps.cumsum() for k in range(4))
    return RepTimes(start, descent_end, (descent_end + ascent_start) / 2, ascent_start, end)


def event_times(movement: Movement, reps: Sequence[RepPlan], events: Sequence[Event]) -> Floats:
    """Return start and end of each event, shape (E, 2), in seconds."""
    times = np.zeros((len(events), 2))
    for rep in range(len(reps) + 1):
        before = reps[:rep]
        at = movement.lead_in_s + sum(r.descent_s + r.hold_s + r.ascent_s + r.pause_s for r in before)
        at += sum(_gap_s(events, earlier) for earlier in range(rep))
        for number, event in enumerate(events):
            if event.after_rep == rep:
                times[number] = at, at + event.duration_s
                at += event.duration_s + SETTLE_S
    return times


def clip_duration_s(movement: Movement, reps: Sequence[RepPlan], events: Sequence[Event] = ()) -> float:
    """Return how long the set takes with the standing before and after it."""
    moving = sum(r.descent_s + r.hold_s + r.ascent_s + r.pause_s for r in reps)
    return movement.lead_in_s + moving + sum(e.duration_s + SETTLE_S for e in events) + movement.lead_out_s


def _gap_s(events: Sequence[Event], after_rep: int) -> float:
    return sum(e.duration_s + SETTLE_S for e in events if e.after_rep == after_rep)


def depth_curve(times: RepTimes, time_s: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Return how far down the subject is, and in which rep.

    Down and up are minimum-jerk movements (Flash and Hogan, 1985).

    Returns
    -------
    depth : (T,) array
        0 at the top, 1 at the bottom.
    rep : (T,) array of int
        Number of the last rep that has begun, from 0; -1 before the first.
    """
    rep = np.searchsorted(times.start_s, time_s, side="right") - 1
    if not len(times.start_s):
        return np.zeros(len(time_s)), rep
    of = np.maximum(rep, 0)
    down = (time_s - times.start_s[of]) / (times.descent_end_s - times.start_s)[of]
    return np.asarray(minimum_jerk(down) - minimum_jerk(ascent_share(times, time_s, rep))), rep


def ascent_share(times: RepTimes, time_s: Floats, rep: NDArray[np.int64]) -> Floats:
    """Return which share of the current rep's ascent has passed; below 0 before it, above 1 after it."""
    if not len(times.start_s):
        return np.full(len(time_s), -1.0)
    of = np.maximum(rep, 0)
    return np.asarray((time_s - times.ascent_start_s[of]) / (times.end_s - times.ascent_start_s)[of])


def minimum_jerk(share: Floats) -> Floats:
    """Return the share of the way after a share of the time; held outside 0 to 1."""
    s = np.clip(share, 0.0, 1.0)
    return np.asarray(s**3 * (10 - 15 * s + 6 * s**2))
