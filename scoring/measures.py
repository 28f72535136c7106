"""What is measured of every repetition, each with its errors, its view and, where it fails, the reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import binary_erosion

from .geometry import max_inclination_error
from .result import Measurement
from .signal import butter_zero_lag, median, velocity
from .view import sagittal_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from .kinematics import Kinematics
    from .reps import RepSpan
    from .result import Status, View
    from .thresholds import Thresholds

    Floats = NDArray[np.float64]

# an event is read only when everything this close to it was seen
_EVENT_S = 0.1
# the straightest moment is looked for in this much time before the descent and after the ascent
_STANDING_S = 1.0
# hip flexion below which knee over hip flexion says nothing
_LEAST_HIP_GAIN_DEG = 10.0
_HIDDEN = "the joints it needs were hidden at that moment"
_NO_DESCENT = "the repetition began at the bottom"
_NO_LOCKOUT = "the video ends before the lifter stands"
_HARDLY_BENT = "the hips bend too little for a ratio"


@dataclass(frozen=True)
class Baseline:
    """How the person stands: what straight and upright mean for this body and camera.

    Attributes
    ----------
    knee_flexion_deg, hip_flexion_deg, trunk_inclination_deg : float
        Medians over standing frames.
    quiet : bool
        The person stood still before the set; otherwise the top of its repetitions
        serves instead.
    """

    knee_flexion_deg: float
    hip_flexion_deg: float
    trunk_inclination_deg: float
    quiet: bool


@dataclass(frozen=True, eq=False)
class RepFrames:
    """Frame ranges of one repetition on the clock of its kinematics.

    Attributes
    ----------
    whole, descent, ascent, first_half_of_ascent : slice
        Phases.
    top, lockout : slice
        Around the straightest moment before the descent and after the ascent. The hips
        rise so little over the last degrees of the knees that the phases, timed by the
        hips, begin late and end early.
    bottom : (n,) int array
        Frames within 2 % of the lowest point.
    """

    whole: slice
    descent: slice
    ascent: slice
    first_half_of_ascent: slice
    top: slice
    lockout: slice
    bottom: NDArray[np.intp]


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


def standing_baseline(kin: Kinematics, spans: Sequence[RepSpan], lowering: Floats) -> Baseline:
    """Find how the person stands, before the set or else in the least lowered twentieth of it.

    Quiet standing is at least one second before the first repetition with the knees
    bent less than 20 degrees.
    """
    before = (kin.time_s < spans[0].start_s) & (np.abs(kin.knee_flexion_deg) < 20.0)
    quiet = before.sum() >= kin.fs_hz
    if not quiet:
        within = (kin.time_s >= spans[0].start_s) & (kin.time_s <= spans[-1].end_s)
        within &= np.isfinite(kin.knee_flexion_deg) & np.isfinite(lowering)
        if not within.any():
            return Baseline(np.nan, np.nan, np.nan, quiet=False)
        before = within & (lowering <= np.percentile(lowering[within], 5))
    curves = (kin.knee_flexion_deg, kin.hip_flexion_deg, kin.trunk_inclination_deg)
    knee, hip, trunk = (median(curve[before]) for curve in curves)
    return Baseline(knee, hip, trunk, quiet=bool(quiet))


def rep_frames(
    kin: Kinematics, span: RepSpan, lowering: Floats, free_s: tuple[float, float] = (-np.inf, np.inf)
) -> RepFrames:
    """Turn the times of a repetition into frame ranges.

    Parameters
    ----------
    kin : Kinematics
    span : RepSpan
    lowering : (N,) array
        The signal by which the set is timed; high at the bottom.
    free_s : (float, float)
        When the repetition before ended and the one after begins.
    """
    start, descent_end, bottom, ascent_start, end = (
        int(np.searchsorted(kin.time_s, s - 1e-9))
        for s in (span.start_s, span.descent_end_s, span.bottom_s, span.ascent_start_s, span.end_s)
    )
    whole = slice(start, end + 1)
    near = 0.02 * span.amplitude
    low = start + np.flatnonzero(lowering[whole] >= np.nanmax(lowering[whole]) - near)
    risen = lowering[ascent_start : end + 1] <= (lowering[bottom] + lowering[end]) / 2.0
    half = ascent_start + (int(np.argmax(risen)) if risen.any() else end - ascent_start)
    earliest, latest = max(span.start_s - _STANDING_S, free_s[0]), min(span.end_s + _STANDING_S, free_s[1])
    return RepFrames(
        whole=whole,
        descent=slice(start, descent_end + 1),
        ascent=slice(ascent_start, end + 1),
        first_half_of_ascent=slice(bottom, half + 1),
        top=_straightest(kin, min(earliest, span.start_s), span.start_s),
        lockout=_straightest(kin, span.end_s, max(latest, span.end_s)),
        bottom=low if len(low) else np.array([bottom]),
    )


def _straightest(kin: Kinematics, first_s: float, last_s: float) -> slice:
    """Frames around the moment of least flexion in a time range, and a little beyond its ends."""
    reach = round(_EVENT_S * kin.fs_hz)
    first, last = (int(i) for i in np.searchsorted(kin.time_s, (first_s - _EVENT_S - 1e-9, last_s + _EVENT_S + 1e-9)))
    bent = kin.knee_flexion_deg + kin.hip_flexion_deg
    seen = binary_erosion(np.isfinite(bent), np.ones(2 * reach + 1, dtype=bool), border_value=1)[first:last]
    middle = first + (int(np.argmin(np.where(seen, bent[first:last], np.inf))) if seen.any() else (last - first) // 2)
    return slice(max(0, middle - reach), middle + reach + 1)


def measure(
    kin: Kinematics, spans: Sequence[RepSpan], lowering: Floats, baseline: Baseline, thresholds: Thresholds
) -> dict[str, Metric]:
    """Measure every repetition of a set.

    Parameters
    ----------
    kin : Kinematics
        Curves of the track.
    spans : sequence of RepSpan
        The R repetitions.
    lowering : (N,) array
        The signal by which the set is timed: hip drop or trunk lean.
    baseline : Baseline
        How the person stands.
    thresholds : Thresholds
        Error models.

    Returns
    -------
    dict of metric name to Metric
    """
    ends, starts = [-np.inf, *(s.end_s for s in spans[:-1])], [*(s.start_s for s in spans[1:]), np.inf]
    frames = [
        rep_frames(kin, span, lowering, free_s)
        for span, free_s in zip(spans, zip(ends, starts, strict=True), strict=True)
    ]
    builder = _Builder(kin, spans, frames, thresholds)
    return {
        metric.name: metric
        for metric in (*_bottom_metrics(builder), *_path_metrics(builder, baseline), *_tempo_metrics(builder, lowering))
    }


@dataclass(frozen=True, eq=False)
class _Builder:
    kin: Kinematics
    spans: Sequence[RepSpan]
    frames: Sequence[RepFrames]
    thresholds: Thresholds

    def each(self, read: Callable[[RepFrames], float]) -> Floats:
        return np.array([read(f) for f in self.frames], dtype=np.float64)

    def at_bottom(self, curve: Floats) -> Floats:
        reach = round(_EVENT_S * self.kin.fs_hz)

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
        return self.each(lambda f: _read(curve, f.lockout))

    def seen_at(self, curve: Floats, times_s: Iterable[float]) -> bool:
        """Tell whether a curve is known around all of the given moments."""
        near = [np.abs(self.kin.time_s - time_s) <= _EVENT_S for time_s in times_s]
        return bool(np.isfinite(curve[np.logical_or.reduce(near)]).all())

    def largest(self, values: Floats) -> float:
        """Largest of a phase's values; NaN when too many are missing."""
        if len(values) == 0 or np.isfinite(values).mean() < 1.0 - self.thresholds.reps.max_missing:
            return np.nan
        return float(np.nanmax(values))

    def flagged(self, flag: str) -> NDArray[np.bool_]:
        return np.array([flag in s.flags for s in self.spans], dtype=bool)

    def side(self, name: str, unit: str, phase: str, value: Floats, sems: Sequence[str], segments: int = 2) -> Metric:
        """Make a metric that only a side view shows; its errors add in quadrature."""
        bias = segments * float(max_inclination_error(sagittal_error(self.kin.view)))
        within, absolute = self.errors(sems)
        if self.kin.planar:
            return self.metric(name, unit, phase, value, within, absolute, bias)
        reason = _needs_side(self.kin.view)
        return self.refused(name, unit, phase, np.ones(len(self.spans), dtype=bool), reason)

    def errors(self, sems: Sequence[str]) -> tuple[float, float]:
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

    def refused(self, name: str, unit: str, phase: str, where: NDArray[np.bool_], reason: str) -> Metric:
        nan = np.full(len(where), np.nan)
        unseen: Status = "not_observable"
        return Metric(name, unit, phase, nan, nan, nan, 0.0, (unseen,) * len(where), (reason,) * len(where))

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


def _bottom_metrics(b: _Builder) -> list[Metric]:
    """Angles at the bottom."""
    kin = b.kin
    knee, hip, trunk, shank = (
        b.at_bottom(c)
        for c in (kin.knee_flexion_deg, kin.hip_flexion_deg, kin.trunk_inclination_deg, kin.shank_inclination_deg)
    )
    depth, back = b.at_bottom(kin.depth_angle_deg), b.at_bottom(kin.hips_back)
    return [
        b.side("knee_flexion_bottom_deg", "deg", "bottom", knee, ["knee_flexion"]),
        b.side("hip_flexion_bottom_deg", "deg", "bottom", hip, ["hip_flexion"]),
        b.side("trunk_inclination_bottom_deg", "deg", "bottom", trunk, ["trunk_inclination"], 1),
        b.side("shank_inclination_bottom_deg", "deg", "bottom", shank, ["shank_inclination"], 1),
        b.side("depth_angle_bottom_deg", "deg", "bottom", depth, ["depth_angle"], 1),
        b.side(
            "trunk_minus_shank_bottom_deg", "deg", "bottom", trunk - shank, ["trunk_inclination", "shank_inclination"]
        ),
        replace(
            b.side("hips_back_bottom", "thigh lengths", "bottom", back, ["hips_back"]),
            bias_bound=_foreshortening(back, kin.view),
        ),
    ]


def _path_metrics(b: _Builder, baseline: Baseline) -> list[Metric]:
    """Measure changes on the way: coupling of knee and hip, shank travel, rise of the hips, lockout."""
    kin = b.kin
    knee = b.at_bottom(kin.knee_flexion_deg) - b.at_top(kin.knee_flexion_deg)
    hip = b.at_bottom(kin.hip_flexion_deg) - b.at_top(kin.hip_flexion_deg)
    ratio = np.divide(knee, hip, out=np.full(len(knee), np.nan), where=hip > _LEAST_HIP_GAIN_DEG)
    shank_top = b.at_top(kin.shank_inclination_deg)
    shank = np.array(
        [
            b.largest(np.abs(kin.shank_inclination_deg[f.whole] - top))
            for f, top in zip(b.frames, shank_top, strict=True)
        ]
    )
    rise = b.each(lambda f: b.largest(kin.trunk_inclination_deg[f.first_half_of_ascent]))
    rise = np.maximum(rise - b.at_bottom(kin.trunk_inclination_deg), 0.0)
    knees_left = b.at_lockout(kin.knee_flexion_deg) - baseline.knee_flexion_deg
    hips_left = b.at_lockout(kin.hip_flexion_deg) - baseline.hip_flexion_deg
    leaned = baseline.trunk_inclination_deg - b.at_lockout(kin.trunk_inclination_deg) - 5.0
    lockout = np.maximum.reduce([knees_left, hips_left, leaned])
    ratio_metric = b.side("knee_to_hip_flexion_ratio", "", "descent", ratio, ["knee_flexion", "hip_flexion"])
    if kin.planar:
        ratio_metric = b.metric(
            "knee_to_hip_flexion_ratio",
            "",
            "descent",
            ratio,
            _ratio_error(ratio, hip, *(b.thresholds.sem[n].within for n in ("knee_flexion", "hip_flexion"))),
            _ratio_error(ratio, hip, *(b.thresholds.sem[n].absolute for n in ("knee_flexion", "hip_flexion"))),
        )
        ratio_metric = b.except_where(ratio_metric, hip <= _LEAST_HIP_GAIN_DEG, _HARDLY_BENT)
    knee_lock = b.side("knee_flexion_lockout_deg", "deg", "lockout", knees_left, ["knee_flexion"])
    full_lock = b.side("lockout_deficit_deg", "deg", "lockout", lockout, ["hip_flexion"])
    return [
        ratio_metric,
        b.side("knee_flexion_gain_deg", "deg", "descent", np.abs(knee), ["knee_flexion"]),
        b.side("shank_travel_deg", "deg", "whole", shank, ["shank_inclination"], 1),
        b.side("trunk_rise_deg", "deg", "ascent", rise, ["trunk_inclination"], 1),
        b.except_where(knee_lock, b.flagged("ends_early"), _NO_LOCKOUT),
        b.except_where(full_lock, b.flagged("ends_early"), _NO_LOCKOUT),
    ]


def _tempo_metrics(b: _Builder, lowering: Floats) -> list[Metric]:
    """Durations of the phases, hip travel and the evenness of the descent."""
    spans, kin = b.spans, b.kin
    frame_s = 1.0 / kin.fs_hz

    def duration(name: str, phase: str, edges: list[tuple[float, float]], sem: str) -> Metric:
        within, absolute = b.errors([sem])
        value = np.array([last - first if b.seen_at(lowering, (first, last)) else np.nan for first, last in edges])
        return b.metric(name, "s", phase, value, float(np.hypot(within, frame_s)), float(np.hypot(absolute, frame_s)))

    descent = duration("descent_s", "descent", [(s.start_s, s.descent_end_s) for s in spans], "descent_s")
    pause = duration("bottom_pause_s", "bottom", [(s.descent_end_s, s.ascent_start_s) for s in spans], "pause_s")
    ascent = duration("ascent_s", "ascent", [(s.ascent_start_s, s.end_s) for s in spans], "ascent_s")
    drop = b.at_top(kin.hip_height) - b.at_bottom(kin.hip_height)
    metrics = [
        b.except_where(descent, b.flagged("starts_at_bottom"), _NO_DESCENT),
        b.except_where(pause, b.flagged("starts_at_bottom"), _NO_DESCENT),
        b.except_where(ascent, b.flagged("ends_early"), _NO_LOCKOUT),
        b.metric("hip_drop", "leg lengths", "bottom", drop, *b.errors(["hip_drop"])),
    ]
    limits = b.thresholds.filter
    if kin.fs_hz < limits.min_velocity_fps:
        reason = f"{kin.fs_hz:.0f} frames a second are too few for speeds: film at 30 or more"
        everywhere = np.ones(len(spans), dtype=bool)
        return [*metrics, b.refused("descent_peak_to_mean_speed", "", "descent", everywhere, reason)]
    # the peak of a speed is where noise shows most: it is read from the signal that times the phases
    speed = velocity(butter_zero_lag(lowering, limits.fc_timing_hz, kin.fs_hz), kin.fs_hz)
    evenness = b.each(lambda f: _peak_to_mean(speed[f.descent], b.thresholds.reps.max_missing))
    evenness = np.where(np.isfinite(descent.value), evenness, np.nan)
    even = b.metric("descent_peak_to_mean_speed", "", "descent", evenness, *b.errors(["descent_peak_to_mean"]))
    return [*metrics, b.except_where(even, b.flagged("starts_at_bottom"), _NO_DESCENT)]


def _foreshortening(distance: Floats, view: View) -> float:
    """Largest part of a forward distance that a camera off the side does not see."""
    seen = np.abs(distance[np.isfinite(distance)])
    error = np.radians(min(sagittal_error(view), 60.0))
    return float(seen.max() * (1.0 / np.cos(error) - 1.0)) if len(seen) else 0.0


def _ratio_error(ratio: Floats, hip: Floats, sem_knee: float, sem_hip: float) -> Floats:
    """First-order error of knee gain over hip gain."""
    return np.asarray(np.hypot(sem_knee, ratio * sem_hip) / np.maximum(hip, 1.0))


def _needs_side(view: View) -> str:
    if view.yaw_deg is None or view.label == "uncertain":
        return "the camera's angle to the person could not be made out: film exactly from the side"
    frontal = "from the front" if view.yaw_deg < 90.0 else "from behind"
    where = frontal if view.label == "frontal" else "at an angle"
    return f"filmed {where} ({view.yaw_deg:.0f}°, the side is 90°): film from the side to see this"


def _peak_to_mean(speed: Floats, max_missing: float) -> float:
    seen = speed[np.isfinite(speed)]
    enough = len(seen) > 0 and len(seen) >= (1.0 - max_missing) * len(speed)
    return float(seen.max() / seen.mean()) if enough and seen.mean() > 0 else np.nan


def _read(curve: Floats, frames: slice) -> float:
    """Median over an event; NaN when any of it was hidden."""
    values = curve[frames]
    return median(values) if np.isfinite(values).all() else np.nan


def _rounded(value: float) -> float:
    return round(float(value), 4)
