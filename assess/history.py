"""Earlier assessments of the same client, read from the files that ``--json`` wrote."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .errors import InputError
from .serialize import from_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..scoring.result import Assessment


def read_history(files: Sequence[Path]) -> tuple[tuple[Assessment, ...], ...]:
    """Read earlier days, oldest first: a file is a day, and may hold several assessments.

    What an earlier file holds of the same video is not read again: a day counts once.

    Raises
    ------
    InputError
        When a file can't be read or holds something else.
    """
    found: list[tuple[Assessment, ...]] = []
    known: set[str] = set()
    for file in files:
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            several = content if isinstance(content, list) else [content]
            day = [from_json(json.dumps(one)) for one in several if "error" not in one]
        except InputError as error:
            raise InputError(f"The history '{file}' can't be used. {error}") from error
        except (OSError, ValueError, TypeError) as error:
            raise InputError(f"The history '{file}' can't be read: give a file that `--json` wrote.") from error
        found.append(tuple(one for one in day if known.isdisjoint(source.sha256 for source in one.sources)))
        known |= {source.sha256 for one in day for source in one.sources}
    return tuple(found)
