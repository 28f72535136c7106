"""Times of standing still as sets of their own: a set of the exercise "balance" has a sway and no repetitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .balance import assess_balance
from .result import Exercise, SetResult, Summary

if TYPE_CHECKING:
    from ..pose.track import PoseTrack
    from .prescription import Prescription
    from .result import View

BALANCE: Literal["balance"] = "balance"
# who stands on one leg for so long without being asked to does a balance test
_UNASKED_S = 10.0
NOBODY_STOOD = (
    "Nobody was seen to stand still: lift one foot clearly and stand for 20 seconds, head to feet in the picture."
)


def balance_sets(track: PoseTrack, view: View, declared: str, prescription: Prescription) -> tuple[SetResult, ...]:
    """Find the balance tests of a track, one set each.

    Parameters
    ----------
    track : PoseTrack
        Cleaned, not smoothed.
    view : View
    declared : str
        ``balance``, or ``auto`` for a track without repetitions: then only a long stance on
        one leg is a test. Of any other exercise nothing is a balance test.
    prescription : Prescription
        What was said of leg, eyes and stature.
    """
    if declared not in (BALANCE, "auto"):
        return ()
    trials = assess_balance(track, view, prescription, two_feet=declared == BALANCE)
    found = [one.sway for one in trials if declared == BALANCE or one.sway.end_s - one.sway.start_s >= _UNASKED_S]
    exercise = Exercise(declared, BALANCE, BALANCE, 1.0 if declared == BALANCE else 0.8)
    return tuple(SetResult(exercise, (), Summary(0, 0, (), None, None), sway=sway) for sway in found)
