"""Legs: planted feet that may step and rise on the toes, or a leg that hangs free."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .arms import OUTWARD_SIGN, raised, turn
from .kinematics import two_bone
from .rotations import X_AXIS, Y_AXIS, Z_AXIS, about, apply, between, unit

if TYPE_CHECKING:
    from .body import Body
    from .rotations import Floats
    from .targets import Stance, Targets

FORWARD = -Y_AXIS
# Shares of a limb's turn that the parts beside its joints take, so that the skin keeps its volume.
_BUTTOCK, _FOLD = 0.5, 0.5


def leg_lengths(body: Body) -> tuple[float, float]:
    """Return the lengths of thigh and shank between joint centres, in metres."""
    hip, knee, ankle = (body.joint(f"left_{joint}") for joint in ("hip", "knee", "ankle"))
    return float(np.linalg.norm(knee - hip)), float(np.linalg.norm(ankle - knee))


def leg_span(body: Body, knee_flexion_deg: Floats) -> Floats:
    """Return the distance from hip to ankle at a knee flexion, in metres (law of cosines)."""
    thigh, shank = leg_lengths(body)
    return np.asarray(np.sqrt(thigh**2 + shank**2 + 2 * thigh * shank * np.cos(np.deg2rad(knee_flexion_deg))))


def leg(body: Body, side: str, pelvis: Floats, hip: Floats, stance: Stance, targets: Targets) -> dict[str, Floats]:
    """Return the rotations of a leg's segments, given the pelvis' rotation (T, 3, 3) and the hip centre (T, 3)."""
    sign, column = OUTWARD_SIGN[side], list(OUTWARD_SIGN).index(side)
    free = targets.lift[:, column]
    foot, toes, _ = planted(body, side, stance, targets)
    ankle, loose_forward = ankle_place(body, side, hip, stance, targets)
    out = stance.toe_out_deg - targets.knees_in_deg
    forward = (1 - free)[:, None] * apply(about(Z_AXIS, sign * out), FORWARD) + free[:, None] * loose_forward
    knee = two_bone(hip, ankle, *leg_lengths(body), forward)
    rest_forward = about(Z_AXIS, sign * toe_out_at_rest(body, side)) @ FORWARD
    rest_hip, rest_knee, rest_ankle = (body.joint(f"{side}_{joint}") for joint in ("hip", "knee", "ankle"))
    # The hinge is square to the plane of the leg, also when the thigh itself points forward.
    hinge, rest_hinge = np.cross(ankle - hip, forward), np.cross(rest_ankle - rest_hip, rest_forward)
    thigh = turn(rest_knee - rest_hip, rest_hinge, knee - hip, hinge)
    shank = turn(rest_ankle - rest_knee, rest_hinge, ankle - knee, hinge)
    return {
        f"{side}_buttock": between(pelvis, thigh, _BUTTOCK),
        f"{side}_thigh": thigh,
        f"{side}_knee_fold": between(thigh, shank, _FOLD),
        f"{side}_shank": shank,
        f"{side}_foot": between(foot, shank, free),
        f"{side}_toes": between(toes, shank, free),
    }


def ankle_place(body: Body, side: str, hip: Floats, stance: Stance, targets: Targets) -> tuple[Floats, Floats]:
    """Return where the ankle shall be, (T, 3), standing or free, and where the knee of a free leg points, (T, 3)."""
    free = targets.lift[:, [list(OUTWARD_SIGN).index(side)]]
    standing = planted(body, side, stance, targets)[2]
    loose, loose_forward = _hanging_ankle(body, hip, targets)
    return standing + free * (loose - standing), loose_forward


def planted(body: Body, side: str, stance: Stance, targets: Targets) -> tuple[Floats, Floats, Floats]:
    """Return rotations of foot and toes and the ankle (T, 3) of a standing foot, which turns about its ball."""
    sign, column = OUTWARD_SIGN[side], list(OUTWARD_SIGN).index(side)
    rest = toe_out_at_rest(body, side)
    out, back = about(Z_AXIS, sign * stance.toe_out_deg), about(Z_AXIS, -sign * rest)
    foot = out @ about(X_AXIS, targets.heel_rise_deg[:, column]) @ back
    toes = np.broadcast_to(out @ back, foot.shape)
    to_ankle = body.joint(f"{side}_ankle") - body.joint(f"{side}_ball")
    ball = ball_place(body, side, stance) + targets.step_m[:, column]
    return foot, toes, ball + apply(foot, to_ankle)


def ball_place(body: Body, side: str, stance: Stance) -> Floats:
    """Return where the ball of a foot is that stands in the stance, shape (3,)."""
    sign = OUTWARD_SIGN[side]
    turned = about(Z_AXIS, sign * (stance.toe_out_deg - toe_out_at_rest(body, side)))
    ankle = np.array([sign * stance.half_width_m, 0.0, body.joint(f"{side}_ankle")[2]])
    return np.asarray(ankle + turned @ (body.joint(f"{side}_ball") - body.joint(f"{side}_ankle")))


def toe_out_at_rest(body: Body, side: str) -> float:
    """Return by how much a foot points outwards at rest, in degrees."""
    foot = unit((body.joint(f"{side}_ball") - body.joint(f"{side}_ankle"))[:2])
    return float(np.rad2deg(np.arctan2(OUTWARD_SIGN[side] * foot[0], -foot[1])))


def _hanging_ankle(body: Body, hip: Floats, targets: Targets) -> tuple[Floats, Floats]:
    """Where the ankle of a free leg is, and where its knee points."""
    thigh, shank = leg_lengths(body)
    lower = targets.free_thigh_deg - targets.free_knee_deg
    ankle = hip + thigh * raised(targets.free_thigh_deg) + shank * raised(lower)
    return ankle, raised((targets.free_thigh_deg + lower) / 2 + 90)
