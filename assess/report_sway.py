"""Balance tests in the report: what was measured, over time, and those that differ in one thing against each other."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from .series import read_series
from .sway_picture import overlay, path_with_ellipse, stabilogram
from .sway_words import (
    axis_in_words,
    pair_answer,
    pair_names,
    pair_title,
    sway_amount,
    sway_headline,
    sway_lines,
    sway_unit,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

    from ..scoring.balance import AssessedTrial
    from ..scoring.result import BalancePair, Sway

    Floats = NDArray[np.float64]

# the pictures bring colours for white paper
STYLE = """
li.part{margin-left:1.5rem}
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
    curve = _curve(sway, trials)
    picture = ""
    if curve is not None and sway.scale is not None:
        drawn = stabilogram(*curve, sway_unit(sway.scale.unit), _noise(sway))
        picture = (
            f'<div class="sway">{drawn}</div><p><small>The body\'s centre of mass, {escape(axis_in_words(sway))},'
            " about its mean. The grey band is the noise floor: what this video shows of somebody who stands"
            " still.</small></p>"
        )
    classes = (' class="part"' if text.startswith(" ") else "" for text in sway_lines(sway))
    lines = "".join(f"<li{of}>{escape(text.strip())}</li>" for of, text in zip(classes, sway_lines(sway), strict=True))
    return (
        f"<h2>Set {number}: {escape(sway_headline(sway))}</h2>"
        f'<p class="answer">{escape(_answer(sway))}</p>{picture}<ul>{lines}</ul>\n'
    )


def sway_comparison(pair: BalancePair, sways: Sequence[Sway], trials: Sequence[AssessedTrial]) -> str:
    """Write balance tests against others, `sways` before and after, with a curve of either side where it is known."""
    curves = {name: _curve(one, trials) for name, one in zip(pair_names(pair), sways, strict=True)}
    known = {name: curve for name, curve in curves.items() if curve is not None}
    picture = ""
    if pair.change is not None and len(known) == len(curves):
        floors = [noise for one in sways if (noise := _noise(one)) is not None]
        drawn = overlay(known, sway_unit(pair.change.unit), max(floors, default=None))
        picture = f'<div class="sway">{drawn}</div>'
        count, (first, last) = len(pair.before) + len(pair.after), pair_names(pair)
        if count > 2:
            picture += (
                f"<p><small>Of the {count} tests two are drawn: the first ({escape(first)}) and the last"
                f" ({escape(last)}). The sentence above is about all of them.</small></p>"
            )
    return f'<h2>{escape(pair_title(pair))}</h2><p class="answer">{escape(pair_answer(pair))}</p>{picture}\n'


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
        f"The body swayed by {sway_amount(rms.value, rms.unit)} (RMS). The noise of this video is"
        f" {sway_amount(rms.noise, rms.unit)}: the sway is {rms.snr:.1f} times as much, {sure}."
    )


def _curve(sway: Sway, trials: Sequence[AssessedTrial]) -> tuple[Floats, Floats] | None:
    return next(((one.time_s, one.path) for one in trials if one.sway == sway and len(one.time_s)), None)


def _noise(sway: Sway) -> float | None:
    rms = sway.descriptors.get("RMS")
    return None if rms is None else rms.noise
