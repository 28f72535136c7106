"""Which course a drift took, and from which repetition on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .drift_evidence import Shape

    Floats = NDArray[np.float64]

# An onset is a parameter more; it must explain this much more (twice the log-likelihood, as in AIC).
_ONSET_COSTS = 2.0
# Onsets that explain less than the best by this much are outside the interval (found by simulation).
_OUTSIDE = 5.0


@dataclass(frozen=True)
class Choice:
    """The best shape and the onsets that explain the set almost as well.

    Attributes
    ----------
    index : int
        Of the shape.
    onsets : tuple of int
        First and last of them, counted from 1 in the tested repetitions; (1, 1) for a steady drift.
    """

    index: int
    onsets: tuple[int, int]


def choose_shape(z: Floats, looked_for: Sequence[Shape]) -> Choice:
    """Choose the shape that the evidence favours; a steady drift has no onset.

    Parameters
    ----------
    z : (S,) array
        Evidence for each shape.
    looked_for : sequence of S Shape
    """
    onset = np.array([shape.onset or 0 for shape in looked_for])
    explained = z**2 - _ONSET_COSTS * (onset > 0)
    best = int(np.argmax(explained))
    if not onset[best]:
        return Choice(best, (1, 1))
    near = (onset > 0) & (explained >= explained[best] - _OUTSIDE) & (np.sign(z) == np.sign(z[best]))
    return Choice(best, (int(onset[near].min()), int(onset[near].max())))
