"""What somebody set right by hand about the repetitions that were found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from .reps import RepSpan
from .signal import bridge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .exercise import FoundReps
    from .thresholds import RepThresholds

    Floats = NDArray[np.float64]

# bottoms that lie closer than this are the same repetition's
SAME_BOTTOM_S = 0.25
# whoever is lowered by no more than this part of a repetition stands
_STANDING = 0.05


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
    missed : bool
        It was not found: it is looked for around its bottom.
    source : int
        Number of the video in which it lies, and whose clock all times are of.
    """

    bottom_s: float
    start_s: float | None = None
    end_s: float | None = None
    is_rep: bool = True
    missed: bool = False
    source: int = 0

    def on(self, source: int, later_s: float) -> RepCorrection:
        """Return the same for another video of the same repetitions, whose clock shows so much more."""
        start_s, end_s = (None if edge is None else edge + later_s for edge in (self.start_s, self.end_s))
        return replace(self, bottom_s=self.bottom_s + later_s, start_s=start_s, end_s=end_s, source=source)


def corrected(
    found: Sequence[FoundReps], corrections: Sequence[RepCorrection], time_s: Floats, limits: RepThresholds
) -> tuple[FoundReps, ...]:
    """Return the sets with their repetitions set right; one that has none left is left out, unless all have.

    Parameters
    ----------
    found : sequence of FoundReps
    corrections : sequence of RepCorrection
        One that lies in no set concerns another part of the video; a missed repetition in which
        nothing of the lifter is seen can't be judged and is not added.
    time_s : (T,) array
        Clock of the frames that the windows of `found` are of.
    limits : RepThresholds
        Say which of the missed repetitions are full.
    """
    if not corrections:
        return tuple(found)
    changed = [replace(one, spans=_spans(one.spans, corrections)) for one in found]
    for said in corrections:
        around = [i for i, one in enumerate(changed) if _shows(one, said.bottom_s, time_s)]
        known = any(_same(said, span.bottom_s) for one in changed for span in one.spans)
        if said.missed and said.is_rep and around and not known:
            i = min(around, key=lambda i: _apart_s(changed[i], said.bottom_s))
            changed[i] = _with(changed[i], _moved(_missed(changed[i], said.bottom_s, time_s, limits), said), time_s)
    return tuple(one for one in changed if one.spans) or (changed[0],)


def _with(one: FoundReps, span: RepSpan, time_s: Floats) -> FoundReps:
    """Add a repetition to a set, unless the lifter is hidden from its start to its end."""
    t = time_s[one.window]
    if not np.isfinite(one.lowering[(t >= span.start_s) & (t <= span.end_s)]).any():
        return one
    return replace(one, spans=tuple(sorted((*one.spans, span), key=lambda span: span.bottom_s)))


def _same(said: RepCorrection, bottom_s: float) -> bool:
    return abs(said.bottom_s - bottom_s) < SAME_BOTTOM_S


def _shows(one: FoundReps, bottom_s: float, time_s: Floats) -> bool:
    """Tell whether a moment lies in a set of an exercise that can be judged, in which somebody is seen."""
    t = time_s[one.window]
    judged = one.exercise.declared != "auto" or one.exercise.detected != "other"
    return judged and bool(t[0] < bottom_s < t[-1]) and bool(np.isfinite(one.lowering).any())


def _spans(spans: Sequence[RepSpan], corrections: Sequence[RepCorrection]) -> tuple[RepSpan, ...]:
    kept = []
    for span in spans:
        said = next((c for c in corrections if _same(c, span.bottom_s)), None)
        if said is None:
            kept.append(span)
        elif said.is_rep:
            kept.append(_moved(span, said))
    return tuple(kept)


def _apart_s(one: FoundReps, bottom_s: float) -> float:
    return min((abs(span.bottom_s - bottom_s) for span in one.spans), default=np.inf)


def _missed(one: FoundReps, bottom_s: float, time_s: Floats, limits: RepThresholds) -> RepSpan:
    """Measure a repetition by its bottom alone: it lasts from standing to standing, or up to its neighbours."""
    t, low = time_s[one.window], bridge(one.lowering)
    before_s = max((span.end_s for span in one.spans if span.end_s <= bottom_s), default=t[0])
    after_s = min((span.start_s for span in one.spans if span.start_s >= bottom_s), default=t[-1])
    first, bottom, last = (int(np.argmin(np.abs(t - moment_s))) for moment_s in (before_s, bottom_s, after_s))

    def standing(side: Floats) -> NDArray[np.intp]:
        return np.flatnonzero(side <= side.min() + _STANDING * (low[bottom] - side.min()))

    start = first + int(standing(low[first : bottom + 1])[-1])
    end = bottom + int(standing(low[bottom : last + 1])[0])
    amplitude = float(low[bottom] - np.percentile(low, 10))
    usual = float(np.median([span.amplitude for span in one.spans])) if one.spans else amplitude
    kind: Literal["full", "partial"] = "full" if amplitude >= limits.full * usual else "partial"
    start_s, end_s = min(float(t[start]), bottom_s), max(float(t[end]), bottom_s)
    return RepSpan(start_s, bottom_s, bottom_s, bottom_s, end_s, amplitude, kind)


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
