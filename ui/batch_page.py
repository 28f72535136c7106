"""The page of a batch: every video with what was seen in it, to look through and filter."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from ..assess import from_dict
from ..assess.batch.folder import write_whole
from .templates import page
from .words import FOOTER, headline, sub_score

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..assess import VideoAssessment
    from ..assess.batch.folder import OutFolder

_FAILED, _NOTHING = "not scored", "no repetition"


def write_page(folder: OutFolder, records: Iterable[Mapping[str, Any]]) -> None:
    """Write ``index.html`` of a batch's folder; it loads nothing from anywhere.

    Parameters
    ----------
    folder : OutFolder
    records : iterable of mapping
        What `OutFolder.records` yields.
    """
    rows = [_row(record) for record in records]
    text = page(
        "batch",
        rows=rows,
        scored=sum(row["error"] is None for row in rows),
        kinds=sorted({kind for row in rows for kind in row["kinds"]}),
        version=version("formdrift"),
        footer=FOOTER,
    )
    write_whole(folder.root / "index.html", text.encode(errors="replace"))


def _row(record: Mapping[str, Any]) -> dict[str, Any]:
    made = record["batch"]
    row = {
        "key": made["key"],
        "name": PurePosixPath(made["url"]).name,
        "thumbnail": made.get("portrait"),
        "notes": [f"{name}: {value}" for name, value in made["notes"].items()],
        "error": record.get("error"),
        "seen": [],
        "scores": [],
        "warnings": [],
        "kinds": [_FAILED],
    }
    return row if row["error"] else row | _judged(from_dict(record))


def _judged(assessment: VideoAssessment) -> dict[str, Any]:
    sets = [one for one in assessment.sets if one.reps]
    return {
        "seen": [headline(one, assessment.sources[0].view) for one in assessment.sets],
        "scores": [sub_score(part) for one in sets for part in one.summary.scores if part.score is not None],
        "warnings": list(assessment.quality.warnings),
        "kinds": sorted({one.exercise.detected for one in sets}) or [_NOTHING],
    }
