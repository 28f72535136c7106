"""Pictures of sway as inline SVG: over time, as a path with its ellipse, and before against after."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from ..scoring.sway_ellipse import ellipse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

_WIDTH, _HEIGHT, _SIDE, _EDGE = 640.0, 200.0, 320.0, 36.0
# told apart without colour vision as well, and darker than the background by enough
_COLOURS = ("#1f5fa8", "#c2510a")
# by which a page with a dark background gives them others
_CLASSES = dict(zip(_COLOURS, ("first", "second"), strict=True))


def stabilogram(time_s: ArrayLike, path: ArrayLike, unit: str, noise: float | None = None) -> str:
    """Draw sway over time, with the noise floor as a band.

    Parameters
    ----------
    time_s, path : (n,) array
        Seconds and positions about their mean.
    unit : str
        Of `path`.
    noise : float, optional
        Root mean square of the noise, same unit.
    """
    return overlay({"": (time_s, path)}, unit, noise)


def overlay(trials: Mapping[str, tuple[ArrayLike, ArrayLike]], unit: str, noise: float | None = None) -> str:
    """Draw at most two trials over one another, such as before and after a set, each from its own beginning.

    Parameters
    ----------
    trials : mapping of str to (time_s, path)
        Name to times and positions.
    unit : str
        Of the paths.
    noise : float, optional
        Of the noisier trial.

    Raises
    ------
    ValueError
        When there is no trial, or more than two.
    """
    if not 1 <= len(trials) <= len(_COLOURS):
        raise ValueError(f"expected one or two trials, got {len(trials)}")
    series = {name: (_from_zero(t), np.asarray(x, dtype=np.float64)) for name, (t, x) in trials.items()}
    longest = max(float(t[-1]) for t, _ in series.values()) or 1.0
    largest = max(1e-9, *(float(np.abs(x).max()) for _, x in series.values()))
    across, up = (_WIDTH - 2 * _EDGE) / longest, (_HEIGHT / 2 - _EDGE / 2) / largest
    middle = _HEIGHT / 2
    parts = [_line(_EDGE, middle, _WIDTH - _EDGE, middle, "#999")]
    if noise is not None:
        band = min(noise, largest) * up
        parts.insert(
            0,
            f'<rect class="floor" x="{_EDGE}" y="{middle - band:.1f}" width="{_WIDTH - 2 * _EDGE}"'
            f' height="{2 * band:.1f}" fill="#ddd"><title>noise floor</title></rect>',
        )
    for (name, (t, x)), colour, dash in zip(series.items(), _COLOURS, ("", "6 3"), strict=False):
        parts.append(_polyline(_EDGE + t * across, middle - x * up, colour, dash, name))
    parts += [
        _text(_EDGE, 14, f"±{largest:.{1 if largest >= 1 else 3}f} {unit}"),
        _text(_WIDTH - _EDGE, _HEIGHT - 6, f"{longest:.0f} s", anchor="end"),
    ]
    parts += [
        _text(_WIDTH - _EDGE - 90.0 * i, 14, name, anchor="end", colour=colour)
        for i, (name, colour) in enumerate(zip(series, _COLOURS, strict=False))
    ]
    return _svg(_WIDTH, _HEIGHT, "Sway over time", parts)


def path_with_ellipse(ml: ArrayLike, ap: ArrayLike, unit: str) -> str:
    """Draw a path in the plane with the ellipse that holds 95 % of it; forward is up.

    Parameters
    ----------
    ml, ap : (n,) array
        Sideways and forward positions.
    unit : str
        Of both.
    """
    xy = np.column_stack([np.asarray(ml, dtype=np.float64), np.asarray(ap, dtype=np.float64)])
    xy = xy - xy.mean(axis=0)
    major, minor, angle = ellipse(np.cov(xy.T))
    largest = max(1e-9, float(np.abs(xy).max()), major)
    scale, middle = (_SIDE / 2 - _EDGE / 2) / largest, _SIDE / 2
    parts = [
        _line(0, middle, _SIDE, middle, "#ddd"),
        _line(middle, 0, middle, _SIDE, "#ddd"),
        _polyline(middle + xy[:, 0] * scale, middle - xy[:, 1] * scale, _COLOURS[0], "", "path"),
        f'<ellipse cx="{middle}" cy="{middle}" rx="{major * scale:.1f}" ry="{minor * scale:.1f}"'
        f' transform="rotate({-angle:.1f} {middle} {middle})" fill="none" stroke="{_COLOURS[1]}" stroke-width="2"/>',
        _text(4, _SIDE - 6, f"±{largest:.{1 if largest >= 1 else 3}f} {unit}"),
    ]
    return _svg(_SIDE, _SIDE, "Sway path with the ellipse that holds 95 % of it", parts)


def _from_zero(time_s: ArrayLike) -> Floats:
    t = np.asarray(time_s, dtype=np.float64)
    return np.asarray(t - t[0])


def _svg(width: float, height: float, title: str, parts: list[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img">'
    return f"{head}<title>{escape(title)}</title>{''.join(parts)}</svg>"


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def _polyline(x: Floats, y: Floats, colour: str, dash: str, name: str) -> str:
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<polyline class="{_CLASSES[colour]}" points="{points}" fill="none" stroke="{colour}"'
        f' stroke-width="1.5"{dashes}>'
        f"<title>{escape(name)}</title></polyline>"
    )


def _text(x: float, y: float, text: str, anchor: str = "start", colour: str = "#333") -> str:
    named = f' class="{_CLASSES[colour]}"' if colour in _CLASSES else ""
    return (
        f'<text{named} x="{x:.1f}" y="{y:.1f}" font-family="sans-serif" font-size="12" fill="{colour}"'
        f' text-anchor="{anchor}">{escape(text)}</text>'
    )
