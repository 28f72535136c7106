"""How fast a lifter rises, how much of that is lost over a set, and where the ascent sticks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import find_peaks

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

# hip joint to ankle over stature: trochanter 0.530 less ankle 0.039 (Winter 2009); people differ by about 5 %
LEG_OF_STATURE = 0.491
LEG_OF_STATURE_ERROR = 0.05
# the ascent sticks where it slows by this much, leg lengths a second (0.05 m/s), and by this part of its first peak
_LEAST_SLOWING = 0.06
_LEAST_SLOWING_PART = 0.10


def velocity_loss(velocity: ArrayLike, full: ArrayLike | None = None, reference_reps: int = 3) -> Floats:
    """Loss against the fastest of the first repetitions (Sanchez-Medina and Gonzalez-Badillo 2011).

    Parameters
    ----------
    velocity : (R,) array
        Mean velocity of each ascent; NaN where not measured.
    full : (R,) bool array, optional
        Repetitions that may be the reference; all by default.
    reference_reps : int
        Of how many of them, that were measured, the fastest is the reference.

    Returns
    -------
    (R,) array of percent; negative for a repetition faster than the reference, NaN where nothing rose at first.
    """
    v = np.asarray(velocity, dtype=np.float64)
    may = np.isfinite(v) if full is None else np.isfinite(v) & np.asarray(full, dtype=bool)
    if not may.any():
        return np.full(len(v), np.nan)
    reference = v[may][:reference_reps].max()
    if reference <= 0.0:
        return np.full(len(v), np.nan)
    return np.asarray(100.0 * (reference - v) / reference)


def velocity_loss_error(reference: float, sem: float) -> float:
    """Return the standard error of a `velocity_loss`, in percent, from that of one velocity."""
    return float(100.0 * np.sqrt(2.0) * sem / reference)


@dataclass(frozen=True)
class StickingRegion:
    """The part of an ascent in which it slows down before it speeds up again.

    Attributes
    ----------
    start_s, end_s : float
        Of the first peak of velocity and of the slowest moment after it.
    first_peak, least : float
        Velocity then.
    """

    start_s: float
    end_s: float
    first_peak: float
    least: float


def sticking_region(time_s: ArrayLike, velocity: ArrayLike) -> StickingRegion | None:
    """Find the sticking region of an ascent (van den Tillaar et al. 2014); None, which is normal, without one.

    Parameters
    ----------
    time_s, velocity : (n,) array
        Upward velocity during the ascent in leg lengths a second, without gaps.
    """
    t, v = np.asarray(time_s, dtype=np.float64), np.asarray(velocity, dtype=np.float64)
    valleys, _ = find_peaks(-v, prominence=_LEAST_SLOWING)
    for valley in valleys:
        first = int(np.argmax(v[:valley]))
        slowing = min(v[first], v[valley:].max()) - v[valley]
        if slowing >= _LEAST_SLOWING_PART * v[first]:
            return StickingRegion(float(t[first]), float(t[valley]), float(v[first]), float(v[valley]))
    return None
