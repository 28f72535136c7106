"""The report of an assessment as one self-contained HTML file: what drifted, when, and how sure that is."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ..scoring.fatigue import amount
from ..scoring.registry import METRICS
from .language import safety_texts
from .report_sway import STYLE as SWAY_STYLE
from .report_sway import sway_comparison, sway_section
from .video import VideoAssessment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..scoring.balance import AssessedTrial
    from ..scoring.result import Assessment, BalancePair, Drift, Fatigue, SessionTrend, SetResult, Source

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 640.0, 200.0, 64.0, 16.0, 12.0, 30.0
# height of a label, in large type
_LABEL = 20.0
# what a page that holds `drift_charts` or `report_sections` needs beside a look of its own; light, made for paper
CHART_STYLE = """
svg{width:100%;height:auto}svg text{font:12px system-ui,sans-serif;fill:#48545c}
.band{fill:#2a6f97;opacity:.13}.base{stroke:#2a6f97;stroke-dasharray:4 3}.onset{stroke:#b2452f;stroke-width:2}
.span{fill:#b2452f;opacity:.12}.rep{fill:#1d2429}.out{fill:none;stroke:#1d2429}.axis{stroke:#9aa5ab}
"""
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1d2429;background:#fff}
h1{font-size:1.3rem}h2{font-size:1.1rem;margin-top:2rem}h3{font-size:1rem;margin:1.2rem 0 .2rem}
.answer{font-size:1.15rem;border-left:4px solid #2a6f97;padding-left:.8rem}
table{border-collapse:collapse;font-size:.9rem}td,th{padding:.15rem .8rem .15rem 0;text-align:left}
small,footer{color:#48545c}
@media(prefers-color-scheme:dark){body{background:#14191c;color:#e6eaec}
svg text,small,footer{fill:#a9b4ba;color:#a9b4ba}a{color:#8ecae6}
.rep{fill:#e6eaec}.out{stroke:#e6eaec}.base{stroke:#8ecae6}.band{fill:#8ecae6}}
@media print{body{color:#000;background:#fff;margin:0;max-width:none}h3,svg{break-inside:avoid}h3{break-after:avoid}
svg text,small,footer{fill:#333;color:#333}.rep{fill:#000}.out{stroke:#000}a{color:#000}}
"""


def report_html(assessment: Assessment) -> str:
    """Write the report; it loads nothing and runs nothing.

    Each drifting metric is drawn over the repetitions with the band around today's fresh
    level that measurement error explains. Without a drift, all tested metrics are drawn.
    """
    name = assessment.sources[0].path.replace("\\", "/").rsplit("/", 1)[-1]
    notes = "".join(f"<li>{escape(text)}</li>" for text in assessment.quality.warnings)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(name)}</title><style>{CHART_STYLE}{_STYLE}{SWAY_STYLE}</style></head><body>\n"
        f"<h1>{escape(name)}</h1>\n{report_sections(assessment)}"
        f"{f'<h2>Notes</h2><ul>{notes}</ul>' if notes else ''}\n"
        f"<footer><p>{escape(safety_texts()['footer'])}</p></footer>\n</body></html>\n"
    )


def report_sections(assessment: Assessment, *, beside_videos: bool = True) -> str:
    """Write what the report says of each set and of balance tests, for a page that has `CHART_STYLE`.

    Where the page does not lie `beside_videos`, it names none of them and leads to none.
    """
    parts = [
        _set(assessment, number, one, beside_videos=beside_videos)
        for number, one in enumerate(assessment.sets, start=1)
    ]
    parts += [_pair(assessment, pair) for pair in assessment.balance]
    return "".join(parts)


def drift_charts(one: SetResult) -> list[tuple[str, str]]:
    """Draw what drifted over the repetitions of a set, or all that was tested where nothing did.

    Returns
    -------
    list of (str, str)
        A title in plain text, and the chart as an SVG element that wants `CHART_STYLE`.
    """
    drifted = one.fatigue.drifted if one.fatigue else ()
    shown = [d for d in one.drift if d.metric in drifted] or one.drift
    return [(_title(d), _chart(one, d)) for d in shown]


def chart_legend(one: SetResult) -> str:
    """Explain what the charts of a set show, in a sentence or two of plain text; empty where there are none."""
    if not one.drift:
        return ""
    onset = (
        "; the red line is the first repetition that differs, the shade where that may be"
        if any(drift.onset_rep is not None for drift in one.drift)
        else ""
    )
    return (
        "Dots are repetitions, hollow ones were unlike their neighbours and left out. The band is today's"
        f" fresh level with the smallest change that error can't explain{onset}."
    )


def _set(assessment: Assessment, number: int, one: SetResult, *, beside_videos: bool) -> str:
    if one.sway is not None:
        return sway_section(number, one.sway, _stances(assessment))
    if one.fatigue is None:
        return ""
    where = _first_tired(one.fatigue, assessment.sources, beside_videos=beside_videos)
    charts = "".join(f"<h3>{escape(title)}</h3>{svg}" for title, svg in drift_charts(one))
    count = one.summary.full_reps
    explained = escape(chart_legend(one))
    legend = (
        f"<p><small>{explained} All metrics together raise a false alarm in at most one set in twenty without"
        " drift.</small></p>"
        if explained
        else ""
    )
    return (
        f"<h2>Set {number}: {count} full repetition{'s' * (count != 1)}</h2>"
        f'<p class="answer">{escape(one.fatigue.sentence)}</p>{where}{charts}{_table(one)}{_days(one)}{legend}\n'
    )


def _first_tired(fatigue: Fatigue, sources: Sequence[Source], *, beside_videos: bool) -> str:
    """Say when the first tired repetition starts; empty where there is none."""
    if fatigue.first_tired_s is None or fatigue.source is None:
        return ""
    path = sources[fatigue.source].path.replace("\\", "/").rsplit("/", 1)[-1]
    at_s = fatigue.first_tired_s
    clock = f"{at_s // 60:.0f}:{at_s % 60:04.1f}"
    if beside_videos:
        clock = f'<a href="{escape(path, quote=True)}#t={at_s:.1f}">{clock} of {escape(path)}</a>'
    elif len(sources) > 1:
        clock += f" of video {fatigue.source + 1}"
    return f"<p>Rep {fatigue.first_tired_rep} starts at {clock}.</p>"


def _pair(assessment: Assessment, pair: BalancePair) -> str:
    """Write a comparison of balance tests, drawn by the first trial before and the last after."""
    sways = [sway for i in (pair.before[0], pair.after[-1]) if (sway := assessment.sets[i].sway) is not None]
    return sway_comparison(pair, sways, _stances(assessment))


def _stances(assessment: Assessment) -> Sequence[AssessedTrial]:
    """Return the balance tests with their curves, which an assessment read from JSON doesn't have."""
    return assessment.stances if isinstance(assessment, VideoAssessment) else ()


def _title(drift: Drift) -> str:
    unit = {"deg": "°", "": ""}.get(drift.unit, drift.unit)
    return METRICS[drift.metric].title + (f" ({unit})" if unit else "")


def _chart(one: SetResult, drift: Drift) -> str:
    """Draw one metric over the repetitions against its own band."""
    points = [
        (rep.index, value)
        for rep in one.reps
        if rep.index in drift.reps and (value := rep.measurements[drift.metric].value) is not None
    ]
    base = drift.baseline if drift.baseline is not None else points[0][1]
    values = [*(value for _, value in points), base - drift.mdc95, base + drift.mdc95]
    low, high = min(values), max(values)
    margin = 0.06 * (high - low) or 1.0
    low, high = low - margin, high + margin
    first, last = points[0][0] - 0.5, points[-1][0] + 0.5

    def x(rep: float) -> float:
        return _LEFT + (rep - first) / (last - first) * (_WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return _TOP + (high - value) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)

    right, floor = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    marks = [
        f'<rect class="band" x="{_LEFT}" y="{y(base + drift.mdc95):.1f}" width="{right - _LEFT}"'
        f' height="{y(base - drift.mdc95) - y(base + drift.mdc95):.1f}"/>',
        f'<line class="base" x1="{_LEFT}" x2="{right}" y1="{y(base):.1f}" y2="{y(base):.1f}"/>',
        f'<line class="axis" x1="{_LEFT}" x2="{right}" y1="{floor}" y2="{floor}"/>',
    ]
    if drift.onset_rep is not None and drift.onset_interval is not None:
        a, b = x(drift.onset_interval[0] - 0.5), x(drift.onset_interval[1] + 0.5)
        marks.append(f'<rect class="span" x="{a:.1f}" y="{_TOP}" width="{b - a:.1f}" height="{floor - _TOP}"/>')
        at = x(drift.onset_rep - 0.5)
        marks.append(f'<line class="onset" x1="{at:.1f}" x2="{at:.1f}" y1="{_TOP}" y2="{floor}"/>')
    for rep, value in points:
        kind = "out" if rep in drift.left_out else "rep"
        marks.append(f'<circle class="{kind}" cx="{x(rep):.1f}" cy="{y(value):.1f}" r="4"/>')
        if len(points) <= 20 or rep % 5 == 0:
            marks.append(f'<text x="{x(rep):.1f}" y="{floor + 16}" text-anchor="middle">{rep}</text>')
    marks.append(f'<text x="{_LEFT - 6}" y="{floor + 16}" text-anchor="end">rep</text>')
    farthest = max((value for _, value in points), key=lambda value: abs(value - base))
    for value in _apart((base, farthest, base + drift.mdc95, base - drift.mdc95), y):
        # adding zero turns what is rounded to minus zero into zero
        label = f"{round(value) + 0.0:.0f}" if drift.unit == "deg" else f"{round(value, 2) + 0.0:.2f}"
        marks.append(f'<text x="{_LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{label.replace("-", "−")}</text>')
    said = escape(f"{_title(drift)} over {len(points)} repetitions", quote=True)
    return f'<svg viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" role="img" aria-label="{said}">{"".join(marks)}</svg>'


def _apart(values: Sequence[float], y: Callable[[float], float]) -> list[float]:
    """Return the values whose labels overlap no earlier one's."""
    kept: list[float] = []
    for value in values:
        if all(abs(y(value) - y(other)) >= _LABEL for other in kept):
            kept.append(value)
    return kept


def _table(one: SetResult) -> str:
    rows = "".join(
        f"<tr><td>{escape(METRICS[d.metric].title)}</td><td>{escape(d.verdict.replace('_', ' '))}</td>"
        f"<td>{escape(amount(d.change, d.unit, sign=True))}</td><td>{escape(amount(d.mdc95, d.unit))}</td>"
        f"<td>{escape(amount(d.detectable or d.mdc95, d.unit))}</td>"
        f"<td>{d.p:.3f}</td><td>{d.q:.3f}</td></tr>"
        for d in one.drift
    )
    head = (
        "<tr><th>what</th><th>answer</th><th>change</th><th>smallest change we could see</th>"
        "<th>a larger one was not missed</th><th>chance (p)</th><th>of all these tests</th></tr>"
    )
    return f"<table>{head}{rows}</table>" if rows else ""


def _days(one: SetResult) -> str:
    """List today's levels beside the client's typical day, and the trends over days."""
    if one.sessions is None:
        return ""
    head = "<tr><th>metric</th><th>days</th><th>today</th><th>typical day</th><th>over these days</th></tr>"
    rows = "".join(
        f"<tr><td>{escape(METRICS[t.metric].title)}</td><td>{t.days}</td>"
        f"<td>{escape(amount(t.level, t.unit, sign=True))}{' (best)' if t.best else ''}</td>"
        f"<td>{escape(_band(t))}</td><td>{escape(_trend(t))}</td></tr>"
        for t in one.sessions.trends
    )
    return f"<h3>Against earlier days</h3><p>{escape(one.sessions.sentence)}</p><table>{head}{rows}</table>"


def _band(t: SessionTrend) -> str:
    if t.typical is None:
        return "not known yet"
    low, high = (amount(end, t.unit, sign=True) for end in t.typical)
    return f"{low} to {high}"


def _trend(t: SessionTrend) -> str:
    if t.change is None:
        return t.reason or ""
    return f"{amount(t.change, t.unit, sign=True)}, {'a trend' if t.claimed else 'within chance and error'}"
