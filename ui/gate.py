"""Who may ask the app for anything: this machine's own pages, or whoever knows the password."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from .templates import page

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = "127.0.0.1"
_OWN_NAMES = (LOOPBACK, "localhost")
_COOKIE = "formdrift"
_LOGIN = "/login"
_STAYS_S = 12 * 3600
_MAX_FORM_BYTES = 4096
# a wrong password costs this long, and everybody waits in one line: guessing is hopeless
_PAUSE_S = 1.0


class OwnPagesOnly:
    """Refuses what other web pages in the same browser send here.

    A page from elsewhere may try to reach the app under the machine's address or under
    a name of its own that leads here. Streamlit would ask a server on the internet for this
    machine's address to judge such a request; so it never gets one.

    Parameters
    ----------
    app : ASGI application
    any_host : bool
        Whether the app may be called by other names than this machine's own: only behind a password.
    scheme : str
        ``http``, or ``https`` where the app has a certificate.
    """

    def __init__(self, app: ASGIApp, any_host: bool = False, scheme: str = "http") -> None:
        self._app, self._any_host, self._scheme = app, any_host, scheme

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request of our own pages."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif self._is_own(Headers(scope=scope)):
            await self._app(_from_here(scope) if self._any_host else scope, receive, send)
        else:
            await _refuse(scope, receive, send, PlainTextResponse("Only the app's own pages may ask.", 403))

    def _is_own(self, headers: Headers) -> bool:
        host, origin = headers.get("host", ""), headers.get("origin")
        known = self._any_host or urlsplit(f"//{host}").hostname in _OWN_NAMES
        return known and (origin is None or origin == f"{self._scheme}://{host}")


class PasswordGate:
    """Lets in only who gave the password in this browser, for some hours.

    Parameters
    ----------
    app : ASGI application
    password : str
    open_to : tuple of str
        Paths that a request may reach without it because they check a key of their own.
    """

    def __init__(self, app: ASGIApp, password: str, open_to: tuple[str, ...] = ()) -> None:
        self._app, self._open_to = app, open_to
        self._password = hashlib.sha256(password.encode()).digest()
        self._secret = secrets.token_bytes(32)
        self._next_try_s = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request with a valid cookie, answer the log-in, and refuse the rest."""
        if scope["type"] not in ("http", "websocket") or scope["path"] in self._open_to or self._knows(scope):
            await self._app(scope, receive, send)
            return
        answer: Response = RedirectResponse(_LOGIN, 303)
        if scope["type"] == "http" and scope["path"] == _LOGIN:
            answer = await self._log_in(Request(scope, receive))
        await _refuse(scope, receive, send, answer)

    async def _log_in(self, request: Request) -> Response:
        if request.method != "POST":
            return HTMLResponse(page("login"))
        if time.monotonic() < self._next_try_s:
            return HTMLResponse(page("login", said="Wait a second, then try again."), 429)
        given = parse_qs((await _body(request)).decode("utf-8", "replace")).get("password", [""])[0]
        if not hmac.compare_digest(hashlib.sha256(given.encode()).digest(), self._password):
            self._next_try_s = time.monotonic() + _PAUSE_S
            return HTMLResponse(page("login", said="That is not the password."), 403)
        answer = RedirectResponse("/", 303)
        until = int(time.time()) + _STAYS_S
        answer.set_cookie(
            _COOKIE,
            f"{until}.{self._signature(until)}",
            max_age=_STAYS_S,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer

    def _knows(self, scope: Scope) -> bool:
        cookies = SimpleCookie(Headers(scope=scope).get("cookie", ""))
        until, _, signature = cookies[_COOKIE].value.partition(".") if _COOKIE in cookies else ("", "", "")
        fresh = until.isdecimal() and time.time() < int(until)
        return fresh and hmac.compare_digest(signature, self._signature(int(until)))

    def _signature(self, until: int) -> str:
        return hmac.new(self._secret, str(until).encode(), hashlib.sha256).hexdigest()


def _from_here(scope: Scope) -> Scope:
    """Call the origin of a request, which was judged already, by the one name that Streamlit knows offline."""
    headers = [(name, b"http://localhost" if name == b"origin" else value) for name, value in scope["headers"]]
    return {**scope, "headers": headers}


async def _body(request: Request) -> bytes:
    """Read no more than a log-in needs."""
    read = b""
    async for chunk in request.stream():
        read += chunk
        if len(read) > _MAX_FORM_BYTES:
            return b""
    return read


async def _refuse(scope: Scope, receive: Receive, send: Send, answer: Response) -> None:
    if scope["type"] == "http":
        await answer(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1008})
