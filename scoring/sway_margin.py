"""Where a swaying body is heading: experimental, because nobody has validated it from one camera.

Hof et al. (2005); Slobounov et al. (1997).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

GRAVITY_M_S2 = 9.81
# length of the pendulum in heights of the trochanter, for sway along each axis (Hof et al. 2005)
PENDULUM = {"ap": 1.24, "ml": 1.34}


def extrapolated_centre(x_m: ArrayLike, velocity_m_s: ArrayLike, pendulum_m: float) -> Floats:
    """Extrapolated centre of mass ``x + v / sqrt(g / l)`` in metres: where the pendulum would come to rest."""
    eigenfrequency = np.sqrt(GRAVITY_M_S2 / pendulum_m)
    return np.asarray(np.asarray(x_m, dtype=np.float64) + np.asarray(velocity_m_s, dtype=np.float64) / eigenfrequency)


def time_to_boundary(x: ArrayLike, velocity: ArrayLike, low: float, high: float) -> Floats:
    """Seconds until each of n positions would reach the edge that it is heading for; infinite at rest.

    Parameters
    ----------
    x, velocity : (n,) array
        Position and velocity, in the unit of the edges and per second.
    low, high : float
        Edges of the base of support.
    """
    position, speed = np.asarray(x, dtype=np.float64), np.asarray(velocity, dtype=np.float64)
    way = np.where(speed >= 0, high - position, low - position)
    return np.asarray(np.divide(way, speed, out=np.full(np.shape(position), np.inf), where=speed != 0))


def mean_least_time_to_boundary(time_to_boundary_s: ArrayLike) -> float:
    """Mean of the local minima of a time to boundary, in seconds; NaN when there are none."""
    t = np.asarray(time_to_boundary_s, dtype=np.float64)
    inner = t[1:-1]
    least = inner[(inner < t[:-2]) & (inner < t[2:])]
    return float(least.mean()) if len(least) else float("nan")
