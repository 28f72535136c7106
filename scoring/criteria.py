"""From metrics to criteria, scores and sub-scores of a set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from .prescription import NOTHING_PRESCRIBED
from .result import Criterion, SubScore
from .rubric import RULES, SPINE_REASON, spine_rule
from .score import aggregate, interval, p_fault, sample_scores, score, severity, total_error

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from .metric import Metric
    from .prescription import Prescription
    from .result import Status, View
    from .rubric import Rule
    from .thresholds import Bins, CriterionThresholds, ScoreThresholds, Thresholds

    Floats = NDArray[np.float64]

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
    technique : SubScore
        Of everything together; it says something only where the side and the front were seen.
    """

    criteria: tuple[tuple[Criterion, ...], ...]
    scores: tuple[tuple[SubScore, ...], ...]
    summary: tuple[SubScore, ...]
    technique: SubScore


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
    rows = [
        _judge_rule(
            rule,
            metrics[rule.metric],
            _Limits.of(thresholds.criteria[rule.id], column, prescription),
            view,
            _draws(rule.id, thresholds.score),
        )
        for rule in rules
        if rule.id in scored
    ]
    reported = [_reported(rule, metrics[rule.metric], view) for rule in rules if rule.id not in scored]
    listed = {row.rule.id: row.criteria for row in rows} | dict(reported)
    criteria = [listed[rule.id] for rule in rules]
    spine = _unseen(spine_rule(column), "not_observable", SPINE_REASON, "", view)
    groups = list(dict.fromkeys(row.rule.group for row in rows))
    parts = [_Part.of(group, [row for row in rows if row.rule.group == group]) for group in groups]
    picked = full if full.any() else np.ones(len(full), dtype=bool)
    limits = thresholds.score
    return Judged(
        criteria=tuple((*(each[rep] for each in criteria), spine) for rep in range(len(full))),
        scores=tuple(zip(*(part.of_reps(limits) for part in parts), strict=True)),
        summary=tuple(part.sub_score(picked, limits) for part in parts),
        technique=_Part.of("technique", rows).sub_score(picked, limits),
    )


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
        score, coverage = aggregate(
            np.stack([np.fmin.reduce([row.score for row in same]) for same in merged], axis=-1), weights
        )
        samples, _ = aggregate(
            np.stack([np.fmin.reduce([row.samples for row in same]) for same in merged], axis=-1), weights
        )
        seen = np.sum([np.isfinite(row.score) for row in rows], axis=0)
        return cls(name, score, samples, coverage, seen, len(rows))

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


@cache
def _draws(rule_id: str, limits: ScoreThresholds) -> Floats:
    """One draw for all repetitions of a set, because the pose error is systematic; its own for each rule."""
    rng = np.random.default_rng([limits.seed, crc32(rule_id.encode())])
    return rng.standard_normal((limits.monte_carlo, 1))


def _judge_rule(rule: Rule, metric: Metric, limits: _Limits, view: View, draws: Floats) -> _Row:
    excess = metric.value - limits.target
    excess = np.abs(excess) if rule.sense == 0 else rule.sense * excess
    sigma = total_error(metric.sem_abs, metric.bias_bound)
    points, severities = score(excess, limits.bins), severity(excess, limits.bins)
    samples = sample_scores(excess, sigma, limits.bins, draws)
    # a score falls with its excess: where 5 and 95 % of the plausible scores lie, those of the draws say
    high, low = (score(excess + sigma * draw, limits.bins) for draw in interval(draws)[:, 0])
    fault = p_fault(excess, limits.bins[0], sigma)

    def criterion(shown: Criterion, rep: int) -> Criterion:
        if shown.value is None:
            return shown
        return replace(
            shown,
            severity=round(float(severities[rep]), 4),
            score=round(float(points[rep]), 1),
            interval=(round(float(low[rep]), 1), round(float(high[rep]), 1)),
            p_fault=round(float(fault[rep]), 4),
        )

    criteria = tuple(criterion(shown, rep) for rep, shown in enumerate(_shown(rule, metric, view)))
    return _Row(rule, limits.weight, criteria, points, samples)


def _reported(rule: Rule, metric: Metric, view: View) -> tuple[str, tuple[Criterion, ...]]:
    """Make the criteria of a rule that is shown but not scored, with its id."""
    shown = _shown(rule, metric, view)
    reason = _NO_LOAD if rule.loaded else _NOT_SCORED
    return rule.id, tuple(one if one.value is None else replace(one, reason=reason) for one in shown)


def _shown(rule: Rule, metric: Metric, view: View) -> list[Criterion]:
    """Make the criteria of what was measured, not judged yet."""
    errors = total_error(metric.sem_abs, metric.bias_bound)

    def criterion(rep: int) -> Criterion:
        measured = metric.of_rep(rep, view)
        if measured.value is None:
            return _unseen(rule.id, measured.status, measured.reason, metric.unit, view)
        return replace(
            _unseen(rule.id, "measured", None, metric.unit, view),
            value=measured.value,
            sem_abs=round(float(errors[rep]), 4),
            confidence=measured.confidence,
        )

    return [criterion(rep) for rep in range(len(metric.value))]


def _unseen(rule_id: str, status: Status, reason: str | None, unit: str, view: View) -> Criterion:
    return Criterion(rule_id, status, reason, None, unit, None, None, None, None, None, view.label)
