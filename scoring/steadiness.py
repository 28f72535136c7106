"""How steadily somebody stands while lifting: the hips' way aside, the weight over the foot, feet that move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .feet import FOOT_OVER_LEG
from .mass import centre_of_mass
from .sides import SIDES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .front import FrontCurves
    from .kinematics import Kinematics
    from .metric import Metric
    from .metric_builder import MetricBuilder

    Floats = NDArray[np.float64]

_OF_BODY = ("ear", "shoulder", "elbow", "wrist", "hand", "hip", "knee", "ankle", "heel", "toe")
# a foot that the picture shows shorter than this, in leg lengths, has no ends to be between
_LEAST_FOOT = 0.1


def steadiness_metrics(b: MetricBuilder, front: FrontCurves | None) -> list[Metric]:
    """Measure the balance inside the lift."""
    wide = None if front is None else b.largest(front.hip_shift) + b.largest(-front.hip_shift)
    return [
        b.front("hip_path_width", wide),
        b.side("balance_point_bottom", b.at_bottom(balance_point(b.kin)), 0),
        b.metric("feet_shift", np.fmax(*(_moved(b, foot) for foot in np.moveaxis(b.kin.feet, 1, 0)))),
    ]


def balance_point(kin: Kinematics) -> Floats:
    """Centre of mass over the near foot: 0 above the heel, 1 above the toe; NaN where the foot has no length.

    From the side the far limbs are hidden behind the near ones, which stand for both.
    """
    points = {f"{side}_{joint}": kin.points[joint][:, :1] for side in SIDES for joint in _OF_BODY}
    centre = centre_of_mass(points)[:, 0]
    heel, toe = kin.points["heel"][:, 0], kin.points["toe"][:, 0]
    length = np.where(toe - heel > _LEAST_FOOT * kin.leg_length, toe - heel, np.nan)
    return np.asarray((centre - heel) / length)


def _moved(b: MetricBuilder, foot: Floats) -> Floats:
    """Return the largest way of a foot, (N, 2) in leg lengths, from where each repetition began, in foot lengths."""
    paths = b.whole.read(foot)
    first_seen = np.isfinite(paths[..., 0]).argmax(axis=1)
    starts = paths[np.arange(len(paths)), first_seen]
    return b.largest_of(np.linalg.norm(paths - starts[:, None], axis=2), b.whole) / FOOT_OVER_LEG
