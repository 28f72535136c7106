"""The rubric: which metric each criterion judges, in which exercise, and what its score counts towards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .result import Criterion, SubScore
from .score import aggregate, interval, p_fault, sample_scores, score, severity, total_error

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from .metric import Metric
    from .result import Exercise, Status, View
    from .thresholds import ScoreThresholds, Thresholds

    Floats = NDArray[np.float64]

_SIDE = "depth & trunk, side"
_FRONT = "knees & symmetry, front"
_HINGE = "hinge, side"
_CONTROL = "control & tempo"


@dataclass(frozen=True)
class Rule:
    """One criterion of the rubric.

    Attributes
    ----------
    id, title : str
        Its name in results and in words.
    metric : str
        The metric that is judged.
    group : str
        The sub-score that it counts towards.
    exercises : frozenset of str
        Where it is scored: ``squat``, ``hinge`` (RDL, good morning), ``kettlebell``, ``deadlift``.
    reported : frozenset of str
        Where it is shown but not scored.
    sense : int
        +1 when more than the target is worse, -1 when less is, 0 when either way is.
    shares : str
        Criteria with the same word here are merged by their worst, so that one fault is not paid twice.
    """

    id: str
    title: str
    metric: str
    group: str
    exercises: frozenset[str]
    reported: frozenset[str] = frozenset()
    sense: int = 1
    shares: str = ""


_SQUAT, _RDL, _LIFTS = frozenset({"squat"}), frozenset({"hinge"}), frozenset({"kettlebell", "deadlift"})
_ALL_HINGES = _RDL | _LIFTS
RULES = (
    Rule("SQ-DEPTH", "Depth", "depth_angle_bottom_deg", _SIDE, _SQUAT),
    Rule("SQ-LEAN", "Trunk lean against the shins", "trunk_minus_shank_bottom_deg", _SIDE, _SQUAT),
    Rule("SQ-RISE", "Hips rise before the chest", "trunk_rise_deg", _SIDE, _SQUAT),
    Rule("SQ-LOCK", "Knees straight at the top", "knee_flexion_lockout_deg", _SIDE, _SQUAT),
    Rule("SQ-KASR", "Knees stay as wide as the feet", "knee_separation_deficit", _FRONT, _SQUAT, shares="knees in"),
    Rule("SQ-MKD", "Knees stay over the feet", "knees_in", _FRONT, _SQUAT, shares="knees in"),
    Rule("SQ-SHIFT", "Hips stay in the middle", "hip_shift_bottom", _FRONT, _SQUAT, sense=0, shares="hips aside"),
    Rule("SQ-OBLIQ", "Pelvis stays level", "pelvis_tilt_change_deg", _FRONT, _SQUAT, shares="hips aside"),
    Rule("SQ-CTRL", "Even descent", "descent_peak_to_mean_speed", _CONTROL, _SQUAT),
    Rule(
        "HG-RATIO",
        "Knees bend no more than the hips ask",
        "knee_to_hip_flexion_ratio",
        _HINGE,
        _RDL | {"kettlebell"},
        frozenset({"deadlift"}),
        shares="knees",
    ),
    Rule("HG-KNEE", "Soft, steady knees", "knee_flexion_gain_deg", _HINGE, _RDL, _LIFTS, shares="knees"),
    Rule("HG-SHANK", "Shins stay still", "shank_travel_deg", _HINGE, _RDL, _LIFTS),
    Rule("HG-BACK", "Hips travel back", "hips_back_bottom", _HINGE, _ALL_HINGES, sense=-1),
    Rule("HG-RANGE", "Range of the hinge", "trunk_inclination_bottom_deg", _HINGE, _RDL, _LIFTS, sense=-1),
    Rule("HG-RISE", "Hips rise before the chest", "trunk_rise_deg", _HINGE, _LIFTS),
    Rule("HG-LOCK", "Tall at the top", "lockout_deficit_deg", _HINGE, _ALL_HINGES),
    Rule("HG-CTRL", "Even descent", "descent_peak_to_mean_speed", _CONTROL, _ALL_HINGES),
)
TITLES: Mapping[str, str] = {rule.id: rule.title for rule in RULES}
# what no camera sees in hip and shoulder points alone (specification section B3)
SPINE = {"squat": "SQ-SPINE", "hinge": "HG-SPINE"}
SPINE_REASON = "the shape of the back can't be read from shoulder and hip points: look at the replay at the bottom"


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
    """

    criteria: tuple[tuple[Criterion, ...], ...]
    scores: tuple[tuple[SubScore, ...], ...]
    summary: tuple[SubScore, ...]


def rubric(exercise: Exercise) -> str:
    """Name the column of the rubric that an exercise is judged by."""
    if exercise.declared in ("kettlebell", "deadlift"):
        return exercise.declared
    if exercise.family == "hinge" and exercise.declared == "auto" and exercise.detected == "deadlift":
        return "deadlift"
    return exercise.family


def judge(
    metrics: Mapping[str, Metric],
    column: str,
    view: View,
    full: NDArray[np.bool_],
    thresholds: Thresholds,
) -> Judged:
    """Judge every repetition of a set.

    Parameters
    ----------
    metrics : mapping of metric name to Metric
        Over R repetitions.
    column : str
        As `rubric` gives it.
    view : View
        Named in every criterion.
    full : (R,) bool array
        Repetitions that the summary is made of; all of them when none is full.
    thresholds : Thresholds
    """
    rules = [rule for rule in RULES if column in rule.exercises | rule.reported]
    rng = np.random.default_rng(thresholds.score.seed)
    # one draw for all repetitions of a set: the pose error is systematic
    rows = [
        _judge_rule(
            rule, metrics[rule.metric], column, view, thresholds, rng.standard_normal((thresholds.score.monte_carlo, 1))
        )
        for rule in rules
    ]
    spine = _unseen(SPINE["squat" if column == "squat" else "hinge"], "not_observable", SPINE_REASON, "", view)
    groups = list(dict.fromkeys(row.rule.group for row in rows if row.scored))
    parts = [_Part.of(group, [row for row in rows if row.scored and row.rule.group == group]) for group in groups]
    picked = full if full.any() else np.ones(len(full), dtype=bool)
    limits = thresholds.score
    return Judged(
        criteria=tuple((*(row.criteria[rep] for row in rows), spine) for rep in range(len(full))),
        scores=tuple(
            tuple(part.sub_score(np.arange(len(full)) == rep, limits) for part in parts) for rep in range(len(full))
        ),
        summary=tuple(part.sub_score(picked, limits) for part in parts),
    )


@dataclass(frozen=True, eq=False)
class _Row:
    """One rule over R repetitions: its criteria, its score and K plausible scores (NaN where not observed)."""

    rule: Rule
    weight: float
    scored: bool
    criteria: tuple[Criterion, ...]
    score: Floats
    samples: Floats


@dataclass(frozen=True, eq=False)
class _Part:
    """One sub-score over R repetitions: score, K plausible scores and coverage."""

    name: str
    score: Floats
    samples: Floats
    coverage: Floats

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
        return cls(name, score, samples, coverage)

    def sub_score(self, reps: NDArray[np.bool_], limits: ScoreThresholds) -> SubScore:
        """Median repetition of those chosen; no score where too little was seen."""
        use = reps & (self.coverage >= limits.coverage_min)
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


def _judge_rule(rule: Rule, metric: Metric, column: str, view: View, thresholds: Thresholds, draws: Floats) -> _Row:
    limits = thresholds.criteria[rule.id]
    bins = limits.t_kettlebell if column == "kettlebell" and limits.t_kettlebell else limits.t
    scored = column in rule.exercises
    excess = metric.value - limits.target
    excess = np.abs(excess) if rule.sense == 0 else rule.sense * excess
    sigma = total_error(metric.sem_abs, metric.bias_bound)
    points = score(excess, bins)
    samples = sample_scores(excess, sigma, bins, draws)
    low, high = interval(samples)
    fault = p_fault(excess, bins[0], sigma)

    def criterion(rep: int) -> Criterion:
        measured = metric.of_rep(rep, view)
        if measured.value is None:
            return _unseen(rule.id, measured.status, measured.reason, metric.unit, view)
        return Criterion(
            id=rule.id,
            status=measured.status,
            reason=None if scored else "shown for information, not scored in this exercise",
            value=measured.value,
            unit=metric.unit,
            sem_abs=round(float(sigma[rep]), 4),
            severity=round(float(severity(excess[rep], bins)), 4) if scored else None,
            score=round(float(points[rep]), 1) if scored else None,
            interval=(round(float(low[rep]), 1), round(float(high[rep]), 1)) if scored else None,
            p_fault=round(float(fault[rep]), 4) if scored else None,
            view=view.label,
        )

    criteria = tuple(criterion(rep) for rep in range(len(metric.value)))
    return _Row(rule, limits.weight, scored, criteria, points, samples)


def _unseen(rule_id: str, status: Status, reason: str | None, unit: str, view: View) -> Criterion:
    return Criterion(rule_id, status, reason, None, unit, None, None, None, None, None, view.label)
