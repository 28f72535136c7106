"""The track store: what was seen in a video is kept, so that it can be judged again without the video.

Tracks say how somebody moved, and portraits what they look like: the store lies in the
user's own data folder, is written only when asked for, and forgets on request.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from platformdirs import user_data_path

from ..vision.frame import VideoInfo
from .topology import TOPOLOGIES
from .track import People, PoseTrack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

FOLDER_VARIABLE = "FORMDRIFT_TRACKS"
FORMAT = "formdrift.tracks/1"
# Raised whenever the same video, engine and weights would give other tracks.
METHOD = 5


class StoreError(Exception):
    """Stored tracks can't be used; the message says in one sentence why."""


@dataclass(frozen=True)
class Key:
    """What tracks depend on.

    Attributes
    ----------
    video_sha256 : str
        Of the video file.
    engine : str
        ``blazepose-onnx``, for example.
    model_id : str
        Name of the weights.
    weights_sha256 : str
        Of all files of weights that the engine uses.
    """

    video_sha256: str
    engine: str
    model_id: str
    weights_sha256: str

    @property
    def file(self) -> str:
        """Name of the file: the video's checksum first, so that all of a video can be found."""
        made_by = f"{self.engine}\n{self.model_id}\n{self.weights_sha256}\n{METHOD}"
        return f"{self.video_sha256}-{hashlib.sha256(made_by.encode()).hexdigest()[:16]}.npz"


@dataclass(frozen=True, eq=False)
class Stored:
    """What the store keeps of a video.

    Attributes
    ----------
    people : People
    engine : str
        Name of the engine that saw them.
    notes : tuple of str
        What the file lacked when it was read.
    """

    people: People
    engine: str
    notes: tuple[str, ...] = ()


def default_folder() -> Path:
    """Return the folder of tracks: ``FORMDRIFT_TRACKS`` if that is set, else in the user's data."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen).expanduser() if chosen else user_data_path("formdrift", appauthor=False) / "tracks"


class TrackStore:
    """A folder of tracks, one compressed NPZ file a key.

    Parameters
    ----------
    folder : Path, optional
        Instead of `default_folder`; it is made when something is saved.
    portraits : bool
        Whether portraits are kept too; the page of a batch shows them.
    """

    def __init__(self, folder: Path | None = None, *, portraits: bool = True) -> None:
        self.folder = folder or default_folder()
        self._portraits = portraits

    def load(self, key: Key) -> Stored | None:
        """Return what is kept under a key, or None when there is nothing.

        Raises
        ------
        StoreError
            When the file is damaged or from another release.
        """
        path = self.folder / key.file
        return read(path) if path.is_file() else None

    def save(self, key: Key, stored: Stored) -> Path:
        """Keep what was seen, in the place of what was there before; a file is there whole or not at all."""
        if not self._portraits:
            stored = replace(stored, people=replace(stored.people, portraits=()))
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / key.file
        handle, name = tempfile.mkstemp(prefix=f".{key.file}.", suffix=".part", dir=self.folder)
        partial = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez_compressed(file, allow_pickle=False, **_arrays(stored))
            partial.replace(target)
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
        return target

    def files(self, video_sha256: str = "") -> list[Path]:
        """Return the files that are kept, of one video or of all."""
        return sorted(self.folder.glob(f"{video_sha256}*-*.npz"))

    def forget(self, video_sha256: str = "") -> int:
        """Erase what is kept of a video, or of all, and return how many files that were."""
        files = self.files(video_sha256)
        # what was being written when the machine died is a trace of a person too
        for path in (*files, *self.folder.glob(f".{video_sha256}*.part")):
            path.unlink(missing_ok=True)
        return len(files)


def read(path: Path) -> Stored:
    """Return what a file of the store holds; needs neither the video nor the weights.

    Raises
    ------
    StoreError
        When the file is damaged or from another release.
    """
    try:
        # opened here, so that it is closed when the archive in it can't be
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            meta = json.loads(str(arrays["meta"]))
            if meta["format"] != FORMAT:
                raise StoreError(f"The stored tracks '{path.name}' are from another release: they are made again.")
            return _stored(meta, {name: arrays[name] for name in arrays.files})
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        raise StoreError(f"The stored tracks '{path.name}' are damaged: they are made again.") from error


def _arrays(stored: Stored) -> dict[str, NDArray[Any]]:
    """Return everything as plain arrays; engines work in single precision, so no digit is lost by it."""
    people, first = stored.people, stored.people.tracks[0]
    portraits = [picture for picture in people.portraits if picture is not None]
    meta = {
        "format": FORMAT,
        "engine": stored.engine,
        "notes": stored.notes,
        "source": asdict(first.source),
        "topology": first.topology.name,
        "model_id": first.model_id,
        "mirrored": first.mirrored,
        "scores": people.scores,
        "subject": people.subject,
        "brightness": [track.brightness for track in people.tracks],
        "repairs": [dict(track.repairs) for track in people.tracks],
        "with_portrait": [picture is not None for picture in people.portraits],
        "with_world": first.world_m is not None,
    }
    arrays: dict[str, NDArray[Any]] = {
        "meta": np.array(json.dumps(meta)),
        "time_s": first.time_s,
        "segments": np.array(first.segments, dtype=np.int64),
        "camera_xy_px": np.asarray(first.camera_xy_px),
        "xy_px": np.array([track.xy_px for track in people.tracks], dtype=np.float32),
        "visibility": np.array([track.visibility for track in people.tracks], dtype=np.float32),
        "portraits": np.array(portraits, dtype=np.uint8),
    }
    if first.world_m is not None:
        arrays["world_m"] = np.array([track.world_m for track in people.tracks], dtype=np.float32)
    return arrays


def _stored(meta: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Stored:
    info = VideoInfo(**{**meta["source"], "size": tuple(meta["source"]["size"])})
    tracks = tuple(
        PoseTrack(
            time_s=arrays["time_s"],
            xy_px=arrays["xy_px"][k],
            visibility=arrays["visibility"][k],
            topology=TOPOLOGIES[meta["topology"]],
            frame_size=info.size,
            model_id=meta["model_id"],
            source=info,
            world_m=arrays["world_m"][k] if meta["with_world"] else None,
            mirrored=meta["mirrored"],
            camera_xy_px=arrays["camera_xy_px"],
            brightness=meta["brightness"][k],
            segments=tuple((int(a), int(b)) for a, b in arrays["segments"]),
            repairs=repairs,
        )
        for k, repairs in enumerate(meta["repairs"])
    )
    pictures = iter(arrays["portraits"])
    portraits = tuple(next(pictures) if there else None for there in meta["with_portrait"])
    people = People(tracks, tuple(meta["scores"]), meta["subject"], portraits)
    return Stored(people, meta["engine"], tuple(meta["notes"]))
