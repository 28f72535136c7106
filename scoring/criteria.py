"""From metrics to criteria, scores and sub-scores of a set."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, reduce
from itertools import repeat
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from .prescription import NOTHING_PRESCRIBED
from .result import Criterion, SubScore
from .rubric import RULES, SPINE_REASON, spine_rule
from .score import aggregate, interval, p_fault, sample_scores, score, severity, total_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from .metric import Metric
    from .prescription import Prescription
    from .result import Status, View
    from .rubric import Rule
    from .thresholds import Bins, CriterionThresholds, ScoreThresholds, Thresholds

    Floats = NDArray[np.float64]
    # severity, score, its interval, probability of a fault
    _Judgement = tuple[float | None, float | None, tuple[float, float] | None, float | None]

_NOT_SCORED = "shown for information, not scored in this exercise"
_NO_LOAD = "shown for information: it is scored once a load is declared"


@dataclass(frozen=True, eq=False)
class Judged:
    """All repetitions of a set judged.

    Attributes
    ----------
    criteria : tuple of tuple of Criterion
        One tuple a repetition.
    scores : tuple of tuple of SubScore
        The same.
    summary : tuple of SubScore
        Of the set: the median repetition.
    technique : SubScore or None
        Of everything together; None unless criteria of the side and of the front were both scored.
    """

    criteria: tuple[tuple[Criterion, ...], ...]
    scores: tuple[tuple[SubScore, ...], ...]
    summary: tuple[SubScore, ...]
    technique: SubScore | None


def judge(
    metrics: Mapping[str, Metric],
    column: str,
    view: View,
    full: NDArray[np.bool_],
    thresholds: Thresholds,
    prescription: Prescription = NOTHING_PRESCRIBED,
) -> Judged:
    """Judge every repetition of a set.

    Parameters
    ----------
    metrics : mapping of metric name to Metric
        Over R repetitions; what was not asked for, such as a tempo, is left out.
    column : str
        As `rubric.rubric` gives it.
    view : View
        Named in every criterion.
    full : (R,) bool array
        Repetitions that the summary is made of; all of them when none is full.
    thresholds : Thresholds
    prescription : Prescription
        The depth that was asked for, and whether there is a load.
    """
    rules = [rule for rule in RULES if rule.listed_in(column) and rule.metric in metrics]
    scored = {rule.id for rule in rules if rule.scored_in(column, prescription.load_kg)}
    limits = thresholds.score
    rows = [
        _judge_rule(
            rule,
            metrics[rule.metric],
            _Limits.of(thresholds.criteria[rule.id], column, prescription),
            view,
            _draws(rule.id, limits),
        )
        for rule in rules
        if rule.id in scored
    ]
    reported = {rule.id: _reported(rule, metrics[rule.metric], view) for rule in rules if rule.id not in scored}
    listed = {row.rule.id: row.criteria for row in rows} | reported
    spine = (_unseen(spine_rule(column), "not_observable", SPINE_REASON, "", view),) * len(full)
    groups = list(dict.fromkeys(row.rule.group for row in rows))
    parts = [_Part.of(group, [row for row in rows if row.rule.group == group]) for group in groups]
    picked = full if full.any() else np.ones(len(full), dtype=bool)
    summary = tuple(part.sub_score(picked, limits) for part in parts)
    whole = _Part.of("technique", rows).sub_score(picked, limits) if _seen_from_both_sides(summary) else None
    return Judged(
        criteria=tuple(zip(*(listed[rule.id] for rule in rules), spine, strict=True)),
        scores=tuple(zip(*(part.of_reps(limits) for part in parts), strict=True)),
        summary=summary,
        technique=whole,
    )


def _seen_from_both_sides(parts: Sequence[SubScore]) -> bool:
    """Tell whether criteria of the side and of the front were both scored: only then is there one total."""
    return all(any(part.name.endswith(view) and part.score is not None for part in parts) for view in ("side", "front"))


@dataclass(frozen=True)
class _Limits:
    """What a criterion is measured against in one column of the rubric."""

    bins: Bins
    target: float
    weight: float

    @classmethod
    def of(cls, limits: CriterionThresholds, column: str, prescription: Prescription) -> _Limits:
        kettlebell = column == "kettlebell" and limits.t_kettlebell
        target = limits.targets.get(column, limits.targets.get(prescription.depth_target, limits.target))
        return cls(kettlebell or limits.t, target, limits.weights.get(column, limits.weight))


@dataclass(frozen=True, eq=False)
class _Row:
    """One rule over R repetitions: its criteria, its score and K plausible scores (NaN where not observed)."""

    rule: Rule
    weight: float
    criteria: tuple[Criterion, ...]
    score: Floats
    samples: Floats


@dataclass(frozen=True, eq=False)
class _Part:
    """One sub-score over R repetitions: score, K plausible scores, coverage, and whether enough was seen."""

    name: str
    score: Floats
    samples: Floats
    coverage: Floats
    criteria: NDArray[np.intp]
    all_criteria: int

    @classmethod
    def of(cls, name: str, rows: Sequence[_Row]) -> _Part:
        shares = list(dict.fromkeys(row.rule.shares or row.rule.id for row in rows))
        merged = [[row for row in rows if (row.rule.shares or row.rule.id) == share] for share in shares]
        weights = [max(row.weight for row in same) for same in merged]
        # the worst of those that share one fault; fmin ignores what was not observed
        worst = np.stack([np.fmin.reduce([row.score for row in same]) for same in merged], axis=-1)
        score, coverage = aggregate(worst, weights)
        # the same for the plausible scores, without an array of all of them
        seen, total = np.isfinite(worst), np.zeros(rows[0].samples.shape)
        for same, weight, known in zip(merged, weights, seen.T, strict=True):
            total += weight * np.where(known, reduce(np.fmin, [row.samples for row in same]), 0.0)
        weight_seen = (seen * weights).sum(axis=-1)
        samples = np.divide(total, weight_seen, out=np.full(total.shape, np.nan), where=weight_seen > 0.0)
        observed = np.sum([np.isfinite(row.score) for row in rows], axis=0)
        return cls(name, score, samples, coverage, observed, len(rows))

    def of_reps(self, limits: ScoreThresholds) -> list[SubScore]:
        """Score every repetition; none where too little was seen."""
        low, high = interval(self.samples)
        return [
            SubScore(self.name, round(float(s), 1), (round(float(a), 1), round(float(b), 1)), round(float(c), 2))
            if enough
            else SubScore(self.name, None, None, round(float(c), 2))
            for s, a, b, c, enough in zip(self.score, low, high, self.coverage, self._enough(limits), strict=True)
        ]

    def sub_score(self, reps: NDArray[np.bool_], limits: ScoreThresholds) -> SubScore:
        """Median repetition of those chosen; no score where too little was seen."""
        use = reps & self._enough(limits)
        coverage = round(float(self.coverage[reps].mean()), 2)
        if not use.any():
            return SubScore(self.name, None, None, coverage)
        low, high = interval(np.median(self.samples[:, use], axis=1))
        return SubScore(
            self.name,
            round(float(np.median(self.score[use])), 1),
            (round(float(low), 1), round(float(high), 1)),
            coverage,
        )

    def _enough(self, limits: ScoreThresholds) -> NDArray[np.bool_]:
        """Tell which repetitions show enough of the weight and enough criteria, or all of them where there are few."""
        least = min(limits.criteria_min, self.all_criteria)
        return (self.coverage >= limits.coverage_min) & (self.criteria >= least)


@dataclass(frozen=True, eq=False)
class _Draws:
    """K standard normal draws, (K, 1), and their 5 and 95 %."""

    all: Floats
    low: float
    high: float


@cache
def _draws(rule_id: str, limits: ScoreThresholds) -> _Draws:
    """One draw for all repetitions of a set, because the pose error is systematic; its own for each rule."""
    rng = np.random.default_rng([limits.seed, crc32(rule_id.encode())])
    draws = rng.standard_normal((limits.monte_carlo, 1))
    return _Draws(draws, *(float(end) for end in interval(draws)[:, 0]))


def _judge_rule(rule: Rule, metric: Metric, limits: _Limits, view: View, draws: _Draws) -> _Row:
    excess = metric.value - limits.target
    excess = np.abs(excess) if rule.sense == 0 else rule.sense * excess
    sigma = total_error(metric.sem_abs, metric.bias_bound)
    points = score(excess, limits.bins)
    samples = sample_scores(excess, sigma, limits.bins, draws.all)
    # a score falls with its excess: where 5 and 95 % of the plausible scores lie, those of the draws say
    low, high = (score(excess + sigma * draw, limits.bins) for draw in (draws.high, draws.low))
    severities, faults = severity(excess, limits.bins), p_fault(excess, limits.bins[0], sigma)
    judged = zip(
        _rounded(severities, 4),
        _rounded(points, 1),
        zip(_rounded(low, 1), _rounded(high, 1), strict=True),
        _rounded(faults, 4),
        strict=True,
    )
    return _Row(rule, limits.weight, _criteria(rule, metric, view, judged=judged), points, samples)


def _reported(rule: Rule, metric: Metric, view: View) -> tuple[Criterion, ...]:
    """Make the criteria of a rule that is shown but not scored."""
    return _criteria(rule, metric, view, _NO_LOAD if rule.loaded else _NOT_SCORED)


def _criteria(
    rule: Rule,
    metric: Metric,
    view: View,
    reason: str | None = None,
    judged: Iterable[_Judgement] = repeat((None, None, None, None)),
) -> tuple[Criterion, ...]:
    """Make the criteria of what was measured, with the judgements, or with the `reason` for having none."""
    errors = _rounded(total_error(metric.sem_abs, metric.bias_bound), 4)
    seen = zip(metric.status, metric.reason, metric.confidence, _rounded(metric.value, 4), errors, strict=True)
    return tuple(
        Criterion(rule.id, "measured", reason, value, metric.unit, error, *judgement, view.label, confidence)
        if status == "measured"
        else _unseen(rule.id, status, why, metric.unit, view)
        for (status, why, confidence, value, error), judgement in zip(seen, judged, strict=False)
    )


def _rounded(values: Floats, digits: int) -> list[float]:
    return [round(value, digits) for value in values.tolist()]


def _unseen(rule_id: str, status: Status, reason: str | None, unit: str, view: View) -> Criterion:
    return Criterion(rule_id, status, reason, None, unit, None, None, None, None, None, view.label)
