"""How exactly repetitions are timed: their edges against the truth, in milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formdrift.assess.settings import load_thresholds
from formdrift.pose.clean import clean
from formdrift.scoring.sets import score_track
from synthetic.statistics import match

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formdrift.scoring.calibration import ModelCalibration
    from synthetic.observe import Observation

    Floats = NDArray[np.float64]

EDGES = ("start", "bottom", "end")
_TOLERANCE_S = 0.5


@dataclass(frozen=True, eq=False)
class RepEdges:
    """Repetitions found in one clip.

    Attributes
    ----------
    found, true : int
        Full repetitions.
    off_ms : (N, 3) array
        Start, bottom and end of the matched ones: found minus true.
    """

    found: int
    true: int
    off_ms: Floats


def rep_edges(one: Observation, calibration: ModelCalibration | None) -> RepEdges:
    """Find the repetitions of an observation and match their bottoms with the truth's."""
    scored = score_track(clean(one.track), "auto", load_thresholds(), calibration=calibration)
    full = [rep for each in scored.sets for rep in each.reps if rep.kind == "full"]
    found = np.array([[rep.start_s, rep.bottom_s, rep.end_s] for rep in full]).reshape(-1, 3)
    truth = one.truth
    true = np.stack([truth.rep_start_s, truth.rep_bottom_s, truth.rep_end_s], axis=1)
    pairs = match(found[:, 1], true[:, 1], _TOLERANCE_S)
    off = [1000.0 * (found[i] - true[j]) for i, j in pairs]
    return RepEdges(len(found), len(true), np.array(off).reshape(-1, 3))
