"""How long the phases of a repetition take, and whether that is what was prescribed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


def phase_errors(durations_s: ArrayLike, target_s: ArrayLike) -> Floats:
    """Error of each phase as a part of its target; NaN where there is no target, or one of no time.

    Parameters
    ----------
    durations_s : (..., P) array
        Of the phases; NaN where not measured.
    target_s : (P,) array
        NaN where any duration will do.

    Returns
    -------
    (..., P) array, positive for too slow.
    """
    durations, target = (np.asarray(a, dtype=np.float64) for a in (durations_s, target_s))
    return np.asarray((durations - target) / np.where(target > 0.0, target, np.nan))


def tempo_error(durations_s: ArrayLike, target_s: ArrayLike) -> Floats:
    """Sum of what all phases are off, as a part of the whole target.

    A phase with a target of no time adds what it takes; one without a target is left out.

    Parameters
    ----------
    durations_s : (..., P) array
        NaN where not measured; then the sum is not known either.
    target_s : (P,) array
        NaN where any duration will do.

    Returns
    -------
    (...) array: 0 as prescribed.
    """
    target = np.asarray(target_s, dtype=np.float64)
    asked = np.isfinite(target)
    if not target[asked].sum() > 0.0:
        return np.full(np.shape(durations_s)[:-1], np.nan)
    off = np.abs(np.asarray(durations_s, dtype=np.float64)[..., asked] - target[asked])
    return np.asarray(off.sum(axis=-1) / target[asked].sum())


def tempo_adherence(error: ArrayLike) -> Floats:
    """Adherence to a prescribed tempo from its `tempo_error`: 100 as prescribed, 0 when off by the whole of it."""
    return np.asarray(100.0 * np.maximum(0.0, 1.0 - np.asarray(error, dtype=np.float64)))
