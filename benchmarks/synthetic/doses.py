"""Clips in which one fault grows from repetition to repetition, and what of the product should follow it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from formdrift.assess import Prescription, read_prescription
from formdrift.sample_videos.render import Scenario
from synthetic import responses
from synthetic.scenes import SPLITS, Scene

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from formdrift.sample_videos.render import Truth

    Floats = NDArray[np.float64]

SPLIT, BODY = SPLITS["develop"], "woman_slim"
_FIRST_SEED = SPLIT.first_seed + 500
_SIDE_DEG, _FRONT_DEG = 90, 0
_TIMING = {"descent_s": 1.2, "hold_s": 0.2, "ascent_s": 1.0, "pause_s": 0.4, "lead_in_s": 1.0, "lead_out_s": 0.6}
_MOVEMENT: dict[str, dict[str, Any]] = {
    "squat": {
        "exercise": "squat",
        "knee_flexion_deg": (8.0, 115.0),
        "trunk_inclination_deg": (3.0, 36.0),
        "arm_elevation_deg": (12.0, 84.0),
    },
    "rdl": {
        "exercise": "rdl",
        "knee_flexion_deg": (8.0, 20.0),
        "trunk_inclination_deg": (3.0, 70.0),
        "arm_elevation_deg": (10.0, 2.0),
    },
}


@dataclass(frozen=True)
class Reads:
    """What of the product should follow a fault.

    Attributes
    ----------
    criterion : str
        That judges it; empty where none does.
    metric : str
        Name of the measurement.
    truth : callable
        The same metric of each repetition, from the truth.
    digits : int
        To print.
    """

    criterion: str
    metric: str
    truth: Callable[[Truth], Floats]
    digits: int = 0


@dataclass(frozen=True)
class Dose:
    """One clip: a fault that grows, and what should follow it.

    Attributes
    ----------
    fault, amounts
        Its name and its amount in each repetition.
    movement : str
    yaw_deg : int
        Side or front, whichever shows the fault.
    reads : tuple of Reads
    load : str
        What is held; that a load is held is also declared.
    tempo : str or None
        What was asked for.
    """

    fault: str
    movement: str
    yaw_deg: int
    amounts: tuple[float, ...]
    reads: tuple[Reads, ...]
    load: str = "none"
    tempo: str | None = None

    @property
    def criteria(self) -> tuple[Reads, ...]:
        """Those that are judged."""
        return tuple(reads for reads in self.reads if reads.criterion)

    def prescription(self) -> Prescription:
        """Return what is declared when the clip is assessed."""
        return read_prescription(tempo=self.tempo, load=None if self.load == "none" else "20")


_RISING = (0.0, 6.0, 12.0, 18.0, 24.0, 30.0)
DOSES = (
    Dose(
        "shallow_deg", "squat", _SIDE_DEG, _RISING, (Reads("SQ-DEPTH", "depth_angle_bottom_deg", responses.true_depth),)
    ),
    Dose(
        "lean_deg",
        "squat",
        _SIDE_DEG,
        (0, 5, 10, 15, 20, 25),
        (Reads("SQ-LEAN", "trunk_minus_shank_bottom_deg", responses.true_lean),),
    ),
    Dose(
        "hips_first_deg",
        "squat",
        _SIDE_DEG,
        (0, 8, 14, 20, 26, 32),
        (Reads("SQ-RISE", "trunk_rise_deg", responses.true_rise),),
    ),
    Dose(
        "lockout_deg",
        "squat",
        _SIDE_DEG,
        (0, 5, 10, 15, 20, 25),
        (Reads("SQ-LOCK", "knee_flexion_lockout_deg", responses.true_lockout),),
    ),
    Dose(
        "fast_descent",
        "squat",
        _SIDE_DEG,
        (0, 0.12, 0.24, 0.36, 0.48, 0.6),
        (
            Reads("", "descent_s", responses.true_descent, 2),
            Reads("SQ-TEMPO", "tempo_error", responses.true_tempo_error, 2),
        ),
        tempo="/".join(f"{_TIMING[phase]:g}" for phase in ("descent_s", "hold_s", "ascent_s", "pause_s")),
    ),
    Dose(
        "knees_in_deg",
        "squat",
        _FRONT_DEG,
        _RISING,
        (
            Reads("SQ-KASR", "knee_separation_deficit", responses.true_separation, 2),
            Reads("SQ-MKD", "knees_in", responses.true_knees_in, 2),
        ),
    ),
    Dose(
        "hip_shift_m",
        "squat",
        _FRONT_DEG,
        (0, 0.015, 0.03, 0.045, 0.06, 0.075),
        (Reads("SQ-SHIFT", "hip_shift_bottom", responses.true_hip_shift, 2),),
    ),
    Dose(
        "pelvic_drop_deg",
        "squat",
        _FRONT_DEG,
        (0, 3, 6, 9, 12, 15),
        (Reads("SQ-OBLIQ", "pelvis_tilt_change_deg", responses.true_pelvis_tilt, 1),),
    ),
    Dose(
        "squatty_deg",
        "rdl",
        _SIDE_DEG,
        (0, 12, 24, 36, 48, 60),
        (Reads("HG-RATIO", "knee_to_hip_flexion_ratio", responses.true_ratio, 2),),
    ),
    Dose(
        "shin_travel_deg",
        "rdl",
        _SIDE_DEG,
        _RISING,
        (Reads("HG-SHANK", "shank_travel_deg", responses.true_shank_travel),),
    ),
    Dose(
        "heel_rise_deg",
        "squat",
        _SIDE_DEG,
        (0, 4, 8, 12, 16, 20),
        (Reads("SQ-HEEL", "heel_rise_deg", responses.true_heel_rise, 1),),
    ),
    Dose(
        "bar_drift_m",
        "rdl",
        _SIDE_DEG,
        (0, 0.03, 0.06, 0.09, 0.12, 0.15),
        (Reads("HG-FOOT", "hand_over_midfoot", responses.true_hand_over_midfoot, 2),),
        load="kettlebell",
    ),
)


def from_elsewhere(dose: Dose) -> Dose:
    """Return the same dose filmed from where it does not show: from the front instead of the side, or the reverse."""
    return replace(dose, yaw_deg=_FRONT_DEG if dose.yaw_deg == _SIDE_DEG else _SIDE_DEG)


def dose_scene(dose: Dose, number: int) -> Scene:
    """Make the clip of a dose."""
    table = {
        "description": f"{dose.fault} for the accuracy benchmark",
        "body": BODY,
        "seed": _FIRST_SEED + number,
        "movement": {**_MOVEMENT[dose.movement], **_TIMING, "reps": len(dose.amounts)},
        "faults": {dose.fault: dose.amounts},
        "camera": {
            "yaw_deg": float(dose.yaw_deg),
            "height_m": SPLIT.height_m,
            "distance_m": SPLIT.distance_m,
            "fov_deg": SPLIT.fov_deg,
        },
        "load": {"kind": dose.load, "mass_share": 0.5} if dose.load != "none" else {"kind": "none"},
        "room": {"wall": SPLIT.wall},
        "video": {"fps": 15.0},
    }
    scenario = TypeAdapter(Scenario).validate_python(table)
    return Scene("develop", "faults", dose.movement, BODY, dose.yaw_deg, SPLIT.height_m, scenario)
