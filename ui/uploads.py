"""Videos that come in through the browser: streamed to the disk, never held in memory."""

from __future__ import annotations

import hmac
import re
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from .templates import page

if TYPE_CHECKING:
    from collections.abc import Callable

ENDINGS = ("mp4", "mov", "m4v", "avi", "mkv", "webm", "mpg", "mpeg", "3gp", "mts")
MAX_BYTES = 16 * 2**30
# so much of the disk stays free
_RESERVE_BYTES = 2**30
UPLOAD, CLIP, PHONE = "/upload", "/clip/{video_id:int}", "/phone"
_OUT_OF_DATE = "This page is out of date: scan the code again."


def is_stored_name(name: str) -> bool:
    """Tell whether a name is one that uploads get here."""
    return re.fullmatch(rf"[0-9a-f]{{24}}\.({'|'.join(ENDINGS)})", name) is not None


class Uploads:
    """Takes uploads into a folder under names of ours, and serves clips with byte ranges.

    Parameters
    ----------
    folder : Path
        Of the clips.
    path_of : callable
        Leads from the number of a video to its file, None when there is none.
    """

    def __init__(self, folder: Path, path_of: Callable[[int], Path | None]) -> None:
        self._folder, self._path_of = folder, path_of
        self.phone_key = secrets.token_urlsafe(12)
        self.from_phone: list[tuple[str, str]] = []

    def routes(self) -> list[Route]:
        """Return what the server must know."""
        return [
            Route(UPLOAD, self._take, methods=["PUT"]),
            Route(CLIP, self._serve, methods=["GET"]),
            Route(PHONE, self._phone, methods=["GET"]),
            Route(PHONE, self._take_from_phone, methods=["PUT"]),
        ]

    async def _take(self, request: Request) -> Response:
        """Stream a video to the disk; answers its name here."""
        taken = await self._taken(request)
        return taken if isinstance(taken, Response) else JSONResponse({"stored": taken[0], "name": taken[1]})

    async def _take_from_phone(self, request: Request) -> Response:
        """Stream a video of somebody who scanned the code, and note it for the page that waits for it."""
        if not self._knows_key(request):
            return PlainTextResponse(_OUT_OF_DATE, 403)
        taken = await self._taken(request)
        if isinstance(taken, Response):
            return taken
        self.from_phone.append(taken)
        return JSONResponse({"stored": taken[0], "name": taken[1]})

    async def _taken(self, request: Request) -> Response | tuple[str, str]:
        """Stream a video to the disk; returns its name here and its own, or why it was refused."""
        name = request.query_params.get("name", "")
        ending = Path(name).suffix.lower().removeprefix(".")
        if ending not in ENDINGS:
            return PlainTextResponse(f"That is no video: choose a file that ends in {', '.join(ENDINGS)}.", 415)
        announced = request.headers.get("content-length", "")
        if not announced.isdecimal() or not 0 < int(announced) <= MAX_BYTES:
            return PlainTextResponse(f"The video is empty or above {MAX_BYTES >> 30} GB: cut it first.", 413)
        if shutil.disk_usage(self._folder).free < int(announced) + _RESERVE_BYTES:
            return PlainTextResponse("This computer's disk is full: make room first.", 507)
        stored = f"{secrets.token_hex(12)}.{ending}"
        if not await self._stream(request, self._folder / stored, int(announced)):
            return PlainTextResponse("The video did not arrive whole: try again.", 400)
        return stored, Path(name).name

    async def _stream(self, request: Request, target: Path, announced: int) -> bool:
        partial = target.with_name(f".{target.name}.part")
        arrived = 0
        try:
            with partial.open("xb") as file:
                async for chunk in request.stream():
                    arrived += len(chunk)
                    if arrived > announced:
                        return False
                    await run_in_threadpool(file.write, chunk)
            if arrived == announced:
                partial.replace(target)
            return arrived == announced
        except ClientDisconnect:
            return False
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)

    async def _serve(self, request: Request) -> Response:
        """Serve a clip by its number; no path ever comes from outside."""
        path = await run_in_threadpool(self._path_of, request.path_params["video_id"])
        if path is None or not path.is_file():
            return PlainTextResponse("This clip is not there any more.", 404)
        return FileResponse(path, headers={"cache-control": "no-store", "x-content-type-options": "nosniff"})

    async def _phone(self, request: Request) -> Response:
        if not self._knows_key(request):
            return PlainTextResponse(_OUT_OF_DATE, 403)
        return HTMLResponse(page("phone", upload=f"{PHONE}?key={self.phone_key}&name="))

    def _knows_key(self, request: Request) -> bool:
        key = request.query_params.get("key", "")
        return hmac.compare_digest(key.encode(), self.phone_key.encode())
