"""Hands, arms and head: where the load hangs, whether arms stay overhead, how the head is held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .feet import ahead_of_midfoot
from .geometry import angle_difference, inclination
from .metric_builder import needs_side
from .signal import median

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from .metric import Metric
    from .metric_builder import MetricBuilder

    Floats = NDArray[np.float64]

# hands less far below the hips than this do not hang, so they hold no load there; leg lengths
_HANGING = 0.10
_NOT_HANGING = "the hands do not hang below the hips at the bottom: no load in them is seen"


def distance_to_chain(point: ArrayLike, chain: ArrayLike) -> Floats:
    """Distance of a point to the nearest point of a chain of straight segments.

    Parameters
    ----------
    point : (..., 2) array
    chain : (K, ..., 2) array
        Its K corners in order.

    Returns
    -------
    (...) array, same unit.
    """
    p, corners = np.asarray(point, dtype=np.float64), np.asarray(chain, dtype=np.float64)
    start, along = corners[:-1], np.diff(corners, axis=0)
    part = ((p - start) * along).sum(axis=-1) / np.maximum((along**2).sum(axis=-1), 1e-12)
    nearest = start + np.clip(part, 0.0, 1.0)[..., None] * along
    return np.asarray(np.linalg.norm(p - nearest, axis=-1).min(axis=0))


def load_metrics(b: MetricBuilder, *, overhead: bool = False) -> list[Metric]:
    """Measure how close to the legs and over which part of the foot the hands hang, or are held `overhead`."""
    names = ("hand_from_leg", "hand_over_midfoot")
    if not b.kin.planar:
        return [b.refused(name, needs_side(b.kin.view)) for name in names]
    points = b.kin.points
    hand, hip, knee, ankle = (points[name] for name in ("hand", "hip", "knee", "ankle"))
    shank = median(np.linalg.norm(knee - ankle, axis=1))
    away = distance_to_chain(hand, np.stack([hip, knee, ankle])) / shank
    furthest = b.largest(away) - b.at_top(away)
    over = b.at_bottom(ahead_of_midfoot(b.kin, b.frames))
    hanging = b.at_bottom((hip - hand)[:, 1] / b.kin.leg_length)
    made = (b.side(name, value, 0) for name, value in zip(names, (furthest, over), strict=True))
    return list(made) if overhead else [b.except_where(metric, hanging < _HANGING, _NOT_HANGING) for metric in made]


def arm_metrics(b: MetricBuilder) -> list[Metric]:
    """Measure how far the arms fall forward from over the trunk."""
    points = b.kin.points
    arm = angle_difference(inclination(points["shoulder"], points["wrist"]), b.kin.trunk_inclination_deg)
    return [b.side("arms_forward_deg", np.abs(b.at_bottom(arm)) - np.abs(b.at_top(arm)))]


def head_metrics(b: MetricBuilder) -> list[Metric]:
    """Measure how the head tilts against the trunk."""
    points = b.kin.points
    head = angle_difference(inclination(points["shoulder"], points["ear"]), b.kin.trunk_inclination_deg)
    return [b.side("head_tilt_change_deg", b.at_bottom(head) - b.at_top(head))]
