"""Which course a drift took, and from which repetition on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .drift_evidence import Shape
    from .result import DriftShape

    Floats = NDArray[np.float64]

# A drift is called steady, without an onset, where that is more plausible than all onsets together.
_STEADY = 0.5
# The interval leaves out so much plausibility at either end; of claimed drifts it then holds the onset
# at least 17 times in 20 (benchmarks/drift.py).
_TAIL = 0.1
# A steady drift is a bend from the second repetition on; an onset has two repetitions before it.
_STEADY_FROM, _EARLIEST = 2, 3


@dataclass(frozen=True)
class Course:
    """The course that a drift most plausibly took.

    Attributes
    ----------
    kind : str
    onset : int or None
        First repetition that differs, counted from 1 in the tested repetitions; None for a steady drift.
    between : tuple of int
        First and last plausible onset; from 2 where it may have begun at once.
    """

    kind: DriftShape
    onset: int | None
    between: tuple[int, int]


def course_of(plausible: Floats, looked_for: Sequence[Shape]) -> Course:
    """Read the course off the plausibility of all shapes: the median of the onset, not that of the best shape.

    Parameters
    ----------
    plausible : (S,) array
        See `drift_evidence.plausibility`.
    looked_for : sequence of S Shape
    """
    onset = np.array([shape.onset or _STEADY_FROM for shape in looked_for])
    order = np.argsort(onset, kind="stable")
    reached = np.cumsum(plausible[order])

    def at(share: float) -> int:
        return int(onset[order][min(int((reached < share).sum()), len(onset) - 1)])

    of_kind: dict[DriftShape, float] = {"steady": 0.0, "step": 0.0, "bend": 0.0}
    for shape, share in zip(looked_for, plausible, strict=True):
        of_kind[shape.kind] += float(share)
    if of_kind["steady"] > _STEADY:
        return Course("steady", None, (at(_TAIL), at(1.0 - _TAIL)))
    median = max(at(0.5), _EARLIEST)
    kind: DriftShape = "step" if of_kind["step"] >= of_kind["bend"] else "bend"
    return Course(kind, median, (min(at(_TAIL), median), max(at(1.0 - _TAIL), median)))
