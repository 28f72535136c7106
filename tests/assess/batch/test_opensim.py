"""What is written for OpenSim."""

from __future__ import annotations

import numpy as np

from formdrift.assess.batch.opensim import mot
from formdrift.scoring.sets import Series

TIME_S = np.arange(3) / 10


def test_angles_are_written_where_all_were_seen() -> None:
    knee = np.array([10.0, np.nan, 30.0])
    text = mot(Series(0, TIME_S, {"knee_flexion_deg": knee, "hip_height": np.ones(3)}, "left"))
    assert text is not None
    head, rows = text.split("endheader\n")
    assert "nRows=2" in head
    assert rows.splitlines() == ["time\tknee_flexion_deg", "0.000000\t10.000000", "0.200000\t30.000000"]


def test_a_view_without_angles_gives_no_file_of_times_alone() -> None:
    assert mot(Series(0, TIME_S, {"hip_height": np.ones(3)}, "left")) is None
