"""One metric over the repetitions of a set, and how it is made: read, with its errors, or refused with a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from .geometry import max_inclination_error
from .phases import EVENT_S
from .registry import METRICS
from .result import Measurement
from .signal import median
from .view import frontal_error, sagittal_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from .kinematics import Kinematics
    from .phases import RepFrames
    from .registry import MetricInfo
    from .reps import RepSpan
    from .result import Confidence, Status, View
    from .thresholds import Thresholds

    Floats = NDArray[np.float64]

_HIDDEN = "the joints it needs were hidden at that moment"
_DIM = "the joints it needs are mostly hidden in this repetition"
_NO_POINTS = "this pose model has no points on the {joints}"
_LEVELS: tuple[Confidence, ...] = ("low", "moderate", "high")
# degrees off the exact side or front up to which a view is as good as it gets
_STRAIGHT_DEG = 10.0


@dataclass(frozen=True, eq=False)
class Metric:
    """One metric over the R repetitions of a set; value NaN where ``reason`` says why."""

    name: str
    unit: str
    phase: str
    value: Floats
    sem_within: Floats
    sem_abs: Floats
    bias_bound: float
    status: tuple[Status, ...]
    reason: tuple[str | None, ...]
    confidence: tuple[Confidence, ...]

    def of_rep(self, rep: int, view: View) -> Measurement:
        """Return what was measured of one repetition."""
        seen = self.status[rep] == "measured"
        return Measurement(
            metric=self.name,
            value=_rounded(self.value[rep]) if seen else None,
            unit=self.unit,
            sem_within=_rounded(self.sem_within[rep]) if seen else None,
            sem_abs=_rounded(self.sem_abs[rep]) if seen else None,
            bias_bound=_rounded(self.bias_bound) if seen else None,
            status=self.status[rep],
            reason=self.reason[rep],
            view=view.label,
            phase=self.phase,
            confidence=self.confidence[rep] if seen else None,
        )


@dataclass(frozen=True, eq=False)
class MetricBuilder:
    """Reads curves at the events of R repetitions and makes metrics of what was read.

    Errors are multiplied by ``wider``, (R,), which says how good the picture and the movement look.
    """

    kin: Kinematics
    spans: Sequence[RepSpan]
    frames: Sequence[RepFrames]
    thresholds: Thresholds
    wider: Floats | float = 1.0

    def each(self, read: Callable[[RepFrames], float]) -> Floats:
        """Read a number of every repetition."""
        return np.array([read(f) for f in self.frames], dtype=np.float64)

    def at_bottom(self, curve: Floats) -> Floats:
        """Value at the bottom; NaN when anything around it was hidden."""
        reach = round(EVENT_S * self.kin.fs_hz)

        def read(f: RepFrames) -> float:
            around = curve[max(0, f.bottom[0] - reach) : f.bottom[-1] + reach + 1]
            return median(curve[f.bottom]) if np.isfinite(around).all() else np.nan

        return self.each(read)

    def at_top(self, curve: Floats) -> Floats:
        """Value before lowering, or after rising where there was no descent."""
        tops = np.where(
            self.flagged("starts_at_bottom", "begins_before"),
            self.at_lockout(curve),
            self.each(lambda f: _read(curve, f.top)),
        )
        return np.asarray(tops)

    def at_lockout(self, curve: Floats) -> Floats:
        """Value where the lifter stands after rising."""
        return self.each(lambda f: _read(curve, f.lockout))

    def seen_at(self, curve: Floats, times_s: Iterable[float]) -> bool:
        """Tell whether a curve is known around all of the given moments."""
        near = (np.searchsorted(self.kin.time_s, (t - EVENT_S - 1e-9, t + EVENT_S + 1e-9)) for t in times_s)
        return all(bool(np.isfinite(curve[first:last]).all()) for first, last in near)

    def largest(self, values: Floats) -> float:
        """Largest of a phase's values; NaN when too many are missing."""
        if np.count_nonzero(np.isfinite(values)) < max(1, (1.0 - self.thresholds.reps.max_missing) * len(values)):
            return np.nan
        return float(np.fmax.reduce(values))

    def furthest(self, curve: Floats) -> Floats:
        """Change from the top where it is largest in a repetition, with its sign; NaN when too much is missing."""
        changes = [curve[f.whole] - top for f, top in zip(self.frames, self.at_top(curve), strict=True)]
        return np.array([c[np.nanargmax(np.abs(c))] if np.isfinite(self.largest(c)) else np.nan for c in changes])

    def flagged(self, *flags: str) -> NDArray[np.bool_]:
        """Tell which repetitions carry one of the flags."""
        return np.array([not set(flags).isdisjoint(s.flags) for s in self.spans], dtype=bool)

    def side(self, name: str, value: Floats, segments: int = 2) -> Metric:
        """Make a metric that only a side view shows, or world landmarks of an oblique one.

        Parameters
        ----------
        name : str
        value : (R,) array
        segments : int
            Of how many inclinations it is made: as often counts what the camera is off the side.
        """
        info = METRICS[name]
        within, absolute = self.errors(info.errors)
        if self.kin.planar:
            off = sagittal_error(self.kin.view, self.thresholds.view.yaw_sem_deg)
            return self.metric(name, value, within, absolute, segments * float(max_inclination_error(off)))
        if info.oblique and self.kin.oblique:
            wider = self.thresholds.view.oblique_error
            return self.metric(name, value, wider * within, wider * absolute)
        return self.refused(name, needs_side(self.kin.view))

    def front(self, name: str, value: Floats | None) -> Metric:
        """Make a metric that only a view from the front or from behind shows; `value` None without one."""
        return self.refused(name, needs_front(self.kin.view)) if value is None else self.metric(name, value)

    def errors(self, sems: Sequence[str]) -> tuple[float, float]:
        """Within-set and absolute standard error of a sum or difference of quantities."""
        models = [self.thresholds.sem[name] for name in sems]
        return float(np.hypot.reduce([m.within for m in models])), float(np.hypot.reduce([m.absolute for m in models]))

    def metric(
        self,
        name: str,
        value: Floats,
        within: float | Floats | None = None,
        absolute: float | Floats | None = None,
        bias: float = 0.0,
        missing: str = _HIDDEN,
    ) -> Metric:
        """Make a metric of what was read; where that is NaN, `missing` says why.

        Errors are those of its error models unless given; they widen where joints are seen less surely.
        """
        info = METRICS[name]
        if lacking := [j for j in info.joints if f"left_{j}" not in self.kin.visibility]:
            return self.refused(name, _NO_POINTS.format(joints=" and ".join(lacking)))
        usual = self.errors(info.errors)
        visibility = self._visibility(info)
        limits = self.thresholds.score
        dim = visibility < limits.least_visibility
        wider = np.interp(visibility, (limits.least_visibility, limits.sure_visibility), (limits.widest_error, 1.0))
        wider = wider * self.wider
        seen = np.isfinite(value)
        highest = self._confidence(info)
        made = Metric(
            name=name,
            unit=info.unit,
            phase=info.phase,
            value=value,
            sem_within=(usual[0] if within is None else within) * wider,
            sem_abs=(usual[1] if absolute is None else absolute) * wider,
            bias_bound=bias,
            status=tuple("measured" if s else "poor_quality" for s in seen),
            reason=tuple(None if s else missing for s in seen),
            confidence=tuple(
                min(highest, "high" if v >= limits.sure_visibility else "moderate", key=_LEVELS.index)
                for v in visibility
            ),
        )
        return _withdrawn(made, dim & seen, "poor_quality", _DIM)

    def refused(self, name: str, reason: str) -> Metric:
        """Make a metric that nothing can be read of."""
        info = METRICS[name]
        nan = np.full(len(self.spans), np.nan)
        unseen: Status = "not_observable"
        low: Confidence = "low"
        each = (unseen,) * len(nan), (reason,) * len(nan), (low,) * len(nan)
        return Metric(name, info.unit, info.phase, nan, nan, nan, 0.0, *each)

    def except_where(self, metric: Metric, lacking: NDArray[np.bool_], reason: str) -> Metric:
        """Withdraw a metric from the repetitions that lack what it is read from."""
        observable = np.array([s != "not_observable" for s in metric.status], dtype=bool)
        return _withdrawn(metric, lacking & observable, "not_observable", reason)

    def _visibility(self, info: MetricInfo) -> Floats:
        """Mean visibility of the joints that a metric needs over every repetition; of the near side in a side view."""
        sides = (self.kin.side,) if info.shown != "front" and self.kin.planar else ("left", "right")
        seen = self._visible
        return np.asarray(np.mean([seen[f"{side}_{joint}"] for side in sides for joint in info.joints], axis=0))

    @cached_property
    def _visible(self) -> dict[str, Floats]:
        """Mean visibility of every joint over every repetition."""
        curves = self.kin.visibility
        means = [np.mean([curve[f.whole] for curve in curves.values()], axis=1) for f in self.frames]
        return dict(zip(curves, np.stack(means, axis=1), strict=True))

    def _confidence(self, info: MetricInfo) -> Confidence:
        """Return the best that the view allows for a metric."""
        if info.shown == "any":
            return info.confidence
        if info.shown == "side" and not self.kin.planar:
            return "low"
        view = self.kin.view
        off = sagittal_error(view, self.thresholds.view.yaw_sem_deg) if info.shown == "side" else frontal_error(view)
        return min(info.confidence, "high" if off <= _STRAIGHT_DEG else "moderate", key=_LEVELS.index)


def _withdrawn(metric: Metric, lacking: NDArray[np.bool_], status: Status, reason: str) -> Metric:
    return replace(
        metric,
        value=np.where(lacking, np.nan, metric.value),
        status=tuple(status if gone else s for gone, s in zip(lacking, metric.status, strict=True)),
        reason=tuple(reason if gone else r for gone, r in zip(lacking, metric.reason, strict=True)),
    )


def needs_side(view: View) -> str:
    """Say why a view other than the side does not do."""
    if view.yaw_deg is None or view.label == "uncertain":
        return "the camera's angle to the person could not be made out: film exactly from the side"
    return f"filmed {_from(view)} ({view.yaw_deg:.0f}°, the side is 90°): film from the side to see this"


def needs_front(view: View) -> str:
    """Say why a view other than the front does not do."""
    if view.yaw_deg is None or view.label == "uncertain":
        return "the camera's angle to the person could not be made out: film exactly from the front"
    return f"filmed {_from(view)} ({view.yaw_deg:.0f}°, the front is 0°): film from the front to see this"


def _from(view: View) -> str:
    if view.label == "sagittal":
        return "from the side"
    frontal = "from the front" if view.yaw_deg is not None and view.yaw_deg < 90.0 else "from behind"
    return frontal if view.label == "frontal" else "at an angle"


def _read(curve: Floats, frames: slice) -> float:
    """Median over an event; NaN when any of it was hidden."""
    values = curve[frames]
    return median(values) if np.isfinite(values).all() else np.nan


def _rounded(value: float) -> float:
    return round(float(value), 4)
