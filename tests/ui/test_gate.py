"""Only the app's own pages, and behind a password only who knows it, reach anything."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from formdrift.ui import gate
from formdrift.ui.gate import OwnPagesOnly, PasswordGate

if TYPE_CHECKING:
    from starlette.requests import Request


async def hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


async def talk(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


def client(*middleware: Middleware, host: str = "127.0.0.1:8501") -> TestClient:
    routes = [Route("/", hello), Route("/phone", hello), WebSocketRoute("/live", talk)]
    app = Starlette(routes=routes, middleware=list(middleware))
    return TestClient(app, base_url=f"http://{host}", follow_redirects=False)


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501"])
def test_own_pages_may_ask(host: str):
    own = client(Middleware(OwnPagesOnly), host=host)
    assert own.get("/").text == "hello"
    assert own.get("/", headers={"origin": f"http://{host}"}).text == "hello"
    with own.websocket_connect(f"ws://{host}/live", headers={"origin": f"http://{host}"}) as socket:
        assert socket.receive_text() == "hello"


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:9999", "null", "http://localhost:8501"])
def test_other_pages_may_not(origin: str):
    own = client(Middleware(OwnPagesOnly))
    assert own.get("/", headers={"origin": origin}).status_code == 403
    with (
        pytest.raises(WebSocketDisconnect),
        own.websocket_connect("ws://127.0.0.1:8501/live", headers={"origin": origin}),
    ):
        pass


def test_a_foreign_name_that_leads_here_is_refused():
    assert client(Middleware(OwnPagesOnly), host="evil.example:8501").get("/").status_code == 403


def test_beyond_loopback_any_name_of_ours_will_do_but_the_origin_must_fit():
    lan = client(Middleware(OwnPagesOnly, any_host=True), host="192.168.1.7:8501")
    assert lan.get("/", headers={"origin": "http://192.168.1.7:8501"}).status_code == 200
    assert lan.get("/", headers={"origin": "http://evil.example"}).status_code == 403


def test_without_the_password_nothing_is_reached():
    closed = client(Middleware(PasswordGate, password="correct horse", open_to=("/phone",)))
    assert closed.get("/").headers["location"] == "/login"
    assert closed.get("/phone").text == "hello"
    assert "Password" in closed.get("/login").text
    with pytest.raises(WebSocketDisconnect), closed.websocket_connect("ws://127.0.0.1:8501/live"):
        pass
    forged = {"cookie": f"formdrift={int(time.time()) + 1000}.{'0' * 64}"}
    assert closed.get("/", headers=forged).status_code == 303


def test_with_the_password_everything_is(monkeypatch: pytest.MonkeyPatch):
    closed = client(Middleware(PasswordGate, password="correct horse"))
    assert closed.post("/login", data={"password": "wrong"}).status_code == 403
    # guessing has to wait, even with the right one
    assert closed.post("/login", data={"password": "correct horse"}).status_code == 429
    now = time.monotonic()
    monkeypatch.setattr(gate.time, "monotonic", lambda: now + 2.0)
    entered = closed.post("/login", data={"password": "correct horse"})
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert closed.get("/").text == "hello"
    with closed.websocket_connect("ws://127.0.0.1:8501/live") as socket:
        assert socket.receive_text() == "hello"
    later = time.time() + 13 * 3600
    monkeypatch.setattr(gate.time, "time", lambda: later)
    assert closed.get("/").status_code == 303


def test_a_log_in_reads_no_more_than_it_needs():
    closed = client(Middleware(PasswordGate, password="x" * 5000))
    assert closed.post("/login", data={"password": "x" * 5000}).status_code == 403
