"""Balance tests in the report: what was measured, over time, and the first of them against the last."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from ..scoring.sway_change import NotComparableError, compare
from .series import read_series
from .sway_picture import overlay, path_with_ellipse, stabilogram
from .sway_words import sway_headline, sway_lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from ..scoring.balance import AssessedTrial
    from ..scoring.result import Sway
    from ..scoring.sway_change import SwayChange

# the pictures bring colours for white paper
STYLE = """
.sway text.first{fill:#1f5fa8}.sway text.second{fill:#c2510a}
@media screen and (prefers-color-scheme:dark){.sway .floor{fill:#323c42}.sway line{stroke:#6b767d}
.sway polyline.first{stroke:#7db7ee}.sway polyline.second{stroke:#f59e5b}
.sway text.first{fill:#7db7ee}.sway text.second{fill:#f59e5b}}
"""
_PAGE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#1d2429;background:#fff}
h1{font-size:1.3rem}h2{font-size:1.1rem}svg{width:100%;height:auto}svg:has(ellipse){max-width:24rem}td{padding-right:1rem}
@media screen and (prefers-color-scheme:dark){body{background:#14191c;color:#e6eaec}svg text{fill:#a9b4ba}
.sway ellipse{stroke:#f59e5b}}
"""


def sway_section(number: int, sway: Sway, trials: Sequence[AssessedTrial]) -> str:
    """Write one balance test; `trials` have the curves, where they are known."""
    path = next((one for one in trials if one.sway == sway and len(one.time_s)), None)
    picture = ""
    if path is not None and sway.scale is not None:
        drawn = stabilogram(path.time_s, path.path, sway.scale.unit, _noise(sway))
        picture = (
            f'<div class="sway">{drawn}</div><p><small>The body\'s centre of mass, {escape(sway.axis)}, about its'
            " mean. The grey band is the noise floor: what this video shows of somebody who stands still.</small></p>"
        )
    lines = "".join(f"<li>{escape(text.strip())}</li>" for text in sway_lines(sway))
    return (
        f"<h2>Set {number}: {escape(sway_headline(sway))}</h2>"
        f'<p class="answer">{escape(_answer(sway))}</p>{picture}<ul>{lines}</ul>\n'
    )


def sway_comparison(trials: Sequence[AssessedTrial]) -> str:
    """Write the first balance test against the last of the same leg, or one leg against the other."""
    if len(trials) < 2:
        return ""
    before = trials[0]
    after = next((one for one in reversed(trials[1:]) if one.sway.side == before.sway.side), trials[-1])
    names = _names(before.sway, after.sway)
    title = f"<h2>{escape(names[0].capitalize())} and {escape(names[1])}</h2>"
    try:
        change = compare([before.sway], [after.sway])
    except NotComparableError as error:
        return f"{title}<p>{escape(str(error))}</p>\n"
    curves = {name: (one.time_s, one.path) for name, one in zip(names, (before, after), strict=True)}
    floors = [noise for one in (before, after) if (noise := _noise(one.sway)) is not None]
    drawn = overlay(curves, change.unit, max(floors, default=None))
    return f'{title}<p class="answer">{escape(_said(change, names))}</p><div class="sway">{drawn}</div>\n'


def series_page(path: Path, columns: Sequence[str], described: dict[str, Any]) -> str:
    """Write a page of its own for a series that `series.series_sway` described."""
    series, unit = read_series(path, columns)
    series = series - series.mean(axis=1, keepdims=True)
    time_s = np.arange(series.shape[1]) / described["fs_hz"]
    charts = "".join(
        f"<h2>{escape(name)}</h2>{stabilogram(time_s, x, unit)}" for name, x in zip(columns, series, strict=True)
    )
    if len(series) > 1:
        charts += (
            f"<h2>Path, with the ellipse that holds 95 % of it</h2>{path_with_ellipse(series[0], series[1], unit)}"
        )
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{'–' if each['value'] is None else format(each['value'], '.4g')}"
        f" {escape(each['unit'])}</td></tr>"
        for name, each in described["descriptors"].items()
    )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(path.name)}</title>'
        f"<style>{_PAGE}{STYLE}</style></head><body class='sway'><h1>{escape(path.name)}</h1>{charts}"
        f"<table>{rows}</table></body></html>\n"
    )


def _answer(sway: Sway) -> str:
    rms = sway.descriptors.get("RMS")
    if rms is None:
        return "The sway could not be measured."
    if rms.value is None or rms.noise is None or rms.snr is None:
        return "The sway is not shown: it is below the noise floor of this video."
    sure = "clearly above it" if rms.confidence == "moderate" else "above it, but not by much"
    return (
        f"The body swayed by {rms.value:.1f} {rms.unit} (RMS). The noise of this video is {rms.noise:.1f} {rms.unit}:"
        f" the sway is {rms.snr:.1f} times as much, {sure}."
    )


def _names(before: Sway, after: Sway) -> tuple[str, str]:
    if before.side != after.side:
        return f"{before.side} leg", f"{after.side} leg"
    if before.since_last_rep_s is None and after.since_last_rep_s is not None:
        return "before the set", "after the set"
    return "first", "last"


def _said(change: SwayChange, names: tuple[str, str]) -> str:
    shown = f"one trial against one shows an increase from {change.mdc95_pct:.0f} % on"
    if change.verdict == "no_detectable_change":
        return f"No change that these trials could show: {shown}, because sway differs from one time to the next."
    more = 100.0 * (change.ratio - 1.0)
    word = "more" if more > 0 else "less"
    return f"{abs(more):.0f} % {word} sway {names[1]} than {names[0]}, a {change.verdict} difference; {shown}."


def _noise(sway: Sway) -> float | None:
    rms = sway.descriptors.get("RMS")
    return None if rms is None else rms.noise
