"""How strongly a set speaks for a drift of each shape, with what earlier days say about today's level."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from .drift_noise import inflation, inflations, normal_score
from .drift_shapes import likelihood_ratio, plausibility, shapes, strength

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .drift_noise import Noise
    from .drift_shapes import Shape

    Floats = NDArray[np.float64]

# How much a level differs from day to day, in standard deviations between repetitions, is not
# known beforehand: these are equally likely until the client's own days have been seen.
_DAY_SHIFTS = (0.0, 1.0, 3.0)
# repetitions that differ by less, against their level, are the same but for rounding
_SAME = 1e-9


@dataclass(frozen=True, eq=False)
class Past:
    """What earlier comparable sets say of R clients about one metric.

    Attributes
    ----------
    level : (R, K) array
        Mean of the fresh repetitions of each of K earlier days.
    reps : (K,) array
        How many repetitions each is a mean of.
    noise : Noise
        Scatter within those sets.
    """

    level: Floats
    reps: Floats
    noise: Noise


@dataclass(frozen=True, eq=False)
class Evidence:
    """Evidence of R sets for S shapes.

    Attributes
    ----------
    z : (R, S) array
        Standardised and signed: about normal where nothing drifts.
    change, error : (R, S) array
        Change over the set that each shape estimates, and its standard error.
    baseline : (R, S) array
        Today's fresh level.
    sd : (R, S) array
        Standard deviation between repetitions about each shape.
    df : (R,) array
        Its degrees of freedom.
    """

    z: Floats
    change: Floats
    error: Floats
    baseline: Floats
    sd: Floats
    df: Floats


@dataclass(frozen=True, eq=False)
class _Today:
    """R sets of n repetitions set against S shapes by themselves.

    Attributes
    ----------
    mean, counted, df : (R,) array
        Level, how many repetitions count, degrees of freedom of the scatter.
    shift : (R, S) array
        Mean of each shape over the repetitions that count.
    z, change, variance : (R, S) array
        Standardised evidence, estimated change, scatter about the shape.
    information : (R, S) array
        Precision of the change where the scatter is one.
    """

    mean: Floats
    counted: Floats
    df: Floats
    shift: Floats
    z: Floats
    change: Floats
    variance: Floats
    information: Floats

    def evidence(self, z: Floats, change: Floats, error: Floats) -> Evidence:
        """Put together what is known of each shape."""
        baseline = self.mean[:, None] - change * self.shift
        return Evidence(z, change, error, baseline, np.sqrt(self.variance), self.df)


def weigh(series: Floats, kept: NDArray[np.bool_], today: Noise, rho: Floats, past: Past | None = None) -> Evidence:
    """Weigh the evidence for each of the shapes of n repetitions.

    Within the set, a shape is set against a level course by Student's t with the scatter of
    today and of earlier sets. Earlier days enter as further sets whose levels differ from
    today's by an unknown day-to-day shift: for every size of that shift the two sources add
    up by generalised least squares, and the sizes are averaged by how well they explain
    the client's days, today included (empirical Bayes). A day far off the others thereby
    counts for nothing.

    Parameters
    ----------
    series : (R, n) array
    kept : (R, n) bool array
        Repetitions that count: all but bad ones.
    today : Noise
        Scatter of these series.
    rho : (R,) array
        Autocorrelation.
    past : Past, optional
    """
    looked_for = _contrasts(series.shape[-1])
    own = _of_today(series, kept, today, rho, past)
    held = _held(kept, looked_for.courses)
    if past is None:
        return own.evidence(held * own.z, own.change, np.sqrt(own.variance / own.information))
    off, doubt, weight = _levels(own, past, inflation(looked_for.level, rho)[:, 0])
    added = own.shift**2 / doubt[..., None]
    total = own.information + added
    by_level = (off / np.sqrt(doubt))[..., None]
    z = (np.sqrt(own.information) * own.z + np.sqrt(added) * by_level) / np.sqrt(total)
    share = weight[..., None] * likelihood_ratio(z)
    together = np.sqrt(np.maximum(2.0 * np.log(share.sum(axis=0)), 0.0))
    share = share / share.sum(axis=0)
    sd = np.sqrt(own.variance[:, :1])
    estimates = (own.information * own.change + own.shift * off[..., None] * sd / doubt[..., None]) / total
    both = (share * estimates).sum(axis=0)
    between = (share * (estimates - both) ** 2).sum(axis=0)
    error = np.sqrt((share * (own.variance / total)).sum(axis=0) + between)
    return own.evidence(held * np.copysign(together, both), both, error)


def _of_today(series: Floats, kept: NDArray[np.bool_], today: Noise, rho: Floats, past: Past | None) -> _Today:
    """Set a set against each shape by Student's t."""
    looked_for = _contrasts(series.shape[-1])
    counted = kept.sum(axis=-1).astype(np.float64)
    mean = np.where(kept, series, 0.0).sum(axis=-1) / counted
    shift = kept @ looked_for.courses.T / counted[:, None]
    centred = np.where(kept[:, None, :], looked_for.courses - shift[..., None], 0.0)
    length = np.sqrt(np.maximum((centred**2).sum(axis=-1), 1e-12))
    around = np.where(kept, series - mean[:, None], 0.0)
    along = np.einsum("rsn,rn->rs", centred, around) / length
    spread = (around**2).sum(axis=-1)
    df = today.df if past is None else today.df + past.noise.df
    earlier = 0.0 if past is None else past.noise.ss
    variance = ((spread + earlier)[:, None] - along**2) / df[:, None]
    variance = np.maximum(variance, (_SAME * (1.0 + np.abs(mean)))[:, None] ** 2)
    inflated = inflation(looked_for.shapes, rho)
    z = normal_score(along / np.sqrt(variance * inflated), df[:, None])
    return _Today(mean, counted, df, shift, z, along / length, variance, length**2 / inflated)


@dataclass(frozen=True, eq=False)
class _Contrasts:
    """The courses of all shapes over n repetitions, (S, n), and `inflations` of the shapes and of a level."""

    courses: Floats
    shapes: Floats
    level: Floats


@cache
def _contrasts(n: int) -> _Contrasts:
    courses = np.array([shape.course for shape in shapes(n)])
    whole = courses - courses.mean(axis=1, keepdims=True)
    of_shapes = inflations(whole / np.sqrt((whole**2).sum(axis=1, keepdims=True)))
    return _Contrasts(courses, of_shapes, inflations(np.full((1, n), n**-0.5)))


@dataclass(frozen=True, eq=False)
class Averaged:
    """What R sets say of the size of a drift, averaged over the shapes by how plausible each is.

    Attributes
    ----------
    plausible : (R, S) array
    change, baseline, sd : (R,) array
    error : (R,) array
        Standard error of the change from the scatter of repetitions.
    between : (R,) array
        By how much the shapes differ, as a standard deviation: one that took the best shape
        for the true one would be too sure of the change.
    """

    plausible: Floats
    change: Floats
    baseline: Floats
    sd: Floats
    error: Floats
    between: Floats


def averaged(found: Evidence, looked_for: tuple[Shape, ...]) -> Averaged:
    """Average the evidence of all shapes."""
    plausible = plausibility(found.z, looked_for)

    def mean(values: Floats) -> Floats:
        return np.asarray((plausible * values).sum(axis=1))

    change = mean(found.change)
    return Averaged(
        plausible,
        change,
        mean(found.baseline),
        np.sqrt(mean(found.sd**2)),
        np.sqrt(mean(found.error**2)),
        np.sqrt(mean((found.change - change[:, None]) ** 2)),
    )


def weakest_without_one(
    series: Floats, kept: NDArray[np.bool_], today: Noise, rho: Floats, past: Past | None = None
) -> Floats:
    """Return the smallest of the statistics that leave out one repetition, (R,); arguments as in `weigh`."""
    found = []
    for i in range(series.shape[-1]):
        fewer = kept.copy()
        fewer[:, i] = False
        found.append(strength(weigh(series, fewer, today, rho, past).z, shapes(series.shape[-1])))
    return np.asarray(np.min(found, axis=0))


def _held(kept: NDArray[np.bool_], courses: Floats) -> NDArray[np.bool_]:
    """Tell where at least two repetitions that count lie before and after an onset."""
    after = kept.astype(np.float64) @ (courses > 0.0).T
    before = kept.astype(np.float64) @ (courses < 1.0).T
    return np.asarray((after >= 2) & (before >= 2))


def _levels(own: _Today, past: Past, inflated: Floats) -> tuple[Floats, Floats, Floats]:
    """Today's level against the client's days, for every size of the day-to-day shift.

    Returns
    -------
    off, doubt, weight : (D, R) array
        Difference in standard deviations, its variance, and the probability of that size.
    """
    off, doubt, log_weight = [], [], []
    sd = np.sqrt(own.variance[:, 0])
    for size in _DAY_SHIFTS:
        each = size**2 + inflated[:, None] / past.reps
        precision = (1.0 / each).sum(axis=1)
        usual = (past.level / each).sum(axis=1) / precision
        scattered = (((past.level - usual[:, None]) / sd[:, None]) ** 2 / each).sum(axis=1)
        off.append((own.mean - usual) / sd)
        doubt.append(inflated / own.counted + size**2 + 1.0 / precision)
        log_weight.append(
            -0.5
            * (np.log(each).sum(axis=1) + np.log(precision) + scattered + np.log(doubt[-1]) + off[-1] ** 2 / doubt[-1])
        )
    weight = np.exp(np.array(log_weight) - np.max(log_weight, axis=0))
    return np.array(off), np.array(doubt), weight / weight.sum(axis=0)
