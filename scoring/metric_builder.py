"""How a metric is made: read of all repetitions, with its errors, or refused with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from .geometry import max_inclination_error
from .metric import Metric
from .phases import EVENT_S
from .registry import METRICS
from .sides import SIDES
from .view import frontal_error, sagittal_error
from .windows import Windows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
NO_DESCENT = "the repetition began at the bottom"
_LATE_VIDEO = "the video begins during the descent"
_NO_LOCKOUT = "the video ends before the lifter stands"
_NO_POINTS = "this pose model has no points on the {joints}"
_LEVELS: tuple[Confidence, ...] = ("low", "moderate", "high")
# degrees off the exact side or front up to which a view is as good as it gets
_STRAIGHT_DEG = 10.0


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

    def windows(self, ranges: Sequence[slice | NDArray[np.intp]]) -> Windows:
        """Line up a range of frames of every repetition."""
        return Windows.of(ranges, len(self.kin.time_s))

    @cached_property
    def whole(self) -> Windows:
        """All frames of every repetition."""
        return self.windows([f.whole for f in self.frames])

    def at_bottom(self, curve: Floats) -> Floats:
        """Value at the bottom; NaN when anything around it was hidden."""
        bottoms, around = self._bottoms
        return np.where(around.seen(curve), bottoms.medians(curve), np.nan)

    def at_top(self, curve: Floats) -> Floats:
        """Value before lowering, or after rising where there was no descent; NaN when any of it was hidden."""
        return self._tops.medians(curve)

    def at_lockout(self, curve: Floats) -> Floats:
        """Value where the lifter stands after rising; NaN when any of it was hidden."""
        return self._lockouts.medians(curve)

    @cached_property
    def _bottoms(self) -> tuple[Windows, Windows]:
        """Frames of the bottom, and those and what is close to them."""
        reach = round(EVENT_S * self.kin.fs_hz)
        around = [slice(max(0, f.bottom[0] - reach), f.bottom[-1] + reach + 1) for f in self.frames]
        return self.windows([f.bottom for f in self.frames]), self.windows(around)

    @cached_property
    def _tops(self) -> Windows:
        risen_only = self.flagged("starts_at_bottom", "begins_before")
        return self.windows([f.lockout if low else f.top for f, low in zip(self.frames, risen_only, strict=True)])

    @cached_property
    def _lockouts(self) -> Windows:
        return self.windows([f.lockout for f in self.frames])

    def seen_at(self, curve: Floats, times_s: Floats) -> NDArray[np.bool_]:
        """Tell which repetitions show a curve around all of their moments, (R, K)."""
        unseen = np.r_[0, np.cumsum(~np.isfinite(curve))]
        first, last = (np.searchsorted(self.kin.time_s, times_s + by) for by in (-EVENT_S - 1e-9, EVENT_S + 1e-9))
        return np.asarray((unseen[last] == unseen[first]).all(axis=1))

    def largest(self, curve: Floats, frames: Windows | None = None) -> Floats:
        """Largest value of a curve in every repetition, or in other frames; NaN when too many are missing."""
        within = frames or self.whole
        return self.largest_of(within.read(curve), within)

    def largest_of(self, values: Floats, frames: Windows) -> Floats:
        """Largest of the values of some frames, (R, L); NaN when too many are missing."""
        least = np.maximum(1.0, (1.0 - self.thresholds.reps.max_missing) * frames.lengths)
        enough = np.isfinite(values).sum(axis=1) >= least
        return np.where(enough, np.fmax.reduce(values, axis=1), np.nan)

    def furthest(self, curve: Floats) -> Floats:
        """Change from the top where it is largest in a repetition, with its sign; NaN when too much is missing."""
        changes = self.whole.read(curve) - self.at_top(curve)[:, None]
        size = np.abs(changes)
        most = np.argmax(np.where(np.isnan(size), -1.0, size), axis=1)
        known = np.isfinite(self.largest_of(changes, self.whole))
        return np.where(known, changes[np.arange(len(changes)), most], np.nan)

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
            return self.metric(name, value, within, absolute, segments * self._inclination_error)
        if info.oblique and self.kin.oblique:
            wider = self.thresholds.view.oblique_error
            return self.metric(name, value, wider * within, wider * absolute)
        return self.refused(name, needs_side(self.kin.view))

    @cached_property
    def _inclination_error(self) -> float:
        """What a camera off the side may add to an inclination."""
        off = sagittal_error(self.kin.view, self.thresholds.view.yaw_sem_deg)
        return float(max_inclination_error(off))

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
        trust = self._trust(info)
        seen = np.isfinite(value)
        measured: Status = "measured"
        made = Metric(
            name=name,
            unit=info.unit,
            phase=info.phase,
            value=value,
            sem_within=(usual[0] if within is None else within) * trust.wider,
            sem_abs=(usual[1] if absolute is None else absolute) * trust.wider,
            bias_bound=bias,
            status=(measured,) * len(seen),
            reason=(None,) * len(seen),
            confidence=trust.confidence,
        )
        return made.without(~seen, "poor_quality", missing).without(trust.dim & seen, "poor_quality", _DIM)

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
        if not lacking.any():
            return metric
        observable = np.array([s != "not_observable" for s in metric.status], dtype=bool)
        return metric.without(lacking & observable, "not_observable", reason)

    def of_descent(self, metric: Metric) -> Metric:
        """Withdraw a metric from the repetitions whose way down is not there from its beginning."""
        seen = self.except_where(metric, self.flagged("starts_at_bottom"), NO_DESCENT)
        return self.except_where(seen, self.flagged("begins_before"), _LATE_VIDEO)

    def of_ascent(self, metric: Metric) -> Metric:
        """Withdraw a metric from the repetitions whose way up is not there to its end."""
        return self.except_where(metric, self.flagged("ends_early"), _NO_LOCKOUT)

    def _trust(self, info: MetricInfo) -> _Trust:
        """Tell how far to trust a metric in every repetition: the same for all that need the same joints."""
        known, key = self._trusts, (info.joints, info.shown, info.confidence)
        if key not in known:
            limits, seen = self.thresholds.score, self._visibility(info)
            shown_by = (limits.least_visibility, limits.sure_visibility), (limits.widest_error, 1.0)
            best = self._confidence(info)
            less_sure = min(best, "moderate", key=_LEVELS.index)
            known[key] = _Trust(
                wider=np.interp(seen, *shown_by) * self.wider,
                dim=seen < limits.least_visibility,
                confidence=tuple(best if v >= limits.sure_visibility else less_sure for v in seen),
            )
        return known[key]

    @cached_property
    def _trusts(self) -> dict[tuple[tuple[str, ...], str, str], _Trust]:
        return {}

    def _visibility(self, info: MetricInfo) -> Floats:
        """Mean visibility of the joints that a metric needs over every repetition; of the near side in a side view."""
        sides = (self.kin.side,) if info.shown != "front" and self.kin.planar else SIDES
        seen = self._visible
        return np.asarray(np.mean([seen[f"{side}_{joint}"] for side in sides for joint in info.joints], axis=0))

    @cached_property
    def _visible(self) -> dict[str, Floats]:
        """Mean visibility of every joint over every repetition."""
        curves = np.stack(list(self.kin.visibility.values()))
        means = [curves[:, f.whole].mean(axis=1) for f in self.frames]
        return dict(zip(self.kin.visibility, np.stack(means, axis=1), strict=True))

    def _confidence(self, info: MetricInfo) -> Confidence:
        """Return the best that the view allows for a metric."""
        if info.shown == "any":
            return info.confidence
        if info.shown == "side" and not self.kin.planar:
            return "low"
        view = self.kin.view
        off = sagittal_error(view, self.thresholds.view.yaw_sem_deg) if info.shown == "side" else frontal_error(view)
        return min(info.confidence, "high" if off <= _STRAIGHT_DEG else "moderate", key=_LEVELS.index)


@dataclass(frozen=True, eq=False)
class _Trust:
    """By what the errors of R repetitions are multiplied, where joints are too hidden, and how sure values are."""

    wider: Floats
    dim: NDArray[np.bool_]
    confidence: tuple[Confidence, ...]


def needs_frames(fs_hz: float) -> str:
    """Say why a video of so few frames a second does not do."""
    return f"{fs_hz:.0f} frames a second are too few for speeds: film at 30 or more"


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
