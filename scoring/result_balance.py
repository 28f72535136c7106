"""What a result says of standing still. Field names are a contract: JSON is made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .result_kinds import Confidence, Status, Verdict  # noqa: TC001 -- read at run time to check JSON


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
