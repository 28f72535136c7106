"""The camera's socket: who may talk to it, and how much."""

from __future__ import annotations

import json
import struct
import time
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from formdrift.assess.live_state import LiveSetup, LiveState
from formdrift.pose.engine import EngineError
from formdrift.ui.gate import OwnPagesOnly
from formdrift.ui.live import LIVE, MAX_BYTES, LiveSocket, Visits

if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "127.0.0.1:8501"


class Coach:
    """Stands in for what looks at the pictures; remembers what it was told."""

    bones = ((0, 1),)

    def __init__(self, setup: LiveSetup) -> None:
        self.setup = setup
        self.told: list[str] = []
        self.seen: list[tuple[float, int]] = []
        self.closed = False

    def step_jpeg(self, time_s: float, jpeg: bytes) -> LiveState:
        self.seen.append((time_s, len(jpeg)))
        return LiveState(time_s, "set", "Set running.", count=len(self.seen), points=np.array([[1.0, np.nan]] * 2))

    def start(self) -> None:
        self.told.append("start")

    def end(self) -> None:
        self.told.append("end")

    def again(self) -> None:
        self.told.append("again")

    def close(self) -> None:
        self.closed = True


class App:
    def __init__(self, make_coach: Callable[[LiveSetup], Coach] = Coach) -> None:
        self.visits = Visits()
        self.key = self.visits.open(LiveSetup("squat"))
        self.coaches: list[Coach] = []

        def made(setup: LiveSetup) -> Coach:
            self.coaches.append(make_coach(setup))
            return self.coaches[-1]

        routes = LiveSocket(self.visits, made).routes()  # type: ignore[arg-type]
        self.client = TestClient(
            Starlette(routes=routes, middleware=[Middleware(OwnPagesOnly)]), base_url=f"http://{HOST}"
        )

    def socket(self, key: str | None = None, origin: str = f"http://{HOST}"):
        return self.client.websocket_connect(f"{LIVE}?key={key or self.key}", headers={"host": HOST, "origin": origin})


@pytest.fixture
def app() -> App:
    return App()


def frame(time_s: float, data: bytes = b"jpeg") -> bytes:
    return struct.pack("<d", time_s) + data


def until_closed(socket) -> int:
    with pytest.raises(WebSocketDisconnect) as closed:
        socket.receive_json()
    return closed.value.code


def test_every_picture_is_answered(app: App) -> None:
    with app.socket() as socket:
        assert socket.receive_json() == {"bones": [[0, 1]]}
        for k in (1, 2, 3):
            socket.send_bytes(frame(k / 30))
            answer = socket.receive_json()
            assert (answer["count"], answer["phase"], answer["points"]) == (k, "set", [None, None])
        # NaN would be no JSON
        assert "NaN" not in json.dumps(answer)
    assert app.coaches[0].seen == [(pytest.approx(k / 30), 4) for k in (1, 2, 3)]
    assert app.coaches[0].setup.exercise == "squat"
    assert app.coaches[0].closed


def test_buttons_are_obeyed_and_nothing_else(app: App) -> None:
    with app.socket() as socket:
        for word in ("start", "close", "end", "__init__", "again"):
            socket.send_text(word)
        socket.send_bytes(frame(1.0))
        socket.receive_json()
        socket.receive_json()
    assert app.coaches[0].told == ["start", "end", "again"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999"])
def test_pages_from_elsewhere_are_refused(app: App, origin: str) -> None:
    with pytest.raises(WebSocketDisconnect), app.socket(origin=origin):
        pass
    assert app.coaches == []


def test_a_key_that_nobody_gave_out_is_refused(app: App) -> None:
    with app.socket("guessed") as socket:
        assert "reload" in socket.receive_json()["error"]
        assert until_closed(socket) == 1008
    assert app.coaches == []


def test_too_large_a_message_closes_the_socket(app: App) -> None:
    with app.socket() as socket:
        socket.receive_json()
        socket.send_bytes(b"\0" * (MAX_BYTES + 1))
        assert until_closed(socket) == 1009
    assert app.coaches[0].seen == []
    assert app.coaches[0].closed


def test_no_more_cameras_than_the_machine_can_carry(app: App) -> None:
    sockets = [app.socket() for _ in range(5)]
    for socket in sockets[:4]:
        assert "bones" in socket.__enter__().receive_json()
    with sockets[4] as socket:
        assert "Four cameras" in socket.receive_json()["error"]
    sockets[0].__exit__(None, None, None)
    until = time.monotonic() + 60
    while not app.coaches[0].closed and time.monotonic() < until:
        time.sleep(0.01)
    with app.socket() as socket:
        assert "bones" in socket.receive_json()
    for socket in sockets[1:4]:
        socket.__exit__(None, None, None)


def test_an_engine_that_does_not_start_is_said_in_a_sentence() -> None:
    def fails(setup: LiveSetup) -> Coach:
        raise EngineError("The weights are not here: fetch them.")

    with App(fails).socket() as socket:
        assert socket.receive_json() == {"error": "The weights are not here: fetch them."}
        assert until_closed(socket) == 1011


def test_our_own_fault_is_said_too() -> None:
    class Broken(Coach):
        def step_jpeg(self, time_s: float, jpeg: bytes) -> LiveState:
            raise ZeroDivisionError

    app = App(Broken)
    with app.socket() as socket:
        socket.receive_json()
        socket.send_bytes(frame(1.0))
        assert "our fault" in socket.receive_json()["error"]
    assert app.coaches[0].closed


def test_a_visit_is_forgotten_when_many_others_came() -> None:
    visits = Visits()
    first = visits.open(LiveSetup("squat"))
    assert visits.open(LiveSetup("rdl"), first) == first
    assert visits.setup(first) == LiveSetup("rdl")
    for _ in range(64):
        visits.open(LiveSetup())
    assert visits.setup(first) is None


@pytest.mark.usefixtures("models_present")
def test_the_real_coach_looks_at_a_real_picture() -> None:
    from formdrift.assess.live import LiveCoach

    app = App(LiveCoach)  # type: ignore[arg-type]
    picture = cv2.imencode(".jpg", np.full((480, 640, 3), 90, np.uint8))[1].tobytes()
    with app.socket() as socket:
        assert len(socket.receive_json()["bones"]) > 10
        socket.send_bytes(frame(0.1, picture))
        answer = socket.receive_json()
        assert (answer["phase"], answer["headline"]) == ("checking", "Step back until your whole body shows.")
        socket.send_bytes(frame(0.2, b"\xff\xd8 no picture"))
        assert "picture" in socket.receive_json()["error"]
