"""The data folder: one database and, beside it, tracks, clips, copies that browsers play, and reports."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from filelock import FileLock
from platformdirs import user_data_path
from sqlalchemy import create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from .errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER_VARIABLE = "FORMDRIFT_DATA"


def default_folder() -> Path:
    """Return the data folder: ``FORMDRIFT_DATA`` if that is set, else in the user's own data."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen).expanduser() if chosen else user_data_path("formdrift", appauthor=False)


class Store:
    """What is kept about people, in one folder that nobody else on this machine may read.

    Parameters
    ----------
    folder : Path, optional
        Made when it is not there; a database of an earlier release is brought up to date.

    Raises
    ------
    StoreError
        When the folder can't be used, or its database is damaged or of a later release.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (folder or default_folder()).resolve()
        self.database = self.folder / "formdrift.sqlite"
        try:
            for part in (self.folder, self.tracks, self.clips, self.thumbnails, self.reports):
                part.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self.folder / ".migrating.lock", timeout=60):
                migrate(self.database)
        except OSError as error:
            raise StoreError(
                f"The data folder '{self.folder}' can't be written ({error.strerror}): choose another with --data."
            ) from error
        self._engine = create_engine(_url(self.database))
        event.listen(self._engine, "connect", _set_up)

    @property
    def tracks(self) -> Path:
        """Folder of the tracks, a file each, named by their key."""
        return self.folder / "tracks"

    @property
    def clips(self) -> Path:
        """Folder of the videos that are ours: recorded live, uploaded or copied."""
        return self.folder / "clips"

    @property
    def thumbnails(self) -> Path:
        """Folder of the copies of videos that browsers play, whole films, named by set and video."""
        return self.folder / "thumbnails"

    @property
    def reports(self) -> Path:
        """Folder of reports, named by set."""
        return self.folder / "reports"

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open a transaction: kept when the block ends, undone when it fails."""
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    def scrub(self) -> None:
        """Take what was deleted out of the files of the database, so that erased means erased."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def migrate(database: Path, revision: str = "head") -> None:
    """Bring a database up to a revision; an empty or missing one is made.

    Raises
    ------
    StoreError
        When the file is damaged or was written by a later release.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["url"] = _url(database)
    try:
        command.upgrade(config, revision)
    except DatabaseError as error:
        raise StoreError(f"'{database}' is no database of Formdrift or is damaged: restore a copy of it.") from error
    except CommandError as error:
        raise StoreError(f"'{database}' was written by a later Formdrift: update this one.") from error
    database.chmod(0o600)


def _url(database: Path) -> str:
    return f"sqlite:///{database}"


def _set_up(connection: Any, _: object) -> None:
    """WAL lets the app read while a job writes; what is deleted is overwritten."""
    # SQLite's own knows the letters of English only: nobody called Özlem would ever be found again
    connection.create_function("lower", 1, str.lower, deterministic=True)
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "busy_timeout=10000",
        "synchronous=NORMAL",
    ):
        connection.execute(f"PRAGMA {pragma}")
