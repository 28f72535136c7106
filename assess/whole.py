"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PARTIAL = re.compile(r"\..+\.\d+\.part")


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """Yield a path to write; what was written takes the target's place at the end of the block.

    When the block fails, or the process or the machine dies, the target stays as it was.
    """
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield partial
        with partial.open("r+b") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def is_partial(path: Path) -> bool:
    """Tell whether a file is what `written_whole` had begun when its process was killed."""
    return _PARTIAL.fullmatch(path.name) is not None
