"""What single frames labelled by others, and joint angles measured by others, say of our ratios and counts.

Run as ``python benchmarks/labels.py``. The frames of ``squat_errors_wing282k4`` carry normalised
coordinates without the size of the picture, so only ratios along one axis mean something.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from formdrift.assess.settings import load_thresholds
from formdrift.scoring.front import knee_ankle_separation
from formdrift.scoring.reps import segment_reps
from results import write_section
from synthetic.statistics import Auc, auc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formdrift.scoring.reps import RepSpan

    Floats = NDArray[np.float64]

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
_CORRECT = "0.0"
# label, its name, the ratio that should show it, and whether it shows as more (+1) or less (-1)
_ERRORS = (
    ("1.0", "stance too narrow", "stance", -1.0),
    ("2.0", "stance too wide", "stance", 1.0),
    ("3.0", "knees in", "knees", -1.0),
)


def frame_ratios(path: Path) -> tuple[Floats, dict[str, Floats]]:
    """Read the labels of frames, and the distance of knees over ankles and of ankles over shoulders."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = (f"{side}_{joint}" for side in ("LEFT", "RIGHT") for joint in ("SHOULDER", "KNEE", "ANKLE"))
    x = {name: np.array([float(row[f"{name}_x"]) for row in rows]) for name in names}
    ankles = x["LEFT_ANKLE"], x["RIGHT_ANKLE"]
    knees = knee_ankle_separation(x["LEFT_KNEE"], x["RIGHT_KNEE"], *ankles)
    stance = 1.0 / knee_ankle_separation(x["LEFT_SHOULDER"], x["RIGHT_SHOULDER"], *ankles)
    return np.array([row["label"] for row in rows]), {"knees": knees, "stance": stance}


def parted(path: Path) -> dict[str, Auc]:
    """Tell how well each error is parted from correct frames by its own ratio."""
    labels, ratios = frame_ratios(path)
    found = {}
    for label, name, ratio, sense in _ERRORS:
        of_both = (labels == label) | (labels == _CORRECT)
        found[name] = auc(sense * ratios[ratio][of_both], labels[of_both] == label)
    return found


def motion_reps(path: Path) -> tuple[RepSpan, ...]:
    """Count the squats in joint angles of a motion-capture file by the flexion of the knees."""
    with path.open(encoding="utf-8") as file:
        lines = file.read().splitlines()
    start = lines.index("endheader") + 1
    names = lines[start].split()
    values = np.array([[float(cell) for cell in line.split()] for line in lines[start + 1 :]])
    knee_deg = np.mean([values[:, names.index(f"knee_angle_{side}")] for side in "rl"], axis=0)
    limits = load_thresholds()
    return segment_reps(values[:, 0], knee_deg / 90.0, limits.reps, limits.filter, limits.reps.min_lean)


def report() -> str:
    """Write the table and the count."""
    lines = [
        "AUC of our ratios between frames labelled with an error and frames labelled correct. Many frames come from few"
        " videos, so the intervals (Hanley and McNeil), which take frames for independent, are too narrow.",
        "",
        "| file | error | frames with it, correct | AUC (95 %) |",
        "|---|---|--:|--:|",
    ]
    for file in ("test.csv", "validation.csv"):
        for name, one in parted(DATA / "labels" / "squat_errors_wing282k4" / file).items():
            lines.append(
                f"| {file} | {name} | {one.positives}, {one.negatives} |"
                f" {one.area:.3f} ({one.low:.3f}-{one.high:.3f}) |"
            )
    spans = motion_reps(DATA / "kinematics" / "squats1_videoAndMocap.mot")
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
    if not DATA.is_dir():
        print("The labels (../shared/data) are not here.", file=sys.stderr)
        return 2
    text = report()
    write_section("Frames and angles labelled by others", text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
