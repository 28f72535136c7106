"""A second person in the picture: standing by, walking through, or spotting."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from .body import load_body
from .events import walk
from .kinematics import Posture
from .legs import leg_lengths
from .model import Clothes
from .posture import solve_posture
from .programme import minimum_jerk
from .rotations import Z_AXIS, about, apply
from .targets import Stance, Targets

if TYPE_CHECKING:
    from .rotations import Floats

ACTIONS = ("stand", "walk_through", "spot")
_STANCE = Stance(half_width_m=0.12, toe_out_deg=8.0)
_STEP_LEGS, _STEP_S, _ARM_SWING_DEG = 0.6, 0.55, 22.0


@dataclass(frozen=True)
class Person:
    """Somebody besides the lifter.

    Attributes
    ----------
    body : str
        Name of a baked body.
    action : {'stand', 'walk_through', 'spot'}
        Spotting: arms ahead, going down a little with the lifter.
    place_m : (float, float)
        Where: to the lifter's left, and behind the lifter. Who walks starts there.
    facing_deg : float
        0 as the lifter faces, 90 to the lifter's left.
    from_s : float
        When walking begins.
    distance_m : float
        How far to walk.
    clothes : Clothes
    """

    body: str = "woman_average"
    action: Literal["stand", "walk_through", "spot"] = "stand"
    place_m: tuple[float, float] = (1.2, 1.0)
    facing_deg: float = 0.0
    from_s: float = 2.0
    distance_m: float = 4.0
    clothes: Clothes = field(default_factory=Clothes)

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise ValueError(f"expected an action of {', '.join(ACTIONS)}, got {self.action}")
        if self.distance_m <= 0:
            raise ValueError("expected a distance above 0 m")


def move(person: Person, time_s: Floats, depth: Floats) -> Posture:
    """Return a person's posture in every frame; ``depth`` (T,) is the lifter's, for who spots."""
    body = load_body(person.body)
    walks = person.action == "walk_through"
    targets = _walking(person, sum(leg_lengths(body)), time_s) if walks else _standing(person, time_s, depth)
    posture = solve_posture(body, _STANCE, targets)
    turn = about(Z_AXIS, person.facing_deg)
    place = np.array([*person.place_m, 0.0])
    return Posture(turn @ posture.rotation, apply(turn, posture.head) + place)


def _standing(person: Person, time_s: Floats, depth: Floats) -> Targets:
    down = depth if person.action == "spot" else np.zeros(len(time_s))
    arms = 55.0 if person.action == "spot" else 8.0
    breath = np.sin(2 * np.pi * 0.25 * time_s)
    return Targets(
        knee_flexion_deg=8 + 45 * down,
        trunk_inclination_deg=4 + 20 * down + 0.4 * breath,
        arm_elevation_deg=np.full(len(time_s), arms) + breath,
        elbow_flexion_deg=np.full(len(time_s), 25.0),
    )


def _walking(person: Person, leg_m: float, time_s: Floats) -> Targets:
    steps = max(3, round(person.distance_m / (_STEP_LEGS * leg_m)) + 1)
    end_s = person.from_s + steps * _STEP_S
    frames = len(time_s)
    share = (time_s - person.from_s) / (end_s - person.from_s)
    going = minimum_jerk(share / 0.1) - minimum_jerk((share - 0.9) / 0.1)
    swing = _ARM_SWING_DEG * going * np.sin(np.pi * (time_s - person.from_s) / _STEP_S)
    channels = {
        "knee_flexion_deg": np.full(frames, 8.0),
        "trunk_inclination_deg": 4 + 2 * going,
        "arm_elevation_deg": np.stack([4 - swing, 4 + swing], axis=1),
        "elbow_flexion_deg": np.full((frames, 2), 22.0),
        "aside_m": np.zeros(frames),
        "ahead_m": np.zeros(frames),
        "step_m": np.zeros((frames, 2, 3)),
        "heel_rise_deg": np.zeros((frames, 2)),
        "support": np.full((frames, 2), 0.5),
    }
    walk(channels, time_s, person.from_s, end_s, (0.0, person.distance_m), steps)
    return Targets(**channels)
