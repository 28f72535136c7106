"""Which advice a set deserves, and which word a repetition does: one at a time, for a fault that came back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .result import Cue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .result import Rep, SetResult
    from .thresholds import Thresholds

CUE_OF: Mapping[str, str] = {
    "SQ-DEPTH": "shallow",
    "SQ-LEAN": "forward_lean",
    "SQ-RISE": "hips_rise_first",
    "SQ-KASR": "knees_in",
    "SQ-MKD": "knees_in",
    "SQ-SHIFT": "hip_shift",
    "SQ-OBLIQ": "hip_shift",
    "SQ-FPPA": "knees_in",
    "SQ-ASIDE": "trunk_aside",
    "SQ-HEEL": "heel_rise",
    "SQ-ARMS": "arms_forward",
    "SQ-CTRL": "fast_descent",
    "SQ-TEMPO": "off_tempo",
    "SQ-LOCK": "no_lockout",
    "HG-RATIO": "hinge_as_squat",
    "HG-KNEE": "hinge_as_squat",
    "HG-BACK": "hinge_as_squat",
    "HG-SHANK": "shins_move",
    "HG-RISE": "hips_rise_first",
    "HG-LOCK": "no_lockout",
    "HG-BAR": "load_away",
    "HG-FOOT": "load_away",
    "HG-HEEL": "heel_rise",
    "HG-OBLIQ": "hip_shift",
    "HG-SHOULDERS": "one_shoulder_low",
    "HG-PELVIS": "pelvis_open",
    "HG-LINE": "free_leg_drops",
    "HG-TOUCH": "unsteady",
    "HG-HOP": "unsteady",
    "HG-CTRL": "fast_descent",
    "HG-TEMPO": "off_tempo",
}
_MOST = 2
# a fault is worth a word when it is there in two of three repetitions in a row
_TIMES, _AMONG = 2, 3
# after a word nothing is said of a fault for this many repetitions, unless it is gone
_QUIET = 3
# a fault is gone after so many repetitions in a row without it
_GONE = 2
# a fault that is less probable than this is not there
POSSIBLE = 0.5


@dataclass(frozen=True)
class _Fault:
    """One fault over a set: where it was likely, by which criteria, and how much it weighs."""

    cue: str
    evidence: tuple[str, ...]
    reps: tuple[int, ...]
    weight: float


@dataclass(frozen=True)
class Word:
    """What is said after a repetition.

    Attributes
    ----------
    kind : str
        ``correct`` a fault, or ``praise`` that it is gone.
    cue : str
        The fault, a value of `CUE_OF`.
    evidence : tuple of str
        Criteria that show it; empty for praise.
    """

    kind: Literal["correct", "praise"]
    cue: str
    evidence: tuple[str, ...] = ()


def pick_cue(reps: Sequence[Rep], thresholds: Thresholds) -> Word | None:
    """Choose what to say after the last of the repetitions so far; None is silence.

    The same repetitions always get the same words: nothing else is remembered.
    """
    return rep_cues(reps, thresholds)[-1] if reps else None


def rep_cues(reps: Sequence[Rep], thresholds: Thresholds) -> tuple[Word | None, ...]:
    """Replay what is said after each repetition of a set, most often nothing.

    A fault is worth a word when it was likely in two of the last three repetitions, this
    one included; of several the one with the largest weight x severity x probability.
    Then nobody is told anything for three repetitions, unless the fault is gone for two:
    that is praised, once, and leaves room for the next.

    Parameters
    ----------
    reps : sequence of Rep
        In order.
    thresholds : Thresholds
        Weights of the criteria and the probability from which a fault is likely.

    Returns
    -------
    tuple of Word or None, one a repetition.
    """
    return tuple(_words([_likely_faults(rep, thresholds) for rep in reps], [_clear_of(rep) for rep in reps]))


def _words(faults: Sequence[Mapping[str, _Likely]], clear: Sequence[frozenset[str]]) -> Iterator[Word | None]:
    working_on: str | None = None
    quiet = 0
    for rep, now in enumerate(faults):
        quiet = max(0, quiet - 1)
        if working_on and _gone(working_on, clear[: rep + 1]):
            yield Word("praise", working_on)
            working_on, quiet = None, 0
            continue
        back = {cue: fault for cue, fault in now.items() if _back(cue, faults[: rep + 1])}
        if quiet or not back:
            yield None
            continue
        working_on = max(back, key=lambda cue: back[cue].weight)
        quiet = _QUIET + 1
        yield Word("correct", working_on, back[working_on].evidence)


def _back(cue: str, faults: Sequence[Mapping[str, _Likely]]) -> bool:
    return sum(cue in rep for rep in faults[-_AMONG:]) >= _TIMES


def _gone(cue: str, clear: Sequence[frozenset[str]]) -> bool:
    return len(clear) >= _GONE and all(cue in rep for rep in clear[-_GONE:])


def _clear_of(rep: Rep) -> frozenset[str]:
    """Name the cues that a repetition was seen to need not: what could not be seen is not gone."""
    judged = [(CUE_OF[c.id], c.p_fault) for c in rep.criteria if c.id in CUE_OF and c.p_fault is not None]
    return frozenset(cue for cue, _ in judged) - frozenset(cue for cue, p in judged if p >= POSSIBLE)


@dataclass(frozen=True)
class _Likely:
    """A fault that is likely in one repetition: its largest weight, and the criteria that show it."""

    weight: float
    evidence: tuple[str, ...]


def _likely_faults(rep: Rep, thresholds: Thresholds) -> dict[str, _Likely]:
    """Collect what is likely wrong with a repetition, by cue."""
    found: dict[str, _Likely] = {}
    for c in rep.criteria:
        cue = CUE_OF.get(c.id)
        if cue is None or c.p_fault is None or c.p_fault < thresholds.score.p_likely:
            continue
        known = found.get(cue, _Likely(0.0, ()))
        weight = thresholds.criteria[c.id].weight * (c.severity or 0.0) * c.p_fault
        found[cue] = _Likely(max(known.weight, weight), (*known.evidence, c.id))
    return found


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
    likely = {rep.index: _likely_faults(rep, thresholds) for rep in one.reps}
    faults = [fault for cue in dict.fromkeys(CUE_OF.values()) if (fault := _fault(cue, likely)) is not None]
    faults.sort(key=lambda fault: -fault.weight)
    # two faults that ask for the same are said once
    chosen: dict[str, Cue] = {}
    for fault in faults:
        text = texts[fault.cue]
        chosen.setdefault(text, Cue(fault.cue, text, fault.evidence, fault.reps))
    return tuple(chosen.values())[:_MOST]


def _fault(cue: str, faults: Mapping[int, Mapping[str, _Likely]]) -> _Fault | None:
    """Collect one fault over the repetitions of a set; None when it does not come back."""
    likely = {rep: found[cue] for rep, found in faults.items() if cue in found}
    comes_back = any(sum(first <= rep < first + _AMONG for rep in likely) >= _TIMES for first in likely)
    evidence = tuple(dict.fromkeys(name for each in likely.values() for name in each.evidence))
    return _Fault(cue, evidence, tuple(likely), sum(each.weight for each in likely.values())) if comes_back else None
