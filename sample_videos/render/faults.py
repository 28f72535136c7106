"""What goes wrong in a rep, and how it changes as the subject tires."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

FAULTS: Mapping[str, str] = {
    "shallow_deg": "less knee flexion at the bottom; in a hinge less trunk inclination",
    "lean_deg": "more trunk inclination at the bottom",
    "squatty_deg": "more knee flexion at the bottom, of a hinge",
    "hips_first_deg": "trunk inclination above that of a clean ascent, greatest 35 % into it",
    "knees_in_deg": "knees point further inwards than the toes",
    "hip_shift_m": "mid-hip to the subject's left",
    "pelvic_drop_deg": "pelvis lower on the free leg's side; on two legs on the right",
    "heel_rise_deg": "feet turned about their balls",
    "shin_travel_deg": "shanks tilt further forward than balance asks",
    "bar_drift_m": "hanging hands further ahead",
    "lockout_deg": "knees (squat) or trunk (hinge) short of the top at the rep's end",
    "fast_descent": "share of the descent's time that is missing",
    "touch_down_s": "the free foot stands on the floor for so long",
}
"""Name to meaning; amounts hold at the bottom of the rep unless the meaning says otherwise, and fade to its top."""

PROGRAMMES = ("none", "gradual", "sudden", "velocity_loss", "compensation", "sway_growth")
_ALLOWED = {
    "none": set(),
    "velocity_loss": {"descent", "ascent"},
    "compensation": {"trunk_inclination_deg", "descent", "ascent"},
    "sway_growth": {"sway"},
}


@dataclass(frozen=True)
class Fatigue:
    """How reps change from one on.

    Attributes
    ----------
    programme : str
        ``gradual``: the amounts are added with every rep from ``from_rep`` on; ``sudden``:
        once, from ``from_rep`` on; ``velocity_loss``: gradual, durations only;
        ``compensation``: gradual, the trunk leans more while the thighs reach the same depth,
        so that load moves from knee to hip; ``sway_growth``: gradual, sway only; ``none``.
    from_rep : int
        First rep that changes, counted from 1.
    knee_flexion_deg, trunk_inclination_deg : float
        Of the bottom position.
    descent, ascent, sway : float
        Of duration and of sway, as a share of it.
    faults : mapping of str to float
        Amounts of `FAULTS`.
    """

    programme: Literal["none", "gradual", "sudden", "velocity_loss", "compensation", "sway_growth"] = "gradual"
    from_rep: int = 1
    knee_flexion_deg: float = 0.0
    trunk_inclination_deg: float = 0.0
    descent: float = 0.0
    ascent: float = 0.0
    sway: float = 0.0
    faults: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.programme not in PROGRAMMES:
            raise ValueError(f"expected a programme of {', '.join(PROGRAMMES)}, got {self.programme}")
        check_names(self.faults)
        amounts = ("knee_flexion_deg", "trunk_inclination_deg", "descent", "ascent", "sway")
        given = {name for name in amounts if getattr(self, name)} | {name for name, a in self.faults.items() if a}
        extra = given - _ALLOWED.get(self.programme, given)
        if extra:
            raise ValueError(f"expected no {sorted(extra)[0]} in the programme {self.programme}")

    def times(self, rep: int) -> int:
        """Return how many times the amounts are added to a rep, counted from 1."""
        tired = max(0, rep - self.from_rep + 1)
        return min(tired, 1) if self.programme == "sudden" else tired


def check_names(faults: Mapping[str, object]) -> None:
    """Refuse names that are no fault.

    Raises
    ------
    ValueError
        With the first wrong name.
    """
    for name in faults:
        if name not in FAULTS:
            raise ValueError(f"there is no fault '{name}', only {', '.join(FAULTS)}")


def amounts_of(faults: Mapping[str, float | tuple[float, ...]], rep: int) -> dict[str, float]:
    """Return the amount of every fault in a rep, counted from 1; lists that are too short end with 0."""
    found = dict.fromkeys(FAULTS, 0.0)
    for name, amount in faults.items():
        if isinstance(amount, tuple | list):
            found[name] = float(amount[rep - 1]) if rep <= len(amount) else 0.0
        else:
            found[name] = float(amount)
    return found
