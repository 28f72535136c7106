"""Whether, when and by how much a metric drifts over a set, judged against its measurement error."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

from .drift_evidence import Past, averaged, weakest_without_one, weigh
from .drift_noise import autocorrelation, noise, without_bad_reps
from .drift_onset import course_of
from .drift_shapes import shapes, strength
from .result import Drift

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .drift_evidence import Evidence
    from .drift_noise import Noise
    from .drift_shapes import Shape
    from .drift_tables import DriftTables
    from .result import Verdict

    Floats = NDArray[np.float64]

LEAST_REPS = 5
ALPHA = 0.05
# a prior standard error counts as much as an estimate with so many degrees of freedom
_PRIOR_DF = 6.0
# Where earlier days have a say, their scatter makes one odd repetition of today count for much. Among several
# metrics a claim must therefore hold without any one repetition, at so many times the level of one metric.
_WITHOUT_ONE = 5.0


@dataclass(frozen=True, eq=False)
class MetricSeries:
    """One metric over the repetitions of a set, and over earlier comparable sets.

    Attributes
    ----------
    metric, unit : str
    rep : (n,) array
        Numbers of the repetitions.
    value : (n,) array
    sem : float
        Prior standard error of one repetition (same person, set-up and view).
    bias_change : float
        How much more one part of the set may be off than another, where the view changed.
    past : tuple of tuple of (h,) arrays
        Fresh repetitions of each comparable set of each earlier day, three or more a set, oldest day first.
    """

    metric: str
    unit: str
    rep: NDArray[np.intp]
    value: Floats
    sem: float
    bias_change: float = 0.0
    past: tuple[tuple[Floats, ...], ...] = ()


@dataclass(frozen=True, eq=False)
class _Prepared:
    series: MetricSeries
    kept: NDArray[np.bool_]
    today: Noise
    past: Past | None

    @property
    def pooled(self) -> Noise:
        return self.today if self.past is None else self.today + self.past.noise


def detect(metrics: Sequence[MetricSeries], tables: DriftTables) -> tuple[Drift, ...]:
    """Test the metrics of a set for drift.

    All metrics together raise a false alarm in at most 5 % of sets without drift: p values
    are those of simulated sets of the same length, adjusted over the metrics (`hommel`).
    A drift is claimed when its adjusted p is below 0.05 **and** the change is beyond 1.96
    standard errors of the detector's own contrast. With history and several metrics it must
    also stand, less strictly, without any one repetition.

    Parameters
    ----------
    metrics : sequence of MetricSeries
        Those with fewer than five repetitions are not tested.
    tables : DriftTables

    Returns
    -------
    tuple of Drift
        One for each tested metric, in the given order.
    """
    ready = [_prepare(one) for one in metrics if len(one.value) >= LEAST_REPS]
    if not ready:
        return ()
    rho = autocorrelation([one.pooled for one in ready])
    weighed = [_weigh(one, rho) for one in ready]
    p = np.array([_p(one, found, len(ready), tables) for one, found in zip(ready, weighed, strict=True)])
    q = hommel(p)
    return tuple(
        _judged(one, found, float(p[i]), float(q[i]), stands=_stands(one, rho, float(q[i]), len(ready), tables))
        for i, (one, found) in enumerate(zip(ready, weighed, strict=True))
    )


def hommel(p: Floats) -> Floats:
    """Adjust p values so that the chance of any false alarm among them stays the same (Hommel 1988).

    Closed testing with Simes' test: an adjusted p is the largest that any group of metrics
    with this one among them yields. Several weak signs thereby add up, as they do not with
    Holm's method, which it never falls behind.

    Parameters
    ----------
    p : (..., M) array

    Returns
    -------
    (..., M) array
    """
    order = np.argsort(p, axis=-1, kind="stable")
    rising = np.take_along_axis(p, order, axis=-1)
    count = p.shape[-1]
    rank = np.arange(count)
    adjusted = np.zeros(p.shape)
    for size in range(1, count + 1):
        # the group that says least: a metric, and the size - 1 largest p values of the others
        shares = size / np.arange(2, size + 1)
        others = (shares * rising[..., count - size + 1 :]).min(axis=-1, initial=1.0, keepdims=True)
        own = size * rising[..., np.minimum(rank, count - size)]
        adjusted = np.maximum(adjusted, np.minimum(own, others))
    found = np.empty_like(adjusted)
    np.put_along_axis(found, order, adjusted, axis=-1)
    return found


def verdict_of(change: float, mdc95: float) -> Verdict:
    """Name the size of a change against the smallest one that can be told from error."""
    ratio = abs(change) / mdc95 if mdc95 > 0.0 else 0.0
    if ratio <= 1.0:
        return "no_detectable_change"
    return "small" if ratio < 1.5 else "clear" if ratio <= 2.0 else "large"


def _prepare(series: MetricSeries) -> _Prepared:
    earlier = _past(series.past) if series.past else None
    values = series.value[None, :]
    cleaned_today, bad = without_bad_reps(values, None if earlier is None else earlier.noise)
    return _Prepared(series, ~bad, noise(cleaned_today, bad.sum(axis=-1)), earlier)


def _past(days: Sequence[Sequence[Floats]]) -> Past:
    cleaned = [[without_bad_reps(values[None, :]) for values in day] for day in days]
    noises = [noise(one, bad.sum(axis=-1)) for day in cleaned for one, bad in day]
    pooled = noises[0]
    for further in noises[1:]:
        pooled = pooled + further
    level = np.array([[np.mean([one.mean() for one, _ in day]) for day in cleaned]])
    return Past(level, np.array([float(sum(len(values) for values in day)) for day in days]), pooled)


def _weigh(one: _Prepared, rho: Floats) -> Evidence:
    return weigh(one.series.value[None, :], one.kept, one.today, rho, one.past)


def without_one_limit(reps: int, tested: int, tables: DriftTables) -> float:
    """Return the statistic that a claim must keep without any one repetition, where earlier days have a say."""
    return tables.quantile(_WITHOUT_ONE * ALPHA / tested, reps, tested, past=True) if tested > 1 else 0.0


def _stands(one: _Prepared, rho: Floats, q: float, tested: int, tables: DriftTables) -> bool:
    if one.past is None or q >= ALPHA or tested == 1:
        return True
    values = one.series.value[None, :]
    weakest = weakest_without_one(values, one.kept, one.today, rho, one.past)
    return bool(weakest[0] > without_one_limit(values.shape[1], tested, tables))


def _p(one: _Prepared, found: Evidence, tested: int, tables: DriftTables) -> float:
    """Return the probability of so strong evidence in a set without drift."""
    reps = len(one.series.value)
    return float(tables.tail(strength(found.z, shapes(reps))[0], reps, tested, past=one.past is not None))


def _judged(one: _Prepared, found: Evidence, p: float, q: float, *, stands: bool) -> Drift:
    series, numbers = one.series, one.series.rep
    size = _size(found, shapes(len(numbers)), series)
    claimed = stands and q < ALPHA and abs(size.change) > size.mdc95
    course = course_of(size.plausible, shapes(len(numbers))) if claimed else None
    onset = course.onset if course else None
    drift = Drift(
        metric=series.metric,
        verdict=verdict_of(size.change, size.mdc95) if claimed else "no_detectable_change",
        change=size.change,
        unit=series.unit,
        ci95=(size.change - size.half, size.change + size.half),
        mdc95=size.mdc95,
        onset_rep=None if onset is None else int(numbers[onset - 1]),
        onset_interval=None
        if course is None or onset is None
        else (int(numbers[course.between[0] - 1]), int(numbers[course.between[1] - 1])),
        p=p,
        q=q,
        shape=course.kind if course else None,
        baseline=size.baseline,
        sem=size.sem,
        detectable=max(abs(size.change) + size.half, size.mdc95),
        reps=tuple(int(i) for i in numbers),
        left_out=tuple(int(i) for i in numbers[~one.kept[0]]),
        past_sets=0 if one.past is None else len(one.past.reps),
    )
    return _rounded(drift)


@dataclass(frozen=True, eq=False)
class _Size:
    plausible: Floats
    change: float
    half: float
    mdc95: float
    baseline: float
    sem: float


def _size(found: Evidence, looked_for: tuple[Shape, ...], series: MetricSeries) -> _Size:
    """Size of the change; the smallest detectable one is made of measurement alone."""
    mean = averaged(found, looked_for)
    sd, df = float(mean.sd[0]), float(found.df[0])
    sem = standard_error(sd, df, series.sem)
    error = float(mean.error[0]) * sem / sd
    half = float(stdtrit(df, 0.975)) * math.hypot(error, float(mean.between[0])) + series.bias_change
    mdc95 = 1.96 * error + series.bias_change
    return _Size(mean.plausible[0], float(mean.change[0]), half, mdc95, float(mean.baseline[0]), sem)


def standard_error(sd: float, df: float, prior: float) -> float:
    """Return the standard error of one repetition: own scatter, or pooled with the prior where that is larger.

    Parameters
    ----------
    sd, df : float
        Own scatter about the fitted course and its degrees of freedom.
    prior : float
        Standard error of the metric in the same set-up; it fades as repetitions add up.
    """
    pooled = np.sqrt((_PRIOR_DF * prior**2 + df * sd**2) / (_PRIOR_DF + df))
    return float(max(sd, pooled))


def _rounded(drift: Drift) -> Drift:
    def short(value: float) -> float:
        return round(value, 4)

    return replace(
        drift,
        change=short(drift.change),
        ci95=(short(drift.ci95[0]), short(drift.ci95[1])),
        mdc95=short(drift.mdc95),
        p=round(drift.p, 5),
        q=round(drift.q, 5),
        baseline=None if drift.baseline is None else short(drift.baseline),
        sem=None if drift.sem is None else short(drift.sem),
        detectable=None if drift.detectable is None else short(drift.detectable),
    )
