"""What a program takes, from its start to its end."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Spent:
    """Seconds on the clock and of the processor, all threads."""

    wall_s: float
    cpu_s: float


def spent(command: Sequence[object], folder: Path, *, may_fail: bool = False) -> Spent:
    """Run a program to its end in a folder, without a screen."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ran = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=os.environ | {"MPLBACKEND": "Agg", "QT_QPA_PLATFORM": "offscreen"},
        check=False,
        capture_output=True,
        text=True,
    )
    wall_s, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if ran.returncode and not may_fail:
        raise RuntimeError(f"'{command[0]}' failed: {ran.stderr[-500:]}")
    return Spent(wall_s, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
