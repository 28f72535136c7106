"""The rendered scenes of the accuracy benchmark, in three splits whose bodies, cameras and seeds are disjoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import TypeAdapter

from formdrift.sample_videos.render import Scenario

Purpose = Literal["angles", "height", "edges", "faults", "sway"]


@dataclass(frozen=True)
class Split:
    """Who is filmed, from where, and of what chance.

    Attributes
    ----------
    bodies : tuple of str
        Baked bodies; they are seen alternately from their left and from their right.
    height_m, distance_m, fov_deg : float
        Of the camera.
    wall : tuple of float
        Colour of the room, RGB.
    first_seed : int
        Of everything random; a thousand seeds from here belong to the split.
    heights_m : tuple of float
        Further camera heights, for the last body.
    """

    bodies: tuple[str, ...]
    height_m: float
    distance_m: float
    fov_deg: float
    wall: tuple[float, float, float]
    first_seed: int
    heights_m: tuple[float, ...] = ()


# Calibrations are learned on "tune" and looked at on "develop", as often as one likes.
# "held-out" is run once for a release, and every run of it is counted in RESULTS.md.
SPLITS = {
    "tune": Split(("man_average", "woman_short", "woman_heavy"), 1.0, 3.6, 45.0, (0.80, 0.79, 0.74), 1000),
    "develop": Split(("man_heavy", "woman_slim"), 0.8, 3.3, 50.0, (0.62, 0.68, 0.72), 2000, (0.4, 1.8)),
    "held-out": Split(("woman_average", "man_slim", "man_tall"), 1.15, 3.9, 43.0, (0.72, 0.66, 0.60), 3000, (0.4, 1.8)),
}
YAWS_DEG = (0, 30, 45, 60, 75, 90, 105, 135, 180)
MOVEMENTS = ("squat", "hinge")

# What the two movements are like on the average; every repetition differs by the variation.
_MOVEMENT: dict[str, dict[str, Any]] = {
    "squat": {
        "exercise": "squat",
        "knee_flexion_deg": (8.0, 112.0),
        "trunk_inclination_deg": (3.0, 40.0),
        "arm_elevation_deg": (12.0, 84.0),
    },
    "hinge": {
        "exercise": "rdl",
        "knee_flexion_deg": (8.0, 22.0),
        "trunk_inclination_deg": (3.0, 72.0),
        "arm_elevation_deg": (10.0, 2.0),
    },
}
_VARIATION: dict[str, dict[str, float]] = {
    "squat": {"knee_flexion_deg": 7.0, "trunk_inclination_deg": 4.0, "duration": 0.1},
    "hinge": {"knee_flexion_deg": 4.0, "trunk_inclination_deg": 5.0, "duration": 0.1},
}
_TIMING = {"descent_s": 1.3, "hold_s": 0.2, "ascent_s": 1.1, "pause_s": 0.5, "lead_in_s": 1.2, "lead_out_s": 0.8}


@dataclass(frozen=True)
class Scene:
    """One clip of the benchmark; yaw 0 is in front, 90 at the side, 180 behind."""

    split: str
    purpose: Purpose
    movement: str
    body: str
    yaw_deg: int
    height_m: float
    scenario: Scenario


def scenes(name: str) -> list[Scene]:
    """List the scenes of a split: all yaws for the angles, some again from other heights, and the edges of reps."""
    split = SPLITS[name]
    found: list[Scene] = []

    def add(purpose: Purpose, movement: str, body: str, yaw_deg: int, height_m: float) -> None:
        seed = split.first_seed + len(found)
        scenario = _scenario(split, purpose, movement, body, yaw_deg, height_m, seed)
        found.append(Scene(name, purpose, movement, body, yaw_deg, height_m, scenario))

    for movement in MOVEMENTS:
        for body in split.bodies:
            add("edges", movement, body, 90, split.height_m)
            for yaw_deg in YAWS_DEG:
                add("angles", movement, body, yaw_deg, split.height_m)
    for height_m in split.heights_m:
        for yaw_deg in YAWS_DEG:
            add("height", "squat", split.bodies[-1], yaw_deg, height_m)
    return found


def _scenario(
    split: Split, purpose: Purpose, movement: str, body: str, yaw_deg: int, height_m: float, seed: int
) -> Scenario:
    reps, fps = (3, 30.0) if purpose == "edges" else (2, 15.0)
    side = 1 if split.bodies.index(body) % 2 == 0 else -1
    table = {
        "description": f"{movement} for the accuracy benchmark",
        "body": body,
        "seed": seed,
        "movement": {**_MOVEMENT[movement], **_TIMING, "reps": reps},
        "variation": _VARIATION[movement],
        "camera": {
            "yaw_deg": float(side * yaw_deg),
            "height_m": height_m,
            "distance_m": split.distance_m,
            "fov_deg": split.fov_deg,
        },
        "room": {"wall": split.wall},
        "video": {"fps": fps},
    }
    return TypeAdapter(Scenario).validate_python(table)
