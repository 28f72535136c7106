"""Writes ``metrics.md``, the formula sheet, from the code's own registry: ``python docs/build_metrics.py``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from formdrift.assess.settings import load_thresholds
from formdrift.scoring.geometry import chord_over_arc
from formdrift.scoring.registry import METRICS
from formdrift.scoring.rubric import RULES, SPINE_REASON, spine_rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formdrift.scoring.registry import MetricInfo
    from formdrift.scoring.rubric import Rule
    from formdrift.scoring.thresholds import CriterionThresholds, Thresholds

SHEET = Path(__file__).with_name("metrics.md")
_HEAD = """# Metrics and criteria

Every metric and criterion that `formdrift score --json` can print. Written by `docs/build_metrics.py` from
`scoring/registry_*.py`, `scoring/rubric.py` and `scoring/thresholds.toml` ({version}); don't edit it by hand.

**Reading the formulas.** Coordinates are those of the body plane: x forward, y up. An inclination is measured against
the upward vertical, positive forward: S shank, T thigh (-90° is a thigh parallel to the floor), TR trunk. Knee flexion
is KF = S - T, trunk-thigh ("hip") flexion HF = TR - T; both are 0 when straight. Lengths L are those of the segment
lying in the picture plane (95th percentile of the track). Landmarks are low-pass filtered at {fc_joint:g} Hz, what
times a phase at {fc_timing:g} Hz (second-order Butterworth, forward and backward).

**Reading the errors.** *Within* is the standard error for the same person, set-up and view: it decides whether
something changed. *Absolute* is the standard error against reality: it decides how sure a score is. Both are the
values of `thresholds.toml`; an oblique view multiplies them by {oblique:g}, and joints that are seen less surely than
{sure:g} widen them up to {widest:g} times. A camera off the exact side adds a one-sided `bias_bound`.

**Reading the thresholds.** Severity is 0 up to t0, 1/3 at t1, 2/3 at t2 and 1 from t3 on, with straight lines between;
the score is 100 (1 - severity). The values are our defaults: no published consensus exists for them.
"""
_SENSE = {1: "more than the target is worse", -1: "less than the target is worse", 0: "either way is worse"}
_SHOWN = {"side": "from the side", "front": "from the front or from behind", "any": "from anywhere"}


def sheet(thresholds: Thresholds) -> str:
    """Return the whole page."""
    view, score, filters = thresholds.view, thresholds.score, thresholds.filter
    head = _HEAD.format(
        version=thresholds.version,
        fc_joint=filters.fc_joint_hz,
        fc_timing=filters.fc_timing_hz,
        oblique=view.oblique_error,
        sure=score.sure_visibility,
        widest=score.widest_error,
    )
    metrics = "\n".join(_metric(info, thresholds) for info in METRICS.values())
    return "\n".join([head, "## Criteria\n", _criteria(thresholds), "## Metrics\n", metrics])


def _criteria(thresholds: Thresholds) -> str:
    rows = [
        ("id", "what it asks", "metric", "scored in", "t0, t1, t2, t3", "target", "weight", "sub-score"),
        ("---",) * 8,
        *(_criterion(rule, thresholds.criteria.get(rule.id)) for rule in RULES),
    ]
    shorter = 100.0 * (1.0 - float(chord_over_arc(25.0)))
    spine = (
        f"`{spine_rule('squat')}` and `{spine_rule('hinge')}` (a neutral back) are always `not_observable`: "
        f"{SPINE_REASON}. A back rounded by 25° shortens the line between shoulders and hips by {shorter:.1f} %.\n"
    )
    worst = "Criteria that describe one fault in two ways are merged by the worse of the two.\n"
    return "\n".join([_table(rows), "", worst, spine])


def _criterion(rule: Rule, limits: CriterionThresholds | None) -> tuple[str, ...]:
    scored = ", ".join(sorted(rule.exercises)) or "nowhere"
    if rule.reported:
        scored += f"; shown in {', '.join(sorted(rule.reported))}"
    if limits is None:
        return (f"`{rule.id}`", rule.title, f"`{rule.metric}`", scored, "", "", "", rule.group)
    bins = _numbers(limits.t) + (f"; kettlebell {_numbers(limits.t_kettlebell)}" if limits.t_kettlebell else "")
    targets = [f"{limits.target:g}", *(f"{name} {value:g}" for name, value in limits.targets.items())]
    weights = [f"{limits.weight:g}", *(f"{name} {value:g}" for name, value in limits.weights.items())]
    target = f"{'; '.join(targets)} ({_SENSE[rule.sense]})"
    return (f"`{rule.id}`", rule.title, f"`{rule.metric}`", scored, bins, target, "; ".join(weights), rule.group)


def _metric(info: MetricInfo, thresholds: Thresholds) -> str:
    judged = sorted({rule.id for rule in RULES if rule.metric == info.name})
    view = _SHOWN[info.shown] + ("; obliquely from in front with a wider error" if info.oblique else "")
    errors = [
        f"`{name}` {thresholds.sem[name].within:g} within, {thresholds.sem[name].absolute:g} absolute"
        for name in info.errors
    ]
    facts = {
        "Meaning": info.meaning,
        "Formula": info.formula,
        "Unit": info.unit or "none",
        "View": view,
        "Phase": info.phase,
        "Landmarks": ", ".join(info.joints),
        "Errors": "; ".join(errors),
        "Confidence": f"{info.confidence} at best",
        "Judged by": ", ".join(f"`{rule}`" for rule in judged) or "nothing: it is reported",
        "Source": info.source,
        "Known bias": info.bias,
    }
    return "\n".join([f"### `{info.name}`: {info.title}\n", *(f"- {name}: {text}" for name, text in facts.items()), ""])


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)


def _numbers(values: Iterable[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)


if __name__ == "__main__":
    SHEET.write_text(sheet(load_thresholds()), encoding="utf-8")
