"""One metric over the repetitions of a set, and how it is made: read, with its errors, or refused with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .geometry import max_inclination_error
from .phases import EVENT_S
from .result import Measurement
from .signal import median
from .view import sagittal_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from .kinematics import Kinematics
    from .phases import RepFrames
    from .reps import RepSpan
    from .result import Status, View
    from .thresholds import Thresholds

    Floats = NDArray[np.float64]

_HIDDEN = "the joints it needs were hidden at that moment"


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
        )


@dataclass(frozen=True, eq=False)
class MetricBuilder:
    """Reads curves at the events of R repetitions and makes metrics of what was read."""

    kin: Kinematics
    spans: Sequence[RepSpan]
    frames: Sequence[RepFrames]
    thresholds: Thresholds

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
            self.flagged("starts_at_bottom"), self.at_lockout(curve), self.each(lambda f: _read(curve, f.top))
        )
        return np.asarray(tops)

    def at_lockout(self, curve: Floats) -> Floats:
        """Value where the lifter stands after rising."""
        return self.each(lambda f: _read(curve, f.lockout))

    def seen_at(self, curve: Floats, times_s: Iterable[float]) -> bool:
        """Tell whether a curve is known around all of the given moments."""
        near = [np.abs(self.kin.time_s - time_s) <= EVENT_S for time_s in times_s]
        return bool(np.isfinite(curve[np.logical_or.reduce(near)]).all())

    def largest(self, values: Floats) -> float:
        """Largest of a phase's values; NaN when too many are missing."""
        if len(values) == 0 or np.isfinite(values).mean() < 1.0 - self.thresholds.reps.max_missing:
            return np.nan
        return float(np.nanmax(values))

    def flagged(self, flag: str) -> NDArray[np.bool_]:
        """Tell which repetitions carry a flag."""
        return np.array([flag in s.flags for s in self.spans], dtype=bool)

    def side(self, name: str, unit: str, phase: str, value: Floats, sems: Sequence[str], segments: int = 2) -> Metric:
        """Make a metric that only a side view shows; its errors add in quadrature."""
        bias = segments * float(max_inclination_error(sagittal_error(self.kin.view, self.thresholds.view.yaw_sem_deg)))
        within, absolute = self.errors(sems)
        if self.kin.planar:
            return self.metric(name, unit, phase, value, within, absolute, bias)
        reason = needs_side(self.kin.view)
        return self.refused(name, unit, phase, reason)

    def front(self, name: str, unit: str, phase: str, value: Floats | None, sem: str) -> Metric:
        """Make a metric that only a view from the front or from behind shows; `value` None without one."""
        if value is None:
            return self.refused(name, unit, phase, _needs_front(self.kin.view))
        return self.metric(name, unit, phase, value, *self.errors([sem]))

    def errors(self, sems: Sequence[str]) -> tuple[float, float]:
        """Within-set and absolute standard error of a sum or difference of quantities."""
        models = [self.thresholds.sem[name] for name in sems]
        return float(np.hypot.reduce([m.within for m in models])), float(np.hypot.reduce([m.absolute for m in models]))

    def metric(
        self,
        name: str,
        unit: str,
        phase: str,
        value: Floats,
        within: float | Floats,
        absolute: float | Floats,
        bias: float = 0.0,
        missing: str = _HIDDEN,
    ) -> Metric:
        """Make a metric of what was read; where that is NaN, `missing` says why."""
        seen = np.isfinite(value)
        ones = np.ones(len(value))
        status: tuple[Status, ...] = tuple("measured" if s else "poor_quality" for s in seen)
        return Metric(
            name=name,
            unit=unit,
            phase=phase,
            value=value,
            sem_within=within * ones,
            sem_abs=absolute * ones,
            bias_bound=bias,
            status=status,
            reason=tuple(None if s else missing for s in seen),
        )

    def refused(self, name: str, unit: str, phase: str, reason: str) -> Metric:
        """Make a metric that nothing can be read of."""
        nan = np.full(len(self.spans), np.nan)
        unseen: Status = "not_observable"
        return Metric(name, unit, phase, nan, nan, nan, 0.0, (unseen,) * len(nan), (reason,) * len(nan))

    def except_where(self, metric: Metric, lacking: NDArray[np.bool_], reason: str) -> Metric:
        """Withdraw a metric from the repetitions that lack what it is read from."""
        lacking = lacking & np.array([s != "not_observable" for s in metric.status], dtype=bool)
        return Metric(
            metric.name,
            metric.unit,
            metric.phase,
            np.where(lacking, np.nan, metric.value),
            metric.sem_within,
            metric.sem_abs,
            metric.bias_bound,
            tuple("not_observable" if gone else s for gone, s in zip(lacking, metric.status, strict=True)),
            tuple(reason if gone else r for gone, r in zip(lacking, metric.reason, strict=True)),
        )


def needs_side(view: View) -> str:
    """Say why a view other than the side does not do."""
    if view.yaw_deg is None or view.label == "uncertain":
        return "the camera's angle to the person could not be made out: film exactly from the side"
    return f"filmed {_from(view)} ({view.yaw_deg:.0f}°, the side is 90°): film from the side to see this"


def _needs_front(view: View) -> str:
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
