"""The product's one result and everything in it. Field names are a contract: JSON is made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .prescription import Prescription  # noqa: TC001 -- read at run time to check JSON
from .result_balance import BalanceError, BalancePair, Sway, SwayChange, SwayDescriptor, SwayGrowth, SwayScale
from .result_drift import Drift, Fatigue, Sessions, SessionTrend
from .result_kinds import Confidence, Detected, DriftShape, Family, Status, Verdict, ViewLabel

__all__ = [
    "SCHEMA",
    "Assessment",
    "BalanceError",
    "BalancePair",
    "Confidence",
    "Criterion",
    "Cue",
    "Detected",
    "Drift",
    "DriftShape",
    "Exercise",
    "Family",
    "Fatigue",
    "Measurement",
    "Quality",
    "Rep",
    "Screen",
    "SessionTrend",
    "Sessions",
    "SetResult",
    "Source",
    "Status",
    "SubScore",
    "Subject",
    "Summary",
    "Sway",
    "SwayChange",
    "SwayDescriptor",
    "SwayGrowth",
    "SwayScale",
    "Verdict",
    "Versions",
    "View",
    "ViewLabel",
]

SCHEMA = "formdrift.assessment/1"


@dataclass(frozen=True)
class View:
    """From where the camera saw the person: yaw 0 is in front, 90 at the side, 180 behind."""

    label: ViewLabel
    yaw_deg: float | None
    yaw_sem_deg: float | None
    facing: Literal["left", "right", "camera", "away"] | None


@dataclass(frozen=True)
class Measurement:
    """One number, or the reason why there is none.

    Attributes
    ----------
    metric : str
        Name with its unit, for example ``knee_flexion_bottom_deg``.
    value, unit
        The number; None unless ``status`` is ``measured``.
    sem_within : float or None
        Standard error for the same person, set-up and view: for drift.
    sem_abs : float or None
        Standard error against reality: for scores.
    bias_bound : float or None
        Largest one-sided error that the view adds.
    status, reason
        Whether it was measured and, if not, why not.
    view, phase : str
        In which view and in which phase of the rep.
    confidence : str or None
        ``high``, ``moderate`` or ``low``, by what the view and the visibility of the joints allow.
    """

    metric: str
    value: float | None
    unit: str
    sem_within: float | None
    sem_abs: float | None
    bias_bound: float | None
    status: Status
    reason: str | None
    view: ViewLabel
    phase: str
    confidence: Confidence | None = None


@dataclass(frozen=True)
class Criterion:
    """A measurement judged: 0 severity is fine, 1 saturates the penalty."""

    id: str
    status: Status
    reason: str | None
    value: float | None
    unit: str
    sem_abs: float | None
    severity: float | None
    score: float | None
    interval: tuple[float, float] | None
    p_fault: float | None
    view: ViewLabel
    confidence: Confidence | None = None


@dataclass(frozen=True)
class SubScore:
    """A named part of the technique score, 0 to 100, with a 5-95 % interval and its coverage."""

    name: str
    score: float | None
    interval: tuple[float, float] | None
    coverage: float


@dataclass(frozen=True)
class Rep:
    """One repetition; times in seconds from the start of its source."""

    index: int
    source: int
    kind: Literal["full", "partial"]
    start_s: float
    descent_end_s: float
    bottom_s: float
    ascent_start_s: float
    end_s: float
    flags: tuple[str, ...]
    measurements: dict[str, Measurement]
    criteria: tuple[Criterion, ...]
    scores: tuple[SubScore, ...]


@dataclass(frozen=True)
class Cue:
    """One piece of advice and the criteria and reps that support it."""

    id: str
    text: str
    evidence: tuple[str, ...]
    reps: tuple[int, ...]


@dataclass(frozen=True)
class Exercise:
    """What the user declared and what the movement looks like."""

    declared: str
    detected: Detected
    family: Family
    confidence: float


@dataclass(frozen=True)
class Summary:
    """A set in a few numbers."""

    full_reps: int
    partial_reps: int
    scores: tuple[SubScore, ...]
    technique_total: SubScore | None
    velocity_loss_pct: float | None


@dataclass(frozen=True)
class Screen:
    """How many criteria of a published screen were met, of those that the camera showed, and of all.

    It is no diagnosis; ``missed`` names the observable ones that were not met.
    """

    name: str
    met: int
    observable: int
    total: int
    missed: tuple[str, ...]


@dataclass(frozen=True)
class SetResult:
    """One set of one exercise; ``prescription`` is None where an earlier release wrote it."""

    exercise: Exercise
    reps: tuple[Rep, ...]
    summary: Summary
    drift: tuple[Drift, ...] = ()
    sway: Sway | None = None
    cues: tuple[Cue, ...] = ()
    fatigue: Fatigue | None = None
    screens: tuple[Screen, ...] = ()
    prescription: Prescription | None = None
    sessions: Sessions | None = None


@dataclass(frozen=True)
class Subject:
    """Which of the people in a source was assessed.

    ``margin`` says how clear it was who trains: 1 when nobody else could be meant, 0
    when another is as likely.
    """

    index: int
    candidates: int
    margin: float | None = None


@dataclass(frozen=True)
class Source:
    """One video and how it was seen."""

    id: int
    path: str
    sha256: str
    duration_s: float
    frames: int
    fps: float
    size: tuple[int, int]
    rotation_deg: int
    engine: str
    model_id: str
    detected_fraction: float
    subject: Subject
    view: View


@dataclass(frozen=True)
class Quality:
    """Whether the material supports an assessment, in plain words."""

    usable: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Versions:
    """What made this result; ``calibration`` is None where landmarks were taken as they are."""

    formdrift: str
    thresholds: str
    calibration: str | None = None


@dataclass(frozen=True)
class Assessment:
    """The one result: printed by the command line, drawn by the app, kept by the store."""

    schema: str = field(default=SCHEMA, kw_only=True)
    sources: tuple[Source, ...]
    sets: tuple[SetResult, ...]
    quality: Quality
    versions: Versions
    balance: tuple[BalancePair, ...] = ()
