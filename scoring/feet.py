"""Feet: heels that lift, the free foot that touches down, the standing foot that moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import grey_opening

from .geometry import inclination
from .signal import median, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from .kinematics import Kinematics
    from .metric import Metric
    from .metric_builder import MetricBuilder
    from .phases import RepFrames

    Floats = NDArray[np.float64]

# a heel that is up for less time than this, or a foot that is down, is a flicker
_KEPT_S, _DOWN_S = 0.15, 0.10
# leg lengths: a foot this near the standing one's height is on the floor, one this far above is off it
_ON_FLOOR, _OFF_FLOOR = 0.035, 0.07
# heel to toe over thigh and shank, where the camera does not see the foot at its length (Winter 2009)
FOOT_OVER_LEG = 0.28


def foot_pitch(heel: ArrayLike, toe: ArrayLike) -> Floats:
    """Angle of the foot in the body plane: 0 flat, positive with the heel raised, degrees.

    Parameters
    ----------
    heel, toe : (..., 2) array
        x forward, y up.
    """
    return inclination(heel, toe) - 90.0


def kept(curve: Floats, fs_hz: float, seconds: float) -> Floats:
    """Flatten peaks that last less than so many seconds; NaN counts as lower than anything."""
    known = np.where(np.isfinite(curve), curve, -np.inf)
    level = grey_opening(known, size=(max(1, int(np.ceil(seconds * fs_hz))),))
    return np.where(np.isfinite(level), level, np.nan)


def foot_metrics(b: MetricBuilder) -> list[Metric]:
    """Measure heels and the knee against the toes."""
    heel, toe = b.kin.points["heel"], b.kin.points["toe"]
    pitch = foot_pitch(heel, toe)
    raised = kept(pitch - median(b.at_top(pitch)), b.kin.fs_hz, _KEPT_S)
    length = foot_length(b.kin, b.frames)
    ahead = b.at_bottom((b.kin.points["knee"][:, 0] - toe[:, 0]) / length)
    return [
        b.side("heel_rise_deg", b.largest(raised), 1),
        b.side("knee_over_toe", ahead, 0),
    ]


def footing_metrics(b: MetricBuilder) -> list[Metric]:
    """Measure how steadily somebody stands on one leg."""
    free, toe, ankle = (b.kin.points[name] for name in ("free_toe", "toe", "ankle"))
    height = (free - toe)[:, 1] / b.kin.leg_length
    length = foot_length(b.kin, b.frames)
    touched = np.array([_touch_downs(height[part], b.kin.fs_hz) for part in _until_next(b)])
    paths = b.whole.read(ankle)
    moved = b.largest_of(np.linalg.norm(paths - paths[:, :1], axis=2), b.whole) / length
    return [b.metric("touch_downs", touched), b.metric("stance_foot_shift", moved)]


def foot_length(kin: Kinematics, frames: Sequence[RepFrames]) -> float:
    """Heel to toe in pixels, flat on the floor; from the leg's length where the camera does not see it sideways."""
    if not kin.planar:
        return FOOT_OVER_LEG * kin.leg_length
    length = np.linalg.norm(kin.points["toe"] - kin.points["heel"], axis=1)
    return median(np.concatenate([length[f.top] for f in frames]))


def ahead_of_midfoot(kin: Kinematics, frames: Sequence[RepFrames]) -> Floats:
    """Hands ahead of the middle between heel and toe in foot lengths, (N,)."""
    middle = (kin.points["heel"][:, 0] + kin.points["toe"][:, 0]) / 2.0
    return np.asarray((kin.points["hand"][:, 0] - middle) / foot_length(kin, frames))


def _until_next(b: MetricBuilder) -> list[slice]:
    """Frames of every repetition and of the standing after it, before the next begins."""
    starts = [f.whole.start for f in b.frames]
    return [slice(start, stop) for start, stop in zip(starts, [*starts[1:], b.frames[-1].whole.stop], strict=True)]


def _touch_downs(height: Floats, fs_hz: float) -> float:
    """Count how often a foot comes down to the floor once it was lifted; NaN where it is mostly hidden."""
    if not len(height) or np.isfinite(height).mean() < 0.5:
        return np.nan
    lifted = np.flatnonzero(height >= _OFF_FLOOR)
    if not len(lifted):
        return 0.0
    down = runs(height[lifted[0] :] <= _ON_FLOOR)
    return float((down[:, 1] - down[:, 0] >= _DOWN_S * fs_hz).sum())
