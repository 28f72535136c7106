"""The page that shows what an attached camera sees: a stream of JPEG pictures and one of words."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from .gate import LOOPBACK, OwnPagesOnly
from .live import answer
from .templates import page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from starlette.requests import Request

    from ..assess.live_camera import Screen

_BOUNDARY = "formdrift"
_WAIT_S = 0.5
LOST = "The camera is gone: plug it in again."


def view(screen: Screen) -> Starlette:
    """Return the pages: the frame around everything, the pictures, and the words."""

    async def frame(request: Request) -> Response:
        return HTMLResponse(page("live"))

    async def pictures(request: Request) -> Response:
        kind = f"multipart/x-mixed-replace; boundary={_BOUNDARY}"
        return StreamingResponse(_pictures(screen, request), media_type=kind, headers={"cache-control": "no-store"})

    async def words(request: Request) -> Response:
        return StreamingResponse(_words(screen, request), media_type="text/event-stream")

    routes = [Route("/", frame), Route("/pictures", pictures), Route("/words", words)]
    return Starlette(routes=routes, middleware=[Middleware(OwnPagesOnly)])


async def _pictures(screen: Screen, request: Request) -> AsyncIterator[bytes]:
    number = 0
    while not screen.closed and not await request.is_disconnected():
        shown = await asyncio.to_thread(screen.newer, number, _WAIT_S)
        if shown is not None and not shown.lost:
            head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(shown.jpeg)}\r\n\r\n"
            yield head.encode() + shown.jpeg + b"\r\n"
        number = number if shown is None else shown.number


async def _words(screen: Screen, request: Request) -> AsyncIterator[str]:
    number = 0
    while not screen.closed and not await request.is_disconnected():
        shown = await asyncio.to_thread(screen.newer, number, _WAIT_S)
        if shown is not None:
            number = shown.number
            told = {**answer(shown.state), "points": None, "lost": LOST if shown.lost else None}
            yield f"data: {json.dumps(told)}\n\n"


@contextmanager
def serve_view(screen: Screen, port: int) -> Iterator[str]:
    """Serve the page in a thread for as long as a ``with`` block lasts; gives its address."""
    config = uvicorn.Config(view(screen), host=LOOPBACK, port=port, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    # signals stay with the command
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(_listening(port))), daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        yield f"http://{LOOPBACK}:{port}"
    finally:
        screen.close()
        server.should_exit = True
        thread.join(timeout=10)


def taken(port: int) -> bool:
    """Tell whether something else listens there."""
    try:
        _listening(port)[0].close()
    except OSError:
        return True
    return False


def _listening(port: int) -> list[socket.socket]:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
    except OSError:
        listening.close()
        raise
    return [listening]
