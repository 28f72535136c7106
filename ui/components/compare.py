"""Two repetitions side by side at the same phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .load import component

if TYPE_CHECKING:
    from ...assess import Rep


def compare(one: tuple[Rep, str, str], other: tuple[Rep, str, str], *, blur: bool, key: str) -> None:
    """Draw two repetitions.

    Parameters
    ----------
    one, other : (Rep, str, str)
        Each with the URL of its clip and a title.
    blur : bool
        Whether people must not be recognised; the whole picture is blurred then.
    key : str
    """
    reps = [
        {
            "url": url,
            "title": title,
            "edges": [rep.start_s, rep.descent_end_s, rep.bottom_s, rep.ascent_start_s, rep.end_s],
        }
        for rep, url, title in (one, other)
    ]
    component("compare")(key=key, data={"reps": reps, "blur": blur})
