"""The app's server: reached from this machine only, and calling nobody."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import webbrowser
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import streamlit as st
from starlette.middleware import Middleware

from .gate import LOOPBACK, OwnPagesOnly

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

# Stated here, a person's own Streamlit settings can't open the app to the network.
_CONFIG = {
    "server.address": LOOPBACK,
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.enableXsrfProtection": True,
    "browser.gatherUsageStats": False,
    "client.allowedOrigins": [],
    "client.showErrorDetails": "none",
    "client.toolbarMode": "minimal",
    "logger.hideWelcomeMessage": True,
    "theme.light.primaryColor": "#1b6a87",
    "theme.dark.primaryColor": "#2b83a3",
}


def serve(port: int) -> int:
    """Run the app until it is stopped, and open it in the browser where there is a screen.

    Parameters
    ----------
    port : int
        On this machine's loopback address.

    Returns
    -------
    int
        Exit code: 0 when it was stopped, 2 when the port is taken.
    """
    if _taken(port):
        print(f"Port {port} is in use: stop what runs there or choose another one with --port.", file=sys.stderr)
        return 2
    # An orderly exit erases the videos that people uploaded; a bare SIGTERM would not.
    signal.signal(signal.SIGTERM, _leave)
    url = f"http://{LOOPBACK}:{port}"
    app = st.App(Path(__file__).with_name("app.py"), middleware=[Middleware(OwnPagesOnly)], lifespan=_announce(url))
    try:
        app.run(config=_CONFIG | {"server.port": port})
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    return 0


def _announce(url: str) -> Callable[[st.App], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: st.App) -> AsyncIterator[None]:
        print(f"Formdrift: {url} (this machine only). Stop it with Ctrl+C.", file=sys.stderr)
        if _has_screen():
            asyncio.get_running_loop().run_in_executor(None, webbrowser.open, url)
        yield

    return lifespan


def _has_screen() -> bool:
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        # as the server does: a connection that just closed doesn't keep the port
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False


def _leave(number: int, frame: object) -> NoReturn:
    sys.exit(0)
