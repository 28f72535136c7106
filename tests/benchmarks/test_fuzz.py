from __future__ import annotations

from typing import TYPE_CHECKING

import fuzz
import pytest

if TYPE_CHECKING:
    from pathlib import Path


def test_two_hundred_damaged_files_neither_crash_nor_hang_nor_fill_the_memory(tmp_path: Path) -> None:
    outcome = fuzz.fuzz(iter(range(200)), tmp_path)
    assert outcome.failures == []
    # not all alike: damage that everything survives, or nothing, would show nothing
    assert outcome.counts["read"] > 50
    assert outcome.counts["refused"] > 50


def test_the_same_number_gives_the_same_damage() -> None:
    bases = [bytes(range(256)) * 8, b"other" * 300]
    assert fuzz.damaged(7, bases) == fuzz.damaged(7, bases)
    assert len({fuzz.damaged(number, bases)[1] for number in range(50)}) > 45


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("import os; os.abort()", "crash (-6)"),
        ("import time; time.sleep(60)", "hang"),
        ("bytearray(3 << 30)", "MemoryError:"),
        ("raise KeyError('x')", "KeyError: 'x'"),
    ],
)
def test_what_goes_wrong_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, kind: str) -> None:
    """A worker that fails on file 1 is named, and the files after it are still read."""
    program = tmp_path / "worker.py"
    program.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(fuzz.__file__).rpartition('/')[0]!r})\n"
        "import fuzz\n"
        "real = fuzz.read\n"
        "def read(path):\n"
        "    if path.stem == '1':\n"
        f"        {body}\n"
        "    return real(path)\n"
        "fuzz.read = read\n"
        "fuzz.main()\n"
    )
    monkeypatch.setattr(fuzz, "__file__", str(program))
    if kind == "hang":
        monkeypatch.setattr(fuzz, "TIME_LIMIT_S", 3.0)
    outcome = fuzz.fuzz(iter(range(3)), tmp_path)
    assert outcome.failures == [f"1: {kind}"]
    assert outcome.counts["read"] + outcome.counts["refused"] == 2
