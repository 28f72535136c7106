"""Progress on a terminal's stderr, and nothing anywhere else."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator


class Update(Protocol):
    """Moves a progress bar."""

    def __call__(self, done: float, total: float, text: str | None = None) -> None:
        """Show how much is done of a total (0: unknown) and, when it changes, what is being done."""


@contextmanager
def progress_bar(text: str) -> Iterator[Update]:
    """Show a bar while the block runs; yields what moves it."""
    if not sys.stderr.isatty():
        yield lambda done, total, text=None: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text, total=None)
        yield lambda done, total, text=None: bar.update(task, completed=done, total=total or None, description=text)
