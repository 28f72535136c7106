"""The app's server: reached from this machine only unless a password is set, and calling nobody."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import webbrowser
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import streamlit as st
from starlette.middleware import Middleware

from .gate import LOOPBACK, OwnPagesOnly, PasswordGate
from .home import Home, open_home, settle
from .live import VISITS, LiveSocket
from .uploads import PHONE
from .work import Worker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

# Stated here, a person's own Streamlit settings can't open the app to the network.
_CONFIG = {
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.enableXsrfProtection": True,
    "browser.gatherUsageStats": False,
    "client.allowedOrigins": [],
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "logger.hideWelcomeMessage": True,
    "theme.light.primaryColor": "#1b6a87",
    "theme.dark.primaryColor": "#277a98",
}
# addresses that mean every network this machine is in
_EVERYWHERE = ("0.0.0.0", "::")
# kept for documentation: what is "sent" there by connecting a datagram socket leaves no machine
_NOBODY = ("192.0.2.1", 9)


def serve(port: int, data: Path | None = None, address: str = LOOPBACK, password: str | None = None) -> int:
    """Run the app until it is stopped, and open it in the browser where there is a screen.

    Parameters
    ----------
    port : int
    data : Path, optional
        The data folder; the default one otherwise.
    address : str
        Of this machine; beyond the loopback address only with a password.
    password : str, optional

    Returns
    -------
    int
        Exit code: 0 when it was stopped, 2 when the port is taken.

    Raises
    ------
    StoreError
        When the data folder can't be used.
    ValueError
        When others could reach the app and there is no password.
    """
    if address != LOOPBACK and not password:
        raise ValueError("an app that others can reach needs a password")
    if _taken(address, port):
        print(f"Port {port} is in use: stop what runs there or choose another one with --port.", file=sys.stderr)
        return 2
    # An orderly exit erases the videos that people uploaded; a bare SIGTERM would not.
    signal.signal(signal.SIGTERM, _leave)
    home = open_home(data)
    _first_start(home)
    worker = Worker(home.store)
    url = f"http://{LOOPBACK if address in _EVERYWHERE else address}:{port}"
    phone_url = None
    if address != LOOPBACK:
        phone_url = f"http://{_own_address(address)}:{port}{PHONE}?key={home.uploads.phone_key}"
    home = replace(home, wake=worker.wake, phone_url=phone_url)
    settle(home)
    app = st.App(
        Path(__file__).with_name("app.py"),
        routes=[*home.uploads.routes(), *LiveSocket(VISITS).routes()],
        middleware=_middleware(password),
        lifespan=_life(home, worker, url),
    )
    try:
        app.run(config=_CONFIG | {"server.port": port, "server.address": address})
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    return 0


def _first_start(home: Home) -> None:
    """Show everybody who is new what the pages are for: once, and never again when it was erased."""
    from .demo import add_demo

    if home.option("demo") is None:
        add_demo(home.store)
        home.set_option("demo", True)


def _middleware(password: str | None) -> list[Middleware]:
    gates = [Middleware(OwnPagesOnly, any_host=password is not None)]
    if password is not None:
        gates.append(Middleware(PasswordGate, password=password, open_to=(PHONE, "/_stcore/health")))
    return gates


def _life(home: Home, worker: Worker, url: str) -> Callable[[st.App], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: st.App) -> AsyncIterator[None]:
        reach = "this machine only" if home.phone_url is None else "whoever has the password"
        print(f"Formdrift: {url} ({reach}). Stop it with Ctrl+C.", file=sys.stderr)
        worker.start()
        asyncio.get_running_loop().run_in_executor(None, warm_up)
        if _has_screen():
            asyncio.get_running_loop().run_in_executor(None, webbrowser.open, url)
        try:
            yield
        finally:
            worker.stop()

    return lifespan


def warm_up() -> None:
    """Load what the pages are made of before anybody waits for one; Streamlit loads pandas at its first table only."""
    for module in (f"{__package__}.views.shell", "pandas"):
        import_module(module)


def _has_screen() -> bool:
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _own_address(address: str) -> str:
    """Return an address of this machine that a phone in the same network can reach."""
    if address not in _EVERYWHERE:
        return address
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # nothing is sent: this only asks the system which of its addresses it would send from
            probe.connect(_NOBODY)
        except OSError:
            return LOOPBACK
        return str(probe.getsockname()[0])


def _taken(address: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        # as the server does: a connection that just closed doesn't keep the port
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return True
    return False


def _leave(number: int, frame: object) -> NoReturn:
    sys.exit(0)
