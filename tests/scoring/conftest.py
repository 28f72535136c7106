from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formdrift.assess.settings import load_thresholds

if TYPE_CHECKING:
    from formdrift.scoring.thresholds import Thresholds

# The stick figure beside the tests is a plain module.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def thresholds() -> Thresholds:
    return load_thresholds()
