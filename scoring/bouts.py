"""Where one set ends and the next begins, and which exercise each of them is."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from .exercise import classify, family_of, find_reps, look_for_reps, shape_of_each, timed
from .reps import regrade

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .exercise import FoundReps, Shape
    from .kinematics import Kinematics
    from .reps import RepSpan
    from .result import Family
    from .thresholds import Thresholds

# so many repetitions of another exercise, each as sure as this, are no chance
_AT_LEAST = 2
_SURE = 0.8


def find_sets(
    kin: Kinematics, declared: str, thresholds: Thresholds, of_one_leg: Callable[[], Kinematics] | None = None
) -> tuple[FoundReps, ...]:
    """Find the sets of a track, each with its own exercise.

    Resting for long ends a set, and so does another exercise. Each set has its own scale:
    what is full in one would be little in another. A single excursion beside longer sets is
    a repetition only as far as it is one of theirs; anything else is picking something up.

    Parameters
    ----------
    kin : Kinematics
        Curves of a track without a cut.
    declared : str
        ``auto`` or a key of `exercise.FAMILIES`.
    thresholds : Thresholds
    of_one_leg : callable, optional
        Makes the curves of the leg that is stood on; see `find_reps`.

    Returns
    -------
    tuple of FoundReps in order of time, at least one; empty of repetitions where there are none.
    """
    whole = look_for_reps(kin, declared, thresholds, of_one_leg=of_one_leg)
    moments = whole.excursions or whole.spans
    windows = _windows(kin, moments, thresholds.reps.max_rest_s)
    if len(windows) == 1:
        found = [timed(kin, whole, thresholds)]
    else:
        found = [find_reps(kin, declared, thresholds, window, of_one_leg) for window in windows]
    if declared == "auto":
        found = [part for one in found for part in _by_exercise(kin, one, moments, thresholds)]
    sets = _genuine(found, thresholds) or [timed(kin, whole, thresholds)]
    return tuple(part for one in sets for part in _by_rest(one, thresholds.reps.max_rest_s)) or (whole,)


def _windows(kin: Kinematics, spans: Sequence[RepSpan], max_rest_s: float) -> list[slice]:
    """Part the track in the middle of every long rest."""
    ended = np.maximum.accumulate([span.end_s for span in spans]) if spans else np.zeros(0)
    rests = [(end, after.start_s) for end, after in zip(ended, spans[1:], strict=False)]
    return _parted(kin, [(a + b) / 2.0 for a, b in rests if b - a > max_rest_s])


def _parted(kin: Kinematics, at_s: Sequence[float], window: slice = slice(None)) -> list[slice]:
    first, last, _ = window.indices(len(kin.time_s))
    edges = [first, *(int(i) for i in np.searchsorted(kin.time_s, at_s)), last]
    return [slice(a, b) for a, b in pairwise(edges)]


def _by_exercise(
    kin: Kinematics, found: FoundReps, moments: Sequence[RepSpan], thresholds: Thresholds
) -> tuple[FoundReps, ...]:
    """Part a set in which one exercise clearly follows another without a rest."""
    if not found.spans or found.exercise.detected == "single-leg":
        return (found,)
    window = found.window
    first_s, last_s = kin.time_s[window][[0, -1]]
    inside = [span for span in moments if first_s <= span.bottom_s <= last_s]
    families = [_sure_family(shape) for shape in shape_of_each(kin, inside)]
    for i in range(_AT_LEAST, len(inside) - _AT_LEAST + 1):
        before, after = set(families[:i]), set(families[i:])
        if len(before) == len(after) == 1 and before != after and None not in before | after:
            middle = (inside[i - 1].end_s + inside[i].start_s) / 2.0
            parts = [find_reps(kin, "auto", thresholds, part) for part in _parted(kin, [middle], window)]
            return tuple(parts) if all(part.spans for part in parts) else (found,)
    return (found,)


def _sure_family(shape: Shape) -> Family | None:
    detected, confidence = classify(shape)
    return family_of(detected) if confidence >= _SURE else None


def _genuine(found: Sequence[FoundReps], thresholds: Thresholds) -> list[FoundReps]:
    """Leave out single excursions that are no repetition of the longer sets beside them; nothing without such sets."""
    long = [one for one in found if _full(one) >= _AT_LEAST]
    if not long:
        return []
    kept = []
    for one in found:
        same = [span for other in long if other.by_hips == one.by_hips for span in other.spans]
        if _full(one) >= _AT_LEAST:
            kept.append(one)
        elif same:
            graded = regrade([*same, *one.spans], thresholds.reps)[len(same) :]
            kept.append(replace(one, spans=graded))
    return kept


def _full(found: FoundReps) -> int:
    return sum(span.kind == "full" for span in found.spans)


def _by_rest(found: FoundReps, max_rest_s: float) -> list[FoundReps]:
    """Part the repetitions where the lifter rests too long."""
    groups: list[list[RepSpan]] = []
    for span in found.spans:
        if groups and span.start_s - groups[-1][-1].end_s <= max_rest_s:
            groups[-1].append(span)
        else:
            groups.append([span])
    return [replace(found, spans=tuple(group)) for group in groups]
