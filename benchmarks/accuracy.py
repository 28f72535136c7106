"""Synthetic accuracy: angles, repetition edges and stated intervals against rendered people, for ``RESULTS.md``.

Run as ``python benchmarks/accuracy.py [--held-out] [--cache FOLDER]``. Without ``--held-out`` the splits
"tune" and "develop" are measured, as often as one likes. ``--held-out`` is for a release: every run
of it appends a counted line to ``RESULTS.md``. Calibrations are learned by ``calibrate.py``.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from formdrift.assess.settings import load_calibrations
from results import RESULTS, write_section
from synthetic import report
from synthetic.curves import curves
from synthetic.edges import EDGES, rep_edges
from synthetic.observe import MODELS, add_cache_option, observe_all
from synthetic.scenes import SPLITS, scenes
from synthetic.statistics import errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from synthetic.edges import RepEdges
    from synthetic.observe import Observation
    from synthetic.scenes import Scene

TITLE = "Synthetic accuracy"
HELD_OUT, RUNS = f"{TITLE}: held-out", f"{TITLE}: runs of the held-out split"
DEFAULT_MODEL = "full"
_LEGEND = (
    "Each cell: **mean absolute error**, bias ± standard deviation, correlation, error of the peak of a repetition;"
    " degrees. Depth is compared where the thigh is within 45° of parallel. From: in how many clips the angles were"
    " read in the picture and from world landmarks, as the product decides from the view that it finds."
)


def models_of(scene: Scene) -> tuple[str, ...]:
    """Choose the models that look at a scene."""
    return (DEFAULT_MODEL,) if scene.purpose == "edges" else MODELS


def read(one: Observation) -> report.Reading:
    """Read an observation with the product's calibration and without."""
    calibration = load_calibrations().models.get(one.track.model_id)
    return report.Reading(one, curves(one, calibration=calibration), curves(one, "picture"), curves(one, "world"))


def page(readings: Sequence[report.Reading], edges: Sequence[RepEdges], splits: Sequence[str]) -> str:
    """Write the section of some splits."""
    seen = [r.one.track.detected for r in readings]
    bodies = [body for name in splits for body in SPLITS[name].bodies]
    version = load_calibrations().version
    height_body = SPLITS[splits[-1]].bodies[-1]
    parts = [
        "Rendered people, not real ones; no validation against markers has been done. Movements, clothes, light and"
        " stance are of one kind in all splits, without faults, loads or other people."
        f" Splits: {', '.join(splits)}; tables that name no split pool them."
        f" {len(bodies)} bodies ({', '.join(bodies)}), two repetitions of a squat and of a hinge at 15 frames a second,"
        f" engine blazepose-onnx, calibration {version}. Somebody was found in"
        f" {100 * np.concatenate(seen).mean():.2f} % of {sum(map(len, seen))} frames (all models).",
        "### What calibration does\n\nMean absolute error against joint centres in degrees, without → with calibration;"
        " squats and hinges together. Calibrations are learned on the split tune.",
        "\n".join(report.targets(readings, splits)),
        "### Stated intervals\n\nHow often the truth lies inside value ± 1.96 standard errors (sem_abs and the bound on"
        " the view's bias), frame by frame, in clips that the product judges from the side. The errors of the"
        " literature make them wide: this shows that they are honest, not that the calibration is good.",
        "\n".join(report.intervals(readings, splits)),
        f"### Repetition edges\n\n{edges_text(edges)}",
        f"### Against joint centres, calibrated\n\n{_LEGEND}",
        "\n".join(report.by_yaw(readings, lambda r: r.product, surface=False)),
        f"### Against points on the skin, landmarks as they are (not calibrated)\n\n{_LEGEND}",
        "\n".join(report.by_yaw(readings, lambda r: r.raw, surface=True)),
        "### Picture or world landmarks\n\nMean absolute error against joint centres, not calibrated.",
        "\n".join(report.planes(readings)),
        "### Bodies\n\nMean absolute error of knee / hip / trunk against joint centres, calibrated.",
        "\n".join(report.by_scene(readings, "body", ("angles",))),
        f"### Camera heights\n\nThe same for squats of {height_body}.",
        "\n".join(report.by_scene(readings, "height_m", ("angles", "height"), body=height_body, movement="squat")),
    ]
    return "\n\n".join(parts)


def edges_text(edges: Sequence[RepEdges]) -> str:
    """Say how many repetitions were found and how far off their edges are."""
    found, true = sum(e.found for e in edges), sum(e.true for e in edges)
    off = np.concatenate([e.off_ms for e in edges])
    each = [errors(off[:, i], np.zeros(len(off))) for i in range(len(EDGES))]
    timing = "; ".join(f"{name} {e.bias:+.0f} ± {e.sd:.0f} ms" for name, e in zip(EDGES, each, strict=True))
    return (
        f"Model {DEFAULT_MODEL}, side view, 30 frames a second: {found} full repetitions found of {true},"
        f" {len(off)} matched. Found minus true, mean ± SD: {timing}."
    )


def held_out_line(readings: Sequence[report.Reading], edges: Sequence[RepEdges], run: int) -> str:
    """Write the counted line of a run: the figures that may be quoted."""
    figures = []
    for name, yaw in (("side", 90), ("45°", 45)):
        chosen = report.pick(readings, DEFAULT_MODEL, purpose="angles", yaw_deg=yaw)
        each = (f"{a} {report.angle_errors([r.product for r in chosen], a).mae:.1f}°" for a in report.JUDGED)
        figures.append(f"{name}: {', '.join(each)}")
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=RESULTS.parent, capture_output=True, text=True, check=True
    ).stdout.strip()
    return (
        f"- held-out run {run}, {datetime.now(UTC):%Y-%m-%d}, commit {commit}, calibration"
        f" {load_calibrations().version}: synthetic accuracy, mean absolute error of the model {DEFAULT_MODEL};"
        f" {'; '.join(figures)}. {edges_text(edges)}"
    )


def past_runs() -> list[str]:
    """Return the counted lines of earlier held-out runs."""
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    return re.findall(r"^- held-out run .*$", text, flags=re.MULTILINE)


def _is_clean() -> bool:
    """Tell whether the code is what the last commit holds."""
    command = ["git", "status", "--porcelain", "--untracked-files=no"]
    status = subprocess.run(command, cwd=RESULTS.parent, capture_output=True, text=True, check=True)
    return status.stdout == ""


def main() -> int:
    """Measure, print and write the section."""
    parser = argparse.ArgumentParser(description="Measure the synthetic accuracy against rendered people.")
    parser.add_argument("--held-out", action="store_true", help="the held-out split; every run is counted")
    add_cache_option(parser)
    options = parser.parse_args()
    if options.held_out and not _is_clean():
        print("Commit first: a counted run must name the code that it measured.", file=sys.stderr)
        return 2
    splits = ("held-out",) if options.held_out else ("tune", "develop")
    wanted = [scene for name in splits for scene in scenes(name)]
    seen = observe_all([(scene, models_of(scene)) for scene in wanted], options.cache)
    readings = [read(one) for one in seen if one.scene.purpose != "edges"]
    timed = [one for one in seen if one.scene.purpose == "edges"]
    edges = [rep_edges(one, load_calibrations().models.get(one.track.model_id)) for one in timed]
    text = page(readings, edges, splits)
    write_section(HELD_OUT if options.held_out else TITLE, text)
    if options.held_out:
        runs = past_runs()
        write_section(RUNS, "\n".join([*runs, held_out_line(readings, edges, len(runs) + 1)]))
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
