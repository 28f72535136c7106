from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formdrift.models import catalogue, store
from formdrift.models.catalogue import ModelError
from formdrift.models.store import State

if TYPE_CHECKING:
    from collections.abc import Callable

_CONTENT = b"the weights, all of them"
_CATALOGUE = f"""
packages = {{}}
weights = {{}}
[models.tiny]
what = "a test"
file = "tiny.onnx"
weights = []
licence = "none"
default = false
builds = [{{ size = {len(_CONTENT)}, sha256 = "{hashlib.sha256(_CONTENT).hexdigest()}" }}]
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    known = catalogue.parse(_CATALOGUE)
    monkeypatch.setattr(catalogue, "load", lambda: known)
    monkeypatch.setenv("FORMDRIFT_MODELS", str(tmp_path))
    return tmp_path / "tiny.onnx"


def test_a_whole_file_is_found(path: Path) -> None:
    path.write_bytes(_CONTENT)
    assert store.locate("tiny") == path
    assert store.verify() == [("tiny", State.PRESENT)]


def test_an_absent_file_is_refused_with_the_remedy(path: Path) -> None:
    with pytest.raises(ModelError, match=r"^The model tiny is not on this machine: run `formdrift models fetch tiny`"):
        store.locate("tiny")
    assert store.verify() == [("tiny", State.ABSENT)]


def test_models_needed_by_default_are_fetched_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORMDRIFT_MODELS", str(tmp_path))
    for name in ("blazepose-detector", "blazepose-full", "mediapipe-full"):
        with pytest.raises(ModelError, match="run `formdrift models fetch` "):
            store.locate(name)
    with pytest.raises(ModelError, match="run `formdrift models fetch blazepose-lite` "):
        store.locate("blazepose-lite")


def _write_half(path: Path) -> None:
    path.write_bytes(_CONTENT[:10])


def _write_nothing(path: Path) -> None:
    path.write_bytes(b"")


def _write_changed_letter(path: Path) -> None:
    path.write_bytes(b"T" + _CONTENT[1:])


def _make_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("damage", [_write_half, _write_nothing, _write_changed_letter, _make_folder])
def test_a_damaged_file_is_refused_with_the_remedy(path: Path, damage: Callable[[Path], None]) -> None:
    damage(path)
    with pytest.raises(ModelError, match=r"^The file of the model tiny is damaged .*`formdrift models fetch tiny`"):
        store.locate("tiny")
    assert store.verify() == [("tiny", State.DAMAGED)]


def test_a_change_after_the_first_look_is_noticed(path: Path) -> None:
    path.write_bytes(_CONTENT)
    store.locate("tiny")
    other = path.with_name("other")
    other.write_bytes(b"T" + _CONTENT[1:])
    other.replace(path)
    with pytest.raises(ModelError, match="damaged"):
        store.locate("tiny")


def test_an_unknown_model_is_refused(path: Path) -> None:
    with pytest.raises(ModelError, match=r"no model 'huge': choose from tiny\."):
        store.locate("huge")


def test_without_the_variable_the_user_cache_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORMDRIFT_MODELS", raising=False)
    assert store.folder().parts[-2:] == ("formdrift", "models")
    assert Path.home() in store.folder().parents
