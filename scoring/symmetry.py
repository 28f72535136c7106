"""Left against right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

# a mean nearer to zero than this many of its errors is no length to divide by
_LEAST_ERRORS = 3.0


def symmetry_index(left: ArrayLike, right: ArrayLike, sem: float = 0.0) -> Floats:
    """Difference of left and right over their mean, in percent (Robinson et al. 1987).

    Parameters
    ----------
    left, right : (...) array
        Lengths, times or velocities.
    sem : float
        Standard error of one of them.

    Returns
    -------
    (...) array, positive when the left is larger; NaN where the mean is within three
    errors of zero: there the index means nothing and the plain difference is to be told.
    """
    a, b = (np.asarray(x, dtype=np.float64) for x in (left, right))
    mean = (a + b) / 2.0
    clear = np.abs(mean) > _LEAST_ERRORS * sem
    return np.asarray(np.divide(100.0 * (a - b), mean, out=np.full(mean.shape, np.nan), where=clear))
