"""Check what the machine itself must bring, and install it where that is allowed.

Runs with the system's Python before anything else is installed: standard library only.
Exit code 0: Formdrift can be set up; 1: something it can't do without is missing.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from typing import NamedTuple

# Read by whatever Python the machine has, so this must come first and stay simple.
if sys.version_info < (3, 11):  # noqa: UP036
    found = ".".join(str(part) for part in sys.version_info[:3])
    sys.exit(f"Formdrift needs Python 3.11 or newer and this is {found}; name a newer one: make demo PYTHON=python3.11")


class Need(NamedTuple):
    """Something the machine must bring: the Debian package that holds it, and who needs it."""

    name: str
    package: str
    user: str
    required: bool


VENV = Need("ensurepip", "python{}.{}-venv".format(*sys.version_info[:2]), "the virtual environment", required=True)
LIBRARIES = (
    Need("libGL.so.1", "libgl1", "OpenCV", required=True),
    Need("libgthread-2.0.so.0", "libglib2.0-0", "OpenCV", required=True),
    Need("libEGL.so.1", "libegl1", "the MediaPipe engine", required=False),
    Need("libGLESv2.so.2", "libgles2", "the MediaPipe engine", required=False),
)


def missing() -> list[Need]:
    """Return what is not there; the libraries matter on Linux only, other systems bring their own."""
    needs = [] if importlib.util.find_spec("ensurepip") else [VENV]
    if sys.platform == "linux":
        needs += [need for need in LIBRARIES if not loads(need.name)]
    return needs


def loads(library: str) -> bool:
    """Tell whether the dynamic linker finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def administrator() -> list[str] | None:
    """Return what to put before a command so that it runs as root without a question, or None."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def install(packages: list[str], prefix: list[str]) -> None:
    """Install Debian packages; a failure is not an end here, the second look decides."""
    print("Installing system packages:", *packages, flush=True)
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        subprocess.run([*apt, *command], stdout=subprocess.DEVNULL, check=False)


def main() -> int:
    """Install what is missing, or name it with the command that would."""
    needs = missing()
    has_apt = shutil.which("apt-get") is not None
    if needs and has_apt and (prefix := administrator()) is not None:
        install([need.package for need in needs], prefix)
        needs = missing()
    if not needs:
        return 0
    for need in needs:
        consequence = "" if need.required else " (the rest works without it)"
        print(f"{need.name} is missing, needed by {need.user}{consequence}.", file=sys.stderr)
    if has_apt:
        print("Install with: sudo apt-get install", *(need.package for need in needs), file=sys.stderr)
    return int(any(need.required for need in needs))


if __name__ == "__main__":
    sys.exit(main())
