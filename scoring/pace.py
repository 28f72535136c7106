"""Speeds and their evenness, the tempo against what was asked for, and the path of the hands, of every repetition."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .feet import ahead_of_midfoot
from .metric_builder import needs_frames, needs_side
from .signal import butter_zero_lag, velocity
from .smoothness import moving, sparc, speed_variation
from .symmetry import symmetry_index
from .tempo import phase_errors, tempo_adherence
from .velocity import (
    LEG_OF_STATURE,
    LEG_OF_STATURE_ERROR,
    sticking_region,
    velocity_loss,
    velocity_loss_error,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .exercise import FoundReps
    from .front import FrontCurves
    from .metric import Metric
    from .metric_builder import MetricBuilder
    from .prescription import Prescription, Tempo

    Floats = NDArray[np.float64]

# a loss needs this many full repetitions, and a reference known to this part
_LEAST_REPS = 4
_LEAST_REFERENCE_ERROR = 0.10
_NO_INTENT = (
    "a slower ascent means fatigue only where every one is meant to be as fast as possible: declare maximal intent"
)
_FEW_REPS = "a loss of velocity needs four full repetitions that were seen"
_UNSURE_SPEED = "the lifter is too slow for a loss of velocity to be told from its error"
_NOT_STUCK = "the ascent does not stick anywhere, which is usual"
# filters need this much beside the set
_BESIDE_S = 3.0
_PHASES = ("descent", "bottom", "ascent", "top")


def pace_metrics(
    b: MetricBuilder, found: FoundReps, front: FrontCurves | None, prescription: Prescription
) -> list[Metric]:
    """Measure speeds, smoothness, the path of the hands, and left against right.

    Parameters
    ----------
    b : MetricBuilder
    found : FoundReps
        The family decides what is followed upwards: the hips of a squat, the hands of a hinge.
    front : FrontCurves or None
        What a view from the front or from behind shows.
    prescription : Prescription
        Intent and stature.
    """
    point, height = ("hip", b.kin.hip_height) if found.exercise.family == "squat" else ("hand", b.kin.wrist_height)
    fs = b.kin.fs_hz
    if fs < b.thresholds.filter.min_velocity_fps:
        speeds = [b.refused(name, needs_frames(fs)) for name in _speed_names(point, prescription)]
    else:
        upward, timed = _velocity(b, height)
        speeds = [
            *_velocities(b, point, upward, timed, prescription),
            *_smoothness(b, upward, timed),
            *_sticking(b, timed),
        ]
    return [*speeds, *_hand_path(b), *_symmetry(b, front)]


def tempo_metrics(b: MetricBuilder, whole: Metric, durations: Sequence[Metric], tempo: Tempo) -> list[Metric]:
    """Tell how well a prescribed tempo was kept, and by how much each phase missed it.

    Parameters
    ----------
    b : MetricBuilder
    whole : Metric
        What all phases together are off the tempo.
    durations : sequence of Metric
        Of descent, pause at the bottom, ascent and pause at the top.
    tempo : Tempo
    """
    target = np.array([tempo.down_s, tempo.bottom_s, tempo.up_s, tempo.top_s], dtype=np.float64)
    errors = phase_errors(np.stack([duration.value for duration in durations], axis=1), target)
    name = "tempo_adherence_pct"
    kept = b.metric(name, tempo_adherence(whole.value), 100.0 * whole.sem_within, 100.0 * whole.sem_abs)
    return [
        replace(kept, status=whole.status, reason=whole.reason),
        *(
            b.metric(f"{phase}_tempo_error", error, duration.sem_within / asked, duration.sem_abs / asked)
            for phase, error, duration, asked in zip(_PHASES, errors.T, durations, target, strict=True)
            if asked > 0.0
        ),
    ]


def _speed_names(point: str, prescription: Prescription) -> list[str]:
    metres = ("", "_m_s") if prescription.height_m else ("",)
    return [
        *(f"{point}_ascent_{kind}{unit}" for unit in metres for kind in ("velocity", "peak_velocity")),
        "velocity_loss_pct",
        "descent_smoothness",
        "ascent_smoothness",
        "descent_speed_variation",
        "ascent_speed_variation",
        "sticking_s",
        "sticking_velocity",
    ]


def _velocity(b: MetricBuilder, height: Floats) -> tuple[Floats, Floats]:
    """Velocity upwards as it is and behind the timing filter; NaN away from the set."""
    fs = b.kin.fs_hz
    reach = round(_BESIDE_S * fs)
    part = slice(max(0, b.frames[0].whole.start - reach), b.frames[-1].whole.stop + reach)
    upward, timed = np.full((2, len(height)), np.nan)
    upward[part] = velocity(height[part], fs)
    timed[part] = velocity(butter_zero_lag(height[part], b.thresholds.filter.fc_timing_hz, fs), fs)
    return upward, timed


def _velocities(
    b: MetricBuilder, point: str, upward: Floats, timed: Floats, prescription: Prescription
) -> list[Metric]:
    """Mean and peak velocity of the ascent, in metres where the stature is known, and the loss over the set."""
    peaks = b.largest(upward, b.windows([f.ascent for f in b.frames]))
    means = np.where(np.isfinite(peaks), b.each(lambda f: _mean(moving(timed[f.ascent]))), np.nan)
    made = []
    for name, value in ((f"{point}_ascent_velocity", means), (f"{point}_ascent_peak_velocity", peaks)):
        made.append(b.of_ascent(b.metric(name, value)))
        if prescription.height_m:
            metres = LEG_OF_STATURE * prescription.height_m
            within, absolute = made[-1].sem_within * metres, made[-1].sem_abs * metres
            scale = LEG_OF_STATURE_ERROR * np.abs(value) * metres
            made.append(b.of_ascent(b.metric(f"{name}_m_s", value * metres, within, np.hypot(absolute, scale))))
    return [*made, _loss(b, made[0], prescription)]


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else np.nan


def _loss(b: MetricBuilder, mean: Metric, prescription: Prescription) -> Metric:
    """Loss of mean velocity against the fastest of the first three full repetitions."""
    name = "velocity_loss_pct"
    full = np.array([span.kind == "full" for span in b.spans], dtype=bool) & np.isfinite(mean.value)
    if prescription.intent != "max":
        return b.refused(name, _NO_INTENT)
    if full.sum() < _LEAST_REPS:
        return b.refused(name, _FEW_REPS)
    loss = velocity_loss(mean.value, full)
    reference = float(mean.value[full][:3].max())
    within = float(np.median(mean.sem_within[full]))
    if not 0.0 < within <= _LEAST_REFERENCE_ERROR * reference:
        return b.refused(name, _UNSURE_SPEED)
    # what scales all velocities alike leaves their ratio
    error = velocity_loss_error(reference, within)
    return b.of_ascent(b.metric(name, loss, error, error))


def _smoothness(b: MetricBuilder, upward: Floats, timed: Floats) -> list[Metric]:
    """How smooth and how even the ways down and up are."""
    fs, speed, slow = b.kin.fs_hz, np.abs(upward), np.abs(timed)

    return [
        b.of_descent(b.metric("descent_smoothness", b.each(lambda f: sparc(speed[f.descent], fs)))),
        b.of_ascent(b.metric("ascent_smoothness", b.each(lambda f: sparc(speed[f.ascent], fs)))),
        b.of_descent(b.metric("descent_speed_variation", b.each(lambda f: speed_variation(moving(slow[f.descent]))))),
        b.of_ascent(b.metric("ascent_speed_variation", b.each(lambda f: speed_variation(moving(slow[f.ascent]))))),
    ]


def _sticking(b: MetricBuilder, timed: Floats) -> list[Metric]:
    """Where and how much the ascent slows down; behind the timing filter no wobble is as large."""
    lasts, slowest = np.full(len(b.frames), np.nan), np.full(len(b.frames), np.nan)
    for rep, frames in enumerate(b.frames):
        v = timed[frames.ascent]
        if not np.isfinite(v).all():
            continue
        found = sticking_region(b.kin.time_s[frames.ascent], v)
        lasts[rep] = found.end_s - found.start_s if found else 0.0
        slowest[rep] = found.least if found else np.nan
    return [
        b.of_ascent(b.metric("sticking_s", lasts)),
        b.except_where(b.of_ascent(b.metric("sticking_velocity", slowest)), lasts == 0.0, _NOT_STUCK),
    ]


def _hand_path(b: MetricBuilder) -> list[Metric]:
    """How far the hands travel forward and back over the foot."""
    names = ("hand_path_range", "hand_path_offset")
    if not b.kin.planar:
        return [b.refused(name, needs_side(b.kin.view)) for name in names]
    ahead = ahead_of_midfoot(b.kin, b.frames)
    forward, back = b.largest(ahead), b.largest(-ahead)
    return [
        b.side(name, value, 0) for name, value in zip(names, (forward + back, np.maximum(forward, back)), strict=True)
    ]


def _symmetry(b: MetricBuilder, front: FrontCurves | None) -> list[Metric]:
    """Left against right: how far the hips travel, and how far the knees move in."""
    if front is None:
        return [b.front(name, None) for name in ("hip_travel_symmetry_pct", "knees_in_left_minus_right")]
    left, right = (b.at_top(side) - b.at_bottom(side) for side in front.hip_heights.T)
    within, absolute = b.errors(["hip_drop"])
    part = 100.0 * np.sqrt(2.0) / np.maximum(np.abs(left + right) / 2.0, 1e-6)
    moved = [b.largest(leg) - b.at_top(leg) for leg in front.knees_in.T]
    return [
        b.metric("hip_travel_symmetry_pct", symmetry_index(left, right, within), part * within, part * absolute),
        b.front("knees_in_left_minus_right", moved[0] - moved[1]),
    ]
