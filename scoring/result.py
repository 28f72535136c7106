"""The product's one result and everything in it. Field names are a contract: JSON is made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .prescription import Prescription  # noqa: TC001 -- read at run time to check JSON

SCHEMA = "formdrift.assessment/1"

Status = Literal["measured", "poor_quality", "not_observable", "below_noise_floor"]
ViewLabel = Literal["sagittal", "oblique", "frontal", "uncertain"]
Detected = Literal["squat", "hinge", "deadlift", "single-leg", "balance", "other"]
Family = Literal["squat", "hinge", "balance", "other"]
Confidence = Literal["high", "moderate", "low"]
Verdict = Literal["no_detectable_change", "small", "clear", "large"]
DriftShape = Literal["steady", "step", "bend"]


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
        The number; None unless ``status`` is ``measured`` or ``poor_quality``.
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
class Drift:
    """How one metric changed over a set, judged against its measurement error.

    Attributes
    ----------
    metric, unit : str
    verdict : str
        A change is claimed when ``q`` is below 0.05 and the change beyond ``mdc95``.
    change, ci95
        From the baseline to the last repetition, averaged over the courses that the set leaves
        plausible, and its 95 % interval; that they differ is in the interval.
    mdc95 : float
        1.96 standard errors of the contrast that ``change`` is.
    onset_rep, onset_interval
        First repetition that differs; None for a drift that is steady from the first on. An
        interval that begins with the second repetition means that it may have begun at once.
    p, q : float
        Probability of so strong evidence in a set without drift; adjusted over the metrics tested.
    shape : str or None
        Course of a claimed drift: ``steady``, a ``step``, or a ``bend`` from which on it is steady.
    baseline : float or None
        Today's fresh level.
    sem : float or None
        Standard error of one repetition that was used.
    detectable : float or None
        A larger change over the set could not have been missed: the end of ``ci95`` that is
        farther from zero, and no less than ``mdc95``.
    reps, left_out : tuple of int
        Repetitions that were tested, and those of them set aside as unlike their neighbours.
    past_sets : int
        Earlier days with comparable sets that had a say.
    """

    metric: str
    verdict: Verdict
    change: float
    unit: str
    ci95: tuple[float, float]
    mdc95: float
    onset_rep: int | None
    onset_interval: tuple[int, int] | None
    p: float
    q: float
    shape: DriftShape | None = None
    baseline: float | None = None
    sem: float | None = None
    detectable: float | None = None
    reps: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()
    past_sets: int = 0


@dataclass(frozen=True)
class Fatigue:
    """What the drifts of a set come to.

    Attributes
    ----------
    sentence : str
        For reading in five seconds.
    tested : tuple of str
        Metrics that were tested together.
    drifted : tuple of str
        Those that drifted, the largest against its smallest detectable change first; at most three.
    first_tired_rep : int or None
        Onset of the drift that has surely begun first; None without a drift, for one that is
        steady from the first repetition on, for a change for the better, and where only a pace
        changed that was not meant to be as fast as possible.
    first_tired_s : float or None
        When it starts in its source.
    source : int or None
        Number of that source.
    """

    sentence: str
    tested: tuple[str, ...]
    drifted: tuple[str, ...]
    first_tired_rep: int | None
    first_tired_s: float | None
    source: int | None


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
class SwayDescriptor:
    """One descriptor of a sway, or the reason why there is none.

    Attributes
    ----------
    value, unit
        As found; None unless ``status`` is ``measured``.
    corrected : float or None
        An amplitude with the noise taken out in quadrature; None for paths and frequencies,
        from which noise can't be taken.
    noise, snr : float or None
        Noise floor in the same unit, and how many times it the amplitude is.
    standard_error : float or None
        Of an amplitude, from the trial's length and the scale.
    """

    value: float | None
    unit: str
    corrected: float | None
    noise: float | None
    snr: float | None
    standard_error: float | None
    status: Status
    reason: str | None
    confidence: Confidence | None = None


@dataclass(frozen=True)
class SwayScale:
    """What a pixel was: millimetres by ``height`` or ``object``, else per cent of the leg; and its relative error."""

    unit: Literal["mm", "% leg"]
    per_px: float
    relative_error: float
    source: Literal["height", "object", "leg"]


@dataclass(frozen=True)
class SwayGrowth:
    """How many times larger the sway is at the end of a trial than at its beginning."""

    verdict: Verdict
    factor: float
    ci95: tuple[float, float]
    mdc95_factor: float


@dataclass(frozen=True)
class BalanceError:
    """Something that a rater of the Balance Error Scoring System would count, and when."""

    kind: Literal["touch_down", "hop", "hands_off", "free_thigh", "out_of_position"]
    time_s: float


@dataclass(frozen=True)
class Sway:
    """One time of standing still: how long, what went wrong, and how much the body swayed.

    Attributes
    ----------
    stance, side, eyes
        On what somebody stood, and whether the eyes were said to be open.
    axis : str
        The one horizontal direction that this view shows.
    start_s, end_s, held_s, ended_by
        When; how long until the first touch-down, hop or hand off the hips, or else the end.
    errors : tuple of BalanceError
        At most ten.
    analysed_s : (float, float)
        The settled time without touch-down or hop in which sway was measured.
    filter_hz : float
        Cut-off of the low-pass; sways of different cut-offs are not comparable.
    camera_shake : float or None
        Root mean square of the camera's movement, in the unit of the scale.
    sampling_error : float or None
        Relative standard error of an amplitude because sway differs from one time to the next.
    status, reason
        Of the trial's RMS, which decides what else is shown.
    descriptors : dict
        Names as in ``formdrift sway``.
    since_last_rep_s : float or None
        From the last repetition before it in the same video, if there was one, to ``analysed_s``.
    errors_unseen : dict
        Errors of the same scoring system that this video can't show, and why.
    """

    stance: Literal["double-leg", "tandem", "single-leg"]
    side: Literal["left", "right"] | None
    eyes: Literal["open", "closed"] | None
    axis: Literal["medio-lateral", "antero-posterior", "in the picture"]
    start_s: float
    end_s: float
    held_s: float
    ended_by: Literal["touch_down", "hop", "hands_off", "foot_down", "step", "video_end"]
    errors: tuple[BalanceError, ...]
    analysed_s: tuple[float, float]
    filter_hz: float
    scale: SwayScale | None
    camera_shake: float | None
    sampling_error: float | None
    status: Status
    reason: str | None
    descriptors: dict[str, SwayDescriptor]
    growth: SwayGrowth | None = None
    since_last_rep_s: float | None = None
    errors_unseen: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SwayChange:
    """How the sway of some trials differs from that of others.

    Attributes
    ----------
    descriptor, unit : str
    before, after : float
        Geometric means over the trials.
    trials : (int, int)
        How many on either side.
    ratio : float
        After over before.
    ci95 : (float, float)
        Of the ratio.
    mdc95_pct : float
        Smallest increase, in per cent, that these trials could show.
    verdict : str
    p : float
        Two-sided: tired people don't always sway more.
    """

    descriptor: str
    unit: str
    before: float
    after: float
    trials: tuple[int, int]
    ratio: float
    ci95: tuple[float, float]
    mdc95_pct: float
    verdict: Verdict
    p: float


@dataclass(frozen=True)
class BalancePair:
    """Balance tests against others that differ from them in one thing.

    Attributes
    ----------
    kind : str
        In what: ``eyes`` open, then closed; the left, then the right of both ``legs``; before
        the ``set`` and after it; or only in the ``time``, the first and the last.
    stance, side, eyes, axis
        What they have in common, as in `Sway`; None for what differs or is not known.
    before, after : tuple of int
        Their places in the assessment's ``sets``, from 0.
    change : SwayChange or None
        Its ratio is Romberg's for the eyes, and right over left for the legs.
    reason : str or None
        Why they can't be compared.
    """

    kind: Literal["eyes", "legs", "set", "time"]
    stance: Literal["double-leg", "tandem", "single-leg"]
    side: Literal["left", "right"] | None
    eyes: Literal["open", "closed"] | None
    axis: Literal["medio-lateral", "antero-posterior", "in the picture"]
    before: tuple[int, ...]
    after: tuple[int, ...]
    change: SwayChange | None
    reason: str | None


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
class SessionTrend:
    """One metric of today's set against the client's earlier days with comparable sets.

    Attributes
    ----------
    metric, unit : str
    days : int
        Comparable days, today included.
    level : float
        Today's median.
    typical : tuple of float or None
        Band that holds 95 % of days like the earlier ones, all metrics together; from three days on.
    today : str or None
        ``usual``, ``above`` or ``below`` that band.
    best : bool
        Better than every earlier day by more than measurement error.
    change, ci95, mdc95
        From the first day to today, as in `formdrift.scoring.trend.Trend`; None with fewer than six days.
    p, q : float or None
        Of a trend; adjusted over the metrics tested.
    claimed : bool
        ``q`` is below 0.05 and the change beyond ``mdc95``.
    reason : str or None
        Why there is no trend to speak of.
    """

    metric: str
    unit: str
    days: int
    level: float
    typical: tuple[float, float] | None
    today: Literal["usual", "above", "below"] | None
    best: bool
    change: float | None
    ci95: tuple[float, float] | None
    mdc95: float | None
    p: float | None
    q: float | None
    claimed: bool
    reason: str | None


@dataclass(frozen=True)
class Sessions:
    """A set against the client's earlier days; there from three comparable days on.

    Attributes
    ----------
    sentence : str
        What stands out.
    trends : tuple of SessionTrend
        One for each metric that every one of these days has.
    """

    sentence: str
    trends: tuple[SessionTrend, ...]


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
