"""Times of standing still as sets of their own: a set of the exercise "balance" has a sway and no repetitions."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from .balance import assess_trial
from .result import Exercise, SetResult, Summary
from .scale import object_scale
from .stance import find_trials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..pose.track import PoseTrack
    from .balance import AssessedTrial
    from .prescription import Prescription
    from .reps import RepSpan
    from .result import Sway, View

BALANCE: Literal["balance"] = "balance"
# who stands on one leg for so long without being asked to does a balance test
_UNASKED_S = 10.0
NOBODY_STOOD = (
    "Nobody was seen to stand still: lift one foot clearly and stand for 20 seconds, head to feet in the picture."
)


def balance_trials(
    track: PoseTrack,
    view: View,
    declared: str,
    prescription: Prescription,
    spans: Sequence[RepSpan] = (),
    source: int = 0,
) -> tuple[AssessedTrial, ...]:
    """Find and judge the balance tests of a track.

    Parameters
    ----------
    track : PoseTrack
        Cleaned, not smoothed, without a cut.
    view : View
    declared : str
        ``balance``, or ``auto``: then only a long stance on one leg, away from every
        repetition, is a test. Of any other exercise nothing is a balance test.
    prescription : Prescription
        What was said of leg, eyes, stature and a plate, which is a better scale than the stature.
    spans : sequence of RepSpan
        Repetitions in the same track; the time since the last one is told by them.
    source : int
        Number of the source that the track came from.
    """
    if declared not in (BALANCE, "auto") or (declared == "auto" and _longest_rest_s(track, spans) < _UNASKED_S):
        return ()
    if declared == BALANCE:
        trials = find_trials(track, two_feet=True)
    else:
        trials = find_trials(track, two_feet=False, wanted=partial(_unasked, spans))
    scale = None if prescription.plate_px is None else object_scale(prescription.plate_px)
    judged = (assess_trial(track, one, view, prescription, scale=scale) for one in trials)
    return tuple(replace(one, sway=_dated(one.sway, spans), source=source) for one in judged)


def balance_set(sway: Sway, declared: str) -> SetResult:
    """Return the set that a balance test is."""
    exercise = Exercise(declared, BALANCE, BALANCE, 1.0 if declared == BALANCE else 0.8)
    return SetResult(exercise, (), Summary(0, 0, (), None, None), sway=sway)


def _longest_rest_s(track: PoseTrack, spans: Sequence[RepSpan]) -> float:
    """Return the longest time without a repetition: a set without rests needs no search for a stance."""
    ordered = sorted(spans, key=lambda span: span.start_s)
    starts = [*(span.start_s for span in ordered), float(track.time_s[-1])]
    ends = [float(track.time_s[0]), *(span.end_s for span in ordered)]
    return max(start - end for start, end in zip(starts, ends, strict=True))


def _unasked(spans: Sequence[RepSpan], start_s: float, end_s: float) -> bool:
    """Tell a balance test that nobody announced: long enough, and no repetitions on one leg."""
    during = any(start_s < span.end_s and span.start_s < end_s for span in spans)
    return end_s - start_s >= _UNASKED_S and not during


def _dated(sway: Sway, spans: Sequence[RepSpan]) -> Sway:
    """Fill in the time from the last repetition before a trial to where its sway is measured."""
    ended = [span.end_s for span in spans if span.end_s <= sway.start_s]
    return replace(sway, since_last_rep_s=round(sway.analysed_s[0] - max(ended), 2)) if ended else sway
