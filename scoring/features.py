"""The per-rep feature table of a set, what of it is tested for drift, and which sets may be compared."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

import numpy as np

from .drift import LEAST_REPS, MetricSeries
from .prescription import NOTHING_PRESCRIBED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from .prescription import Prescription
    from .result import Assessment, Drift, Family, Rep, SetResult, ViewLabel

    Floats = NDArray[np.float64]

# At most so many metrics are tested: each further one makes every other harder to see.
MOST_TESTED = 5
PACE = ("tempo_error", "ascent_s")
# In order of importance; the first five that the view shows are tested. The ratio and the rise
# of the trunk show compensation: depth kept while the trunk takes over.
_PRIMARY: dict[Family, tuple[str, ...]] = {
    "squat": (
        "depth_angle_bottom_deg",
        "trunk_inclination_bottom_deg",
        "knee_to_hip_flexion_ratio",
        "trunk_rise_deg",
        "knee_separation_deficit",
        "knees_in",
        "hip_shift_bottom",
        "hip_drop",
    ),
    "hinge": (
        "trunk_inclination_bottom_deg",
        "knee_flexion_bottom_deg",
        "knee_to_hip_flexion_ratio",
        "trunk_rise_deg",
        "hip_drop",
    ),
    "balance": (),
    "other": ("hip_drop",),
}
_LEAST_SEEN = 0.8
# Comparable sets differ by less.
_YAW_DEG = 10.0
_LOAD_SHARE = 0.025
_MOST_PAST = 6
_FRESH = 3


@dataclass(frozen=True)
class Key:
    """What must match between two sets before a difference between them means anything (specification F1).

    Attributes
    ----------
    exercise : str
        As declared, else as detected.
    view : str
    yaw_deg : float or None
    model_id : str
        Pose network.
    calibration : str or None
    fast : bool
        50 frames a second or more.
    load_kg : float or None
    tempo : str
        What was asked for: seconds of the phases, intent, depth.
    """

    exercise: str
    view: ViewLabel
    yaw_deg: float | None
    model_id: str
    calibration: str | None
    fast: bool
    load_kg: float | None = None
    tempo: str = ""

    def matches(self, other: Key) -> bool:
        """Tell whether two sets may be compared: the same in kind, yaw within 10 degrees, load within 2.5 %."""
        return (
            (self.exercise, self.view, self.model_id, self.calibration, self.fast, self.tempo)
            == (other.exercise, other.view, other.model_id, other.calibration, other.fast, other.tempo)
            and _near(self.yaw_deg, other.yaw_deg, _YAW_DEG)
            and _near(self.load_kg, other.load_kg, _LOAD_SHARE * max(self.load_kg or 0.0, other.load_kg or 0.0))
        )


@dataclass(frozen=True)
class Feature:
    """One metric of one full repetition that was measured, with what its quality rests on.

    Attributes
    ----------
    rep, source : int
    metric : str
    value : float
    unit : str
    sem_within, bias_bound : float
        Standard error in the same set-up; largest one-sided error that the view adds.
    start_s : float
    view : str
    flags : tuple of str
        Of the repetition.
    """

    rep: int
    source: int
    metric: str
    value: float
    unit: str
    sem_within: float
    bias_bound: float
    start_s: float
    view: ViewLabel
    flags: tuple[str, ...]


def key_of(assessment: Assessment, one: SetResult) -> Key:
    """Return the comparability key of a set."""
    asked = one.prescription or NOTHING_PRESCRIBED
    source = assessment.sources[one.reps[0].source if one.reps else 0]
    declared = one.exercise.declared
    return Key(
        exercise=one.exercise.detected if declared == "auto" else declared,
        view=source.view.label,
        yaw_deg=source.view.yaw_deg,
        model_id=source.model_id,
        calibration=assessment.versions.calibration,
        fast=source.fps >= 50.0,
        load_kg=asked.load_kg,
        tempo=_tempo(asked),
    )


def feature_table(one: SetResult) -> tuple[Feature, ...]:
    """List every metric that was measured of every full repetition."""
    return tuple(made for rep in _full(one) for name in rep.measurements if (made := _feature(rep, name)) is not None)


def _features(one: SetResult, metric: str) -> list[Feature]:
    """List the full repetitions in which a metric was measured."""
    return [made for rep in _full(one) if (made := _feature(rep, metric)) is not None]


def _feature(rep: Rep, metric: str) -> Feature | None:
    m = rep.measurements.get(metric)
    if m is None or m.status != "measured" or m.value is None or not math.isfinite(m.value) or m.sem_within is None:
        return None
    return Feature(
        rep=rep.index,
        source=rep.source,
        metric=metric,
        value=m.value,
        unit=m.unit,
        sem_within=m.sem_within,
        bias_bound=m.bias_bound or 0.0,
        start_s=rep.start_s,
        view=m.view,
        flags=rep.flags,
    )


def series_to_test(one: SetResult, past: Sequence[Sequence[SetResult]] = ()) -> tuple[MetricSeries, ...]:
    """Choose at most five metrics that the view shows, and line up their repetitions.

    A metric counts when at least four in five full repetitions, and five in all, were measured.
    Of a set that was filmed from two views, both have a say.

    Parameters
    ----------
    one : SetResult
    past : sequence of sequence of SetResult
        Comparable sets of each earlier day, oldest first; the last six days have a say.
    """
    least = max(LEAST_REPS, _LEAST_SEEN * len(_full(one)))
    shown: dict[str, list[Feature]] = {}
    for name in (*PACE, *_PRIMARY[one.exercise.family]):
        rows = _features(one, name)
        if len(rows) >= least and not (name in PACE and shown):
            shown[name] = rows
    return tuple(_series(name, shown[name], past) for name in _in_turn(shown)[:MOST_TESTED])


def _in_turn(shown: Mapping[str, Sequence[Feature]]) -> list[str]:
    """Order metrics by importance, pace first; those of two views in turn, lest one view fills all the places."""
    form = [name for name in shown if name not in PACE]
    front = [name for name in form if shown[name][0].view == "frontal"]
    rest = [name for name in form if name not in front]
    pairs = zip_longest(rest, front)
    return [*(name for name in shown if name in PACE), *(name for pair in pairs for name in pair if name)]


def _series(name: str, rows: Sequence[Feature], past: Sequence[Sequence[SetResult]]) -> MetricSeries:
    bias = [row.bias_bound for row in rows]
    return MetricSeries(
        metric=name,
        unit=rows[0].unit,
        rep=np.array([row.rep for row in rows]),
        value=np.array([row.value for row in rows]),
        sem=float(np.median([row.sem_within for row in rows])),
        bias_change=max(bias) - min(bias) if len({row.source for row in rows}) > 1 else 0.0,
        past=tuple(day for sets in past[-_MOST_PAST:] if (day := _day(sets, name))),
    )


def comparable(
    assessment: Assessment, one: SetResult, days: Sequence[Sequence[Assessment]]
) -> tuple[tuple[SetResult, ...], ...]:
    """Return all comparable sets of each earlier day that has any, in the given order.

    A video that was assessed again is no earlier day: what shares a source with this
    assessment is passed over.
    """
    key, own = key_of(assessment, one), {source.sha256 for source in assessment.sources}
    found = [
        tuple(
            other
            for earlier in day
            if own.isdisjoint(source.sha256 for source in earlier.sources)
            for other in earlier.sets
            if other.reps and key.matches(key_of(earlier, other))
        )
        for day in days
    ]
    return tuple(day for day in found if day)


def day_level(sets: Sequence[SetResult], metric: str) -> tuple[float, float] | None:
    """Return the level of a metric on a day with comparable sets, and its standard error; None where unmeasured.

    It is the median over the sets of their medians, so one long set counts no more than a
    short one; see `trend.session_trend`.
    """
    rows = [_features(one, metric) for one in sets]
    medians = [float(np.median([row.value for row in each])) for each in rows if each]
    if not medians:
        return None
    sem = float(np.median([row.sem_within for each in rows for row in each]))
    return float(np.median(medians)), sem / math.sqrt(sum(len(each) for each in rows))


def _day(sets: Sequence[SetResult], metric: str) -> tuple[Floats, ...]:
    """Fresh repetitions of each set of a day that has enough of them."""
    return tuple(fresh for one in sets if len(fresh := _fresh(one, metric)) >= _FRESH)


def _tempo(asked: Prescription) -> str:
    tempo = asked.tempo
    phases = () if tempo is None else (tempo.down_s, tempo.bottom_s, tempo.up_s, tempo.top_s)
    return "/".join([*("X" if s is None else f"{s:g}" for s in phases), asked.intent or "", asked.depth_target])


def _fresh(one: SetResult, metric: str) -> Floats:
    """Repetitions of an earlier set before it drifted: all when it did not, the first three of a steady drift."""
    claimed = next((d for d in one.drift if d.metric == metric and d.verdict != "no_detectable_change"), None)
    values = [(row.rep, row.value) for row in _features(one, metric)]
    return np.array([value for rep, value in values if claimed is None or rep < _tired_from(claimed)])


def _tired_from(drift: Drift) -> int:
    first = drift.reps[0] if drift.reps else 1
    return max(drift.onset_rep or 0, first + _FRESH)


def _full(one: SetResult) -> list[Rep]:
    return [rep for rep in one.reps if rep.kind == "full"]


def _near(one: float | None, other: float | None, most: float) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= most
