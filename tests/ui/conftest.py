from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formdrift.sessions.store import FOLDER_VARIABLE
from formdrift.ui import home
from formdrift.ui.home import Home, open_home

if TYPE_CHECKING:
    from collections.abc import Iterator

# The pages beside the tests are a plain module.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """Open the app's things in a folder of the test's own."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "data"))
    opened = open_home()
    yield opened
    opened.store.close()
    home._opened.clear()
