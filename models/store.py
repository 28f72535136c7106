"""Where the models lie on this machine, and the one way to get at them."""

from __future__ import annotations

import hashlib
import os
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from platformdirs import user_cache_path

from . import catalogue
from .catalogue import Model, ModelError

FOLDER_VARIABLE = "FORMDRIFT_MODELS"


class State(StrEnum):
    """What was found of a model in the store."""

    PRESENT = "present"
    ABSENT = "absent"
    DAMAGED = "damaged"


def folder() -> Path:
    """Return the folder of the models: ``FORMDRIFT_MODELS`` if that is set, else in the user's cache."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen).expanduser() if chosen else user_cache_path("formdrift", appauthor=False) / "models"


def locate(model_id: str) -> Path:
    """Return the file of a model that is there and whole.

    The checksum is computed once a process, and again when the file has changed since.

    Raises
    ------
    ModelError
        The model is unknown, not fetched, or its file is not what the catalogue says.
    """
    model = catalogue.load().model(model_id)
    path = folder() / model.file
    found = _state(path, model, use_cache=True)
    if found is State.ABSENT:
        raise ModelError(f"The model {model_id} is not on this machine: run `{_fetching(model)}` (expected at {path}).")
    if found is State.DAMAGED:
        raise ModelError(
            f"The file of the model {model_id} is damaged or has been changed: "
            f"run `{_fetching(model)}` to replace it ({path})."
        )
    return path


def fingerprint(model_id: str) -> str:
    """Return the sha256 of a model's file on this machine; raises what `locate` raises."""
    path = locate(model_id)
    status = path.stat()
    return _checksum(path, status.st_size, status.st_mtime_ns, status.st_ino)


def verify() -> list[tuple[str, State]]:
    """Read every file of the store and return each model's id and state, in the catalogue's order."""
    return [(model.id, state(model)) for model in catalogue.load().models.values()]


def state(model: Model) -> State:
    """Read a model's file and tell whether it is what the catalogue says."""
    return _state(folder() / model.file, model, use_cache=False)


def matches(model: Model, size: int, sha256: str) -> bool:
    """Tell whether a file of this size and checksum is an accepted build of the model."""
    return any((size, sha256) == (build.size, build.sha256) for build in model.builds)


def _fetching(model: Model) -> str:
    """Return the command that fetches a model; those that are needed by default come together."""
    return "formdrift models fetch" if model.default else f"formdrift models fetch {model.id}"


def _state(path: Path, model: Model, *, use_cache: bool) -> State:
    try:
        status = path.stat()
        if status.st_size not in [build.size for build in model.builds]:
            return State.DAMAGED
        checksum = _checksum if use_cache else _checksum.__wrapped__
        found = checksum(path, status.st_size, status.st_mtime_ns, status.st_ino)
    except FileNotFoundError:
        return State.ABSENT
    except OSError:
        return State.DAMAGED
    return State.PRESENT if matches(model, status.st_size, found) else State.DAMAGED


@lru_cache(maxsize=32)
def _checksum(path: Path, _size: int, _mtime_ns: int, _inode: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
