"""A balance test in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..scoring.result import BalancePair, Sway, SwayDescriptor

_STANCES = {"single-leg": "one leg", "double-leg": "both feet", "tandem": "one foot before the other"}
_ENDS = {
    "touch_down": "until the other foot touched the floor",
    "hop": "until the standing foot moved",
    "hands_off": "until a hand left the hips",
    "foot_down": "until the foot was put down",
    "step": "until a step",
    "video_end": "until the video ends",
}
_ERRORS = {
    "touch_down": "foot touched the floor",
    "hop": "standing foot moved",
    "hands_off": "hand left the hips",
    "free_thigh": "free thigh moved by more than 30°",
    "out_of_position": "out of position for more than 5 s",
}
# of two kinds of trial: their names, and where the second has more or less sway than the first
_PAIRS = {
    "eyes": ("eyes open", "eyes closed", "with the eyes closed than open"),
    "legs": ("left leg", "right leg", "on the right leg than on the left"),
    "set": ("before the set", "after the set", "after the set than before it"),
    "time": ("before", "after", "after than before"),
}
_RATIOS = {"eyes": "Romberg ratio", "legs": "right over left", "set": "ratio", "time": "ratio"}
_NUMBERS = {1: "one trial", 2: "two trials", 3: "three trials"}
_NAMES = {
    "RMS": "typical sway about the middle (RMS)",
    "RANGE": "from end to end",
    "MVELO": "mean speed",
    "F95": "pace, 95 % of the sway is slower than",
}
_AXES = {
    "medio-lateral": "side to side (medio-lateral)",
    "antero-posterior": "forward and back (antero-posterior)",
    "in the picture": "across the picture",
}
_UNSEEN = {"foot_lift": "a heel or forefoot that leaves the floor is too small a movement for a camera"}
_BEYOND = {"small": "just beyond chance", "clear": "clearly beyond chance", "large": "far beyond chance"}


def sway_headline(sway: Sway) -> str:
    """Say on what somebody stood, and for how long."""
    leg = f"the {sway.side} leg" if sway.stance == "single-leg" and sway.side else _STANCES[sway.stance]
    eyes = f", eyes {sway.eyes}" if sway.eyes else ""
    return f"Balance on {leg}{eyes}: {sway.held_s:.1f} s {_ENDS[sway.ended_by]}."


def sway_lines(sway: Sway) -> list[str]:
    """Write what was measured of a time of standing still, or why it was not."""
    lines = []
    if sway.since_last_rep_s is not None:
        lines.append(f"measured from {sway.since_last_rep_s:.0f} s after the last repetition on")
    errors = "".join(f"; {_ERRORS[e.kind]} at {e.time_s:.1f} s" for e in sway.errors)
    lines.append(f"errors seen: {len(sway.errors) or 'none'}{errors}")
    if sway.errors_unseen:
        unseen = (_UNSEEN.get(kind, reason) for kind, reason in sway.errors_unseen.items())
        lines.append(f"errors not judged: {'; '.join(unseen)}")
    first, last = sway.analysed_s
    if sway.status == "not_observable":
        return [*lines, f"sway: not measured, {sway.reason}"]
    if sway.status == "below_noise_floor":
        return [*lines, f"sway, {axis_in_words(sway)}: below the noise floor; {sway.reason}"]
    lines.append(f"{axis_in_words(sway)}, from {first:.1f} s to {last:.1f} s:")
    lines += [
        f"  {_NAMES[n]}: {_quantity(sway.descriptors[n])}" for n in _NAMES if sway.descriptors[n].value is not None
    ]
    if any(sway.descriptors[n].status == "below_noise_floor" for n in _NAMES):
        lines.append("  speed and pace need a sway of four times the noise: not shown")
    if sway.growth and sway.growth.verdict != "no_detectable_change":
        low, high = sway.growth.ci95
        lines.append(f"  at the end it is {sway.growth.factor:.1f} times that at the beginning ({low:.1f}–{high:.1f})")
    return lines


def axis_in_words(sway: Sway) -> str:
    """Say in which direction a sway was measured: ``side to side (medio-lateral)``."""
    return _AXES[sway.axis]


def pair_names(pair: BalancePair) -> tuple[str, str]:
    """Name the two kinds of trial of a pair."""
    first, second, _ = _PAIRS[pair.kind]
    return first, second


def pair_title(pair: BalancePair) -> str:
    """Say what is compared: ``Eyes open and eyes closed, left leg``."""
    leg = [] if pair.kind == "legs" else [f"{pair.side} leg" if pair.side else _STANCES[pair.stance]]
    eyes = [f"eyes {pair.eyes}"] if pair.eyes else []
    return ", ".join([" and ".join(pair_names(pair)).capitalize(), *leg, *eyes])


def pair_answer(pair: BalancePair) -> str:
    """Say how much the two kinds of trial differ, and what a difference must be to show."""
    change = pair.change
    if change is None:
        return f"Not compared: {pair.reason}"
    first, second, than = _PAIRS[pair.kind]
    levels = [sway_amount(level, change.unit) for level in (change.before, change.after)]
    low, high = change.ci95
    found = (
        f"Sway (RMS) {levels[0]} {first}, {levels[1]} {second}; {_RATIOS[pair.kind]} {change.ratio:.2f}"
        f" ({low:.2f}–{high:.2f})."
    )
    n, m = (_NUMBERS.get(count, str(count)) for count in change.trials)
    least = f"{n} against {m} would show a difference of {change.mdc95_pct:.0f} % or more"
    if change.verdict == "no_detectable_change":
        return f"{found} No difference that these trials could show: {least}."
    more = 100.0 * (change.ratio - 1.0)
    word = "more" if more > 0 else "less"
    return f"{found} {abs(more):.0f} % {word} sway {than}, {_BEYOND[change.verdict]}; {least}."


def sway_unit(unit: str) -> str:
    """Write the unit of a sway for people: ``% of leg length``."""
    return unit.replace("% leg", "% of leg length")


def sway_amount(value: float, unit: str) -> str:
    """Write a sway with as many digits as its unit needs: ``4.2 mm``, ``0.65 % of leg length``."""
    return f"{value:.{_digits(unit)}f} {sway_unit(unit)}".rstrip()


def _digits(unit: str) -> int:
    return 1 if unit.startswith("mm") else 2


def _quantity(found: SwayDescriptor) -> str:
    if found.value is None:
        return "–"
    text, digits = sway_amount(found.value, found.unit), _digits(found.unit)
    if found.standard_error is None or found.noise is None:
        return text
    return f"{text} ± {found.standard_error:.{digits}f}, noise {found.noise:.{digits}f}"
