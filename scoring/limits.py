"""What limits the judgement of a set, in plain words: the frame rate, the camera's place, the exercise chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .kinematics import Kinematics
    from .result import Exercise
    from .thresholds import FilterThresholds

NOT_QUIET = (
    "Nobody stands still before the set, so the lockout is compared with the straightest moment of the set:"
    " stand still for two seconds before you start."
)
_AT_AN_ANGLE = "Filmed at an angle, depth, trunk and hinge are rough. Film from the side to see them well."
NEEDS_SIDE = "Depth, trunk and hinge are judged from the side only. Film from the side to see them."
# how sure the look of a movement must be to doubt the exercise that was chosen
_SURE = 0.8


def of_exercise(exercise: Exercise) -> tuple[str, ...]:
    """Say so when a declared exercise clearly looks like the other family; it is judged as declared."""
    looks = {"squat": "a squat", "hinge": "a hip hinge", "deadlift": "a deadlift"}.get(exercise.detected)
    family = "squat" if exercise.detected == "squat" else "hinge"
    if exercise.declared == "auto" or looks is None or family == exercise.family or exercise.confidence < _SURE:
        return ()
    return (f"This looks like {looks}, but it was judged as the exercise you chose, '{exercise.declared}'.",)


def of_view(kin: Kinematics, limits: FilterThresholds) -> tuple[str, ...]:
    """Say what the frame rate and the camera's place leave rough or unseen."""
    found = []
    if kin.fs_hz < limits.min_velocity_fps:
        found.append(f"The video has {kin.fs_hz:.0f} frames a second: too few for speeds. Film at 30 or more.")
    elif kin.fs_hz < limits.good_velocity_fps:
        found.append(f"The video has {kin.fs_hz:.0f} frames a second: speeds are rough. Film at 30 or more.")
    if kin.view.label == "uncertain":
        found.append(
            "The camera's angle to the person could not be made out."
            " Film exactly from the side, whole body in the picture."
        )
    elif kin.oblique:
        found.append(_AT_AN_ANGLE)
    elif not kin.planar:
        found.append(NEEDS_SIDE)
    return tuple(found)
