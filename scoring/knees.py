"""What the front shows of a repetition: knees, hips, shoulders and hands against how the person stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .geometry import inclination
from .sides import SIDES
from .signal import median
from .view import frontal_error

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .front import FrontCurves
    from .metric import Metric
    from .metric_builder import MetricBuilder
    from .windows import Windows

    Floats = NDArray[np.float64]

_FRONT = (
    "knee_separation_deficit",
    "knees_in",
    "hip_shift_bottom",
    "pelvis_tilt_change_deg",
    "shoulder_tilt_change_deg",
    "hands_tilt_change_deg",
    "stance_width",
)
# a knee bent further makes its angle in the picture meaningless
_MOST_FLEXION_DEG = 60.0
_NOT_STRAIGHT = "one knee alone shows only to a camera within {most:.0f}° of the front, and this one is {off:.0f}° off"


def front_metrics(b: MetricBuilder, lowering: Floats, front: FrontCurves | None) -> list[Metric]:
    """Measure the knees against the feet, and hips, shoulders and hands against how the person stands."""
    if front is None:
        return [b.front(name, None) for name in _FRONT]
    # in a wide stance straight legs already bring the knees nearer than the feet: that is no fault
    reference = min(1.0, median(b.at_top(front.knee_separation)))
    lowered = _lowered(b, lowering)
    knees = reference + b.largest(-front.knee_separation, lowered)
    return [
        b.front("knee_separation_deficit", knees),
        b.front("knees_in", b.largest(_knees_in(b, front), lowered)),
        b.front("hip_shift_bottom", b.at_bottom(front.hip_shift) - b.at_top(front.hip_shift)),
        b.front("pelvis_tilt_change_deg", np.abs(b.furthest(front.pelvis_tilt_deg))),
        b.front("shoulder_tilt_change_deg", np.abs(b.furthest(front.shoulder_tilt_deg))),
        b.front("hands_tilt_change_deg", np.abs(b.at_bottom(front.hands_tilt_deg) - b.at_top(front.hands_tilt_deg))),
        b.front("stance_width", b.at_top(front.stance_width)),
    ]


def one_leg_metrics(b: MetricBuilder, front: FrontCurves | None) -> list[Metric]:
    """Measure the knee and trunk over one leg from the front, and the free leg from the side."""
    return [*_one_leg_front(b, front), _free_leg(b)]


def _one_leg_front(b: MetricBuilder, front: FrontCurves | None) -> list[Metric]:
    names = ("knees_in", "frontal_knee_angle_deg", "trunk_side_lean_deg")
    if front is None:
        return [b.front(name, None) for name in names]
    off, most = frontal_error(b.kin.view), b.thresholds.view.legs_apart_max_deg
    leg = SIDES.index(b.kin.side)
    angle = np.where(b.kin.knee_flexion_deg <= _MOST_FLEXION_DEG, front.frontal_knee_deg[:, leg], np.nan)
    inward = front.knees_in[:, leg] - median(b.at_top(front.knees_in[:, leg]))
    values = (
        b.largest(inward),
        # the knee is bent too far in the rest of the repetition
        np.fmax.reduce(b.whole.read(angle), axis=1),
        b.furthest(front.trunk_aside_deg),
    )
    knees_in, knee_angle, trunk = (b.front(name, value) for name, value in zip(names, values, strict=True))
    apart = np.full(len(b.frames), off > most)
    reason = _NOT_STRAIGHT.format(most=most, off=off)
    return [b.except_where(knees_in, apart, reason), b.except_where(knee_angle, apart, reason), trunk]


def _free_leg(b: MetricBuilder) -> Metric:
    line = b.kin.trunk_inclination_deg - inclination(b.kin.points["free_ankle"], b.kin.points["hip"])
    return b.side("trunk_free_leg_line_deg", np.abs(b.at_bottom(line)))


def _knees_in(b: MetricBuilder, front: FrontCurves) -> Floats:
    """How far the knees moved in from standing: the worse one, or both in the mean off the front."""
    legs = front.knees_in - np.array([median(b.at_top(leg)) for leg in front.knees_in.T])
    # a camera a little off the front shows one knee further in and the other further out: their mean cancels it
    one_by_one = frontal_error(b.kin.view) <= b.thresholds.view.legs_apart_max_deg
    return np.asarray(legs.max(axis=1) if one_by_one else legs.mean(axis=1))


def _lowered(b: MetricBuilder, lowering: Floats) -> Windows:
    """Frames of every repetition in which at least a quarter of the way down is done."""
    q = b.whole.read(lowering)
    lowest, highest = np.fmax.reduce(q, axis=1)[:, None], np.fmin.reduce(q, axis=1)[:, None]
    return replace(b.whole, inside=b.whole.inside & ~(q < highest + 0.25 * (lowest - highest)))
