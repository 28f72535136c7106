"""Thresholds, weights and error models as types; the values stand in ``thresholds.toml``."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 -- read at run time to check a user's own file
from dataclasses import dataclass, field

Bins = tuple[float, float, float, float]


@dataclass(frozen=True)
class ViewThresholds:
    """Borders of the view classes, degrees of yaw."""

    frontal_max_deg: float
    sagittal_min_deg: float
    lines_agree_deg: float
    yaw_sem_deg: float
    legs_apart_max_deg: float
    oblique_min_deg: float
    oblique_error: float


@dataclass(frozen=True)
class FilterThresholds:
    """Cut-offs, the longest gap bridged, and the frame rates that velocities need."""

    fc_joint_hz: float
    fc_timing_hz: float
    max_gap_s: float
    min_velocity_fps: float
    good_velocity_fps: float


@dataclass(frozen=True)
class RepThresholds:
    """What is a repetition; fractions are of the set's typical amplitude."""

    enter: float
    leave: float
    partial_enter: float
    partial_leave: float
    full: float
    min_s: float
    max_s: float
    min_drop: float
    min_lean: float
    min_flexion_deg: float
    max_foot_travel: float
    min_seen: float
    max_missing: float
    min_standing_height: float
    max_standing_lean_deg: float
    velocity_fraction: float
    velocity_floor: float
    max_rest_s: float


@dataclass(frozen=True)
class ScoreThresholds:
    """How severities become scores, and how errors widen where joints are seen less well."""

    coverage_min: float
    criteria_min: int
    p_likely: float
    sure_visibility: float
    least_visibility: float
    widest_error: float
    monte_carlo: int
    seed: int


@dataclass(frozen=True)
class CriterionThresholds:
    """Severity bins of one criterion, its weight, and the target that it is measured from.

    ``targets`` and ``weights`` are those of single columns of the rubric, and of depths that
    were asked for, where they differ.
    """

    t: Bins
    weight: float
    target: float = 0.0
    t_kettlebell: Bins | None = None
    targets: Mapping[str, float] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Sem:
    """Standard errors of one quantity: within the same set-up, and against reality."""

    within: float
    absolute: float


@dataclass(frozen=True)
class Thresholds:
    """Everything that the scoring core lets a user change."""

    version: str
    view: ViewThresholds
    filter: FilterThresholds
    reps: RepThresholds
    score: ScoreThresholds
    criteria: Mapping[str, CriterionThresholds]
    sem: Mapping[str, Sem]
