"""The trunk takes over: more lean at the same depth."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .angles import ANGLES, measure
from .body import JOINTS
from .kinematics import joint_centres
from .posture import solve_posture
from .targets import Targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .body import Body
    from .programme import Movement, RepPlan
    from .rotations import Floats
    from .targets import Stance

_ROUNDS = 6
_NUDGE_DEG = 0.5


def keep_depth(
    body: Body, stance: Stance, movement: Movement, reps: Sequence[RepPlan], fresh: Sequence[RepPlan]
) -> tuple[RepPlan, ...]:
    """Bend the knees of tired reps so that the thighs come as deep as in the fresh ones, lean or not.

    Solved without a load and without lateral faults, by secants on the depth angle.
    """
    trunk = np.array([r.trunk_inclination_deg for r in reps])
    knee = np.array([r.knee_flexion_deg for r in fresh])
    wanted = _depth(body, stance, movement, knee, np.array([r.trunk_inclination_deg for r in fresh]))
    for _ in range(_ROUNDS):
        here = _depth(body, stance, movement, knee, trunk)
        slope = (_depth(body, stance, movement, knee + _NUDGE_DEG, trunk) - here) / _NUDGE_DEG
        knee = knee + (wanted - here) / slope
    return tuple(replace(rep, knee_flexion_deg=float(k)) for rep, k in zip(reps, knee, strict=True))


def _depth(body: Body, stance: Stance, movement: Movement, knee: Floats, trunk: Floats) -> Floats:
    arm, elbow = movement.arm_elevation_deg[1], movement.elbow_flexion_deg[1]
    targets = Targets(knee, trunk, np.full(len(knee), arm), np.full(len(knee), elbow))
    joints = joint_centres(body, solve_posture(body, stance, targets))
    angles = measure({name: joints[:, i] for i, name in enumerate(JOINTS)})
    return np.asarray(angles[:, ANGLES.index("left_depth_deg")])
