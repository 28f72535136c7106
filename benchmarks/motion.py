"""Joint angles measured by others, from OpenSim's motion files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def knee_flexion(path: Path) -> tuple[Floats, Floats]:
    """Read the time, seconds, (N,), and the mean flexion of both knees, degrees, (N,)."""
    lines = path.read_text(encoding="utf-8").splitlines()
    start = lines.index("endheader") + 1
    names = lines[start].split()
    table = np.array([line.split() for line in lines[start + 1 :] if line.strip()], dtype=np.float64)
    both = table[:, [names.index("knee_angle_r"), names.index("knee_angle_l")]].mean(axis=1)
    return table[:, names.index("time")], np.asarray(both)
