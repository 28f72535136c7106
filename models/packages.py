"""Downloading published packages with npm or pip, and reading verified files out of them.

Both clients look where the user has set them up to look; no address is known here.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from typing import TYPE_CHECKING

from .catalogue import Member, ModelError, Package

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_POLL_S = 0.2


def available(package: Package) -> bool:
    """Tell whether the client of a package is installed."""
    if package.client == "npm":
        return shutil.which("npm") is not None
    return importlib.util.find_spec("pip") is not None


def download(package: Package, folder: Path, progress: Callable[[float], None]) -> Path:
    """Download a package without installing anything.

    Parameters
    ----------
    package : Package
        What to download.
    folder : Path
        An existing folder, to which the archive and the client's temporary files go.
    progress : callable
        Called with the fraction that has been seen to arrive; npm shows no partial download.

    Returns
    -------
    Path
        The archive, unverified.

    Raises
    ------
    ModelError
        The client failed; the message carries its own reason.
    """
    target = folder / "archive"
    target.mkdir()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        try:
            process = subprocess.Popen(
                _command(package, target),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env={**os.environ, "TMPDIR": str(folder)},  # where pip's download grows
            )
        except OSError as error:
            raise ModelError(f"{package.client} could not be started ({error.strerror})") from error
        _watch(process, lambda: progress(min(_bytes_under(folder) / package.size, 1.0)))
        said.seek(0)
        reason = failure_reason(said.read())
    archives = list(target.iterdir())
    if process.returncode != 0 or len(archives) != 1:
        raise ModelError(f"{package.client} could not download {package.spec} ({reason})")
    return archives[0]


def read_member(archive: Path, member: Member) -> bytes:
    """Return a file of an archive (a zip, or a compressed tar) if it is exactly what the catalogue says.

    Raises
    ------
    ModelError
        The archive is broken, lacks the file, or holds another one under its name.
    """
    try:
        data = _unpack(archive, member.path)
    except (OSError, EOFError, KeyError, tarfile.TarError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(f"{member.path} could not be read from {archive.name} ({error})") from error
    if hashlib.sha256(data).hexdigest() != member.build.sha256:
        raise ModelError(f"{member.path} in {archive.name} is not the published file (wrong checksum)")
    return data


def failure_reason(said: str) -> str:
    """Find the one line in which npm or pip says why it failed."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    of_npm = [line.split(maxsplit=2)[-1] for line in lines if line.lower().startswith("npm err")]
    of_pip = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    # npm gives codes, then the reason, then advice; pip ends with the reason.
    reasons = [line for line in of_npm if not line.startswith(("code ", "syscall ", "errno "))]
    candidates = reasons[:1] or of_pip[-1:] or lines[-1:]
    return candidates[0].rstrip(".") if candidates else "it gave no reason"


def _command(package: Package, target: Path) -> list[str]:
    if package.client == "npm":
        npm = shutil.which("npm") or "npm"
        # without a network npm would try for minutes
        patience = [
            "--fetch-retries=1",
            "--fetch-retry-mintimeout=1000",
            "--fetch-retry-maxtimeout=5000",
            "--fetch-timeout=60000",
        ]
        return [
            npm,
            "pack",
            package.spec,
            *package.options,
            *patience,
            "--ignore-scripts",
            f"--pack-destination={target}",
        ]
    arguments = ["--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", f"--dest={target}"]
    return [sys.executable, "-m", "pip", "download", *arguments, *package.options, package.spec]


def _watch(process: subprocess.Popen[bytes], tick: Callable[[], None]) -> None:
    """Wait for a process, ticking meanwhile; it does not outlive an interruption."""
    try:
        while process.poll() is None:
            tick()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_POLL_S)
    finally:
        process.kill()
        process.wait()


def _unpack(archive: Path, path: str) -> bytes:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(path)
    with tarfile.open(archive) as tarball:
        file = tarball.extractfile(path)
        if file is None:
            raise KeyError(f"{path} is no file")
        return file.read()


def _bytes_under(folder: Path) -> int:
    total = 0
    for root, _, files in os.walk(folder):
        for name in files:
            try:
                total += os.stat(os.path.join(root, name)).st_size
            except FileNotFoundError:  # the client has moved it meanwhile
                continue
    return total
