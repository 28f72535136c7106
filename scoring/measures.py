"""What is measured of every repetition: angles at the bottom, changes on the way, tempo."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .metric import MetricBuilder, needs_side
from .phases import rep_frames
from .signal import butter_zero_lag, median, velocity
from .view import frontal_error, sagittal_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .exercise import FoundReps
    from .front import FrontCurves
    from .kinematics import Kinematics
    from .metric import Metric
    from .phases import Baseline, RepFrames
    from .reps import RepSpan
    from .thresholds import Thresholds

    Floats = NDArray[np.float64]

# hip flexion below which knee over hip flexion says nothing
_LEAST_HIP_GAIN_DEG = 10.0
_NO_DESCENT = "the repetition began at the bottom"
_NO_LOCKOUT = "the video ends before the lifter stands"
_HARDLY_BENT = "the hips bend too little for a ratio"


def measure(
    kin: Kinematics,
    spans: Sequence[RepSpan],
    found: FoundReps,
    baseline: Baseline,
    front: FrontCurves | None,
    thresholds: Thresholds,
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

    Returns
    -------
    dict of metric name to Metric
    """
    ends, starts = [-np.inf, *(s.end_s for s in spans[:-1])], [*(s.start_s for s in spans[1:]), np.inf]
    frames = [
        rep_frames(kin, span, found.lowering, free_s)
        for span, free_s in zip(spans, zip(ends, starts, strict=True), strict=True)
    ]
    builder = MetricBuilder(kin, spans, frames, thresholds)
    return {
        metric.name: metric
        for metric in (
            *_bottom_metrics(builder),
            *_path_metrics(builder, baseline),
            *_front_metrics(builder, found.lowering, front),
            *_tempo_metrics(builder, found),
        )
    }


def _bottom_metrics(b: MetricBuilder) -> list[Metric]:
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
            bias_bound=_foreshortening(back, sagittal_error(kin.view, b.thresholds.view.yaw_sem_deg)),
        ),
    ]


def _path_metrics(b: MetricBuilder, baseline: Baseline) -> list[Metric]:
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


def _front_metrics(b: MetricBuilder, lowering: Floats, front: FrontCurves | None) -> list[Metric]:
    """Measure the knees against the feet, and the pelvis, against how the person stands."""
    knees = inward = shift = tilt = None
    if front is not None:
        # in a wide stance straight legs already bring the knees nearer than the feet: that is no fault
        reference = min(1.0, median(b.at_top(front.knee_separation)))
        knees = reference + b.each(lambda f: b.largest(-front.knee_separation[_lowered(lowering, f)]))
        legs = front.knees_in - np.array([median(b.at_top(leg)) for leg in front.knees_in.T])
        # a camera a little off the front shows one knee further in and the other further out: their mean cancels it
        one_by_one = frontal_error(b.kin.view) <= b.thresholds.view.legs_apart_max_deg
        worst = legs.max(axis=1) if one_by_one else legs.mean(axis=1)
        inward = b.each(lambda f: b.largest(worst[_lowered(lowering, f)]))
        shift = b.at_bottom(front.hip_shift) - b.at_top(front.hip_shift)
        level = b.at_top(front.pelvis_tilt_deg)
        tilt = np.array(
            [b.largest(np.abs(front.pelvis_tilt_deg[f.whole] - at)) for f, at in zip(b.frames, level, strict=True)]
        )
    return [
        b.front("knee_separation_deficit", "", "whole", knees, "knee_separation"),
        b.front("knees_in", "shank lengths", "whole", inward, "knees_in"),
        b.front("hip_shift_bottom", "hip widths", "bottom", shift, "hip_shift"),
        b.front("pelvis_tilt_change_deg", "deg", "whole", tilt, "pelvis_tilt"),
    ]


def _lowered(lowering: Floats, frames: RepFrames) -> NDArray[np.intp]:
    """Frames of a repetition in which at least a quarter of the way down is done."""
    q = lowering[frames.whole]
    lowest, highest = np.nanmax(q), np.nanmin(q)
    return np.asarray(frames.whole.start + np.flatnonzero(~(q < highest + 0.25 * (lowest - highest))))


def _tempo_metrics(b: MetricBuilder, found: FoundReps) -> list[Metric]:
    """Durations of the phases, hip travel and the evenness of the descent."""
    spans, kin, lowering = b.spans, b.kin, found.lowering
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
        return [*metrics, b.refused("descent_peak_to_mean_speed", "", "descent", reason)]
    if not (found.by_hips or kin.planar):
        return [*metrics, b.refused("descent_peak_to_mean_speed", "", "descent", needs_side(kin.view))]
    # the peak of a speed is where noise shows most: it is read from the signal that times the phases
    speed = velocity(butter_zero_lag(lowering, limits.fc_timing_hz, kin.fs_hz), kin.fs_hz)
    evenness = b.each(lambda f: _peak_to_mean(speed[f.descent], b.thresholds.reps.max_missing))
    evenness = np.where(np.isfinite(descent.value), evenness, np.nan)
    even = b.metric("descent_peak_to_mean_speed", "", "descent", evenness, *b.errors(["descent_peak_to_mean"]))
    return [*metrics, b.except_where(even, b.flagged("starts_at_bottom"), _NO_DESCENT)]


def _foreshortening(distance: Floats, off_side_deg: float) -> float:
    """Largest part of a forward distance that a camera off the side does not see."""
    seen = np.abs(distance[np.isfinite(distance)])
    error = np.radians(min(off_side_deg, 60.0))
    return float(seen.max() * (1.0 / np.cos(error) - 1.0)) if len(seen) else 0.0


def _ratio_error(ratio: Floats, hip: Floats, sem_knee: float, sem_hip: float) -> Floats:
    """First-order error of knee gain over hip gain."""
    return np.asarray(np.hypot(sem_knee, ratio * sem_hip) / np.maximum(hip, 1.0))


def _peak_to_mean(speed: Floats, max_missing: float) -> float:
    seen = speed[np.isfinite(speed)]
    enough = len(seen) > 0 and len(seen) >= (1.0 - max_missing) * len(speed)
    return float(seen.max() / seen.mean()) if enough and seen.mean() > 0 else np.nan
