"""What was observed of a set, from one view or several, and the judgement of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from .criteria import judge
from .result import Rep, SetResult, Summary
from .rubric import RULES, rubric
from .screens import squat_screens
from .velocity import velocity_loss

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .metric import Metric
    from .prescription import Prescription
    from .reps import RepSpan
    from .result import Criterion, Exercise, View
    from .thresholds import Thresholds

_METRIC_OF = {rule.id: rule.metric for rule in RULES}
_LOSS = "velocity_loss_pct"
_VELOCITIES = ("hip_ascent_velocity", "hand_ascent_velocity")
# how far the same repetition may lie apart in two recordings once their clocks are aligned
_SAME_MOMENT_S = 0.5


class MergeError(ValueError):
    """Recordings that don't show the same set; the message says why and what to do."""


@dataclass(frozen=True, eq=False)
class ObservedSet:
    """The repetitions of a set and everything that was measured of them, not judged yet.

    Attributes
    ----------
    exercise : Exercise
    spans : tuple of RepSpan
        R repetitions, each on the clock of its source.
    metrics : mapping of str to Metric
        Over the R repetitions.
    sources : tuple of int
        In which source each repetition lies.
    views : tuple of View
        How the camera saw each repetition.
    seen_by : mapping of str to View
        Metrics that another camera saw better.
    """

    exercise: Exercise
    spans: tuple[RepSpan, ...]
    metrics: Mapping[str, Metric]
    sources: tuple[int, ...]
    views: tuple[View, ...]
    seen_by: Mapping[str, View] = field(default_factory=dict)

    def views_of(self, metric: str) -> Sequence[View]:
        """Return the views that a metric was seen in, one a repetition."""
        seen_by = self.seen_by.get(metric)
        return self.views if seen_by is None else (seen_by,) * len(self.views)


def judged(observed: ObservedSet, thresholds: Thresholds, prescription: Prescription) -> SetResult:
    """Judge an observed set."""
    spans, metrics, column = observed.spans, observed.metrics, rubric(observed.exercise)
    full = np.array([span.kind == "full" for span in spans])
    found = judge(metrics, column, observed.views[0], full, thresholds, prescription)
    measured = {
        name: metric.of_reps([view.label for view in observed.views_of(name)]) for name, metric in metrics.items()
    }
    reps = tuple(
        Rep(
            index=i + 1,
            source=observed.sources[i],
            kind=span.kind,
            start_s=round(span.start_s, 3),
            descent_end_s=round(span.descent_end_s, 3),
            bottom_s=round(span.bottom_s, 3),
            ascent_start_s=round(span.ascent_start_s, 3),
            end_s=round(span.end_s, 3),
            flags=span.flags,
            measurements={name: each[i] for name, each in measured.items()},
            criteria=tuple(_as_seen(criterion, observed, i) for criterion in found.criteria[i]),
            scores=found.scores[i],
        )
        for i, span in enumerate(spans)
    )
    summary = Summary(int(full.sum()), int((~full).sum()), found.summary, found.technique, _lost(reps))
    return SetResult(
        observed.exercise,
        reps,
        summary,
        screens=squat_screens(reps, column, thresholds),
        prescription=prescription,
    )


def joined(clips: Sequence[ObservedSet]) -> ObservedSet:
    """Join the pieces of one set that was filmed in several clips; the count runs through.

    Raises
    ------
    MergeError
        When the pieces show different exercises.
    """
    first = max(clips, key=lambda clip: len(clip.spans))
    if len({rubric(clip.exercise) for clip in clips}) > 1:
        raise MergeError(
            "The clips show different exercises, so they are not one set:"
            " score them one by one, or name the exercise with --exercise."
        )
    names = [name for name in first.metrics if all(name in clip.metrics for clip in clips)]
    metrics = {name: _concatenated([clip.metrics[name] for clip in clips]) for name in names}
    spans = tuple(span for clip in clips for span in clip.spans)
    return ObservedSet(
        first.exercise,
        spans,
        _with_loss_over_all(metrics, spans),
        tuple(source for clip in clips for source in clip.sources),
        tuple(view for clip in clips for view in clip.views),
    )


def side_and_front(one: ObservedSet, other: ObservedSet) -> ObservedSet:
    """Merge two recordings of the same set, one from the side and one from the front.

    Repetitions are matched by their order; their bottoms must follow the same rhythm once
    the clocks are aligned. Each metric comes from the view that saw it in more repetitions,
    with the smaller error. Repetitions keep the times and the source of the side.

    Raises
    ------
    MergeError
        When both show the same view, or not the same repetitions.
    """
    fronts = [one.views[0].label == "frontal", other.views[0].label == "frontal"]
    if fronts[0] == fronts[1]:
        seen = "from the front" if fronts[0] else "from the side or at an angle"
        raise MergeError(f"Both videos are filmed {seen}: give one from the side and one from the front.")
    side, front = (other, one) if fronts[0] else (one, other)
    side, front = _same_reps(side, front)
    _check_rhythm(side, front)
    chosen = {
        name: front.metrics[name]
        for name in side.metrics
        if name in front.metrics and _better(front.metrics[name], side.metrics[name])
    }
    return replace(
        side,
        metrics={**side.metrics, **chosen},
        seen_by=dict.fromkeys(chosen, front.views[0]),
    )


def _same_reps(side: ObservedSet, front: ObservedSet) -> tuple[ObservedSet, ObservedSet]:
    """Take all repetitions, or the full ones where the views don't agree on partial ones."""
    if len(side.spans) == len(front.spans):
        return side, front
    full = [[i for i, span in enumerate(one.spans) if span.kind == "full"] for one in (side, front)]
    if len(full[0]) != len(full[1]) or not full[0]:
        raise MergeError(
            f"The side shows {len(full[0])} full repetitions and the front {len(full[1])}:"
            " cut both videos to the same set."
        )
    return _of_reps(side, full[0]), _of_reps(front, full[1])


def _of_reps(observed: ObservedSet, reps: Sequence[int]) -> ObservedSet:
    return replace(
        observed,
        spans=tuple(observed.spans[i] for i in reps),
        metrics={name: _taken(metric, reps) for name, metric in observed.metrics.items()},
        sources=tuple(observed.sources[i] for i in reps),
        views=tuple(observed.views[i] for i in reps),
    )


def _check_rhythm(side: ObservedSet, front: ObservedSet) -> None:
    apart = np.array([f.bottom_s - s.bottom_s for s, f in zip(side.spans, front.spans, strict=True)])
    if np.abs(apart - np.median(apart)).max() > _SAME_MOMENT_S:
        raise MergeError(
            "The repetitions of the two videos don't follow the same rhythm:"
            " give the side and the front of the same set, both at their original speed."
        )


def _better(one: Metric, other: Metric) -> bool:
    """Tell whether one view saw a metric better than another one: in more repetitions, or with a smaller error."""
    seen, others = (int(np.isfinite(metric.value).sum()) for metric in (one, other))
    if not seen or seen != others:
        return seen > others
    return float(np.nanmean(_error(one))) < float(np.nanmean(_error(other)))


def _error(metric: Metric) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.where(np.isfinite(metric.value), np.hypot(metric.sem_abs, metric.bias_bound), np.nan)


def _concatenated(parts: Sequence[Metric]) -> Metric:
    """Join a metric of several clips; the largest bias that a view adds holds for all."""
    return replace(
        parts[0],
        value=np.concatenate([part.value for part in parts]),
        sem_within=np.concatenate([part.sem_within for part in parts]),
        sem_abs=np.concatenate([part.sem_abs for part in parts]),
        bias_bound=max(part.bias_bound for part in parts),
        status=tuple(status for part in parts for status in part.status),
        reason=tuple(reason for part in parts for reason in part.reason),
        confidence=tuple(level for part in parts for level in part.confidence),
    )


def _taken(metric: Metric, reps: Sequence[int]) -> Metric:
    index = np.array(reps, dtype=np.intp)
    return replace(
        metric,
        value=metric.value[index],
        sem_within=metric.sem_within[index],
        sem_abs=metric.sem_abs[index],
        status=tuple(metric.status[i] for i in reps),
        reason=tuple(metric.reason[i] for i in reps),
        confidence=tuple(metric.confidence[i] for i in reps),
    )


def _with_loss_over_all(metrics: Mapping[str, Metric], spans: Sequence[RepSpan]) -> dict[str, Metric]:
    """Compare velocities with the first repetitions of the whole set, not of each clip."""
    speed = next((metrics[name] for name in _VELOCITIES if name in metrics), None)
    loss = metrics.get(_LOSS)
    if speed is None or loss is None or not np.isfinite(loss.value).any():
        return dict(metrics)
    lost = velocity_loss(speed.value, np.array([span.kind == "full" for span in spans]))
    within, absolute = (np.full(len(lost), np.nanmax(sem)) for sem in (loss.sem_within, loss.sem_abs))
    compared = replace(
        loss,
        value=lost,
        sem_within=within,
        sem_abs=absolute,
        status=speed.status,
        reason=speed.reason,
        confidence=speed.confidence,
    )
    return {**metrics, _LOSS: compared}


def _as_seen(criterion: Criterion, observed: ObservedSet, rep: int) -> Criterion:
    seen = observed.views_of(_METRIC_OF.get(criterion.id, ""))[rep].label
    return criterion if seen == criterion.view else replace(criterion, view=seen)


def _lost(reps: Sequence[Rep]) -> float | None:
    """Loss of velocity at the last full repetition; None where it was not measured."""
    full = [rep for rep in reps if rep.kind == "full" and _LOSS in rep.measurements]
    return full[-1].measurements[_LOSS].value if full else None
