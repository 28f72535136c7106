"""``RESULTS.md``: each benchmark replaces its own section."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
"""What others filmed and measured; it lies beside the repository, not in it."""
RESULTS = Path(__file__).with_name("RESULTS.md")
_HEAD = "# Benchmark results\n\nWritten by the programs in this folder; each replaces its own section.\n"


def write_section(title: str, text: str) -> None:
    """Replace or append the section with this title."""
    page = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else _HEAD
    section = f"## {title}\n\n{text.strip()}\n"
    pattern = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", flags=re.MULTILINE | re.DOTALL)
    page, replaced = pattern.subn(lambda _: section + "\n", page)
    if not replaced:
        page = page.rstrip("\n") + f"\n\n{section}"
    RESULTS.write_text(page.rstrip("\n") + "\n", encoding="utf-8")


def publish(title: str, report: Callable[[], str], needed: Path) -> int:
    """Print a section and write it, unless the folder that it is made of is absent; return the exit code."""
    if not needed.is_dir():
        print(f"The folder '{needed}' is not here.", file=sys.stderr)
        return 2
    text = report()
    write_section(title, text)
    print(text)
    return 0
