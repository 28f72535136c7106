"""The camera's way into the app: a WebSocket that takes one JPEG, answers what was seen, and takes the next."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import secrets
import struct
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect

from ..assess import USER_ERRORS, sway_headline, sway_lines
from ..assess.live import LiveCoach

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from starlette.routing import BaseRoute
    from starlette.websockets import WebSocket

    from ..assess.live_state import LiveSetup, LiveState

_log = logging.getLogger(__name__)

LIVE = "/live/socket"
# a picture of 640 x 480 pixels has 50 kB
MAX_BYTES = 2 * 2**20
# a message is the time of the picture in seconds, eight bytes, and the picture
_TIME = struct.Struct("<d")
_REFUSED, _TOO_BIG, _FAULT = 1008, 1009, 1011
# visits that are remembered, and cameras at once: each keeps a processor core busy
_MOST_VISITS, _MOST_CAMERAS = 64, 4
_OUR_FAULT = "Live practice failed, and that is our fault: the details stand in the terminal of the program."
_BUSY = "Four cameras are live already: end one of them first."
_STALE = "This page is out of date: reload it."


class Visits:
    """What each open page practises, by a key that only that page knows."""

    def __init__(self) -> None:
        self._setups: OrderedDict[str, LiveSetup] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, setup: LiveSetup, key: str | None = None) -> str:
        """Note what a page practises, and return its key; a new one for a page that has none."""
        name = key or secrets.token_urlsafe(24)
        with self._lock:
            self._setups[name] = setup
            self._setups.move_to_end(name)
            while len(self._setups) > _MOST_VISITS:
                self._setups.popitem(last=False)
        return name

    def setup(self, key: str) -> LiveSetup | None:
        """Return what the page of a key practises; None when there is no such page."""
        with self._lock:
            return self._setups.get(key)


VISITS = Visits()


class LiveSocket:
    """Answers pictures with what is seen in them, one at a time: no queue, so no delay builds up.

    Parameters
    ----------
    visits : Visits
    make_coach : callable
        Makes what looks at the pictures.
    """

    def __init__(self, visits: Visits, make_coach: Callable[[LiveSetup], LiveCoach] = LiveCoach) -> None:
        self._visits, self._make_coach = visits, make_coach
        self._open = 0

    def routes(self) -> list[BaseRoute]:
        """Return what the server must know."""
        return [WebSocketRoute(LIVE, self._serve)]

    async def _serve(self, socket: WebSocket) -> None:
        await socket.accept()
        setup = self._visits.setup(socket.query_params.get("key", ""))
        if setup is None or self._open >= _MOST_CAMERAS:
            await _refuse(socket, _STALE if setup is None else _BUSY, _REFUSED)
            return
        self._open += 1
        coach = None
        try:
            coach = await asyncio.to_thread(self._make_coach, setup)
            await socket.send_text(json.dumps({"bones": coach.bones}))
            await _converse(socket, coach)
        except WebSocketDisconnect:
            pass
        except USER_ERRORS as error:
            await _refuse(socket, str(error), _FAULT)
        except Exception:
            _log.exception("live practice failed")
            await _refuse(socket, _OUR_FAULT, _FAULT)
        finally:
            self._open -= 1
            if coach is not None:
                coach.close()


async def _converse(socket: WebSocket, coach: LiveCoach) -> None:
    """Answer one message after the other until the page goes."""
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        data, text = message.get("bytes"), message.get("text")
        if len(data or text or "") > MAX_BYTES:
            await socket.close(_TOO_BIG)
            return
        if data:
            state = await asyncio.to_thread(_look, coach, data)
            await socket.send_text(state)
        elif text:
            _obey(coach, text)


def _look(coach: LiveCoach, data: bytes) -> str:
    if len(data) <= _TIME.size:
        return json.dumps({"error": "The camera's picture is empty."})
    (time_s,) = _TIME.unpack_from(data)
    return json.dumps(answer(coach.step_jpeg(time_s, data[_TIME.size :])))


def _obey(coach: LiveCoach, text: str) -> None:
    """Do what a button of the page asks for; anything else is no word of ours."""
    orders = {"start": coach.start, "end": coach.end, "again": coach.again}
    order = orders.get(text)
    if order is not None:
        order()


async def _refuse(socket: WebSocket, sentence: str, code: int) -> None:
    try:
        await socket.send_text(json.dumps({"error": sentence}))
        await socket.close(code)
    except (WebSocketDisconnect, RuntimeError):
        # the page has gone already
        return


def answer(state: LiveState) -> dict[str, Any]:
    """Return a state as the page reads it."""
    check = state.check
    return {
        "time": state.time_s,
        "phase": state.phase,
        "headline": state.headline,
        "countdown": state.countdown,
        "count": state.count,
        "depth": state.depth,
        "said": state.said,
        "kind": state.said_kind,
        "points": None if state.points is None else _rounded(state.points),
        "check": check
        and {
            "points": [{"id": point.id, "state": point.state, "text": point.text} for point in check.points],
            "shows": check.shows,
            "hides": check.hides,
        },
        "line": state.line,
        "held": state.held_s,
        "touches": state.touch_downs,
        "result": None if state.sway is None else [sway_headline(state.sway), *sway_lines(state.sway)],
    }


def _rounded(points: np.ndarray[Any, np.dtype[np.float64]]) -> list[list[float] | None]:
    return [[round(x, 1), round(y, 1)] if math.isfinite(x + y) else None for x, y in points.tolist()]
