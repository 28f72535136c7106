"""The player of a set: video, skeleton and curves on one clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .load import component

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from ...assess import Rep, Series

_LABELS = {
    "knee_flexion_deg": ("Knee bend", "°", 0),
    "hip_flexion_deg": ("Hip bend", "°", 0),
    "trunk_inclination_deg": ("Trunk lean", "°", 0),
}
# a chart has no more pixels than this
_POINTS = 1500


def player(
    url: str,
    size: tuple[int, int],
    time_s: NDArray[np.float64],
    series: Series | None,
    reps: Sequence[tuple[Rep, str, str]],
    *,
    skeleton: dict[str, Any] | None = None,
    people: list[dict[str, Any]] | None = None,
    faces: list[list[list[float]]] | None = None,
    subject: int = 0,
    on_subject: Callable[[], None] | None = None,
    key: str,
) -> Any:
    """Draw the player.

    Parameters
    ----------
    url : str
        Of the clip, served by the app.
    size : tuple of int
        Width and height of the picture in pixels.
    time_s : (T,) array
        When each frame is shown.
    series : Series or None
        Curves.
    reps : sequence of (Rep, str, str)
        Each repetition with a word and a colour.
    skeleton : dict, optional
        ``bones`` (pairs of points) and ``xy`` (for each frame x and y of each point, None where not seen).
    people : list of dict, optional
        Of each person ``boxes``: for each frame left, top, right, bottom or None. A click chooses somebody.
    faces : list, optional
        For each frame the heads to hide, as x, y, radius.
    subject : int
        Who is assessed.
    on_subject : callable, optional
        Called when somebody else was clicked; ``subject`` of the component's result says who.
    key : str

    Returns
    -------
    object
        ``at`` is the time of the frame on show when the video last stood still.
    """
    data = {
        "url": url,
        "size": list(size),
        "time_s": np.round(time_s, 4).tolist(),
        "curves": [] if series is None else _curves(series),
        "reps": [_strip(*one) for one in reps],
        "skeleton": skeleton,
        "people": people,
        "faces": faces,
        "subject": subject,
    }
    return component("player")(
        key=key,
        data=data,
        default={"at": 0.0},
        on_at_change=lambda: None,
        on_subject_change=on_subject or (lambda: None),
    )


def _strip(rep: Rep, word: str, colour: str) -> dict[str, Any]:
    times = {"start_s": rep.start_s, "bottom_s": rep.bottom_s, "end_s": rep.end_s}
    return {"index": rep.index, "word": word, "colour": colour, **times}


def _curves(series: Series) -> list[dict[str, Any]]:
    step = 1 + len(series.time_s) // _POINTS
    return [
        {
            "label": label,
            "unit": unit,
            "places": places,
            "time_s": np.round(series.time_s[::step], 3).tolist(),
            "values": [round(float(v), 2) if np.isfinite(v) else None for v in series.values[name][::step]],
        }
        for name, (label, unit, places) in _LABELS.items()
        if name in series.values and np.isfinite(series.values[name]).any()
    ]
