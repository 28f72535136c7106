"""The courses that a drift may take, and how much the evidence for each says of all of them together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .result import DriftShape

    Floats = NDArray[np.float64]

# How likely each kind of drift is beforehand; onsets of a kind are equally likely.
_STEADY, _STEP, _BEND = 0.40, 0.24, 0.36


@dataclass(frozen=True)
class Shape:
    """A course over n repetitions that ends at 1: steady from the first, a step, or a bend.

    Attributes
    ----------
    kind : str
    onset : int or None
        First repetition that differs, counted from 1; None for a steady drift.
    course : tuple of n float
        Share of the whole change that each repetition shows.
    prior : float
        How likely it is beforehand, if anything drifts.
    """

    kind: DriftShape
    onset: int | None
    course: tuple[float, ...]
    prior: float


@cache
def shapes(n: int) -> tuple[Shape, ...]:
    """List the shapes looked for: the steady drift first, then steps and bends.

    At least two repetitions lie on either side of an onset, so that one alone claims nothing.
    """
    x = np.arange(n, dtype=np.float64)
    each = 1.0 / (n - 3.0)
    found = [Shape("steady", None, tuple(x / (n - 1.0)), _STEADY)]
    found += [Shape("step", c + 1, tuple(np.where(x >= c, 1.0, 0.0)), _STEP * each) for c in range(2, n - 1)]
    bends = [(c, np.maximum(0.0, x - c) / (n - 1.0 - c)) for c in range(1, n - 2)]
    found += [Shape("bend", c + 2, tuple(course), _BEND * each) for c, course in bends]
    return tuple(found)


def strength(z: Floats, looked_for: tuple[Shape, ...]) -> Floats:
    """Reduce the evidence for all shapes to the one statistic that is tabulated.

    The likelihood ratios of the shapes are averaged; their deviance is the square of the
    statistic. Neighbouring shapes that all fit add up, where the best alone would be one of many.

    Parameters
    ----------
    z : (R, S) array
    looked_for : tuple of S Shape

    Returns
    -------
    (R,) array
    """
    return np.sqrt(np.maximum(2.0 * np.log(likelihood_ratio(z) @ _priors(looked_for)), 0.0))


def plausibility(z: Floats, looked_for: tuple[Shape, ...]) -> Floats:
    """Return how plausible each shape is after the set, if anything drifts, in the direction of the best; (R, S)."""
    best = z[np.arange(len(z)), np.abs(z).argmax(axis=1)]
    weight = np.where(z * best[:, None] >= 0.0, likelihood_ratio(z) * _priors(looked_for), 0.0)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def likelihood_ratio(z: Floats) -> Floats:
    """Return how many times likelier deviates are under a course of just that size than without one, any shape."""
    # from a deviate of 24 on nothing is in doubt; exponentials of much larger ones overflow
    return np.asarray(np.exp(np.minimum(z**2, 600.0) / 2.0))


@cache
def _priors(looked_for: tuple[Shape, ...]) -> Floats:
    return np.array([shape.prior for shape in looked_for])
