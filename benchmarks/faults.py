"""Synthetic accuracy: does what the product measures follow the amount of a fault, and of sway? For ``RESULTS.md``.

Run as ``python benchmarks/faults.py [--cache FOLDER]``. Every clip shows one body of the split
"develop" in six repetitions with more of one fault from each to the next.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from formdrift.assess.settings import load_calibrations
from formdrift.assess.video import SeenVideo, assess_seen
from formdrift.pose.track import People
from results import write_section
from synthetic.doses import BODY, DOSES, UNSEEN, dose_scene
from synthetic.observe import ENGINE, add_cache_option, observe
from synthetic.responses import respond
from synthetic.statistics import match
from synthetic.sway import COMMANDED_MM, HOLD_S, hip_sway, sway_error, sway_scenes, tracks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from formdrift.scoring.result import Criterion, Rep
    from synthetic.doses import Dose
    from synthetic.observe import Observation
    from synthetic.scenes import Scene

    Floats = NDArray[np.float64]

TITLE = "Synthetic accuracy: faults and sway"
MODEL = "full"
_TOLERANCE_S = 0.6
_FROM_FRONT = ("SQ-DEPTH", "SQ-LEAN", "SQ-RISE", "SQ-LOCK")
_FROM_SIDE = ("SQ-KASR", "SQ-MKD", "SQ-SHIFT", "SQ-OBLIQ")


def assessed(one: Observation) -> list[Rep | None]:
    """Assess a clip and return the product's repetition for each true one, None where it found none."""
    seen = SeenVideo(People((one.track,), (1.0,), 0), ENGINE, ())
    found = [rep for each in assess_seen(seen, one.scene.movement).sets for rep in each.reps]
    pairs = match([rep.bottom_s for rep in found], one.truth.rep_bottom_s, _TOLERANCE_S)
    of_true = {true: found[i] for i, true in pairs}
    return [of_true.get(true) for true in range(len(one.truth.rep_bottom_s))]


def judged(rep: Rep | None, criterion: str) -> Criterion | None:
    """Return a criterion of a repetition, None where it isn't judged."""
    return next((c for c in rep.criteria if c.id == criterion), None) if rep else None


def dose_rows(dose: Dose, one: Observation, reps: Sequence[Rep | None]) -> list[str]:
    """Write a row for each measurement that should follow the fault."""
    rows = []
    for reads in dose.reads:
        values = [rep.measurements[reads.metric].value if rep else None for rep in reps]
        measured = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
        truth = reads.truth(one.truth)
        found = respond(measured, truth)
        scores = [c.score if (c := judged(rep, reads.criterion)) else None for rep in reps]
        cells = [
            f"`{dose.fault}`",
            f"{dose.movement}, {dose.yaw_deg}°",
            f"{reads.criterion} `{reads.metric}`".strip(),
            _list(np.array(dose.amounts), None),
            _list(truth, reads.digits),
            _list(measured, reads.digits),
            f"{found.r:.3f}",
            f"{found.slope:.2f}",
            f"{'yes' if found.followed == found.steps else '**no**'}, {found.followed} of {found.steps}",
            " ".join("–" if s is None else f"{s:.0f}" for s in scores) if reads.criterion else "",
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def unseen_rows(where: str, reps: Sequence[Rep | None], criteria: Sequence[str]) -> list[str]:
    """Write how often each criterion said that the view can't show it, and why."""
    rows = []
    for name in criteria:
        found = [c for rep in reps if (c := judged(rep, name))]
        refused = [c for c in found if c.status == "not_observable"]
        reasons = sorted({c.reason or "" for c in refused})
        rows.append(f"| {name} | {where} | {len(refused)} of {len(found)} | {'; '.join(reasons)} |")
    return rows


def sway_rows(seen: Sequence[Observation]) -> list[str]:
    """Write a row for each amount of sway and each way of looking."""
    rows = []
    for commanded, one in zip(COMMANDED_MM, seen, strict=True):
        for mode, track in tracks(one).items():
            e = sway_error(*hip_sway(track, one.truth))
            like = ("–", "–") if np.isnan(e.r) else (f"{e.r:.2f}", f"{e.lag_ms:+.0f}")
            cells = (mode, f"{commanded:g}", *(f"{v:.1f}" for v in (e.true_mm, e.found_mm, e.error_mm)), *like)
            rows.append(f"| {' | '.join(cells)} |")
    return rows


def page(rows: Sequence[str], unseen: Sequence[str], sway: Sequence[str]) -> str:
    """Write the section."""
    return "\n\n".join(
        [
            f"Rendered people, not real ones. One body ({BODY}, split develop), 15 frames a second, engine {ENGINE},"
            f" model {MODEL}, calibration {load_calibrations().version}.",
            "### Dose and response\n\nOne clip a fault: six repetitions, each with more of it, no other variation."
            " Truth is the same metric from the joint centres; r and slope are those of the product against it."
            " Order: at how many of the steps by which the truth moves the product moves the same way."
            " Scores are those of the criterion, 100 is no fault.",
            "\n".join(
                [
                    "| fault | clip | read by | commanded | truth | product | r | slope | in order | scores |",
                    "|---|---|---|---|---|---|--:|--:|---|---|",
                    *rows,
                ]
            ),
            "No criterion judges how long a descent takes; SQ-CTRL judges its evenness, which `fast_descent` leaves"
            " as it is. In a clean hinge the shanks tilt back: `shin_travel_deg` first cancels that, and the score of"
            " HG-SHANK counts travel either way. Hands are scored against the foot only where a load is declared,"
            " because empty hands hang where balance leaves them; that clip holds a kettlebell."
            " Not among the clips: touch-down (`touch_down_s`).",
            "### What the view can't show\n\nRepetitions in which a criterion says `not_observable`;"
            " the clips are those of `knees_in_deg` from the side and from the front.",
            "\n".join(["| criterion | view | refused | reason |", "|---|---|--:|---|", *unseen]),
            f"### Sway\n\n{HOLD_S:.0f} s on the left leg from the front; sideways path of mid-hip about its mean, not"
            " smoothed; pixels to millimetres by the true camera. Root mean squares in mm;"
            " commanded is that of the whole time on one leg, of which true is part.",
            "\n".join(
                [
                    "| looked at by | commanded | true | found | error | r | lag, ms |",
                    "|---|--:|--:|--:|--:|--:|--:|",
                    *sway,
                ]
            ),
        ]
    )


def main() -> int:
    """Measure, print and write the section."""
    parser = argparse.ArgumentParser(description="Measure how the product follows faults and sway of known amount.")
    add_cache_option(parser)
    look = partial(_look, cache=parser.parse_args().cache)
    seen = [look(dose_scene(dose, number)) for number, dose in enumerate((*DOSES, UNSEEN))]
    reps = [assessed(one) for one in seen]
    front = reps[[dose.fault for dose in DOSES].index("knees_in_deg")]
    rows = [row for dose, one, found in zip(DOSES, seen, reps, strict=False) for row in dose_rows(dose, one, found)]
    unseen = [*unseen_rows("side", reps[-1], _FROM_SIDE), *unseen_rows("front", front, _FROM_FRONT)]
    sway = sway_rows([look(each) for each in sway_scenes(BODY)])
    text = page(rows, unseen, sway)
    write_section(TITLE, text)
    print(text)
    return 0


def _look(one: Scene, cache: Path) -> Observation:
    return observe(one, (MODEL,), cache)[0]


def _list(values: Floats, digits: int | None) -> str:
    shown = (f"{v:g}" if digits is None else f"{v:.{digits}f}" for v in values)
    return " ".join("–" if v == "nan" else v for v in shown)


if __name__ == "__main__":
    sys.exit(main())
