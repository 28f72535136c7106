"""What all pages of the app share: the store, the uploads, and where the app can be reached."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ..sessions.store import Store
from ..sessions.tables import Video
from .uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import Callable


_KEPT_S = 24 * 3600


@dataclass(frozen=True, eq=False)
class Home:
    """The app's own things, opened once.

    Attributes
    ----------
    store : Store
    uploads : Uploads
    wake : callable
        Tells the worker that something waits.
    phone_url : str or None
        Where phones find the upload page; None while the app listens to this machine only.
    """

    store: Store
    uploads: Uploads
    wake: Callable[[], None] = lambda: None
    phone_url: str | None = None

    def option(self, name: str) -> Any:
        """Return a setting of the app, None when it was never set."""
        return self._options().get(name)

    def set_option(self, name: str, value: object) -> None:
        """Keep a setting of the app."""
        partial = self._settings.with_suffix(".part")
        partial.write_text(json.dumps(self._options() | {name: value}), encoding="utf-8")
        partial.replace(self._settings)

    @property
    def _settings(self) -> Path:
        return self.store.folder / "settings.json"

    def _options(self) -> dict[str, Any]:
        try:
            options: dict[str, Any] = json.loads(self._settings.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return options


_opened: list[Home] = []
_opening = threading.Lock()


def open_home(folder: Path | None = None) -> Home:
    """Open the app's things; whoever asks for `home` gets these from now on.

    Raises
    ------
    StoreError
        When the data folder can't be used.
    """
    store = Store(folder)
    sweep(store)
    opened = Home(store, Uploads(store.clips, lambda video_id: playable(store, video_id)))
    settle(opened)
    return opened


def settle(opened: Home) -> None:
    """Let these be what `home` returns."""
    _opened[:] = [opened]


def home() -> Home:
    """Return the app's things; opened in the default folder where no server did it."""
    with _opening:
        return _opened[0] if _opened else open_home()


def sweep(store: Store) -> None:
    """Erase uploads that nobody made a set of within a day, and what a killed program left half written."""
    with store.begin() as session:
        known = set(session.scalars(select(Video.path).where(Video.ours)))
    for path in store.clips.iterdir():
        if path.name not in known and time.time() - path.stat().st_mtime > _KEPT_S:
            path.unlink(missing_ok=True)


def file_of(store: Store, video: Video) -> Path:
    """Return where a video lies."""
    return store.clips / video.path if video.ours else Path(video.path)


def proxy_of(store: Store, set_id: int, video_id: int) -> Path:
    """Return where the copy lies that browsers play; it goes when the set is erased."""
    return store.thumbnails / f"{set_id}-{video_id}.mp4"


def playable(store: Store, video_id: int) -> Path | None:
    """Return the file of a video that browsers play, None when there is no such video."""
    with store.begin() as session:
        video = session.get(Video, video_id)
    if video is None:
        return None
    proxy = proxy_of(store, video.set_id, video.id)
    return proxy if proxy.is_file() else file_of(store, video)
