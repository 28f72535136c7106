"""One inference pass over a video, and whom of the people seen in it the rest is about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..pose.estimate import follow, make_engine, track_key
from ..pose.store import Stored, StoreError, TrackStore, read
from ..vision.image import ImageFrame
from ..vision.source import open_video
from .errors import InputError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from ..pose.track import People

    Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class SeenVideo:
    """What one inference pass saw in one video.

    Attributes
    ----------
    people : People
        Everybody who was followed, as the engine saw them.
    engine : str
        Name of the engine.
    warnings : tuple of str
        What the file lacked.
    """

    people: People
    engine: str
    warnings: tuple[str, ...]


def look(
    path: str | os.PathLike[str],
    engine: str = "blazepose-onnx",
    model: str = "full",
    progress: Progress | None = None,
    *,
    store: TrackStore | None = None,
) -> SeenVideo:
    """Run the pose engine over a video, or take its tracks from a store that has them.

    Parameters
    ----------
    path, engine, model, progress, store
        As in `assess_video`.

    Raises
    ------
    InputError, VideoError, ModelError, EngineError
        One sentence that says what is wrong and what to do.
    """
    pose_engine = make_engine(engine, model)
    try:
        with open_video(path) as source:
            info, notes = source.info, list[str]()
            key = track_key(info.sha256, pose_engine)
            try:
                stored = store.load(key) if store else None
            except StoreError as error:
                stored, notes = None, [str(error)]
            if stored is not None:
                return called(_seen(stored), info.path)
            people = follow(source, pose_engine, info, progress and (lambda done: progress(done, info.frames)))
            stored = Stored(people, pose_engine.engine_id, tuple(source.warnings))
    finally:
        pose_engine.close()
    _check_people(people, Path(path).name)
    if store:
        store.save(key, stored)
    seen = _seen(stored)
    return replace(seen, warnings=(*notes, *seen.warnings))


def recalled(tracks: Path, address: str) -> SeenVideo:
    """Return what a file of a track store holds, of the video at this address; needs no video.

    Raises
    ------
    StoreError
        When the file is not there, damaged or from another release.
    """
    return called(_seen(read(tracks)), address)


def called(seen: SeenVideo, address: str) -> SeenVideo:
    """Call the video by this address, wherever the file lay that was looked at."""
    tracks = tuple(replace(track, source=replace(track.source, path=address)) for track in seen.people.tracks)
    return replace(seen, people=replace(seen.people, tracks=tracks))


def choose(seen: SeenVideo, subject: int) -> SeenVideo:
    """Take another of the people seen; needs no new inference.

    Raises
    ------
    InputError
        When there is nobody of that number.
    """
    count = len(seen.people.tracks)
    if not 0 <= subject < count:
        name = Path(seen.people.lifter.source.path).name
        one = "one person was seen, choose 0"
        there = one if count == 1 else f"{count} people were seen, choose from 0 to {count - 1}"
        raise InputError(f"There is no person {subject} in '{name}': {there}.")
    return replace(seen, people=seen.people.choose(subject))


def forget(path: str | os.PathLike[str], store: TrackStore) -> int:
    """Erase the tracks of a video from a store and return how many files that were."""
    with open_video(path) as source:
        return store.forget(source.info.sha256)


def _seen(stored: Stored) -> SeenVideo:
    return SeenVideo(stored.people, stored.engine, stored.notes)


def _check_people(people: People, name: str) -> None:
    if len(people.lifter) < 2:
        raise InputError(f"'{name}' holds a single picture, not a movement: give a video of the whole set.")
    if not people.lifter.detected.any():
        raise InputError(f"Nobody was found in '{name}': film one person, head to feet in the picture, in good light.")


def check_engine(engine: str = "blazepose-onnx", model: str = "full") -> str:
    """Start a pose engine, show it an empty picture and return what it runs on; raises what `look` would raise."""
    pose_engine = make_engine(engine, model)
    try:
        pose_engine.process(ImageFrame(0, 0.0, np.zeros((240, 320, 3), dtype=np.uint8)))
        return pose_engine.runs_on
    finally:
        pose_engine.close()
