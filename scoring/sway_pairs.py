"""Which balance tests of an assessment go together: eyes open and closed, left and right, before a set and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from .result import BalancePair
from .sway_change import NotComparableError, compare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .result import Sway

    Kind = Literal["eyes", "legs", "set", "time"]

_WHICH_LEG = "Which leg it was is not known: declare it, or film from the front."


class _Alike(NamedTuple):
    """What trials must have in common; None is what is not known."""

    stance: str
    side: str | None
    eyes: str | None
    axis: str
    after_set: bool


def balance_pairs(sways: Sequence[Sway | None]) -> tuple[BalancePair, ...]:
    """Compare the balance tests that differ in one thing: in the eyes, the leg, the set between them, or in time alone.

    Trials that are alike are taken together, those that were not measured only where there is
    no other. Trials before a set are never mixed with trials after it. Nothing is compared on one
    leg of which nobody knows whether it was the same.

    Parameters
    ----------
    sways : sequence of Sway or None
        Of each set in turn; None for a set of something else.
    """
    groups: dict[_Alike, list[int]] = {}
    for place, sway in enumerate(sways):
        if sway is not None:
            after_set = sway.since_last_rep_s is not None
            groups.setdefault(_Alike(sway.stance, sway.side, sway.eyes, sway.axis, after_set), []).append(place)
    best = {alike: [i for i in places if _measured(sways[i])] or places for alike, places in groups.items()}
    return tuple(_compared(sways, *pair) for pair in _pairs(best))


def _pairs(groups: dict[_Alike, list[int]]) -> Iterator[tuple[Kind, list[int], list[int]]]:
    for one, places in groups.items():
        closed = groups.get(one._replace(eyes="closed"))
        if one.eyes == "open" and closed:
            yield "eyes", places, closed
        right = groups.get(one._replace(side="right"))
        if one.side == "left" and right:
            yield "legs", places, right
        tired = groups.get(one._replace(after_set=True))
        if not one.after_set and tired:
            yield "set", places, tired
        elif len(places) > 1 and not (one.after_set and one._replace(after_set=False) in groups):
            yield "time", places[:1], places[-1:]


def _compared(sways: Sequence[Sway | None], kind: Kind, before: list[int], after: list[int]) -> BalancePair:
    first, second = ([sway for i in places if (sway := sways[i]) is not None] for places in (before, after))
    one, change, reason = first[0], None, None
    try:
        if one.stance == "single-leg" and one.side is None:
            raise NotComparableError(_WHICH_LEG)
        change = compare(first, second, eyes=kind == "eyes")
    except NotComparableError as error:
        reason = str(error)
    side, eyes = None if kind == "legs" else one.side, None if kind == "eyes" else one.eyes
    return BalancePair(kind, one.stance, side, eyes, one.axis, tuple(before), tuple(after), change, reason)


def _measured(sway: Sway | None) -> bool:
    return sway is not None and sway.status == "measured"
