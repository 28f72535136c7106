"""Fetching with a stand-in for npm and with the real pip on a local folder: no network."""

from __future__ import annotations

import hashlib
import io
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from formdrift.models import catalogue, fetch, onnx_export, packages, store
from formdrift.models.catalogue import ModelError
from formdrift.models.store import State

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for npm is a POSIX script")

_CATALOGUE = """
[packages.npm]
client = "npm"
spec = "tiny-weights@1.0.0"
licence = "none"
size = 1000
[packages.pip]
client = "pip"
spec = "tiny-weights==1.0.0"
licence = "none"
size = 1000
[[weights.tiny]]
package = "npm"
member = "package/tiny.tflite"
{weights}
[[weights.tiny]]
package = "pip"
member = "tiny_weights/tiny.tflite"
{weights}
[[weights.large]]
package = "npm"
member = "package/large.tflite"
{weights}
[models.tiny]
what = "in both packages"
file = "tiny.onnx"
weights = ["tiny"]
outputs = ["kept"]
licence = "none"
default = true
builds = [{{ {model} }}]
[models.large]
what = "in npm's package only"
file = "large.onnx"
weights = ["large"]
outputs = ["kept"]
licence = "none"
default = false
builds = [{{ {model} }}]
"""

_FAKE_NPM = """#!{python}
import pathlib, shutil, sys, time
here = pathlib.Path(__file__).parent
with open(here / "calls", "a") as calls:
    calls.write("called\\n")
while (here / "hold").exists():
    time.sleep(0.05)
if (here / "failure").exists():
    sys.exit((here / "failure").read_text())
(target,) = [a.partition("=")[2] for a in sys.argv if a.startswith("--pack-destination=")]
shutil.copy(here / "package.tgz", target)
"""

_FETCH_IN_A_PROCESS = """
import pathlib, sys
from formdrift.models import catalogue, fetch
known = catalogue.parse(pathlib.Path(sys.argv[1]).read_text())
catalogue.load = lambda: known
fetch.fetch(["tiny"])
"""


@dataclass
class Workshop:
    """A store, a catalogue and the clients, all in one temporary folder."""

    root: Path
    tflite: bytes

    @property
    def store(self) -> Path:
        return self.root / "store"

    @property
    def calls(self) -> int:
        log = self.root / "bin" / "calls"
        return len(log.read_text().splitlines()) if log.exists() else 0

    def offer_by_npm(self, content: bytes) -> None:
        with tarfile.open(self.root / "bin" / "package.tgz", "w:gz") as tarball:
            for name in ("package/tiny.tflite", "package/large.tflite"):
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                tarball.addfile(entry, io.BytesIO(content))

    def offer_by_pip(self, content: bytes) -> None:
        info = "tiny_weights-1.0.0.dist-info"
        with zipfile.ZipFile(self.root / "wheels" / "tiny_weights-1.0.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr("tiny_weights/tiny.tflite", content)
            wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0.0\n")
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")

    def fail_npm(self, said: str) -> None:
        (self.root / "bin" / "failure").write_text(said)

    def hold_npm(self) -> Path:
        hold = self.root / "bin" / "hold"
        hold.touch()
        return hold

    def visible(self) -> list[str]:
        return sorted(path.name for path in self.store.glob("*") if path.name != ".lock")

    def start_process(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", _FETCH_IN_A_PROCESS, str(self.root / "catalogue.toml")])


@pytest.fixture
def workshop(tmp_path: Path, tiny_tflite: bytes, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    def described(data: bytes) -> str:
        return f'size = {len(data)}, sha256 = "{hashlib.sha256(data).hexdigest()}"'

    built = onnx_export.to_onnx(tiny_tflite, ["kept"])
    text = _CATALOGUE.format(weights=described(tiny_tflite).replace(", ", "\n"), model=described(built))
    (tmp_path / "catalogue.toml").write_text(text)
    known = catalogue.parse(text)
    monkeypatch.setattr(catalogue, "load", lambda: known)
    for folder in ("bin", "wheels"):
        (tmp_path / folder).mkdir()
    npm = tmp_path / "bin" / "npm"
    npm.write_text(_FAKE_NPM.format(python=sys.executable))
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("FORMDRIFT_MODELS", str(tmp_path / "store"))
    shop = Workshop(tmp_path, tiny_tflite)
    shop.offer_by_npm(tiny_tflite)
    return shop


def test_a_model_is_fetched_built_and_found(workshop: Workshop) -> None:
    assert fetch.fetch(["tiny"]) == [workshop.store / "tiny.onnx"]
    assert store.locate("tiny").read_bytes() == onnx_export.to_onnx(workshop.tflite, ["kept"])
    assert workshop.visible() == ["tiny.onnx"]  # and nothing is left lying around


def test_nothing_named_means_the_default_set(workshop: Workshop) -> None:
    assert [path.name for path in fetch.fetch()] == ["tiny.onnx"]


def test_what_is_there_is_not_fetched_again(workshop: Workshop) -> None:
    fetch.fetch(["tiny"])
    fetch.fetch(["tiny"])
    assert workshop.calls == 1


def test_a_damaged_model_is_replaced(workshop: Workshop) -> None:
    (path,) = fetch.fetch(["tiny"])
    path.write_bytes(b"half")
    fetch.fetch(["tiny"])
    assert store.verify()[0] == ("tiny", State.PRESENT)


def test_progress_rises_to_one_and_says_what_is_done(workshop: Workshop) -> None:
    seen: list[tuple[str, float]] = []
    fetch.fetch(["tiny", "large"], lambda stage, fraction: seen.append((stage, fraction)))
    fractions = [fraction for _, fraction in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert {"building tiny", "building large"} < {stage for stage, _ in seen}


@pytest.mark.parametrize("missing", [True, False])
def test_pip_stands_in_when_npm_is_missing_or_fails(workshop: Workshop, missing: bool) -> None:
    workshop.offer_by_pip(workshop.tflite)
    if missing:
        (workshop.root / "bin" / "npm").unlink()
    else:
        workshop.fail_npm("npm error code E404\nnpm error 404 Not Found\n")
    stages: list[str] = []
    fetch.fetch(["tiny"], lambda stage, _: stages.append(stage))
    assert store.locate("tiny")
    reason = "npm, which has tiny-weights@1.0.0, is not installed" if missing else "404 Not Found"
    assert any(reason in stage for stage in stages)


def test_what_pip_has_is_there_even_if_the_rest_cannot_be_had(workshop: Workshop) -> None:
    workshop.offer_by_pip(workshop.tflite)
    (workshop.root / "bin" / "npm").unlink()
    message = r"^Could not get large: npm, which has .* is not installed: .* `formdrift models fetch large` again\.$"
    with pytest.raises(ModelError, match=message):
        fetch.fetch(["tiny", "large"])
    assert workshop.visible() == ["tiny.onnx"]


def test_when_nothing_can_deliver_both_reasons_are_told(workshop: Workshop) -> None:
    workshop.fail_npm("npm error code E404\nnpm error 404 Not Found\n")
    message = r"^Could not get tiny: npm could .*404 Not Found.*; pip could .*No matching distribution.*\.$"
    with pytest.raises(ModelError, match=message):
        fetch.fetch(["tiny"])
    assert workshop.visible() == []


def test_a_tampered_package_is_refused(workshop: Workshop) -> None:
    workshop.offer_by_npm(workshop.tflite + b"!")
    with pytest.raises(ModelError, match="not the published file"):
        fetch.fetch(["tiny"])
    assert workshop.visible() == []


@pytest.mark.parametrize("damage", [lambda data: data[:-40], lambda data: data[:60] + b"\xff" * 40 + data[100:]])
def test_a_broken_package_is_refused(workshop: Workshop, damage: Callable[[bytes], bytes]) -> None:
    archive = workshop.root / "bin" / "package.tgz"
    archive.write_bytes(damage(archive.read_bytes()))
    with pytest.raises(ModelError, match="could not be read"):
        fetch.fetch(["tiny"])
    assert workshop.visible() == []


def test_a_build_that_differs_is_refused(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_export, "to_onnx", lambda *_: b"something else")
    with pytest.raises(ModelError, match="wrong checksum"):
        fetch.fetch(["tiny"])
    assert workshop.visible() == []


def test_a_folder_that_cannot_be_made_is_told(workshop: Workshop) -> None:
    workshop.store.write_text("a file where the folder should be")
    with pytest.raises(ModelError, match=r"cannot be written .* set FORMDRIFT_MODELS"):
        fetch.fetch(["tiny"])


def test_two_processes_at_once_download_once(workshop: Workshop) -> None:
    hold = workshop.hold_npm()
    processes = [workshop.start_process() for _ in range(2)]
    while workshop.calls == 0:
        time.sleep(0.05)
    time.sleep(1.0)  # time enough for the second to reach the lock
    hold.unlink()
    assert [process.wait(60) for process in processes] == [0, 0]
    assert workshop.calls == 1
    assert workshop.visible() == ["tiny.onnx"]
    assert store.locate("tiny")


def test_a_killed_fetch_leaves_nothing_that_is_used(workshop: Workshop) -> None:
    hold = workshop.hold_npm()
    process = workshop.start_process()
    while workshop.calls == 0:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    hold.unlink()
    assert store.verify()[0] == ("tiny", State.ABSENT)
    fetch.fetch(["tiny"])
    assert workshop.visible() == ["tiny.onnx"]  # what the killed one left is cleared away


def test_a_model_is_never_visible_before_it_is_whole(workshop: Workshop) -> None:
    states: set[State] = set()
    fetch.fetch(["tiny", "large"], lambda *_: states.update(state for _, state in store.verify()))
    assert states == {State.ABSENT, State.PRESENT}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            "npm warn old\nnpm error code ETARGET\nnpm error notarget No version.\nnpm error A log\n",
            "notarget No version",
        ),
        ("npm ERR! code E404\nnpm ERR! 404 Not Found\nnpm ERR! A complete log\n", "404 Not Found"),
        (
            "WARNING: slow\nERROR: Could not find a version\nERROR: No matching distribution\n",
            "No matching distribution",
        ),
        ("sh: something unforeseen\n", "sh: something unforeseen"),
        ("", "it gave no reason"),
    ],
)
def test_the_reason_is_found_in_what_the_client_said(said: str, reason: str) -> None:
    assert packages.failure_reason(said) == reason
