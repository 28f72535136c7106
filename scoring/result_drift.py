"""What a result says of drift over a set and over days. Field names are a contract: JSON is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .result_kinds import DriftShape, Verdict  # noqa: TC001 -- read at run time to check JSON


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
