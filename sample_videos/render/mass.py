"""Where the centre of mass is: segment masses and centres after Winter (2009) and de Leva (1996), rounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .body import JOINT_INDEX, SIDES

if TYPE_CHECKING:
    from .rotations import Floats

# From, to, share of the way to the segment's centre of mass, share of the body's mass.
_TRUNK = (0.55, 0.4346)
_HEAD = (("neck", "head", 1.6, 0.0694),)
_LIMBS = (
    ("shoulder", "elbow", 0.577, 0.0271),
    ("elbow", "wrist", 0.457, 0.0162),
    ("wrist", "wrist", 0.0, 0.0061),
    ("hip", "knee", 0.41, 0.1416),
    ("knee", "ankle", 0.44, 0.0433),
    ("ankle", "toe", 0.4, 0.0137),
)


def _shares() -> Floats:
    """Share of every joint centre in the centre of mass, shape (J,), summing to 1."""
    share = np.zeros(len(JOINT_INDEX))

    def add(start: str, end: str, way: float, mass: float) -> None:
        share[JOINT_INDEX[start]] += mass * (1 - way)
        share[JOINT_INDEX[end]] += mass * way

    for start, end, way, mass in _HEAD:
        add(start, end, way, mass)
    for side in SIDES:
        add(f"{side}_hip", f"{side}_shoulder", _TRUNK[0], _TRUNK[1] / 2)
        for start, end, way, mass in _LIMBS:
            add(f"{side}_{start}", f"{side}_{end}", way, mass)
    return np.asarray(share / share.sum())


_SHARES = _shares()


def centre_of_mass(joints_m: Floats) -> Floats:
    """Return the body's centre of mass, shape (T, 3), from joint centres (T, J, 3); metres."""
    return np.asarray(np.einsum("tji,j->ti", joints_m, _SHARES))
