"""Arms: swinging free, or with the hands on a load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .body import JOINT_INDEX, SEGMENT_INDEX
from .errors import ScenarioError
from .kinematics import two_bone
from .rotations import X_AXIS, Y_AXIS, Z_AXIS, about, apply, between, segment_frame, unit

if TYPE_CHECKING:
    from .body import Body
    from .rotations import Floats
    from .targets import Targets

OUTWARD_SIGN = {"left": 1.0, "right": -1.0}
# Shares of the upper arm's turn that the shoulder blade takes and of the elbow's that its fold takes.
_CLAVICLE, _SCAPULA, _FOLD = 0.08, 0.22, 0.5
_ROUNDS = 3


@dataclass(frozen=True, eq=False)
class Grip:
    """Where the hands are while they hold something.

    Attributes
    ----------
    on_trunk_m : (2, 3) array or None
        Left and right wrist at rest, carried along by the thorax; None when the arms hang.
    half_width_m : float
        Of hanging hands, from the middle to each wrist.
    """

    on_trunk_m: Floats | None
    half_width_m: float = 0.0


@dataclass(frozen=True, eq=False)
class Thorax:
    """Where the thorax is: its rotation (T, 3, 3) and the point about which it turns (T, 3)."""

    rotation: Floats
    head_m: Floats

    def carried(self, body: Body, rest_m: Floats) -> Floats:
        """Return where a point at rest has been carried, shape (T, 3)."""
        return np.asarray(self.head_m + apply(self.rotation, rest_m - body.head("thorax")))


def arm(body: Body, side: str, thorax: Thorax, targets: Targets, grip: Grip | None) -> dict[str, Floats]:
    """Return the rotations of an arm's segments."""
    column = list(OUTWARD_SIGN).index(side)
    if grip is None:
        upper, lower, hinge = _swung(side, column, targets)
    else:
        upper, lower, hinge = _held(body, side, column, thorax, targets, grip)
    shoulder, elbow, wrist = (body.joint(f"{side}_{joint}") for joint in ("shoulder", "elbow", "wrist"))
    rest_hinge = np.cross(elbow - shoulder, wrist - elbow)
    upper_arm = turn(elbow - shoulder, rest_hinge, upper, hinge)
    forearm = turn(wrist - elbow, rest_hinge, lower, hinge)
    return {
        f"{side}_clavicle": between(thorax.rotation, upper_arm, _CLAVICLE),
        f"{side}_scapula": between(thorax.rotation, upper_arm, _SCAPULA),
        f"{side}_upper_arm": upper_arm,
        f"{side}_elbow_fold": between(upper_arm, forearm, _FOLD),
        f"{side}_forearm": forearm,
        f"{side}_hand": forearm,
    }


def raised(elevation_deg: Floats) -> Floats:
    """Return the direction of a limb that is raised forward from hanging, shape (T, 3)."""
    angle = np.deg2rad(elevation_deg)
    return np.asarray(-np.sin(angle)[:, None] * Y_AXIS - np.cos(angle)[:, None] * Z_AXIS)


def turn(rest_along: Floats, rest_hinge: Floats, along: Floats, hinge: Floats) -> Floats:
    """Return the rotation that carries a limb segment with its hinge from rest to where it lies now."""
    return np.asarray(segment_frame(along, hinge) @ segment_frame(rest_along, rest_hinge).T)


def _swung(side: str, column: int, targets: Targets) -> tuple[Floats, Floats, Floats]:
    """Arms in a plane near the sagittal one, so that only elevation and elbow need saying."""
    plane = about(Z_AXIS, OUTWARD_SIGN[side] * targets.arm_abduction_deg[:, column])
    elevation = targets.arm_elevation_deg[:, column]
    upper = apply(plane, raised(elevation))
    lower = apply(plane, raised(elevation + targets.elbow_flexion_deg[:, column]))
    return upper, lower, -apply(plane, X_AXIS)


def _held(
    body: Body, side: str, column: int, thorax: Thorax, targets: Targets, grip: Grip
) -> tuple[Floats, Floats, Floats]:
    """Two bones to the load; the shoulder follows the arm a little, hence the rounds."""
    rest = [body.joint(f"{side}_{joint}") for joint in ("shoulder", "elbow", "wrist")]
    lengths = (float(np.linalg.norm(rest[1] - rest[0])), float(np.linalg.norm(rest[2] - rest[1])))
    rest_hinge = np.cross(rest[1] - rest[0], rest[2] - rest[1])
    shoulder = thorax.carried(body, rest[0])
    outward = OUTWARD_SIGN[side] * X_AXIS
    for _ in range(_ROUNDS):
        if grip.on_trunk_m is None:
            middle = thorax.head_m[:, 0] + OUTWARD_SIGN[side] * grip.half_width_m
            wrist = _hanging(shoulder, middle, column, sum(lengths), targets)
            pole = np.broadcast_to(0.3 * Y_AXIS + outward, wrist.shape)
        else:
            wrist = thorax.carried(body, grip.on_trunk_m[column])
            if np.linalg.norm(wrist - shoulder, axis=1).max() > sum(lengths):
                raise ScenarioError(f"The {side} arm is too short to hold the load; choose another body or load.")
            pole = apply(thorax.rotation, 0.4 * Y_AXIS + 0.3 * outward - Z_AXIS)
        elbow = two_bone(shoulder, wrist, *lengths, pole)
        hinge = np.cross(elbow - shoulder, wrist - elbow)
        upper_arm = turn(rest[1] - rest[0], rest_hinge, elbow - shoulder, hinge)
        shoulder = _shoulder(body, side, thorax, upper_arm)
    return elbow - shoulder, wrist - elbow, hinge


def _hanging(shoulder: Floats, aside_m: Floats, column: int, length_m: float, targets: Targets) -> Floats:
    """Hands below the shoulders, forward by the arms' elevation and the drift of what they hold."""
    reach = length_m * np.cos(np.deg2rad(targets.elbow_flexion_deg[:, column]) / 2)
    forward = reach * np.sin(np.deg2rad(targets.arm_elevation_deg[:, column])) + targets.grip_drift_m
    across = aside_m - shoulder[:, 0]
    below = reach**2 - forward**2 - across**2
    if below.min() < 0:
        raise ScenarioError(
            f"The arms are too short to hold the load {100 * forward.max():.0f} cm ahead of the shoulders; "
            "choose a smaller bar_drift_m or arm_elevation_deg."
        )
    down = np.sqrt(below)
    return np.asarray(shoulder + np.stack([across, -forward, -down], axis=1))


def _shoulder(body: Body, side: str, thorax: Thorax, upper_arm: Floats) -> Floats:
    heads = [body.heads[SEGMENT_INDEX[f"{side}_{part}"]] for part in ("clavicle", "scapula", "upper_arm")]
    point = thorax.carried(body, heads[0])
    for share, start, end in ((_CLAVICLE, *heads[:2]), (_SCAPULA, *heads[1:])):
        point = point + apply(between(thorax.rotation, upper_arm, share), end - start)
    return np.asarray(point)


def gripped(joints_m: Floats, palm_m: float) -> Floats:
    """Return the middle between the two fists, shape (T, 3): ``palm_m`` beyond the wrists along the forearms."""
    fists = []
    for side in OUTWARD_SIGN:
        elbow, wrist = (joints_m[:, JOINT_INDEX[f"{side}_{joint}"]] for joint in ("elbow", "wrist"))
        fists.append(wrist + palm_m * unit(wrist - elbow))
    return np.asarray((fists[0] + fists[1]) / 2)
