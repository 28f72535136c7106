"""Standing on one leg with known sway: near and far, steady and in an unsteady hand, and growing over a set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from formdrift.sample_videos.render import Scenario
from synthetic.scenes import SPLITS, Scene

COMMANDED_MM = (0.0, 1.0, 2.0, 3.0, 5.0, 9.0, 12.0)
SIZES = {"480p": (640, 480), "720p": (1280, 720)}
# About each of the camera's axes; the same unsteady hand as in the sample videos.
SHAKE_DEG = 0.15
HOLD_S = 20.0
_MOVEMENT: dict[str, Any] = {
    "exercise": "single_leg_stance",
    "leg": "left",
    "reps": 1,
    "knee_flexion_deg": (8, 10),
    "trunk_inclination_deg": (3, 4),
    "arm_elevation_deg": (10, 12),
    "descent_s": 1.0,
    "hold_s": HOLD_S,
    "ascent_s": 0.9,
    "pause_s": 0.4,
    "lead_in_s": 1.0,
    "lead_out_s": 0.4,
}
_BODY = "woman_slim"
# Of the split's thousand seeds.
_FIRST_SEED = 700


@dataclass(frozen=True)
class Stance:
    """One clip: commanded sway in both directions, view, picture size, and whether a hand holds the camera."""

    sway_mm: float
    yaw_deg: int
    size: str
    hand_held: bool
    scene: Scene


def grid() -> list[Stance]:
    """List the clips of the accuracy table, all of one body."""
    found: list[Stance] = []
    for size in SIZES:
        for hand_held in (False, True):
            for yaw_deg in (0, 90):
                for sway_mm in COMMANDED_MM:
                    camera: dict[str, Any] = {"size": size, "shake_deg": SHAKE_DEG if hand_held else 0.0}
                    scene = _both_ways(_BODY, len(found), sway_mm, yaw_deg, **camera)
                    found.append(Stance(sway_mm, yaw_deg, size, hand_held, scene))
    return found


def another_body() -> list[Stance]:
    """List some of the same of a body that the pose network sees less well, from the side above all."""
    wanted = [(yaw_deg, sway_mm) for yaw_deg in (0, 90) for sway_mm in (1.0, 3.0, 9.0)]
    return [
        Stance(sway_mm, yaw_deg, "480p", False, _both_ways("man_heavy", 80 + i, sway_mm, yaw_deg))
        for i, (yaw_deg, sway_mm) in enumerate(wanted)
    ]


def sets() -> dict[str, Scene]:
    """List the clips whose sway grows or stays: over a set of four times on one leg, and within one."""
    four = {"reps": 4, "pause_s": 1.5}
    tiring = {"from_rep": 2, "sway": 1.0}
    return {
        "four times 5 mm": _both_ways(_BODY, 90, 5.0, movement=four),
        "four times, 3 mm growing to 12 mm": _both_ways(_BODY, 91, 3.0, movement=four, fatigue=tiring),
        "once, growing fourfold": _both_ways(_BODY, 92, 5.0, movement={"hold_s": 30.0}, growth=4.0),
    }


def _both_ways(body: str, number: int, sway_mm: float, yaw_deg: int = 0, *, growth: float = 1.0, **how: Any) -> Scene:
    sway = {"sideways_rms_m": sway_mm / 1000.0, "forward_rms_m": sway_mm / 1000.0, "growth": growth}
    description = f"{sway_mm:g} mm of sway for the balance benchmark"
    return stance_scene(description, body, _FIRST_SEED + number, sway, yaw_deg, **how)


def stance_scene(
    description: str,
    body: str,
    number: int,
    sway: dict[str, float],
    yaw_deg: int,
    *,
    size: str = "480p",
    shake_deg: float = 0.0,
    movement: dict[str, Any] | None = None,
    fatigue: dict[str, Any] | None = None,
) -> Scene:
    """Lay out somebody who stands on the left leg, with one of the develop split's thousand seeds."""
    split = SPLITS["develop"]
    width, height = SIZES[size]
    table = {
        "description": description,
        "body": body,
        "seed": split.first_seed + number,
        "movement": {**_MOVEMENT, **(movement or {})},
        "fatigue": fatigue or {},
        "sway": sway,
        "stance": {"half_width_m": 0.08, "toe_out_deg": 5.0},
        "camera": {
            "yaw_deg": float(yaw_deg),
            "height_m": split.height_m,
            "distance_m": split.distance_m,
            "fov_deg": split.fov_deg,
            "shake_deg": shake_deg,
        },
        "room": {"wall": split.wall},
        "video": {"width": width, "height": height, "fps": 15.0},
    }
    scenario = TypeAdapter(Scenario).validate_python(table)
    return Scene("develop", "sway", "balance", body, yaw_deg, split.height_m, scenario)
