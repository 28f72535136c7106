"""Which course a drift took, and from which repetition on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .drift_shapes import Shape
    from .result import DriftShape

    Floats = NDArray[np.float64]

# A drift is called steady, without an onset, where that is more plausible than all onsets together.
_STEADY = 0.5
# The interval leaves out so much plausibility at either end; of claimed drifts it then holds the onset
# at least 17 times in 20 (benchmarks/drift.py).
_TAIL = 0.08
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

    The onset is the median among the shapes of the course that is stated, all as likely
    beforehand, a steady drift being a bend as early as can be. The interval is read off all
    shapes, because the course isn't certain either.

    Parameters
    ----------
    plausible : (S,) array
        See `drift_shapes.plausibility`.
    looked_for : sequence of S Shape
    """
    onset = np.array([shape.onset or _STEADY_FROM for shape in looked_for])
    of_kind: dict[DriftShape, float] = {"steady": 0.0, "step": 0.0, "bend": 0.0}
    for shape, share in zip(looked_for, plausible, strict=True):
        of_kind[shape.kind] += float(share)
    between = _quantile(onset, plausible, _TAIL), _quantile(onset, plausible, 1.0 - _TAIL)
    if of_kind["steady"] > _STEADY:
        return Course("steady", None, between)
    kind: DriftShape = "step" if of_kind["step"] >= of_kind["bend"] else "bend"
    of_course = np.array([(shape.kind == "step") == (kind == "step") for shape in looked_for])
    likelihood = plausible / np.array([shape.prior for shape in looked_for])
    median = max(_quantile(onset, np.where(of_course, likelihood, 0.0), 0.5), _EARLIEST)
    return Course(kind, median, (min(between[0], median), max(between[1], median)))


def _quantile(onset: NDArray[np.int_], weight: Floats, share: float) -> int:
    """Return the onset up to which a share of the weight lies."""
    order = np.argsort(onset, kind="stable")
    reached = np.cumsum(weight[order] / weight.sum())
    return int(onset[order][min(int((reached < share).sum()), len(onset) - 1)])
