"""What the drifts of a set come to: one sentence, the first tired repetition, and its time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .drift import LEAST_REPS, detect
from .features import PACE, series_to_test
from .prescription import NOTHING_PRESCRIBED
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
    "trunk_rise_deg": (
        "the lead of the hips",
        "the hips rise ahead of the chest by {} more",
        "the hips rise ahead of the chest by {} less",
    ),
    "knee_flexion_bottom_deg": ("knee bend", "the knees bend {} more", "the knees bend {} less"),
    "hip_drop": ("how far the hips drop", "the hips drop {} more", "the hips drop {} less"),
    "ascent_s": ("the time to rise", "rising takes {} longer", "rising takes {} less"),
    "tempo_error": ("tempo", "the tempo is off by {} of its length more", "the tempo is off by {} of its length less"),
    "knee_separation_deficit": (
        "how far the knees are apart",
        "the knees come in by {} of the stance",
        "the knees go out by {} of the stance",
    ),
    "knees_in": ("the knees falling in", "the knees fall in by {} more", "the knees fall in by {} less"),
    "hip_shift_bottom": (
        "the hips going aside",
        "the hips go aside by {} to the left",
        "the hips go aside by {} to the right",
    ),
}
_PERCENT_OF = {
    "leg lengths": "leg length",
    "shank lengths": "shank length",
    "hip widths": "hip width",
    "thigh lengths": "thigh length",
}
_FEW = "Fewer than five full repetitions: too few to tell a drift from chance."
_UNSEEN = "Whether form drifted can't be told: nothing that shows it was measured in enough repetitions."
_NOT_FATIGUE = (
    "Whether that is fatigue can't be told, because nobody said that every rise was meant to be as fast as possible."
)
_IS_FATIGUE = "As every rise was meant to be as fast as possible, that is fatigue."
_TRUNK_TAKES_OVER = {"trunk_inclination_bottom_deg": 1.0, "knee_to_hip_flexion_ratio": -1.0, "trunk_rise_deg": 1.0}
# what gets better over a squat set: then nothing was held, and nobody is tired
_EASES = {
    "trunk_inclination_bottom_deg": -1.0,
    "depth_angle_bottom_deg": -1.0,
    "trunk_rise_deg": -1.0,
    "knee_separation_deficit": -1.0,
    "knees_in": -1.0,
    "hip_drop": 1.0,
}
# an onset known no better than to so many repetitions is an approximate one
_ABOUT = 3


def with_drift(one: SetResult, tables: DriftTables, past: Sequence[Sequence[SetResult]] = ()) -> SetResult:
    """Test a set for drift and sum up.

    Parameters
    ----------
    one : SetResult
    tables : DriftTables
    past : sequence of sequence of SetResult
        Comparable sets of each earlier day, oldest first.
    """
    drift = detect(series_to_test(one, past), tables)
    return replace(
        one, drift=drift, fatigue=summarize(one, drift) if one.reps and one.exercise.family != "balance" else None
    )


def summarize(one: SetResult, drift: Sequence[Drift]) -> Fatigue:
    """Sum up the drifts of a set: at most three, ranked by their size against the smallest that can be seen.

    A change of pace alone is no change of form, and no fatigue unless every rise was meant to
    be as fast as possible.
    """
    found = sorted((d for d in drift if d.verdict != "no_detectable_change"), key=lambda d: -abs(d.change) / d.mdc95)
    form = [d for d in found if d.metric not in PACE]
    as_fast_as_possible = (one.prescription or NOTHING_PRESCRIBED).intent == "max"
    claimed = [*form, *(d for d in found if d.metric in PACE)][:_MOST_SHOWN]
    tiring = [d for d in claimed if d.metric not in PACE or _slower_at_full_intent(d, as_fast_as_possible)]
    onsets = [d for d in tiring if d.onset_rep is not None]
    better = bool(form) and _only_eases(one, tiring)
    earliest = min(onsets, key=_surely_begun) if onsets and len(onsets) == len(tiring) and not better else None
    first = None if earliest is None else earliest.onset_rep
    rep = next((rep for rep in one.reps if rep.index == first), None)
    if not drift:
        sentence = _FEW if one.summary.full_reps < LEAST_REPS else _UNSEEN
    elif not claimed:
        sentence = _nothing(drift)
    elif form:
        sentence = _of_form(claimed, drift, earliest, better=better)
    else:
        sentence = _of_pace(claimed, drift, as_fast_as_possible=as_fast_as_possible)
    return Fatigue(
        sentence=sentence,
        tested=tuple(d.metric for d in drift),
        drifted=tuple(d.metric for d in claimed),
        first_tired_rep=first,
        first_tired_s=rep.start_s if rep else None,
        source=rep.source if rep else None,
    )


def change_in_words(metric: str, change: float, ci95: tuple[float, float], unit: str) -> str:
    """Say what changed, by how much, and how sure that is: ``the trunk leans 9° more (4–13°)``."""
    low, high = sorted(end if change > 0 else -end for end in ci95)
    size = _WORDS[metric][1 if change > 0 else 2].format(amount(change, unit))
    between = " to " if low < 0.0 else "–"
    return f"{size} ({_bare(low, unit)}{between}{_bare(high, unit)}{'°' if unit == 'deg' else ''})"


def amount(value: float, unit: str, *, sign: bool = False) -> str:
    """Write a change with its unit: ``9°``, ``0.25 s``, ``8 % of leg length``."""
    size = value if sign else abs(value)
    if unit == "deg":
        return f"{_bare(size, unit)}°"
    if unit in _PERCENT_OF:
        return f"{_bare(size, unit)} % of {_PERCENT_OF[unit]}"
    return f"{_bare(size, unit)}{f' {unit}' if unit else ''}"


def _surely_begun(d: Drift) -> tuple[int, int]:
    """Order by when a drift has surely begun; of equals the one that is known best comes first."""
    low, high = d.onset_interval or (d.onset_rep or 0, d.onset_rep or 0)
    return high, -low


def _only_eases(one: SetResult, claimed: Sequence[Drift]) -> bool:
    return one.exercise.family == "squat" and all(d.change * _EASES.get(d.metric, 0.0) > 0.0 for d in claimed)


def _slower_at_full_intent(d: Drift, as_fast_as_possible: bool) -> bool:
    return as_fast_as_possible and d.metric == "ascent_s" and d.change > 0.0


def _nothing(drift: Sequence[Drift]) -> str:
    limits = [f"{_WORDS[d.metric][0]} by {amount(d.detectable or d.mdc95, d.unit)}" for d in drift[:_MOST_SHOWN]]
    reps = max(len(d.reps) for d in drift)
    return (
        f"No drift found over {reps} reps. Larger changes than these could not have been missed: {', '.join(limits)}."
    )


def _of_form(claimed: Sequence[Drift], drift: Sequence[Drift], earliest: Drift | None, *, better: bool) -> str:
    held = "Form got better, not worse. " if better else ""
    if earliest is not None and earliest.onset_rep is not None:
        sooner, later = earliest.onset_interval or (earliest.onset_rep, earliest.onset_rep)
        held = f"Form held to {'about ' if later - sooner >= _ABOUT else ''}rep {earliest.onset_rep - 1}. "
    also = ", ".join(_also(d, claimed[0]) for d in claimed[1:])
    return held + _of(claimed[0]) + (f" Also: {also}." if also else "") + _compensation(claimed, drift)


def _compensation(claimed: Sequence[Drift], drift: Sequence[Drift]) -> str:
    """Say that depth was kept where the trunk took over; a depth that may have changed by more than error was not."""
    depth = next((d for d in drift if d.metric == "depth_angle_bottom_deg"), None)
    trunk = any(d.change * _TRUNK_TAKES_OVER.get(d.metric, 0.0) > 0.0 for d in claimed)
    if depth is None or not trunk or depth.verdict != "no_detectable_change" or abs(depth.change) > depth.mdc95:
        return ""
    most = amount(depth.detectable or depth.mdc95, depth.unit)
    return f" Depth changed by no more than {most}: the trunk makes up for the legs."


def _of_pace(claimed: Sequence[Drift], drift: Sequence[Drift], *, as_fast_as_possible: bool) -> str:
    found = claimed[0]
    form = any(d.metric not in PACE for d in drift)
    begin = "No drift of form found, but the pace changed. " if form else "The pace changed. "
    if found.metric != "ascent_s" or found.change < 0.0:
        return begin + _of(found)
    return f"{begin}{_of(found)} {_IS_FATIGUE if as_fast_as_possible else _NOT_FATIGUE}"


def _of(d: Drift) -> str:
    what = change_in_words(d.metric, d.change, d.ci95, d.unit)
    seen = f"; the smallest change we could see here is {amount(d.mdc95, d.unit)}."
    if d.onset_rep is None:
        return f"Steadily from the first rep to the last {what}{seen}"
    a, b = d.onset_interval or (d.onset_rep, d.onset_rep)
    when = f"From rep {d.onset_rep}" + (f" ({a}–{b})" if a != b else "")
    if d.shape == "bend":
        return f"{when} on, growing: at rep {d.reps[-1]} {what}{seen}"
    return f"{when} {what}{seen}"


def _also(d: Drift, first: Drift) -> str:
    size = _WORDS[d.metric][1 if d.change > 0 else 2].format(amount(d.change, d.unit))
    return size if d.onset_rep in (None, first.onset_rep) else f"{size} (from rep {d.onset_rep})"


def _bare(value: float, unit: str) -> str:
    """Write a number with as many digits as its unit deserves: small ones with one more."""
    if unit == "deg" or unit in _PERCENT_OF:
        value = value if unit == "deg" else 100.0 * value
        text = f"{value:.0f}" if abs(value) >= 2.0 else f"{value:.1f}"
    else:
        text = f"{value:.2f}"
    return (text if float(text) else text.removeprefix("-")).replace("-", "−")
