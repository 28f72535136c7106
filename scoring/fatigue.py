"""What the drifts of a set come to: one sentence, the first tired repetition, and its time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .drift import detect
from .features import series_to_test
from .result import Fatigue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .drift_tables import DriftTables
    from .result import Drift, SetResult

_MOST_SHOWN = 3
# What a metric is about, and what its growth and its decline look like.
_WORDS: dict[str, tuple[str, str, str]] = {
    "trunk_inclination_bottom_deg": ("trunk lean", "the trunk leans {} more", "the trunk leans {} less"),
    "depth_angle_bottom_deg": ("depth", "the thighs stay {} higher", "the thighs go {} lower"),
    "knee_to_hip_flexion_ratio": (
        "the share of the knees",
        "the knees bend more against the hips (ratio {} up)",
        "the hips take over from the knees (ratio {} down)",
    ),
    "trunk_rise_deg": ("the lead of the hips", "the hips rise {} more ahead", "the hips rise {} less ahead"),
    "knee_flexion_bottom_deg": ("knee bend", "the knees bend {} more", "the knees bend {} less"),
    "hip_drop": ("how far the hips drop", "the hips drop {} more", "the hips drop {} less"),
    "ascent_s": ("the time to rise", "rising takes {} longer", "rising takes {} less"),
    "tempo_error": ("tempo", "the tempo is missed by {} more", "the tempo is missed by {} less"),
    "knee_separation_deficit": ("the knees", "the knees come in by {} of the stance", "the knees go out by {}"),
    "knees_in": ("the knees", "the knees fall in by {} more", "the knees fall in by {} less"),
    "hip_shift_bottom": ("the hips", "the hips move {} to the left", "the hips move {} to the right"),
}
_PERCENT_OF = {
    "leg lengths": "leg length",
    "shank lengths": "shank length",
    "hip widths": "hip width",
    "thigh lengths": "thigh length",
}
_FEW = "Fewer than five full repetitions were measured: too few to tell a drift from chance."


def with_drift(one: SetResult, tables: DriftTables, past: Sequence[SetResult] = ()) -> SetResult:
    """Test a set for drift and sum up.

    Parameters
    ----------
    one : SetResult
    tables : DriftTables
    past : sequence of SetResult
        Earlier comparable sets, oldest first, one a day.
    """
    drift = detect(series_to_test(one, past), tables)
    return replace(
        one, drift=drift, fatigue=summarize(one, drift) if one.reps and one.exercise.family != "balance" else None
    )


def summarize(one: SetResult, drift: Sequence[Drift]) -> Fatigue:
    """Sum up the drifts of a set: at most three, ranked by their size against the smallest that can be seen."""
    claimed = sorted((d for d in drift if d.verdict != "no_detectable_change"), key=lambda d: -abs(d.change) / d.mdc95)[
        :_MOST_SHOWN
    ]
    onsets = [d.onset_rep for d in claimed if d.onset_rep is not None]
    first = min(onsets) if onsets and len(onsets) == len(claimed) else None
    rep = next((rep for rep in one.reps if rep.index == first), None)
    return Fatigue(
        sentence=_sentence(claimed, drift, first),
        tested=tuple(d.metric for d in drift),
        drifted=tuple(d.metric for d in claimed),
        first_tired_rep=first,
        first_tired_s=rep.start_s if rep else None,
        source=rep.source if rep else None,
    )


def amount(value: float, unit: str, *, sign: bool = False) -> str:
    """Write a change with its unit: ``9°``, ``0.25 s``, ``8 % of leg length``."""
    size = value if sign else abs(value)
    if unit == "deg":
        text = f"{size:.0f}°"
    elif unit in _PERCENT_OF:
        text = f"{100 * size:.0f} % of {_PERCENT_OF[unit]}"
    else:
        text = f"{size:.2f}{f' {unit}' if unit else ''}"
    return text.replace("-", "−")


def _sentence(claimed: Sequence[Drift], drift: Sequence[Drift], first: int | None) -> str:
    if not drift:
        return _FEW
    if not claimed:
        limits = [f"{_WORDS[d.metric][0]} by {amount(d.detectable or d.mdc95, d.unit)}" for d in drift[:_MOST_SHOWN]]
        return (
            f"No drift found over {len(drift[0].reps)} reps; larger changes could hardly have been missed: "
            f"{', '.join(limits)}."
        )
    held = f"Form held to rep {first - 1}. " if first is not None and first > 1 else ""
    also = ", ".join(_also(d, claimed[0]) for d in claimed[1:])
    return held + _of(claimed[0]) + (f" Also: {also}." if also else "")


def _of(d: Drift) -> str:
    low, high = (x if d.change > 0 else -x for x in d.ci95)
    low, high = min(low, high), max(low, high)
    size = _WORDS[d.metric][1 if d.change > 0 else 2].format(amount(d.change, d.unit))
    span = f"({_bare(low, d.unit)}–{_bare(high, d.unit)}{'°' if d.unit == 'deg' else ''})"
    seen = f"; the smallest change we could see here is {amount(d.mdc95, d.unit)}."
    if d.onset_rep is None:
        return f"Steadily from the first rep to the last {size} {span}{seen}"
    a, b = d.onset_interval or (d.onset_rep, d.onset_rep)
    when = f"From rep {d.onset_rep}" + (f" ({a}–{b})" if a != b else "")
    if d.shape == "bend":
        return f"{when} on, growing: at rep {d.reps[-1]} {size} {span}{seen}"
    return f"{when} {size} {span}{seen}"


def _also(d: Drift, first: Drift) -> str:
    size = _WORDS[d.metric][1 if d.change > 0 else 2].format(amount(d.change, d.unit))
    return size if d.onset_rep in (None, first.onset_rep) else f"{size} (from rep {d.onset_rep})"


def _bare(value: float, unit: str) -> str:
    text = f"{value:.0f}" if unit == "deg" else f"{100.0 * value:.0f}" if unit in _PERCENT_OF else f"{value:.2f}"
    return text.replace("-", "−")
