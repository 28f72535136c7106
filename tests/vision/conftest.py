from __future__ import annotations

import sys
from pathlib import Path

# The clip factory beside the tests is a plain module.
sys.path.insert(0, str(Path(__file__).parent))
