"""Synthetic accuracy: does what the product measures follow the amount of a fault, and of sway? For ``RESULTS.md``.

Run as ``python benchmarks/faults.py [--cache FOLDER]``. Every clip shows one body of the split
"develop" in six repetitions with more of one fault from each to the next.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from formdrift.assess.seen import SeenVideo
from formdrift.assess.settings import load_calibrations, load_thresholds
from formdrift.assess.video import assess_seen
from formdrift.pose.track import People
from formdrift.scoring.cues import CUE_OF
from formdrift.scoring.rubric import RULES
from results import write_section
from synthetic.doses import BODY, DOSES, dose_scene, from_elsewhere
from synthetic.observe import ENGINE, add_cache_option, observe
from synthetic.points import true_track
from synthetic.responses import respond
from synthetic.statistics import match
from synthetic.sway import COMMANDED_MM, HOLD_S, hip_sway, sway_error, sway_scenes, tracks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from formdrift.pose.track import PoseTrack
    from formdrift.scoring.result import Criterion, Rep
    from synthetic.doses import Dose
    from synthetic.observe import Observation
    from synthetic.scenes import Scene

    Floats = NDArray[np.float64]

TITLE = "Synthetic accuracy: faults and sway"
MODEL = "full"
_TOLERANCE_S = 0.6
_SENSE = {rule.id: rule.sense for rule in RULES}
_SEEN_FROM = {0: "front", 90: "side"}


@dataclass(frozen=True, eq=False)
class Assessed:
    """A clip of a dose and what the product says of it.

    Attributes
    ----------
    dose : Dose
    one : Observation
    reps : list of Rep or None
        For each true repetition the product's; None where it found none.
    advice : list of str
        Cues of the set, what weighs most first.
    """

    dose: Dose
    one: Observation
    reps: list[Rep | None]
    advice: list[str]


def assessed(dose: Dose, one: Observation, track: PoseTrack) -> Assessed:
    """Assess a clip by a track of it."""
    seen = SeenVideo(People((track,), (1.0,), 0), ENGINE, ())
    sets = assess_seen(seen, dose.movement, prescription=dose.prescription()).sets
    found = [rep for each in sets for rep in each.reps]
    pairs = match([rep.bottom_s for rep in found], one.truth.rep_bottom_s, _TOLERANCE_S)
    of_true = {true: found[i] for i, true in pairs}
    reps = [of_true.get(true) for true in range(len(one.truth.rep_bottom_s))]
    return Assessed(dose, one, reps, [cue.id for each in sets for cue in each.cues])


def judged(rep: Rep | None, criterion: str) -> Criterion | None:
    """Return a criterion of a repetition, None where it isn't judged."""
    return next((c for c in rep.criteria if c.id == criterion), None) if rep else None


def dose_rows(clip: Assessed) -> list[str]:
    """Write a row for each measurement that should follow the fault."""
    dose, rows = clip.dose, []
    for reads in dose.reads:
        values = [rep.measurements[reads.metric].value if rep else None for rep in clip.reps]
        measured = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
        truth = reads.truth(clip.one.truth)
        found = respond(measured, truth)
        scores = [c.score if (c := judged(rep, reads.criterion)) else None for rep in clip.reps]
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


def top_row(clip: Assessed, by_truth: Assessed) -> str:
    """Write how often the fault is the top one of those repetitions in which there is enough of it to be one."""
    limits, dose = load_thresholds().criteria, clip.dose
    faults = np.zeros(len(dose.amounts), dtype=bool)
    for reads in dose.criteria:
        excess = reads.truth(clip.one.truth) - limits[reads.criterion].target
        sense = _SENSE[reads.criterion]
        faults |= (sense * excess if sense else np.abs(excess)) > limits[reads.criterion].t[0]
    cue = CUE_OF[dose.criteria[0].criterion]
    cells = [f"`{dose.fault}`", _SEEN_FROM[dose.yaw_deg], cue, str(faults.sum())]
    for which in (by_truth, clip):
        tops = Counter(top_fault(rep) for rep, fault in zip(which.reps, faults, strict=True) if fault)
        others = ", ".join(f"{name} in {count}" for name, count in tops.items() if name != cue)
        cells.append(f"{tops[cue]}; {others}" if others else f"{tops[cue]}")
    cells.append(", ".join(clip.advice) or "none")
    return f"| {' | '.join(cells)} |"


def top_fault(rep: Rep | None) -> str:
    """Name the cue of what weighs most in a repetition: weight x severity x probability, as cues are chosen."""
    limits = load_thresholds().criteria
    weighed = [
        (limits[c.id].weight * c.severity * c.p_fault, CUE_OF[c.id])
        for c in (rep.criteria if rep else ())
        if c.severity and c.p_fault and c.id in CUE_OF
    ]
    return max(weighed)[1] if weighed else "none"


def unseen_rows(clip: Assessed) -> list[str]:
    """Write how often each criterion said that the view can't show it, and why."""
    rows = []
    for reads in clip.dose.criteria:
        found = [c for rep in clip.reps if (c := judged(rep, reads.criterion))]
        refused = [c for c in found if c.status == "not_observable"]
        reasons = "; ".join(sorted({c.reason or "" for c in refused})) or "every view shows it"
        cells = f"`{clip.dose.fault}`", reads.criterion, _SEEN_FROM[clip.dose.yaw_deg]
        rows.append(f"| {' | '.join(cells)} | {len(refused)} of {len(found)} | {reasons} |")
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


def page(rows: Sequence[str], tops: Sequence[str], unseen: Sequence[str], sway: Sequence[str]) -> str:
    """Write the section."""
    return "\n\n".join(
        [
            f"Rendered people, not real ones. One body ({BODY}, split develop), 15 frames a second, engine {ENGINE},"
            f" model {MODEL}, calibration {load_calibrations().version}.",
            "### Dose and response\n\nOne clip a fault: six repetitions, each with more of it, no other variation."
            " Truth is the same metric from the joint centres; r and slope are those of the product against it."
            " Order: at how many of the steps by which the truth moves the product moves the same way."
            " Scores are those of the criterion, 100 is no fault.",
            _table("fault | clip | read by | commanded | truth | product | r> | slope> | in order | scores", rows),
            "A descent is too fast only where a tempo was asked for: SQ-CTRL judges its evenness, which `fast_descent`"
            " leaves as it is. In a clean hinge the shanks tilt back: `shin_travel_deg` first cancels that, and the"
            " score of HG-SHANK counts travel either way. Hands are scored against the foot only where a load is"
            " declared, because empty hands hang where balance leaves them; that clip holds a kettlebell."
            " Not among the clips: touch-down (`touch_down_s`).",
            "### Top fault\n\nRepetitions in which the truth is beyond the criterion's threshold, and in how many of"
            " them the fault weighs most (weight x severity x probability): by the true joint centres put in the place"
            " of landmarks, as a network that never errs would see them, and by the landmarks that were seen."
            " Advice is what the set gets; it takes a probability of 0.8.",
            _table("fault | seen from | its cue | beyond> | top by true joints | top as seen | advice", tops),
            "Where the true joints name another fault, the body that was commanded into one has the other as well:"
            " shanks that tilt forwards bring the hips forward over them, and hips that shift take a knee along."
            " A load far ahead is balanced by shanks that tilt back; behind the kettlebell the hands are seen too"
            " seldom to tell how far they are from the legs (HG-BAR), which weighs most by the true joints."
            " Pelvises and heels are found to move half as far as they do, so that their faults stay improbable.",
            "### What the view can't show\n\nRepetitions in which a criterion says `not_observable`;"
            " the clips are the same, filmed from where the fault doesn't show.",
            _table("fault | criterion | view | refused> | reason", unseen),
            f"### Sway\n\n{HOLD_S:.0f} s on the left leg from the front; sideways path of mid-hip about its mean, not"
            " smoothed; pixels to millimetres by the true camera. Root mean squares in mm;"
            " commanded is that of the whole time on one leg, of which true is part.",
            _table("looked at by | commanded> | true> | found> | error> | r> | lag, ms>", sway),
        ]
    )


def main() -> int:
    """Measure, print and write the section."""
    parser = argparse.ArgumentParser(description="Measure how the product follows faults and sway of known amount.")
    add_cache_option(parser)
    look = partial(_look, cache=parser.parse_args().cache)
    rows, tops, unseen = [], [], []
    for number, dose in enumerate(DOSES):
        one = look(dose_scene(dose, number))
        clip = assessed(dose, one, one.track)
        rows += dose_rows(clip)
        tops.append(top_row(clip, assessed(dose, one, true_track(one.truth, one.track.source))))
        other = from_elsewhere(dose)
        elsewhere = look(dose_scene(other, number))
        unseen += unseen_rows(assessed(other, elsewhere, elsewhere.track))
    sway = sway_rows([look(each) for each in sway_scenes(BODY)])
    text = page(rows, tops, unseen, sway)
    write_section(TITLE, text)
    print(text)
    return 0


def _look(one: Scene, cache: Path) -> Observation:
    return observe(one, (MODEL,), cache)[0]


def _list(values: Floats, digits: int | None) -> str:
    shown = (f"{v:g}" if digits is None else f"{v:.{digits}f}" for v in values)
    return " ".join("–" if v == "nan" else v for v in shown)


def _table(head: str, rows: Sequence[str]) -> str:
    """Write a table; columns whose name ends in > hold numbers."""
    line = "|".join("--:" if name.endswith(">") else "---" for name in head.split(" | "))
    return "\n".join([f"| {head.replace('>', '')} |", f"|{line}|", *rows])


if __name__ == "__main__":
    sys.exit(main())
