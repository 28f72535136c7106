"""The set: which reps are done, how they differ, and the commanded curves over time."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .rotations import Floats


@dataclass(frozen=True)
class Movement:
    """A set of equal reps.

    Attributes
    ----------
    exercise : {'squat', 'rdl'}
        What it is called in the truth file.
    reps : int
        How many.
    lead_in_s, lead_out_s : float
        Standing before the first and after the last rep.
    knee_flexion_deg, trunk_inclination_deg, arm_elevation_deg, elbow_flexion_deg : (float, float)
        At the top and at the bottom of a rep. Arms: 0 hanging, 90 forward.
    descent_s, hold_s, ascent_s, pause_s : float
        Durations: down, at the bottom, up, at the top.
    """

    exercise: Literal["squat", "rdl"]
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

    def __post_init__(self) -> None:
        if self.exercise not in ("squat", "rdl"):
            raise ValueError(f"expected the exercise squat or rdl, got {self.exercise}")
        if self.reps < 0:
            raise ValueError(f"expected 0 reps or more, got {self.reps}")
        if min(self.descent_s, self.ascent_s) <= 0:
            raise ValueError("expected a descent and an ascent longer than 0 s")
        if min(self.hold_s, self.pause_s, self.lead_in_s, self.lead_out_s) < 0:
            raise ValueError("expected no negative duration")


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
class Fatigue:
    """A gradual change from one rep on: the named amounts are added with every further rep.

    Attributes
    ----------
    from_rep : int
        First rep that changes, counted from 1.
    knee_flexion_deg, trunk_inclination_deg : float
        Of the bottom position, a rep.
    descent, ascent : float
        Of the duration, as a share of it, a rep.
    """

    from_rep: int = 1
    knee_flexion_deg: float = 0.0
    trunk_inclination_deg: float = 0.0
    descent: float = 0.0
    ascent: float = 0.0


@dataclass(frozen=True)
class RepPlan:
    """One commanded rep: its bottom position (degrees) and the durations of its phases (seconds)."""

    knee_flexion_deg: float
    trunk_inclination_deg: float
    descent_s: float
    hold_s: float
    ascent_s: float
    pause_s: float


REP_PARAMETERS = tuple(f.name for f in fields(RepPlan))


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
    movement: Movement, variation: Variation, fatigue: Fatigue, random: np.random.Generator
) -> tuple[RepPlan, ...]:
    """Decide every rep of a set."""
    typical = RepPlan(
        movement.knee_flexion_deg[1],
        movement.trunk_inclination_deg[1],
        movement.descent_s,
        movement.hold_s,
        movement.ascent_s,
        movement.pause_s,
    )
    return tuple(
        _tire(_vary(typical, variation, random), fatigue, max(0, number - fatigue.from_rep + 1))
        for number in range(1, movement.reps + 1)
    )


def _vary(rep: RepPlan, variation: Variation, random: np.random.Generator) -> RepPlan:
    knee, trunk, *phases = random.standard_normal(6)
    down, hold, up, top = (float(np.exp(variation.duration * z)) for z in phases)
    return RepPlan(
        rep.knee_flexion_deg + variation.knee_flexion_deg * float(knee),
        rep.trunk_inclination_deg + variation.trunk_inclination_deg * float(trunk),
        rep.descent_s * down,
        rep.hold_s * hold,
        rep.ascent_s * up,
        rep.pause_s * top,
    )


def _tire(rep: RepPlan, fatigue: Fatigue, tired: int) -> RepPlan:
    return replace(
        rep,
        knee_flexion_deg=rep.knee_flexion_deg + tired * fatigue.knee_flexion_deg,
        trunk_inclination_deg=rep.trunk_inclination_deg + tired * fatigue.trunk_inclination_deg,
        descent_s=rep.descent_s * (1 + tired * fatigue.descent),
        ascent_s=rep.ascent_s * (1 + tired * fatigue.ascent),
    )


def rep_times(movement: Movement, reps: tuple[RepPlan, ...]) -> RepTimes:
    """Lay the reps out in time."""
    phases = np.array([[r.descent_s, r.hold_s, r.ascent_s, r.pause_s] for r in reps]).reshape(-1, 4)
    edges = movement.lead_in_s + np.concatenate([[0.0], phases.ravel().cumsum()])
    start, descent_end, ascent_start, end = (edges[k:-1:4] for k in range(4))
    return RepTimes(start, descent_end, (descent_end + ascent_start) / 2, ascent_start, end)


def clip_duration_s(movement: Movement, reps: tuple[RepPlan, ...]) -> float:
    """Return how long the set takes with the standing before and after it."""
    return movement.lead_in_s + sum(r.descent_s + r.hold_s + r.ascent_s + r.pause_s for r in reps) + movement.lead_out_s


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
    up = (time_s - times.ascent_start_s[of]) / (times.end_s - times.ascent_start_s)[of]
    return np.asarray(minimum_jerk(down) - minimum_jerk(up)), rep


def minimum_jerk(share: Floats) -> Floats:
    """Return the share of the way after a share of the time; held outside 0 to 1."""
    s = np.clip(share, 0.0, 1.0)
    return np.asarray(s**3 * (10 - 15 * s + 6 * s**2))
