"""What is measured of every repetition: angles at the bottom, changes on the way, tempo."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .feet import foot_metrics, footing_metrics
from .knees import front_metrics, one_leg_metrics
from .load import arm_metrics, head_metrics, load_metrics
from .metric_builder import NO_DESCENT, MetricBuilder, needs_frames, needs_side
from .pace import pace_metrics, tempo_metrics
from .phases import rep_frames
from .prescription import NOTHING_PRESCRIBED
from .registry import METRICS
from .rubric import metrics_of, rubric
from .signal import butter_zero_lag, velocity
from .steadiness import steadiness_metrics
from .tempo import tempo_error
from .view import sagittal_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .exercise import FoundReps
    from .front import FrontCurves
    from .kinematics import Kinematics
    from .metric import Metric
    from .phases import Baseline
    from .prescription import Prescription, Tempo
    from .reps import RepSpan
    from .thresholds import Thresholds
    from .windows import Windows

    Floats = NDArray[np.float64]

# hip flexion below which knee over hip flexion says nothing
_LEAST_HIP_GAIN_DEG = 10.0
# of the largest speed: what is slower is no descent yet (the usual onset of a reach)
_CREEP = 0.1
_HARDLY_BENT = "the hips bend too little for a ratio"
_LAST = "no repetition follows in this set"
_NO_TARGET = "the tempo that was asked for sets no time for any phase"


def measure(
    kin: Kinematics,
    spans: Sequence[RepSpan],
    found: FoundReps,
    baseline: Baseline,
    front: FrontCurves | None,
    thresholds: Thresholds,
    prescription: Prescription = NOTHING_PRESCRIBED,
    wider: Floats | float = 1.0,
) -> dict[str, Metric]:
    """Measure every repetition of a set.

    Parameters
    ----------
    kin : Kinematics
        Curves of the track.
    spans : sequence of RepSpan
        The R repetitions.
    found : FoundReps
        What they were found by.
    baseline : Baseline
        How the person stands.
    front : FrontCurves or None
        What a view from the front or from behind shows.
    thresholds : Thresholds
        Error models.
    prescription : Prescription
        The tempo that was asked for.
    wider : (R,) array
        By what all errors are multiplied, see `quality.widening`.

    Returns
    -------
    dict of metric name to Metric
        What says something of the exercise: arms of an overhead squat only, a tempo only where one was asked for.
    """
    ends, starts = [-np.inf, *(s.end_s for s in spans[:-1])], [*(s.start_s for s in spans[1:]), np.inf]
    frames = [
        rep_frames(kin, span, found.lowering, free_s)
        for span, free_s in zip(spans, zip(ends, starts, strict=True), strict=True)
    ]
    builder = MetricBuilder(kin, spans, frames, thresholds, wider)
    metrics = [
        *_bottom_metrics(builder),
        *_path_metrics(builder, baseline),
        *front_metrics(builder, found.lowering, front),
        *_tempo_metrics(builder, found, prescription),
        *pace_metrics(builder, found, front, prescription),
        *foot_metrics(builder),
        *steadiness_metrics(builder, front),
        *head_metrics(builder),
    ]
    column = rubric(found.exercise)
    special = [*arm_metrics(builder), *load_metrics(builder, overhead=column == "overhead-squat")]
    if kin.one_leg:
        special += [*one_leg_metrics(builder, front), *footing_metrics(builder)]
    judged = metrics_of(column)
    return {metric.name: metric for metric in (*metrics, *(m for m in special if m.name in judged))}


def _bottom_metrics(b: MetricBuilder) -> list[Metric]:
    """Angles at the bottom."""
    kin = b.kin
    knee, hip, trunk, shank = (
        b.at_bottom(c)
        for c in (kin.knee_flexion_deg, kin.hip_flexion_deg, kin.trunk_inclination_deg, kin.shank_inclination_deg)
    )
    back = b.at_bottom(kin.hips_back)
    return [
        b.side("knee_flexion_bottom_deg", knee),
        b.side("hip_flexion_bottom_deg", hip),
        b.side("trunk_inclination_bottom_deg", trunk, 1),
        b.side("shank_inclination_bottom_deg", shank, 1),
        b.side("depth_angle_bottom_deg", b.at_bottom(kin.depth_angle_deg), 1),
        b.side("trunk_minus_shank_bottom_deg", trunk - shank),
        replace(
            b.side("hips_back_bottom", back),
            bias_bound=_foreshortening(back, sagittal_error(kin.view, b.thresholds.view.yaw_sem_deg)),
        ),
    ]


def _path_metrics(b: MetricBuilder, baseline: Baseline) -> list[Metric]:
    """Measure changes on the way: coupling of knee and hip, shank travel, rise of the hips, lockout."""
    kin = b.kin
    knee = b.at_bottom(kin.knee_flexion_deg) - b.at_top(kin.knee_flexion_deg)
    hip = b.at_bottom(kin.hip_flexion_deg) - b.at_top(kin.hip_flexion_deg)
    rise = b.largest(kin.trunk_inclination_deg, b.windows([f.first_half_of_ascent for f in b.frames]))
    rise = np.maximum(rise - b.at_bottom(kin.trunk_inclination_deg), 0.0)
    knees_left = b.at_lockout(kin.knee_flexion_deg) - baseline.knee_flexion_deg
    hips_left = b.at_lockout(kin.hip_flexion_deg) - baseline.hip_flexion_deg
    leaned = baseline.trunk_inclination_deg - b.at_lockout(kin.trunk_inclination_deg) - 5.0
    lockout = np.maximum.reduce([knees_left, hips_left, leaned])
    return [
        _ratio_metric(b, knee, hip),
        b.side("knee_flexion_gain_deg", np.abs(knee)),
        b.side("shank_travel_deg", b.furthest(kin.shank_inclination_deg), 1),
        b.side("trunk_rise_deg", rise, 1),
        b.side("hip_first_onset_s", _onset_s(b, kin.knee_flexion_deg) - _onset_s(b, kin.hip_flexion_deg), 0),
        b.of_ascent(b.side("knee_flexion_lockout_deg", knees_left)),
        b.of_ascent(b.side("lockout_deficit_deg", lockout)),
    ]


def _ratio_metric(b: MetricBuilder, knee: Floats, hip: Floats) -> Metric:
    """Measure the bend gained in the knees over that gained in the hips, with the first-order error of a ratio."""
    ratio = np.divide(knee, hip, out=np.full(len(knee), np.nan), where=hip > _LEAST_HIP_GAIN_DEG)
    made = b.side("knee_to_hip_flexion_ratio", ratio)
    if made.status[0] == "not_observable":
        return made
    wider = 1.0 if b.kin.planar else b.thresholds.view.oblique_error
    sems = [b.thresholds.sem[name] for name in ("knee_flexion", "hip_flexion")]
    within, absolute = (
        wider * np.hypot(error[0], ratio * error[1]) / np.maximum(hip, 1.0)
        for error in ([s.within for s in sems], [s.absolute for s in sems])
    )
    made = b.metric("knee_to_hip_flexion_ratio", ratio, within, absolute)
    return b.except_where(made, hip <= _LEAST_HIP_GAIN_DEG, _HARDLY_BENT)


def _onset_s(b: MetricBuilder, curve: Floats) -> Floats:
    """When a joint has bent by a twentieth of what it bends on the way down."""
    tops, bottoms = b.at_top(curve), b.at_bottom(curve)
    way = b.windows([slice(f.top.start, f.descent.stop) for f in b.frames])
    below = way.read(curve) < (tops + 0.05 * (bottoms - tops))[:, None]
    # the last moment at which it was not bent so far yet: what flickers before does not count
    last = below.shape[1] - 1 - below[:, ::-1].argmax(axis=1)
    return np.where(below.any(axis=1), b.kin.time_s[way.index[np.arange(len(last)), last]], np.nan)


def _tempo_metrics(b: MetricBuilder, found: FoundReps, prescription: Prescription) -> list[Metric]:
    """Durations of the phases, what they are off a prescribed tempo, hip travel and the evenness of the descent."""
    spans, kin, lowering = b.spans, b.kin, found.lowering
    frame_s = 1.0 / kin.fs_hz

    def duration(name: str, edges: list[tuple[float, float]]) -> Metric:
        times_s = np.array(edges)
        value = np.where(b.seen_at(lowering, times_s), times_s[:, 1] - times_s[:, 0], np.nan)
        within, absolute = (float(np.hypot(error, frame_s)) for error in b.errors(METRICS[name].errors))
        return b.metric(name, value, within, absolute)

    next_starts = [*(s.start_s for s in spans[1:]), np.inf]
    descent = duration("descent_s", [(s.start_s, s.descent_end_s) for s in spans])
    pause = duration("bottom_pause_s", [(s.descent_end_s, s.ascent_start_s) for s in spans])
    ascent = duration("ascent_s", [(s.ascent_start_s, s.end_s) for s in spans])
    top = duration("top_pause_s", [(s.end_s, start) for s, start in zip(spans, next_starts, strict=True)])
    drop = b.at_top(kin.hip_height) - b.at_bottom(kin.hip_height)
    metrics = [
        b.of_descent(descent),
        b.except_where(pause, b.flagged("starts_at_bottom"), NO_DESCENT),
        b.of_ascent(ascent),
        b.except_where(top, ~np.isfinite(next_starts), _LAST),
        b.metric("hip_drop", drop),
        _evenness(b, found),
    ]
    if prescription.tempo is None:
        return metrics
    off = _tempo_error(b, metrics[:4], prescription.tempo)
    return [*metrics, off, *tempo_metrics(b, off, metrics[:4], prescription.tempo)]


def _tempo_error(b: MetricBuilder, phases: Sequence[Metric], tempo: Tempo) -> Metric:
    """Measure how far the phases are off a tempo; the last repetition of a set has no pause after it."""
    target = np.array([tempo.down_s, tempo.bottom_s, tempo.up_s, tempo.top_s], dtype=np.float64)
    whole = float(np.nansum(target))
    if not whole > 0.0:
        return b.refused("tempo_error", _NO_TARGET)
    durations = np.stack([phase.value for phase in phases], axis=-1)
    value = tempo_error(durations, target)
    last = ~np.isfinite(durations[:, 3])
    value[last] = tempo_error(durations[last], np.array([*target[:3], np.nan]))
    asked = [phase for phase, seconds in zip(phases, target, strict=True) if np.isfinite(seconds)]
    within, absolute = (
        np.sqrt(np.nansum([np.square(getattr(phase, kind)) for phase in asked], axis=0)) / whole
        for kind in ("sem_within", "sem_abs")
    )
    return b.metric("tempo_error", value, within, absolute)


def _evenness(b: MetricBuilder, found: FoundReps) -> Metric:
    """Measure the fastest over the average speed of the descent."""
    kin, limits, name = b.kin, b.thresholds.filter, "descent_peak_to_mean_speed"
    if kin.fs_hz < limits.min_velocity_fps:
        return b.refused(name, needs_frames(kin.fs_hz))
    if not (found.by_hips or kin.planar or kin.oblique):
        return b.refused(name, needs_side(kin.view))
    # the peak of a speed is where noise shows most: it is read from the signal that times the phases
    speed = velocity(butter_zero_lag(found.lowering, limits.fc_timing_hz, kin.fs_hz), kin.fs_hz)
    value = _peak_to_mean(b.windows([f.descent for f in b.frames]), speed, b.thresholds.reps.max_missing)
    seen = b.seen_at(found.lowering, np.array([(s.start_s, s.descent_end_s) for s in b.spans]))
    return b.of_descent(b.metric(name, np.where(seen, value, np.nan)))


def _foreshortening(distance: Floats, off_side_deg: float) -> float:
    """Largest part of a forward distance that a camera off the side does not see."""
    seen = np.abs(distance[np.isfinite(distance)])
    error = np.radians(min(off_side_deg, 60.0))
    return float(seen.max() * (1.0 / np.cos(error) - 1.0)) if len(seen) else 0.0


def _peak_to_mean(descents: Windows, speed: Floats, max_missing: float) -> Floats:
    """Largest over mean speed of every descent; NaN where too much is missing or nothing moved."""
    size = np.abs(descents.read(speed))
    largest = np.fmax.reduce(size, axis=1)
    enough = (np.isfinite(size).sum(axis=1) > (1.0 - max_missing) * descents.lengths) & (largest > 0.0)
    # the creep at both ends belongs to standing and to the bottom, wherever the descent is said to begin
    moving = size >= _CREEP * largest[:, None]
    mean = np.where(moving, size, 0.0).sum(axis=1) / np.maximum(moving.sum(axis=1), 1)
    return np.asarray(np.divide(largest, mean, out=np.full(len(size), np.nan), where=enough))
