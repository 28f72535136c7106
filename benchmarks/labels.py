"""What single frames labelled by others, and joint angles measured by others, say of our ratios and counts.

Run as ``python benchmarks/labels.py``. The frames carry normalised coordinates without the size of
the picture, so only ratios along one axis mean something.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from motion import knee_flexion

from formdrift.assess.settings import load_thresholds
from formdrift.scoring.front import knee_ankle_separation
from formdrift.scoring.reps import segment_reps
from results import SHARED, publish
from synthetic.statistics import Auc, auc

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from formdrift.scoring.reps import RepSpan

    Floats = NDArray[np.float64]

FILES = (
    "squat_errors_wing282k4/test.csv",
    "squat_errors_wing282k4/validation.csv",
    "squat_correction_ngoquoc/train.csv",
    "squat_correction_ngoquoc/test.csv",
)


@dataclass(frozen=True)
class Parting:
    """Frames with one label, to be told from those with another by a ratio.

    Attributes
    ----------
    name : str
        What the label means.
    label, other : str
        As in the files.
    ratio : str
        Which of `frame_ratios`.
    sense : float
        Whether the label shows as more of it (+1) or less (-1).
    """

    name: str
    label: str
    other: str
    ratio: str
    sense: float


PARTINGS = {
    "squat_errors_wing282k4": (
        Parting("stance too narrow", "1.0", "0.0", "stance", -1.0),
        Parting("stance too wide", "2.0", "0.0", "stance", 1.0),
        Parting("knees in", "3.0", "0.0", "knees", -1.0),
    ),
    "squat_correction_ngoquoc": (
        Parting("down: knees further apart than up", "down", "up", "knees", 1.0),
        Parting("down: stance wider than up", "down", "up", "stance", 1.0),
    ),
}


def frame_ratios(path: Path) -> tuple[Floats, dict[str, Floats]]:
    """Read the labels of frames, and the distance of knees over ankles and of ankles over shoulders."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [{column.lower(): cell for column, cell in row.items()} for row in csv.DictReader(file)]
    shoulders, knees, ankles = (
        [np.array([float(row[f"{side}_{joint}_x"]) for row in rows]) for side in ("left", "right")]
        for joint in ("shoulder", "knee", "ankle")
    )
    apart = knee_ankle_separation(*knees, *ankles)
    stance = 1.0 / knee_ankle_separation(*shoulders, *ankles)
    return np.array([row["label"] for row in rows]), {"knees": apart, "stance": stance}


def parted(path: Path) -> dict[str, Auc]:
    """Tell how well frames with each label are parted from the others by the label's own ratio."""
    labels, ratios = frame_ratios(path)
    found = {}
    for one in PARTINGS[path.parent.name]:
        of_both = (labels == one.label) | (labels == one.other)
        found[one.name] = auc(one.sense * ratios[one.ratio][of_both], labels[of_both] == one.label)
    return found


def motion_reps(path: Path) -> tuple[RepSpan, ...]:
    """Count the squats in joint angles of a motion-capture file by the flexion of the knees."""
    time_s, knee_deg = knee_flexion(path)
    limits = load_thresholds()
    return segment_reps(time_s, knee_deg / 90.0, limits.reps, limits.filter, limits.reps.min_lean)


def report() -> str:
    """Write the table and the count."""
    lines = [
        "AUC of our ratios between frames with a label and frames labelled correct, or up. Many frames come from few"
        " videos, so the intervals (Hanley and McNeil), which take frames for independent, are too narrow."
        " Up and down are phases, not errors: knees that go out with the feet part them, a stance that stays can't.",
        "",
        "| file | label | frames with it, without | AUC (95 %) |",
        "|---|---|--:|--:|",
    ]
    for file in FILES:
        for name, one in parted(SHARED / "labels" / file).items():
            area = f"{one.area:.3f} ({one.low:.3f}-{one.high:.3f})"
            lines.append(f"| {file} | {name} | {one.positives}, {one.negatives} | {area} |")
    spans = motion_reps(SHARED / "kinematics" / "squats1_videoAndMocap.mot")
    lasted = [span.end_s - span.start_s for span in spans]
    bend = [90.0 * span.amplitude for span in spans]
    lines += [
        "",
        f"Five squats in motion-capture angles: {len(spans)} counted, each {min(lasted):.1f} to {max(lasted):.1f} s,"
        f" knees bent {min(bend):.0f} to {max(bend):.0f}° beyond standing.",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Compare, print and write the section."""
    return publish("Frames and angles labelled by others", report, SHARED)


if __name__ == "__main__":
    sys.exit(main())
