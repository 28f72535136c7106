"""The ellipse that holds 95 % of a sway path.

What is commonly called the "95 % confidence ellipse" is the prediction ellipse; the
confidence ellipse of the mean shrinks as samples are added and says nothing about sway
(Schubert and Kirchner 2014).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import chi2, f

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

SHARE = 0.95
CHI2_95 = float(chi2.ppf(SHARE, 2))


def prediction_factor(n: int) -> float:
    """Area of the prediction ellipse over the root of the covariance's determinant.

    ``2 pi F(0.95; 2, n - 2) (n + 1)(n - 1) / (n (n - 2))``; towards ``5.991 pi`` for large n.
    """
    return float(2.0 * np.pi * f.ppf(SHARE, 2, n - 2) * (n + 1) * (n - 1) / (n * (n - 2)))


def prediction_area(covariance: ArrayLike, n: int) -> float:
    """Area of the 95 % prediction ellipse of n samples with this (2, 2) covariance (ddof 1)."""
    return prediction_factor(n) * _spread(covariance)


def chi2_area(covariance: ArrayLike) -> float:
    """Limit of the area of the 95 % prediction ellipse for large n."""
    return float(np.pi * CHI2_95 * _spread(covariance))


def ellipse(covariance: ArrayLike) -> tuple[float, float, float]:
    """Return semi-axes, larger first, of the large-n ellipse, and the angle of the larger in degrees.

    The angle is counted from the first axis towards the second, -90 to 90.
    """
    size, axes = np.linalg.eigh(np.asarray(covariance, dtype=np.float64))
    minor, major = np.sqrt(CHI2_95 * np.maximum(size, 0.0))
    x, y = axes[:, 1]
    angle = (np.degrees(np.arctan2(y, x)) + 90.0) % 180.0 - 90.0
    return float(major), float(minor), float(angle)


def _spread(covariance: ArrayLike) -> float:
    return float(np.sqrt(max(0.0, float(np.linalg.det(np.asarray(covariance, dtype=np.float64))))))
