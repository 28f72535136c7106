from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

CHROMIUM = Path("/usr/bin/chromium")
# a busy machine takes its time: what is expected of a page is waited for, five seconds are no promise of ours
START_S = 180
expect.set_options(timeout=60_000)


@dataclass
class Server:
    """The app in its own process, with its own folders for data and for temporary files."""

    port: int
    process: subprocess.Popen[bytes]
    temporary: Path
    data: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@dataclass
class Visit:
    """A page in the browser and what it did behind the scenes."""

    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def outside(self, server: Server) -> list[str]:
        """Return the requests that went elsewhere than to the server."""
        own = re.compile(rf"(http|ws)://127\.0\.0\.1:{server.port}/|data:|blob:")
        return [request for request in self.requests if not own.match(request)]


@contextmanager
def running_app(temporary: Path, data: Path) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # no browser opens on a developer's screen
    without_screen = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    process = subprocess.Popen(
        [Path(sys.executable).with_name("formdrift"), "app", "--port", str(port), "--data", str(data)],
        env=without_screen | {"TMPDIR": str(temporary), "BROWSER": "true"},
    )
    server = Server(port, process, temporary, data)
    try:
        wait_until_up(server)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_until_up(server: Server) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        assert server.process.poll() is None, "the app ended before it answered"
        with suppress(OSError):
            urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5).close()
            return
        time.sleep(0.2)
    pytest.fail("the app did not answer in time")


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_app(tmp_path_factory.mktemp("app"), tmp_path_factory.mktemp("data")) as server:
        yield server


@pytest.fixture
def start_app(tmp_path: Path) -> Callable[[], AbstractContextManager[Server]]:
    """Return a function that runs an app of the test's own for as long as a ``with`` block lasts."""
    folders = tmp_path / "temporary", tmp_path / "data"
    for folder in folders:
        folder.mkdir()
    return lambda: running_app(*folders)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Run Playwright once: a second one in the same process refuses to start."""
    if not CHROMIUM.exists():
        pytest.skip(f"needs Chromium at {CHROMIUM}: apt-get install chromium")
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield chromium
    chromium.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    seen = Visit(context.new_page())
    seen.page.on("request", lambda request: seen.requests.append(request.url))
    seen.page.on("websocket", lambda socket: seen.requests.append(socket.url))
    seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
    yield seen
    context.close()
