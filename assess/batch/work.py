"""The work on one video: a pure function of the video's bytes and the settings, so it can run anywhere."""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import cv2
import fsspec

from ...models.catalogue import ModelError
from ...pose.engine import EngineError
from ...pose.store import StoreError, TrackStore
from ...vision.errors import VideoError
from ..errors import USER_ERRORS, InputError
from ..seen import called, choose, look, recalled
from ..serialize import to_dict
from ..video import assess_seen
from .opensim import mot, trc
from .outputs import pack_tables

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...scoring.thresholds import Thresholds
    from ..seen import SeenVideo
    from .videos import Video

_JPEG = (cv2.IMWRITE_JPEG_QUALITY, 70)
# so much of a name in an object store fits on every disk
_NAME = 60


@dataclass(frozen=True)
class Task:
    """What a worker is sent.

    Attributes
    ----------
    video : Video
    thresholds : Thresholds
    scoring : str
        Names thresholds, calibration and release: results of another name are out of date.
    track : (str, bytes) or None
        Name and content of the file of the track store, when the video was looked at before.
    opensim : bool
        Whether files for OpenSim are wanted.
    """

    video: Video
    thresholds: Thresholds
    scoring: str
    track: tuple[str, bytes] | None = None
    opensim: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a worker sends back.

    Attributes
    ----------
    record : dict
        The assessment as JSON values, or ``path`` and ``error``; under ``batch`` what it was made from.
    files : dict of str to bytes
        By their place in the output folder.
    """

    record: dict[str, Any]
    files: dict[str, bytes]


def assess_task(task: Task) -> Outcome:
    """Assess one video; what is wrong with it is part of the answer."""
    settings = task.video.settings
    try:
        name, content, seen = _look(task)
        seen = seen if settings.subject is None else choose(seen, settings.subject)
        assessment = assess_seen(seen, settings.exercise, task.thresholds, settings.prescription())
    except USER_ERRORS as error:
        return Outcome(failure(task, str(error), retry=_may_pass(error, task.video.url)), {})
    except OSError as error:
        return Outcome(failure(task, f"'{task.video.url}' can't be read ({error}): try again later.", retry=True), {})
    key, track = task.video.key, seen.people.lifter
    files = {f"videos/{key}.tables": pack_tables(assessment, task.video.notes)}
    if content is not None:
        files[f"tracks/{name}"] = content
    if task.opensim:
        if angles := mot(assessment.series[0]):
            files[f"opensim/{key}.mot"] = angles.encode()
        if track.world_m is not None:
            files[f"opensim/{key}.trc"] = trc(track).encode()
    portraits = seen.people.portraits
    made = origin(task) | {
        "track": name,
        "portrait": _jpeg(portraits[seen.people.subject]) if portraits else None,
    }
    return Outcome(to_dict(assessment) | {"batch": made}, files)


def failure(task: Task, error: str, *, retry: bool = False) -> dict[str, Any]:
    """Return the record of a video that could not be assessed: why, and whether trying again may help.

    Tracks that are kept stay known, so that it can still be judged without the video.
    """
    kept = {"track": task.track[0]} if task.track is not None else {}
    return {"path": task.video.url, "error": error, "batch": origin(task) | {"retry": retry} | kept}


def _may_pass(error: Exception, url: str) -> bool:
    """Tell whether the machine is at fault, or a file that can't be read now, and not what the video shows."""
    return isinstance(error, (ModelError, EngineError)) or not ("://" in url or os.access(url, os.R_OK))


def origin(task: Task) -> dict[str, Any]:
    """Return what a record says of its making."""
    video = task.video
    return {
        "key": video.key,
        "url": video.url,
        "stamp": video.stamp,
        "settings": asdict(video.settings),
        "notes": dict(video.notes),
        "scoring": task.scoring,
        "opensim": task.opensim,
    }


def _look(task: Task) -> tuple[str, bytes | None, SeenVideo]:
    """Return name and content of the file of tracks, and what is in it; no content where it is kept already."""
    settings, url = task.video.settings, task.video.url
    with tempfile.TemporaryDirectory(prefix="formdrift-") as folder:
        if task.track is not None:
            kept = Path(folder, "kept.npz")
            kept.write_bytes(task.track[1])
            with suppress(StoreError):
                # videos of the same content share a file
                return task.track[0], None, recalled(kept, url)
        store, video = TrackStore(Path(folder, "tracks")), _local(url, Path(folder))
        try:
            seen = look(video, settings.engine, settings.model, store=store)
        except VideoError as error:
            raise VideoError(str(error).replace(str(video), url)) from error
        [file] = store.files()
        return file.name, file.read_bytes(), called(seen, url)


def _local(url: str, folder: Path) -> Path:
    """Return a file on this machine that holds the video."""
    if "://" not in url:
        return Path(url)
    target = folder / "film" / (PurePosixPath(urlsplit(url).path).name or "video")[-_NAME:]
    target.parent.mkdir()
    try:
        with fsspec.open(url, "rb") as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
    except FileNotFoundError as error:
        raise InputError(f"There is no '{url}': correct the address.") from error
    return target


def _jpeg(picture: NDArray[Any] | None) -> str | None:
    if picture is None:
        return None
    done, content = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), _JPEG)
    return base64.b64encode(content.tobytes()).decode() if done else None
