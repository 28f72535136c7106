"""Whether, when and by how much a metric drifts over a set, judged against its measurement error."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t as student

from .drift_evidence import Past, shapes, strongest, weakest_without_one, weigh
from .drift_noise import autocorrelation, noise, without_bad_reps
from .drift_onset import choose_shape
from .result import Drift

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .drift_evidence import Evidence
    from .drift_noise import Noise
    from .drift_tables import DriftTables
    from .result import Verdict

    Floats = NDArray[np.float64]

LEAST_REPS = 5
ALPHA = 0.05
# a prior standard error counts as much as an estimate with so many degrees of freedom
_PRIOR_DF = 6.0
# the normal deviate that is exceeded 19 times in 20
_SURE = 1.645
_TINY = 1e-9
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
    past : tuple of (h,) arrays
        Fresh repetitions of earlier comparable sets, oldest first.
    """

    metric: str
    unit: str
    rep: NDArray[np.intp]
    value: Floats
    sem: float
    bias_change: float = 0.0
    past: tuple[Floats, ...] = ()


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
    are those of simulated sets of the same length, adjusted over the metrics (Holm 1979).
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
    p = []
    for one, found in zip(ready, weighed, strict=True):
        statistic = float(strongest(found.z)[0]) if found.sd[0, 0] > _TINY * (1.0 + abs(found.baseline[0, 0])) else 0.0
        p.append(tables.tail(statistic, len(one.series.value), len(ready), past=one.past is not None))
    q = holm(p)
    return tuple(
        _judged(one, found, each, adjusted, len(ready), tables, stands=_stands(one, rho, adjusted, len(ready), tables))
        for one, found, each, adjusted in zip(ready, weighed, p, q, strict=True)
    )


def holm(p: Sequence[float]) -> list[float]:
    """Adjust p values so that the chance of any false alarm among them stays the same (Holm 1979)."""
    order = np.argsort(p, kind="stable")
    steps = np.asarray(p)[order] * np.arange(len(p), 0, -1)
    adjusted = np.minimum(np.maximum.accumulate(steps), 1.0)
    return [float(adjusted[np.flatnonzero(order == i)[0]]) for i in range(len(p))]


def verdict_of(change: float, mdc95: float) -> Verdict:
    """Name the size of a change against the smallest one that can be told from error."""
    ratio = abs(change) / mdc95 if mdc95 > 0.0 else 0.0
    if ratio <= 1.0:
        return "no_detectable_change"
    return "small" if ratio < 1.5 else "clear" if ratio <= 2.0 else "large"


def _prepare(series: MetricSeries) -> _Prepared:
    past = [values for values in series.past if len(values) >= 3]
    earlier = None
    if past:
        cleaned = [without_bad_reps(values[None, :]) for values in past]
        noises = [noise(one, bad.sum(axis=-1)) for one, bad in cleaned]
        pooled = noises[0]
        for further in noises[1:]:
            pooled = pooled + further
        level = np.array([[one.mean() for one, _ in cleaned]])
        earlier = Past(level, np.array([float(len(values)) for values in past]), pooled)
    values = series.value[None, :]
    cleaned_today, bad = without_bad_reps(values, None if earlier is None else earlier.noise)
    return _Prepared(series, ~bad, noise(cleaned_today, bad.sum(axis=-1)), earlier)


def _weigh(one: _Prepared, rho: Floats) -> Evidence:
    return weigh(one.series.value[None, :], one.kept, shapes(len(one.series.value)), one.today, rho, one.past)


def without_one_limit(reps: int, tested: int, tables: DriftTables) -> float:
    """Return the statistic that a claim must keep without any one repetition, where earlier days have a say."""
    return tables.quantile(_WITHOUT_ONE * ALPHA / tested, reps, tested, past=True) if tested > 1 else 0.0


def _stands(one: _Prepared, rho: Floats, q: float, tested: int, tables: DriftTables) -> bool:
    if one.past is None or q >= ALPHA or tested == 1:
        return True
    values = one.series.value[None, :]
    weakest = weakest_without_one(values, one.kept, shapes(values.shape[1]), one.today, rho, one.past)
    return bool(weakest[0] > without_one_limit(values.shape[1], tested, tables))


def _judged(
    one: _Prepared, found: Evidence, p: float, q: float, tested: int, tables: DriftTables, *, stands: bool
) -> Drift:
    series = one.series
    looked_for = shapes(len(series.value))
    chosen = choose_shape(found.z[0], looked_for)
    change, error = float(found.change[0, chosen.index]), float(found.error[0, chosen.index])
    sd, df = float(found.sd[0, chosen.index]), float(found.df[0])
    sem = standard_error(sd, df, series.sem)
    scale = sem / sd if sd > 0.0 else 0.0
    spread = error * scale if sd > 0.0 else sem * float(np.sqrt(2.0))
    mdc95 = 1.96 * spread + series.bias_change
    half = float(student.ppf(0.975, df)) * spread + series.bias_change
    claimed = stands and q < ALPHA and abs(change) > mdc95
    numbers = series.rep
    shape = looked_for[chosen.index]
    interval = None
    if claimed and shape.onset is not None:
        interval = (int(numbers[chosen.onsets[0] - 1]), int(numbers[chosen.onsets[1] - 1]))
    late = len(series.value) - len(series.value) // 3 - 1
    limit = tables.quantile(ALPHA / tested, len(series.value), tested, past=one.past is not None)
    seen = (limit + _SURE) * sem * max(float(found.error[0, i] / found.sd[0, i]) for i in (0, late))
    drift = Drift(
        metric=series.metric,
        verdict=verdict_of(change, mdc95) if claimed else "no_detectable_change",
        change=change,
        unit=series.unit,
        ci95=(change - half, change + half),
        mdc95=mdc95,
        onset_rep=int(numbers[shape.onset - 1]) if claimed and shape.onset is not None else None,
        onset_interval=interval,
        p=p,
        q=q,
        shape=shape.kind if claimed else None,
        baseline=float(found.baseline[0, chosen.index]),
        sem=sem,
        detectable=max(seen, mdc95),
        reps=tuple(int(i) for i in numbers),
        left_out=tuple(int(i) for i in numbers[~one.kept[0]]),
        past_sets=0 if one.past is None else len(one.past.reps),
    )
    return _rounded(drift)


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
