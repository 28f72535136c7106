"""A body standing on two planted feet with a commanded knee and trunk: the postures of squats and hinges."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from .angles import inclination
from .body import JOINT_INDEX, SIDES
from .errors import ScenarioError
from .kinematics import Posture, forward, joint_centres, two_bone
from .mass import centre_of_mass
from .rotations import X_AXIS, Y_AXIS, Z_AXIS, about, apply, between, segment_frame, unit

if TYPE_CHECKING:
    from .body import Body
    from .rotations import Floats

FORWARD = -Y_AXIS
_OUTWARD_SIGN = {"left": 1.0, "right": -1.0}
# Share of the way from pelvis to thorax, from the lowest part of the spine up.
_SPINE = {"spine_1": 0.1, "spine_2": 0.35, "spine_3": 0.65, "spine_4": 0.9}
_HEAD_PITCH = 0.3
# Shares of a limb's turn that the parts beside its joints take, so that the skin keeps its volume.
_BUTTOCK, _CLAVICLE, _SCAPULA, _FOLD = 0.5, 0.08, 0.22, 0.5
_ARM_ABDUCTION_DEG = 7.0
_MAX_STEPS = 20
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Stance:
    """Where the feet stand and how the weight lies on them.

    Attributes
    ----------
    half_width_m : float
        From the middle to each ankle.
    toe_out_deg : float
        By how much each foot points outwards.
    weight_forward_m : float
        Centre of mass in front of the ankles.
    """

    half_width_m: float = 0.20
    toe_out_deg: float = 15.0
    weight_forward_m: float = 0.05


@dataclass(frozen=True, eq=False)
class Targets:
    """What a posture shall show in each of T frames.

    Attributes
    ----------
    knee_flexion_deg : (T,) array
        Angle between thigh and shank in space, the same on both sides.
    trunk_inclination_deg : (T,) array
        Forward tilt of the line from mid-hip to mid-shoulder.
    arm_elevation_deg : (T,) array
        Upper arm from hanging (0) to pointing forward (90).
    elbow_flexion_deg : (T,) array
        0 when straight.
    """

    knee_flexion_deg: Floats
    trunk_inclination_deg: Floats
    arm_elevation_deg: Floats
    elbow_flexion_deg: Floats

    def __len__(self) -> int:
        return len(self.knee_flexion_deg)


@dataclass(frozen=True, eq=False)
class _Root:
    """What is solved for: the pelvis' sideways-free place and its pitch, each of shape (T,)."""

    back_m: Floats
    up_m: Floats
    pitch_deg: Floats

    def moved(self, step: Floats) -> _Root:
        return replace(
            self,
            back_m=self.back_m + step[:, 0],
            up_m=self.up_m + step[:, 1],
            pitch_deg=self.pitch_deg + step[:, 2],
        )


def solve_posture(body: Body, stance: Stance, targets: Targets) -> Posture:
    """Find the postures that show the targets with the weight over the planted feet.

    Newton's method on all frames at once; the unknowns are the pelvis' place in the
    sagittal plane and its pitch.

    Raises
    ------
    ScenarioError
        When no posture shows the targets, for example because the legs would have to be
        shorter than the feet stand apart.
    """
    span = leg_span(body, targets.knee_flexion_deg)
    root = _guess(body, stance, targets, span)
    with suppress(np.linalg.LinAlgError):  # a slope of zero: the targets are out of reach
        for _ in range(_MAX_STEPS):
            miss = _miss(body, stance, targets, span, root)
            if np.abs(miss).max() < _TOLERANCE:
                return _place(body, stance, targets, root)
            step = np.linalg.solve(_slope(body, stance, targets, span, root, miss), -miss[..., None])
            root = root.moved(np.asarray(step[..., 0], dtype=np.float64))
    raise ScenarioError(
        f"No balanced posture has a knee flexion of {targets.knee_flexion_deg.max():.0f}° or a trunk inclination of "
        f"{targets.trunk_inclination_deg.max():.0f}° on feet {2 * stance.half_width_m:.2f} m apart; "
        "choose values closer to a real squat or hinge."
    )


def leg_lengths(body: Body) -> tuple[float, float]:
    """Return the lengths of thigh and shank between joint centres, in metres."""
    hip, knee, ankle = (body.joint(f"left_{joint}") for joint in ("hip", "knee", "ankle"))
    return float(np.linalg.norm(knee - hip)), float(np.linalg.norm(ankle - knee))


def leg_span(body: Body, knee_flexion_deg: Floats) -> Floats:
    """Return the distance from hip to ankle at a knee flexion, in metres (law of cosines)."""
    thigh, shank = leg_lengths(body)
    return np.asarray(np.sqrt(thigh**2 + shank**2 + 2 * thigh * shank * np.cos(np.deg2rad(knee_flexion_deg))))


def _guess(body: Body, stance: Stance, targets: Targets, span: Floats) -> _Root:
    back = 0.25 * np.sin(np.deg2rad(targets.trunk_inclination_deg))
    aside = stance.half_width_m - body.joint("left_hip")[0]
    height = np.sqrt(np.maximum(span**2 - back**2 - aside**2, 0.01))
    return _Root(back, body.joint("left_ankle")[2] + height, targets.trunk_inclination_deg)


def _miss(body: Body, stance: Stance, targets: Targets, span: Floats, root: _Root) -> Floats:
    """How far balance (m), leg length (m²: smooth even out of reach) and trunk (rad) are off, shape (T, 3)."""
    joints = joint_centres(body, _place(body, stance, targets, root))

    def at(joint: str) -> Floats:
        return np.asarray(joints[:, JOINT_INDEX[joint]])

    legs = sum(np.sum((at(f"{side}_hip") - at(f"{side}_ankle")) ** 2, axis=1) for side in SIDES) / 2
    trunk = inclination(at("left_shoulder") + at("right_shoulder") - at("left_hip") - at("right_hip"))
    ahead = centre_of_mass(joints) @ FORWARD
    return np.stack(
        [ahead - stance.weight_forward_m, legs - span**2, np.deg2rad(trunk - targets.trunk_inclination_deg)], axis=1
    )


def _slope(body: Body, stance: Stance, targets: Targets, span: Floats, root: _Root, miss: Floats) -> Floats:
    """Finite-difference derivatives of the misses, shape (T, 3, 3)."""
    columns = []
    for step in np.diag([1e-6, 1e-6, 1e-4]):
        moved = _miss(body, stance, targets, span, root.moved(np.tile(step, (len(miss), 1))))
        columns.append((moved - miss) / step.sum())
    return np.stack(columns, axis=2)


def _place(body: Body, stance: Stance, targets: Targets, root: _Root) -> Posture:
    frames = len(targets)
    pelvis = about(X_AXIS, root.pitch_deg)
    middle_hip = (body.joint("left_hip") + body.joint("right_hip")) / 2
    origin = np.stack([np.zeros(frames), root.back_m, root.up_m], axis=1)
    pelvis_m = origin + apply(pelvis, body.head("pelvis") - middle_hip)
    rotation = _trunk(pelvis, pelvis, _HEAD_PITCH * root.pitch_deg)
    for side in SIDES:
        hip = pelvis_m + apply(pelvis, body.joint(f"{side}_hip") - body.head("pelvis"))
        rotation |= _leg(body, side, pelvis, hip, stance)
        rotation |= _arm(body, side, rotation["thorax"], targets)
    return forward(body, rotation, pelvis_m)


def _trunk(pelvis: Floats, thorax: Floats, head_pitch_deg: Floats) -> dict[str, Floats]:
    head = about(X_AXIS, head_pitch_deg)
    spine = {name: between(pelvis, thorax, share) for name, share in _SPINE.items()}
    return {"pelvis": pelvis, **spine, "thorax": thorax, "neck": between(thorax, head, 0.5), "head": head}


def _leg(body: Body, side: str, pelvis: Floats, hip: Floats, stance: Stance) -> dict[str, Floats]:
    sign = _OUTWARD_SIGN[side]
    toe_out_at_rest = _toe_out_at_rest(body, side)
    foot = about(Z_AXIS, sign * (stance.toe_out_deg - toe_out_at_rest))
    ankle = np.array([sign * stance.half_width_m, 0.0, body.joint(f"{side}_ankle")[2]])
    knee_forward = about(Z_AXIS, sign * stance.toe_out_deg) @ FORWARD
    knee = two_bone(hip, ankle, *leg_lengths(body), knee_forward)
    rest_forward = about(Z_AXIS, sign * toe_out_at_rest) @ FORWARD
    rest_hip, rest_knee, rest_ankle = (body.joint(f"{side}_{joint}") for joint in ("hip", "knee", "ankle"))
    # The hinge is square to the plane of the leg, also when the thigh itself points forward.
    hinge, rest_hinge = np.cross(ankle - hip, knee_forward), np.cross(rest_ankle - rest_hip, rest_forward)
    thigh = _turn(rest_knee - rest_hip, rest_hinge, knee - hip, hinge)
    shank = _turn(rest_ankle - rest_knee, rest_hinge, ankle - knee, hinge)
    planted = np.broadcast_to(foot, thigh.shape)
    return {
        f"{side}_buttock": between(pelvis, thigh, _BUTTOCK),
        f"{side}_thigh": thigh,
        f"{side}_knee_fold": between(thigh, shank, _FOLD),
        f"{side}_shank": shank,
        f"{side}_foot": planted,
        f"{side}_toes": planted,
    }


def _arm(body: Body, side: str, thorax: Floats, targets: Targets) -> dict[str, Floats]:
    """Arms in a plane near the sagittal one, so that only elevation and elbow need saying."""
    plane = about(Z_AXIS, _OUTWARD_SIGN[side] * _ARM_ABDUCTION_DEG)
    upper = apply(plane, _raised(targets.arm_elevation_deg))
    lower = apply(plane, _raised(targets.arm_elevation_deg + targets.elbow_flexion_deg))
    shoulder, elbow, wrist = (body.joint(f"{side}_{joint}") for joint in ("shoulder", "elbow", "wrist"))
    hinge = -plane @ X_AXIS
    rest_hinge = np.cross(elbow - shoulder, wrist - elbow)
    upper_arm = _turn(elbow - shoulder, rest_hinge, upper, hinge)
    forearm = _turn(wrist - elbow, rest_hinge, lower, hinge)
    return {
        f"{side}_clavicle": between(thorax, upper_arm, _CLAVICLE),
        f"{side}_scapula": between(thorax, upper_arm, _SCAPULA),
        f"{side}_upper_arm": upper_arm,
        f"{side}_elbow_fold": between(upper_arm, forearm, _FOLD),
        f"{side}_forearm": forearm,
        f"{side}_hand": forearm,
    }


def _raised(elevation_deg: Floats) -> Floats:
    angle = np.deg2rad(elevation_deg)
    return np.asarray(np.sin(angle)[:, None] * FORWARD - np.cos(angle)[:, None] * Z_AXIS)


def _turn(rest_along: Floats, rest_hinge: Floats, along: Floats, hinge: Floats) -> Floats:
    """Return the rotation that carries a limb segment with its hinge from rest to where it lies now."""
    return np.asarray(segment_frame(along, hinge) @ segment_frame(rest_along, rest_hinge).T)


def _toe_out_at_rest(body: Body, side: str) -> float:
    foot = unit((body.joint(f"{side}_ball") - body.joint(f"{side}_ankle"))[:2])
    return float(np.rad2deg(np.arctan2(_OUTWARD_SIGN[side] * foot[0], -foot[1])))
