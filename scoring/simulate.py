"""Series of repetitions with known noise, drift and onset: for examples, tests and the calibration of the detector.

>>> import numpy as np
>>> today, past = simulate(np.random.default_rng(1), sets=2, reps=8, drift=Drifting("step", size=2.0, onset=6))
>>> today.shape
(2, 1, 8)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Null:
    """How repetitions and days differ where nothing drifts; all in standard deviations between repetitions.

    Attributes
    ----------
    autocorrelation : float
        Of neighbouring repetitions.
    noise : str
        ``normal``, ``t3`` (Student's t with three degrees of freedom) or ``skewed`` (gamma of
        shape 2), all of the same variance.
    correlation : float
        Between the metrics of a repetition; below 0 every second metric goes the other way.
    bad_rep : float
        By how much one repetition of each set of today, anywhere, is off in every metric; 0 for none.
    day_shift : float
        Standard deviation of a day's level.
    past_days : int
        Number of earlier sets; 0 for no history.
    growing : float
        How many times as much the last repetition of a set scatters as the first.
    rounded : float
        To what values are rounded; 0 for not at all.
    """

    autocorrelation: float = 0.0
    noise: Literal["normal", "t3", "skewed"] = "normal"
    correlation: float = 0.0
    bad_rep: float = 0.0
    day_shift: float = 0.0
    past_days: int = 0
    growing: float = 1.0
    rounded: float = 0.0


@dataclass(frozen=True)
class Drifting:
    """A drift of the first metric of today's set.

    Attributes
    ----------
    kind : str
        ``steady`` from the first repetition on, a ``step``, or a ``bend`` from which on it is steady.
    size : float
        Change at the last repetition, in standard deviations between repetitions.
    onset : int
        First repetition that differs, counted from 1; not used by a steady drift.
    """

    kind: Literal["steady", "step", "bend"]
    size: float
    onset: int = 1

    def course(self, reps: int) -> Floats:
        """Return the change at each repetition."""
        number = np.arange(1, reps + 1, dtype=np.float64)
        if self.kind == "step":
            return np.where(number >= self.onset, self.size, 0.0)
        first = 1 if self.kind == "steady" else self.onset - 1
        return self.size * np.clip((number - first) / (reps - first), 0.0, None)


def simulate(
    rng: Generator,
    sets: int,
    reps: int,
    *,
    metrics: int = 1,
    null: Null | None = None,
    drift: Drifting | None = None,
    past_reps: int = 8,
) -> tuple[Floats, Floats | None]:
    """Simulate sets of repetitions and the earlier days of the same clients.

    Parameters
    ----------
    rng : Generator
        Source of chance; the same state gives the same sets.
    sets, reps, metrics : int
        R sets of n repetitions, M metrics each.
    null : Null, optional
        Noise; independent and normal by default.
    drift : Drifting, optional
        What the first metric does today.
    past_reps : int
        Repetitions h of an earlier set.

    Returns
    -------
    today : (R, M, n) array
    past : (R, M, K, h) array or None
        K earlier days, oldest first; None without history.
    """
    how = null or Null()
    today = _noise(rng, (sets, metrics, reps), how) + how.day_shift * _shared(rng, (sets, metrics, 1), how)
    if how.bad_rep:
        where = rng.integers(0, reps, sets)
        today[np.arange(sets), :, where] += how.bad_rep * rng.choice([-1.0, 1.0], (sets, metrics))
    if drift is not None:
        today[:, 0] += drift.course(reps)
    today = _rounded(today, how)
    if not how.past_days:
        return today, None
    shape = (sets, metrics, how.past_days, past_reps)
    shifts = how.day_shift * _shared(rng, (*shape[:3], 1), how)
    return today, _rounded(_noise(rng, shape, how) + shifts, how)


def _noise(rng: Generator, shape: tuple[int, ...], how: Null) -> Floats:
    noise = _shared(rng, shape, how)
    keep = np.sqrt(1.0 - how.autocorrelation**2)
    for i in range(1, shape[-1]):
        noise[..., i] = how.autocorrelation * noise[..., i - 1] + keep * noise[..., i]
    return np.asarray(noise * np.linspace(1.0, how.growing, shape[-1]))


def _rounded(values: Floats, how: Null) -> Floats:
    return np.asarray(np.round(values / how.rounded) * how.rounded) if how.rounded else values


def _shared(rng: Generator, shape: tuple[int, ...], how: Null) -> Floats:
    """Draw deviates of unit variance that the metrics (second axis) share in part."""

    def draw(size: tuple[int, ...]) -> Floats:
        if how.noise == "t3":
            return np.asarray(rng.standard_t(3, size) / np.sqrt(3.0))
        if how.noise == "skewed":
            return np.asarray((rng.gamma(2.0, size=size) - 2.0) / np.sqrt(2.0))
        return rng.standard_normal(size)

    own = draw(shape)
    if not how.correlation:
        return own
    common = draw((shape[0], 1, *shape[2:]))
    alternate = np.where(np.arange(shape[1]) % 2, np.sign(how.correlation), 1.0)
    sign = alternate.reshape(-1, *(1,) * (len(shape) - 2))
    return np.asarray(np.sqrt(abs(how.correlation)) * sign * common + np.sqrt(1.0 - abs(how.correlation)) * own)
