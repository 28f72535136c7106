"""``formdrift app``."""

from __future__ import annotations

import ipaddress
import sys
from pathlib import Path

import click

from .options import Whole

_LOOPBACK = "127.0.0.1"
_LEAST_LETTERS = 8


@click.command()
@click.option(
    "--port", default=8501, show_default=True, type=Whole(1, 65535), metavar="N", help="Port on this machine."
)
@click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help="Where everything is kept.")
@click.option("--address", default=_LOOPBACK, show_default=True, help="0.0.0.0 lets phones in the same network in.")
@click.option("--password", envvar="FORMDRIFT_PASSWORD", help="Asked for where others can reach the app.")
def app(port: int, data: Path | None, address: str, password: str | None) -> None:
    """Open the app in the browser; it can be reached from this machine only, unless you say otherwise."""
    from ...assess import InputError
    from ...sessions.errors import StoreError
    from ..server import serve

    address = _checked(address)
    if address != _LOOPBACK:
        password = _password(password)
    try:
        sys.exit(serve(port, data, address, password))
    except StoreError as error:
        raise InputError(str(error)) from error


def _checked(address: str) -> str:
    from ...assess import InputError

    if address == "localhost":
        return _LOOPBACK
    try:
        return str(ipaddress.ip_address(address))
    except ValueError as error:
        raise InputError(
            f"'{address}' is no address of this machine: give one such as 192.168.1.20, or 0.0.0.0 for all."
        ) from error


def _password(given: str | None) -> str:
    """Return the password that others must give; ask for it where there is somebody to ask."""
    from ...assess import InputError

    if given is None and sys.stdin.isatty():
        given = click.prompt("Password for everybody who opens the app", hide_input=True, confirmation_prompt=True)
    if given is None or len(given) < _LEAST_LETTERS:
        raise InputError(
            f"Others could open the app at this address: give a password of {_LEAST_LETTERS} letters or more"
            " with --password or in FORMDRIFT_PASSWORD."
        )
    return given
