"""What is said while a set is under way: of the technique, and how near the limit of velocity is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from .cues import CUE_OF, POSSIBLE, Word, rep_cues
from .velocity import velocity_loss, velocity_loss_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .result import Rep
    from .thresholds import Thresholds

SpokenKind = Literal["correct", "praise", "near_limit", "stop"]

# at most one word in so many repetitions
_WORD_EVERY = 3
_VELOCITY = "hip_ascent_velocity"
# repetitions that the loss of velocity is a mean of, and those of which the fastest is the reference
_LOSS_REPS, _REFERENCE_REPS = 2, 3


@dataclass(frozen=True)
class Spoken:
    """One thing that is said, in the standing phase.

    Attributes
    ----------
    kind : str
    cue : str
        A fault, a value of `CUE_OF`; empty for the limit of velocity.
    evidence : tuple of str
    after_rep : int
    """

    kind: SpokenKind
    cue: str
    evidence: tuple[str, ...]
    after_rep: int


@dataclass(frozen=True)
class StopLine:
    """How near the limit of velocity is.

    Attributes
    ----------
    loss_pct : float or None
        Mean of the last two repetitions against the fastest of the first three.
    mdc_pct : float or None
        Smallest loss that this camera can tell from none.
    usable : bool or None
        Whether that is below the limit; None while too few repetitions are known.
    """

    loss_pct: float | None = None
    mdc_pct: float | None = None
    usable: bool | None = None


class Words:
    """Chooses what is said of the technique: at most one word in any three repetitions.

    A word that comes too early waits, and is dropped when it is no longer true.
    """

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds
        self._waiting: Word | None = None
        self._last_rep = -_WORD_EVERY

    def after(self, reps: Sequence[Rep], new: int) -> Spoken | None:
        """Return what is said after a repetition.

        Parameters
        ----------
        reps : sequence of Rep
            All so far, at least one.
        new : int
            How many of them were judged just now.
        """
        fresh = [word for word in rep_cues(reps, self._thresholds)[-new:] if word is not None]
        self._waiting = fresh[-1] if fresh else self._waiting
        if self._waiting is None or len(reps) - self._last_rep < _WORD_EVERY:
            return None
        word, self._waiting = self._waiting, None
        if not self._holds(word, reps[-1]):
            return None
        self._last_rep = len(reps)
        return Spoken(word.kind, word.cue, word.evidence, len(reps))

    def _holds(self, word: Word, rep: Rep) -> bool:
        probable = max((c.p_fault or 0.0 for c in rep.criteria if CUE_OF.get(c.id) == word.cue), default=0.0)
        return probable < POSSIBLE if word.kind == "praise" else probable >= self._thresholds.score.p_likely


def stop_line(reps: Sequence[Rep], limit_pct: float) -> StopLine:
    """Compare the last two repetitions with the fastest of the first three.

    The smallest loss that can be told from none is 1.96 standard errors of that comparison.
    """
    full = [rep.measurements[_VELOCITY] for rep in reps if rep.kind == "full" and _VELOCITY in rep.measurements]
    known = [(m.value, m.sem_within) for m in full if m.value is not None and m.sem_within is not None]
    if len(known) <= _LOSS_REPS:
        return StopLine()
    velocity, sem = (np.array(column) for column in zip(*known, strict=True))
    reference = float(velocity[:_REFERENCE_REPS].max())
    if reference <= 0.0:
        return StopLine()
    loss = float(velocity_loss(velocity, reference_reps=_REFERENCE_REPS)[-_LOSS_REPS:].mean())
    # one repetition against another has the variance 1 + 1; the mean of two against another 1 + 1/2
    error = velocity_loss_error(reference, float(np.median(sem))) * np.sqrt((1 + 1 / _LOSS_REPS) / 2)
    mdc = float(1.96 * error)
    return StopLine(round(loss, 1), round(mdc, 1), mdc < limit_pct)
