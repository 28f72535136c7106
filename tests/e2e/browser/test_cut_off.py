"""The app where no network is: everything works, and nobody tries to reach one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Copies

pytestmark = pytest.mark.usefixtures("models_present", "playwright")


def test_the_app_works_without_a_network_and_asks_for_none(copies: Copies, tmp_path: Path) -> None:
    alone = [shutil.which("unshare") or "", "--map-root-user", "--net", "--mount"]
    if not alone[0] or subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("needs a Linux that lets users make namespaces")
    script = Path(__file__).with_name("visit_cut_off.py")
    # what takes longer is ended together with its app and its browser
    patient = ["timeout", "--kill-after=30", "600"]
    run = subprocess.run(
        [*alone, *patient, sys.executable, script, tmp_path, copies.write("clip.mp4")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {"tried": 0, "outside": [], "counts": True}
