"""A balanced body with a commanded knee and trunk, on two feet or one: squats, hinges, steps, single-leg stance."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from .angles import inclination
from .arms import Thorax, arm
from .body import JOINT_INDEX, PARENT, SIDES
from .errors import ScenarioError
from .kinematics import Posture, forward, joint_centres
from .legs import FORWARD, ankle_place, leg, leg_lengths, leg_span, planted
from .mass import centre_of_mass
from .rotations import X_AXIS, Y_AXIS, about, apply, between

if TYPE_CHECKING:
    from .body import Body
    from .load import Held
    from .rotations import Floats
    from .targets import Stance, Targets

# Share of the way from pelvis to thorax, from the lowest part of the spine up.
_SPINE = {"spine_1": 0.1, "spine_2": 0.35, "spine_3": 0.65, "spine_4": 0.9}
_HEAD_PITCH = 0.3
_THORAX_ROLL = 0.25
_MAX_STEPS = 25
_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class _Root:
    """What is solved for: the pelvis' place and its pitch, each of shape (T,)."""

    aside_m: Floats
    back_m: Floats
    up_m: Floats
    pitch_deg: Floats

    def moved(self, step: Floats) -> _Root:
        return _Root(
            self.aside_m + step[:, 0],
            self.back_m + step[:, 1],
            self.up_m + step[:, 2],
            self.pitch_deg + step[:, 3],
        )


@dataclass(frozen=True, eq=False)
class _Task:
    """One solve: whose posture, what it shall show, where the feet bring the ankles, and the shanks' tilt or NaN."""

    body: Body
    stance: Stance
    targets: Targets
    held: Held | None
    span: Floats
    ankles: Floats
    shank_deg: Floats


def solve_posture(body: Body, stance: Stance, targets: Targets, held: Held | None = None) -> Posture:
    """Find the postures that show the targets with the weight over the feet.

    Newton's method on all frames at once; the unknowns are the pelvis' place and its pitch.

    Parameters
    ----------
    body : Body
        At rest.
    stance : Stance
        Where the feet stand.
    targets : Targets
        For T frames.
    held : Held, optional
        A load that the hands hold and the feet carry.

    Raises
    ------
    ScenarioError
        When no posture shows the targets, for example because the legs would have to be
        shorter than the feet stand apart.
    """
    targets = targets.complete()
    if targets.knee_flexion_deg.min() < 0:
        raise ScenarioError(
            f"A knee flexion of {targets.knee_flexion_deg.min():.0f}° would bend the knee the wrong way; "
            "choose smaller faults, less variation or more knee flexion."
        )
    nowhere = np.full(len(targets), np.nan)
    ankles = np.stack([planted(body, side, stance, targets)[2] for side in SIDES], axis=1)
    task = _Task(body, stance, targets, held, leg_span(body, targets.knee_flexion_deg), ankles, nowhere)
    root = _solve(task, _guess(task))
    travel = targets.shin_travel_deg
    if np.any(travel):
        balanced = _shank(task, joint_centres(body, _place(task, root)))
        task = replace(task, shank_deg=np.where(travel != 0, balanced + travel, np.nan))
        root = _solve(task, root)
    posture = _place(task, root)
    _check_reach(task, joint_centres(body, posture))
    return posture


def _check_reach(task: _Task, joints: Floats) -> None:
    """Refuse legs that would have to be longer than they are: they would hang straight above their foot's place."""
    for side in SIDES:
        hip = joints[:, JOINT_INDEX[f"{side}_hip"]]
        ankle, _ = ankle_place(task.body, side, hip, task.stance, task.targets)
        short_m = np.linalg.norm(ankle - hip, axis=1) - sum(leg_lengths(task.body))
        worst = int(short_m.argmax())
        if short_m[worst] > _TOLERANCE:
            raise ScenarioError(
                f"The {side} leg is {100 * short_m[worst]:.1f} cm too short for where its foot shall be in frame "
                f"{worst}; bend the knees more, or choose a smaller hip shift, pelvic drop, step or stance."
            )


def _solve(task: _Task, root: _Root) -> _Root:
    with suppress(np.linalg.LinAlgError):  # a slope of zero: the targets are out of reach
        for _ in range(_MAX_STEPS):
            miss = _miss(task, root)
            if np.abs(miss).max(initial=0.0) < _TOLERANCE:
                return root
            step = np.linalg.solve(_slope(task, root, miss), -miss[..., None])
            root = root.moved(np.asarray(step[..., 0], dtype=np.float64))
    raise ScenarioError(
        f"No balanced posture has a knee flexion of {task.targets.knee_flexion_deg.max():.0f}° or a trunk inclination "
        f"of {task.targets.trunk_inclination_deg.max():.0f}° on feet {2 * task.stance.half_width_m:.2f} m apart; "
        "choose values closer to a real squat or hinge."
    )


def _guess(task: _Task) -> _Root:
    targets, body = task.targets, task.body
    back = 0.25 * np.sin(np.deg2rad(targets.trunk_inclination_deg))
    splay = task.stance.half_width_m - body.joint("left_hip")[0]
    height = np.sqrt(np.maximum(task.span**2 - back**2 - splay**2, 0.01))
    return _Root(
        targets.aside_m.copy(),
        back - targets.ahead_m,
        body.joint("left_ankle")[2] + height,
        targets.trunk_inclination_deg.copy(),
    )


def _miss(task: _Task, root: _Root) -> Floats:
    """How far off side (m), balance (m or rad), leg length (m²: smooth even out of reach), trunk (rad), (T, 4)."""
    targets, posture = task.targets, _place(task, root)
    joints = joint_centres(task.body, posture)

    def at(joint: str) -> Floats:
        return np.asarray(joints[:, JOINT_INDEX[joint]])

    # To where the ankle shall be, not to where a leg that is too short brings it: that would have no slope.
    reach = [np.sum((at(f"{side}_hip") - task.ankles[:, column]) ** 2, axis=1) for column, side in enumerate(SIDES)]
    legs = np.sum(targets.support * np.stack(reach, axis=1), axis=1)
    trunk = inclination(at("left_shoulder") + at("right_shoulder") - at("left_hip") - at("right_hip"))
    mass = centre_of_mass(joints)
    if task.held is not None:
        mass = task.held.balance(mass, posture, joints)
    middle = (at("left_hip") + at("right_hip"))[:, 0] / 2
    aside = middle + targets.weighed * (mass[:, 0] - middle) - targets.aside_m
    ahead = mass @ FORWARD - task.stance.weight_forward_m - targets.ahead_m
    shank = np.deg2rad(_shank(task, joints) - task.shank_deg)
    balance = np.where(np.isnan(task.shank_deg), ahead, shank)
    return np.stack([aside, balance, legs - task.span**2, np.deg2rad(trunk - targets.trunk_inclination_deg)], axis=1)


def _shank(task: _Task, joints: Floats) -> Floats:
    """Forward tilt of the shanks that carry the weight, shape (T,), in degrees."""
    up = sum(
        task.targets.support[:, [column]]
        * (joints[:, JOINT_INDEX[f"{side}_knee"]] - joints[:, JOINT_INDEX[f"{side}_ankle"]])
        for column, side in enumerate(SIDES)
    )
    return inclination(np.asarray(up))


def _slope(task: _Task, root: _Root, miss: Floats) -> Floats:
    """Finite-difference derivatives of the misses, shape (T, 4, 4)."""
    columns = []
    for step in np.diag([1e-6, 1e-6, 1e-6, 1e-4]):
        moved = _miss(task, root.moved(np.tile(step, (len(miss), 1))))
        columns.append((moved - miss) / step.sum())
    return np.stack(columns, axis=2)


def _place(task: _Task, root: _Root) -> Posture:
    body, targets = task.body, task.targets
    pelvis = about(Y_AXIS, -targets.pelvis_roll_deg) @ about(X_AXIS, root.pitch_deg)
    # Only a part of the pelvis' roll reaches the shoulders.
    thorax = about(Y_AXIS, -_THORAX_ROLL * targets.pelvis_roll_deg) @ about(X_AXIS, root.pitch_deg)
    middle_hip = (body.joint("left_hip") + body.joint("right_hip")) / 2
    origin = np.stack([root.aside_m, root.back_m, root.up_m], axis=1)
    pelvis_m = origin + apply(pelvis, body.head("pelvis") - middle_hip)
    rotation = _trunk(pelvis, thorax, _HEAD_PITCH * root.pitch_deg)
    chest = Thorax(thorax, _thorax_head(body, rotation, pelvis_m))
    for side in SIDES:
        hip = pelvis_m + apply(pelvis, body.joint(f"{side}_hip") - body.head("pelvis"))
        rotation |= leg(body, side, pelvis, hip, task.stance, targets)
        rotation |= arm(body, side, chest, targets, None if task.held is None else task.held.grip)
    return forward(body, rotation, pelvis_m)


def _trunk(pelvis: Floats, thorax: Floats, head_pitch_deg: Floats) -> dict[str, Floats]:
    head = about(X_AXIS, head_pitch_deg)
    spine = {name: between(pelvis, thorax, share) for name, share in _SPINE.items()}
    return {"pelvis": pelvis, **spine, "thorax": thorax, "neck": between(thorax, head, 0.5), "head": head}


def _thorax_head(body: Body, rotation: dict[str, Floats], pelvis_m: Floats) -> Floats:
    point = pelvis_m
    for name in (*_SPINE, "thorax"):
        point = point + apply(rotation[PARENT[name]], body.head(name) - body.head(PARENT[name]))
    return point
