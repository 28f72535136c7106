"""Knee angles of one real person against four cameras: a check that nothing is grossly wrong, no accuracy.

Run as ``python benchmarks/plausibility.py``. The reference is markerless itself (Pose2Sim, four
cameras): its two solutions differ from each other, so it can't tell more than about ten degrees.
"""

from __future__ import annotations

import sys

import numpy as np
from motion import knee_flexion

from formdrift.assess import look
from formdrift.assess.settings import load_calibrations, load_thresholds
from formdrift.pose.clean import clean
from formdrift.scoring.kinematics import kinematics
from results import SHARED, publish

_SOLUTIONS = ("ik_balancing_LSTM.mot", "ik_balancing_body25b.mot")
_CAMERAS = ("cam01.mp4", "cam02.mp4")


def report() -> str:
    """Compare each camera with each solution."""
    solutions = {name: knee_flexion(SHARED / "kinematics" / "pose2sim_demo" / name)[1] for name in _SOLUTIONS}
    first, second = solutions.values()
    rows = [_row("the two references", first - second)]
    for camera in _CAMERAS:
        track = look(SHARED / "videos" / "pose2sim_demo" / camera).people.lifter
        calibration = load_calibrations().models[track.model_id]
        kin = kinematics(clean(track), load_thresholds(), calibration, plane="world")
        for name, reference in solutions.items():
            count = min(len(reference), len(kin.time_s))
            what = f"{camera} ({kin.view.label}, {kin.view.yaw_deg:.0f}°) against {name}"
            rows.append(_row(what, kin.knee_flexion_deg[:count] - reference[:count]))
    head = (
        "A plausibility check, not accuracy: the reference is markerless and good to about ± 10°."
        " Mean flexion of both knees, 100 frames of stepping over a beam.\n\n"
        "| compared | mean difference | SD | frames |\n|---|--:|--:|--:|\n"
    )
    return head + "\n".join(rows) + "\n"


def _row(what: str, difference: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    seen = difference[np.isfinite(difference)]
    return f"| {what} | {seen.mean():+.1f}° | {seen.std():.1f}° | {len(seen)} |"


def main() -> int:
    """Compare, print and write the section."""
    return publish("Plausibility", report, SHARED)


if __name__ == "__main__":
    sys.exit(main())
