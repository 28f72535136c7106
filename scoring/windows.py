"""Ranges of frames of all repetitions at once: a curve is read in one go, not repetition by repetition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Windows:
    """Frames of R repetitions, each a row that is padded to the longest.

    Attributes
    ----------
    index : (R, L) int array
        Frames.
    inside : (R, L) bool array
        Which of them count.
    """

    index: NDArray[np.intp]
    inside: NDArray[np.bool_]

    @classmethod
    def of(cls, ranges: Sequence[slice | NDArray[np.intp]], frames: int) -> Windows:
        """Line up ranges of a curve of so many frames; what lies beyond its ends is left out."""
        each = [np.arange(*one.indices(frames)) if isinstance(one, slice) else one for one in ranges]
        lengths = np.array([len(one) for one in each])
        inside = np.arange(max(1, lengths.max())) < lengths[:, None]
        index = np.zeros(inside.shape, dtype=np.intp)
        index[inside] = np.concatenate(each)
        return cls(index, inside)

    @cached_property
    def lengths(self) -> NDArray[np.intp]:
        """How many frames count, (R,)."""
        return np.asarray(self.inside.sum(axis=1))

    def read(self, curve: Floats) -> Floats:
        """Return the values of a curve, (N, ...), as (R, L, ...); NaN where the frame does not count."""
        values = curve[self.index]
        values[~self.inside] = np.nan
        return values

    def seen(self, curve: Floats) -> NDArray[np.bool_]:
        """Tell where all of a curve, (N,), is known, (R,)."""
        return np.asarray((np.isfinite(curve[self.index]) | ~self.inside).all(axis=1))

    def medians(self, curve: Floats) -> Floats:
        """Return the median of a curve, (N,), in every range; NaN where any of it is unknown."""
        values = self.read(curve)
        seen = np.isfinite(values).sum(axis=1) == self.lengths
        values.sort(axis=1)
        rows, count = np.arange(len(values)), self.lengths
        # what does not count is sorted to the end
        middle = (values[rows, np.maximum(count - 1, 0) // 2] + values[rows, count // 2]) / 2.0
        return np.where(seen, middle, np.nan)
