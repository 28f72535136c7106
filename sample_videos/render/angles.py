"""Joint angles of points in space, named and signed as the product's own; degrees.

Sagittal values lie in the plane of the vertical and the subject's forward axis, so that
knee flexion is shank minus thigh inclination and hip flexion is trunk minus thigh
inclination; the plain flexions are those between the segments in space.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .body import SIDES
from .rotations import Y_AXIS, Z_AXIS, unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .rotations import Floats

_OF_A_SIDE = (
    "knee_flexion_deg",
    "hip_flexion_deg",
    "knee_flexion_sagittal_deg",
    "hip_flexion_sagittal_deg",
    "thigh_inclination_deg",
    "shank_inclination_deg",
    "depth_deg",
)
ANGLES = ("trunk_inclination_deg", *(f"{side}_{angle}" for side in SIDES for angle in _OF_A_SIDE))
"""Columns of `measure`."""


def measure(points: Mapping[str, Floats]) -> Floats:
    """Measure every angle of `ANGLES`.

    Parameters
    ----------
    points : mapping of str to (T, 3) array
        At least left and right shoulder, hip, knee and ankle, the subject facing -y.

    Returns
    -------
    (T, A) array
        Degrees. Flexions are 0 when straight; inclinations 0 when upright and positive
        when tilted forward; ``depth_deg`` is the thigh's angle to the floor, 0 at
        parallel and negative when the hip is below the knee.
    """
    centre = {joint: (points[f"left_{joint}"] + points[f"right_{joint}"]) / 2 for joint in ("hip", "shoulder")}
    trunk = inclination(centre["shoulder"] - centre["hip"])
    columns = [trunk]
    for side in SIDES:
        shoulder, hip, knee, ankle = (points[f"{side}_{joint}"] for joint in ("shoulder", "hip", "knee", "ankle"))
        thigh, shank = inclination(hip - knee), inclination(knee - ankle)
        flexions = [bend(hip, knee, ankle), bend(shoulder, hip, knee), shank - thigh, trunk - thigh]
        columns += [*flexions, thigh, shank, np.rad2deg(np.arcsin(unit(hip - knee)[:, 2]))]
    return np.stack(columns, axis=1)


def bend(a: Floats, b: Floats, c: Floats) -> Floats:
    """Return by how much the way a, b, c bends at b, shape (T,), in degrees."""
    one, two = unit(b - a), unit(c - b)
    sine = np.linalg.norm(np.cross(one, two), axis=-1)
    return np.asarray(np.rad2deg(np.arctan2(sine, np.sum(one * two, axis=-1))))


def inclination(upward: Floats) -> Floats:
    """Return the forward tilt of vectors that point up along a segment, shape (T,), in degrees."""
    return np.asarray(np.rad2deg(np.arctan2(-upward @ Y_AXIS, upward @ Z_AXIS)))
