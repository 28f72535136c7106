"""``formdrift doctor``: whether this machine has all that the program needs."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, distributions, version

import click

_LIBRARIES = ("av", "numpy", "onnxruntime", "opencv-contrib-python", "scipy", "mediapipe", "streamlit")
_DEFAULT_MODELS = ("blazepose-detector", "blazepose-full")


@click.command()
def doctor() -> None:
    """Check this machine: Python, libraries, models and the pose engine; says what to do about each fault."""
    faults = [*_libraries(), *_models()]
    if not faults:
        faults += _engine()
    click.echo(f"formdrift {version('formdrift')}, Python {platform.python_version()}, {platform.platform()}")
    for fault in faults:
        click.echo(f"Fault: {fault}", err=True)
    if faults:
        sys.exit(2)
    click.echo("Everything is in order.")


def _libraries() -> list[str]:
    faults = []
    for name in _LIBRARIES:
        try:
            click.echo(f"{name} {version(name)}")
        except PackageNotFoundError:
            faults.append(f"{name} is not installed: run `make demo`, or install formdrift again.")
    cv = sorted({d.name for d in distributions() if d.name.startswith("opencv-")})
    if len(cv) > 1:
        faults.append(
            f"{' and '.join(cv)} overwrite each other: uninstall all and install opencv-contrib-python again."
        )
    return faults


def _models() -> list[str]:
    from ...models.catalogue import ModelError
    from ...models.store import locate

    faults = []
    for name in _DEFAULT_MODELS:
        try:
            click.echo(f"{name}: {locate(name)}")
        except ModelError as error:
            faults.append(str(error))
    return faults


def _engine() -> list[str]:
    """Start the default engine."""
    from ...assess import USER_ERRORS, check_engine

    try:
        runs_on = check_engine()
    except (*USER_ERRORS, ImportError, OSError) as error:
        return [f"The pose engine does not start: {error}"]
    click.echo(f"The pose engine runs on: {runs_on}")
    return []
