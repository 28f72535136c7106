"""What somebody wears, as far as it helps to tell people apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .body import middle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..vision.frame import Frame, Image
    from .engine import Landmarks
    from .topology import Topology

    Floats = NDArray[np.float64]

_PATCH = 8
# Width of the strips whose colours are looked at, in lengths of the trunk.
_WIDTH = 0.3
# Width and height of portraits, and the room around the body in them.
PORTRAIT = 96, 128
_ROOM = 1.3


def clothes(frame: Frame, found: Landmarks, topology: Topology) -> Floats | None:
    """Return the mean colours of shirt and trousers, shape (2, 3), RGB; None where the body is too small.

    They are those of the strips between the middles of shoulders, hips and knees.
    """
    shoulders, hips, knees = (middle(found, topology, joint) for joint in ("shoulder", "hip", "knee"))
    width_px = _WIDTH * float(np.linalg.norm(shoulders - hips))
    if not width_px > 1 or np.isnan(knees).any():
        return None
    return np.array([_strip(frame, a, b, width_px) for a, b in ((shoulders, hips), (hips, knees))])


def colour_distance(one: Floats | None, other: Floats | None) -> float:
    """Return how much the colours of two people differ, in grey levels; 0 when they are not known."""
    if one is None or other is None:
        return 0.0
    return float(np.abs(one - other).mean(axis=1).max())


def portrait(frame: Frame, found: Landmarks) -> Image:
    """Return a small picture of somebody, shape (128, 96, 3), RGB."""
    low, high = np.nanmin(found.xy_px, axis=0), np.nanmax(found.xy_px, axis=0)
    scale = _ROOM * float(np.max((high - low) / PORTRAIT))
    corner = (low + high) / 2 - scale * np.array(PORTRAIT) / 2
    return frame.crop(np.array([[scale, 0.0, corner[0]], [0.0, scale, corner[1]]]), PORTRAIT)


def _strip(frame: Frame, top: Floats, bottom: Floats, width_px: float) -> Floats:
    along = bottom - top
    across = np.array([-along[1], along[0]]) / max(float(np.linalg.norm(along)), 1e-9) * width_px
    matrix = np.column_stack([across / _PATCH, along / _PATCH, top - across / 2])
    return np.asarray(frame.crop(matrix, (_PATCH, _PATCH)).reshape(-1, 3).mean(axis=0))
