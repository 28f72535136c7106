"""Smoothing while frames still arrive: the 1 € filter (Casiez, Roussel and Vogel 2012)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

# for landmarks in per cent of the leg's length
F_MIN_HZ, BETA, D_CUTOFF_HZ = 1.2, 0.007, 1.0
# a value that is missing for no longer than this keeps its place
HOLD_S = 0.1


def alpha(cutoff_hz: ArrayLike, step_s: float) -> Floats:
    """Return the weight of the new value in a low-pass of first order, 1 / (1 + tau / Te) with tau = 1 / (2 pi f)."""
    cutoff = np.asarray(cutoff_hz, dtype=np.float64)
    return np.asarray(1.0 / (1.0 + 1.0 / (2.0 * np.pi * cutoff * step_s)))


class OneEuro:
    """Smooths values that arrive one by one: much at rest, little in movement.

    Parameters
    ----------
    f_min_hz : float
        Cut-off at rest.
    beta : float
        How much the cut-off rises with speed, Hz per unit a second.
    d_cutoff_hz : float
        Cut-off of the speed itself.
    """

    def __init__(self, f_min_hz: float = F_MIN_HZ, beta: float = BETA, d_cutoff_hz: float = D_CUTOFF_HZ) -> None:
        self._f_min_hz, self._beta, self._d_cutoff_hz = f_min_hz, beta, d_cutoff_hz
        self._time_s: float | None = None
        self._value: Floats
        self._speed: Floats
        self._seen_s: Floats

    def step(self, time_s: float, value: ArrayLike) -> Floats:
        """Return the smoothed value.

        Parameters
        ----------
        time_s : float
            Later than that of the value before.
        value : (...) array
            Always of the same shape. NaN keeps the last value for 0.1 s and then stays NaN until
            something is seen again.
        """
        x = np.asarray(value, dtype=np.float64)
        if self._time_s is None:
            self._time_s, self._value, self._speed = time_s, x.copy(), np.zeros_like(x)
            self._seen_s = np.where(np.isfinite(x), time_s, -np.inf)
            return self._value.copy()
        step_s = time_s - self._time_s
        if step_s <= 0:
            raise ValueError(f"expected a time after {self._time_s:g} s, got {time_s:g} s")
        seen, known = np.isfinite(x), np.isfinite(self._value)
        speed = np.where(seen & known, (x - self._value) / step_s, self._speed)
        self._speed = self._speed + alpha(self._d_cutoff_hz, step_s) * (speed - self._speed)
        weight = alpha(self._f_min_hz + self._beta * np.abs(self._speed), step_s)
        self._seen_s = np.where(seen, time_s, self._seen_s)
        held = np.where(time_s - self._seen_s <= HOLD_S, self._value, np.nan)
        self._value = np.where(seen, np.where(known, self._value + weight * (x - self._value), x), held)
        self._speed = np.where(np.isfinite(self._value), self._speed, 0.0)
        self._time_s = time_s
        return self._value.copy()
