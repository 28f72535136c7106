"""What somebody set right by hand about the repetitions that were found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .exercise import FoundReps
    from .reps import RepSpan

# bottoms that lie closer than this are the same repetition's
_SAME_BOTTOM_S = 0.25


@dataclass(frozen=True)
class RepCorrection:
    """What is to be changed about one repetition.

    Attributes
    ----------
    bottom_s : float
        Where its bottom was found: this is how the repetition is known again.
    start_s, end_s : float or None
        Where it really begins and ends; None leaves what was found.
    is_rep : bool
        Whether it is a repetition at all.
    """

    bottom_s: float
    start_s: float | None = None
    end_s: float | None = None
    is_rep: bool = True


def corrected(found: Sequence[FoundReps], corrections: Sequence[RepCorrection]) -> tuple[FoundReps, ...]:
    """Return the sets with their repetitions set right; one that has none left is left out, unless all have."""
    if not corrections:
        return tuple(found)
    changed = [replace(one, spans=_spans(one.spans, corrections)) for one in found]
    return tuple(one for one in changed if one.spans) or (changed[0],)


def _spans(spans: Sequence[RepSpan], corrections: Sequence[RepCorrection]) -> tuple[RepSpan, ...]:
    kept = []
    for span in spans:
        said = next((c for c in corrections if abs(c.bottom_s - span.bottom_s) < _SAME_BOTTOM_S), None)
        if said is None:
            kept.append(span)
        elif said.is_rep:
            kept.append(_moved(span, said))
    return tuple(kept)


def _moved(span: RepSpan, said: RepCorrection) -> RepSpan:
    """Move the edges of a repetition; its bottom stays inside."""
    start_s = span.start_s if said.start_s is None else min(said.start_s, span.bottom_s)
    end_s = span.end_s if said.end_s is None else max(said.end_s, span.bottom_s)
    return replace(
        span,
        start_s=start_s,
        descent_end_s=max(span.descent_end_s, start_s),
        ascent_start_s=min(span.ascent_start_s, end_s),
        end_s=end_s,
    )
