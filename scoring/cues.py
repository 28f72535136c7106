"""Which advice a set deserves: at most two cues, each for a fault that came back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .result import Cue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .result import SetResult
    from .thresholds import Thresholds

CUE_OF: Mapping[str, str] = {
    "SQ-DEPTH": "shallow",
    "SQ-LEAN": "forward_lean",
    "SQ-RISE": "hips_rise_first",
    "SQ-KASR": "knees_in",
    "SQ-MKD": "knees_in",
    "SQ-SHIFT": "hip_shift",
    "SQ-OBLIQ": "hip_shift",
    "SQ-CTRL": "fast_descent",
    "SQ-LOCK": "no_lockout",
    "HG-RATIO": "hinge_as_squat",
    "HG-KNEE": "hinge_as_squat",
    "HG-BACK": "hinge_as_squat",
    "HG-SHANK": "shins_move",
    "HG-RISE": "hips_rise_first",
    "HG-LOCK": "no_lockout",
    "HG-CTRL": "fast_descent",
}
_MOST = 2
# a fault is worth a word when it is there in two of three repetitions in a row
_TIMES, _AMONG = 2, 3


@dataclass(frozen=True)
class _Fault:
    """One fault over a set: where it was likely, by which criteria, and how much it weighs."""

    cue: str
    evidence: tuple[str, ...]
    reps: tuple[int, ...]
    weight: float


def set_cues(one: SetResult, texts: Mapping[str, str], thresholds: Thresholds) -> tuple[Cue, ...]:
    """Choose the cues of a set.

    A fault counts in a repetition when it is likely (`score.p_likely`). What is said first
    weighs most: criterion weight x severity x probability, summed over the repetitions.

    Parameters
    ----------
    one : SetResult
        A judged set.
    texts : mapping of cue id to sentence
        In the language of the reader.
    thresholds : Thresholds
        Weights of the criteria and the probability from which a fault is likely.

    Returns
    -------
    tuple of at most two Cue
    """
    faults = [fault for cue in dict.fromkeys(CUE_OF.values()) if (fault := _fault(one, cue, thresholds)) is not None]
    faults.sort(key=lambda fault: -fault.weight)
    # two faults that ask for the same are said once
    chosen: dict[str, Cue] = {}
    for fault in faults:
        text = texts[fault.cue]
        chosen.setdefault(text, Cue(fault.cue, text, fault.evidence, fault.reps))
    return tuple(chosen.values())[:_MOST]


def _fault(one: SetResult, cue: str, thresholds: Thresholds) -> _Fault | None:
    """Collect one fault over a set; None when it does not come back."""
    evidence, reps, weight = [], [], 0.0
    for rep in one.reps:
        likely = [
            c
            for c in rep.criteria
            if CUE_OF.get(c.id) == cue and c.p_fault is not None and c.p_fault >= thresholds.score.p_likely
        ]
        if likely:
            reps.append(rep.index)
            evidence += [c.id for c in likely]
            weight += max(thresholds.criteria[c.id].weight * (c.severity or 0.0) * (c.p_fault or 0.0) for c in likely)
    comes_back = any(sum(first <= rep < first + _AMONG for rep in reps) >= _TIMES for first in reps)
    return _Fault(cue, tuple(dict.fromkeys(evidence)), tuple(reps), weight) if comes_back else None
