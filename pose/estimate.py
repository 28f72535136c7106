"""From frames to the tracks of the people in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..models.store import fingerprint
from .appearance import clothes, portrait
from .blazepose import BlazePose
from .camera import CameraWatch
from .cuts import SHAPE, segments, thumbnail
from .engine import EngineError, RegionEngine
from .mediapipe_tasks import MediaPipeTasks
from .people import Follower
from .simcc import SimCC
from .store import Key
from .subject import Sighting, rank
from .track import People, PoseTrack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from ..vision.frame import Frame, VideoInfo
    from .engine import Landmarks, PoseEngine
    from .topology import Topology

    Floats = NDArray[np.float64]

ENGINES: dict[str, Callable[[str], PoseEngine]] = {
    BlazePose.engine_id: BlazePose,
    MediaPipeTasks.engine_id: MediaPipeTasks,
}
# So many frames tell where somebody is and how bright it is there.
_SOME = 50
# A portrait is replaced by one in which the body is seen this much better.
_BETTER = 1.1
# Landmarks further outside the picture than this, as a part of its longer side, were not seen.
_BEYOND = 0.02
MODELS = ("lite", "full", "heavy")


def make_engine(engine: str, model: str) -> PoseEngine:
    """Return a pose engine for one video.

    Parameters
    ----------
    engine : str
        ``blazepose-onnx``, ``mediapipe``, or ``simcc:FILE.onnx`` for one's own network.
    model : str
        ``lite``, ``full`` or ``heavy``; of no meaning for one's own network.

    Raises
    ------
    EngineError
        When there is no such engine or model, or it can't be started.
    ModelError
        When the weights are not on this machine.
    """
    kind, _, file = engine.partition(":")
    if kind == SimCC.engine_id and file:
        return SimCC(Path(file))
    if engine not in ENGINES:
        known = ", ".join((*ENGINES, f"{SimCC.engine_id}:FILE.onnx"))
        raise EngineError(f"There is no pose engine {engine!r}: choose one of {known}.")
    if model not in MODELS:
        raise EngineError(f"There is no model {model!r}: choose one of {', '.join(MODELS)}.")
    return ENGINES[engine](model)


def track_key(video_sha256: str, engine: PoseEngine) -> Key:
    """Return the key under which the tracks of a video are kept; engine as `make_engine` returns it."""
    return Key(video_sha256, engine.engine_id, engine.model_id, _weights(engine))


def _weights(engine: PoseEngine) -> str:
    """Return the sha256 of an engine's weights; those of one's own network are in its name."""
    models = {
        BlazePose.engine_id: ("blazepose-detector", engine.model_id),
        MediaPipeTasks.engine_id: (engine.model_id.replace("blazepose", "mediapipe"),),
        SimCC.engine_id: ("blazepose-detector",),
    }.get(engine.engine_id, ())
    return "+".join(fingerprint(model) for model in models)


def follow(
    frames: Iterable[Frame],
    engine: PoseEngine,
    info: VideoInfo,
    progress: Callable[[int], None] | None = None,
) -> People:
    """Run an engine over the frames of one video.

    Parameters
    ----------
    frames : iterable of Frame
        In order; none is kept.
    engine : PoseEngine
        Made for this video.
    info : VideoInfo
        Of the same video.
    progress : callable, optional
        Called with the number of frames done after each.

    Returns
    -------
    People
        The likeliest to be training comes first and is chosen. Landmarks are NaN and
        of visibility 0 where somebody was not seen. An engine that looks where it
        is told (`RegionEngine`) follows several people, others one.
    """
    seen = _see(frames, engine, progress)
    shots = segments(seen.time_s, seen.pictures)
    ranked = rank(seen.sightings, seen.time_s, shots, info.size, engine.topology) or [(0.0, Sighting())]
    # one path for all, right for the likeliest: who stands elsewhere is carried a little differently
    moved_px = seen.camera.path(seen.time_s, _place_px(ranked[0][1], info.size))
    return People(
        tracks=tuple(
            replace(
                _track(one, seen.time_s, shots, moved_px, engine, info),
                brightness=_brightness(one, seen.pictures, info.size),
            )
            for _, one in ranked
        ),
        scores=tuple(score for score, _ in ranked),
        subject=0,
        portraits=tuple(one.portrait for _, one in ranked),
    )


@dataclass(frozen=True, eq=False)
class _Seen:
    """What is kept of the frames: (T,) times, (T, 18, 32) thumbnails, everybody, and how the camera moved."""

    time_s: Floats
    pictures: NDArray[np.uint8]
    sightings: list[Sighting]
    camera: CameraWatch


def _see(frames: Iterable[Frame], engine: PoseEngine, progress: Callable[[int], None] | None) -> _Seen:
    """Look at all frames, one after the other."""
    watch = Follower(engine) if isinstance(engine, RegionEngine) else _Alone(engine)
    camera = CameraWatch()
    times: list[float] = []
    thumbnails = bytearray()
    sightings: dict[int, Sighting] = {}
    for frame in frames:
        seen = watch.step(frame)
        camera.step(frame, seen.values())
        for number, found in seen.items():
            _note(sightings.setdefault(number, Sighting()), len(times), frame, found, engine.topology)
        times.append(frame.time_s)
        thumbnails += watch.thumbnail.tobytes()
        if progress is not None:
            progress(len(times))
    pictures = np.frombuffer(thumbnails, np.uint8).reshape(-1, *SHAPE)
    return _Seen(np.array(times, dtype=np.float64), pictures, list(sightings.values()), camera)


def _note(sighting: Sighting, number: int, frame: Frame, found: Landmarks, topology: Topology) -> None:
    """Add what was seen of somebody in a frame and, the better they are seen, a portrait."""
    sighting.frames.append(number)
    sighting.rows.append(_row(found))
    likeness = float(found.visibility.mean())
    if likeness > _BETTER * sighting.likeness:
        sighting.likeness = likeness
        sighting.portrait = portrait(frame, found)
        sighting.clothes = clothes(frame, found, topology)


class _Alone:
    """Lets an engine that follows one person itself stand in for a `Follower`."""

    def __init__(self, engine: PoseEngine) -> None:
        self._engine = engine
        self.thumbnail: NDArray[np.uint8]

    def step(self, frame: Frame) -> dict[int, Landmarks]:
        self.thumbnail = thumbnail(frame)
        found = self._engine.process(frame)
        return {} if found is None else {0: found}


def _row(found: Landmarks) -> NDArray[np.float32]:
    """Pack landmarks: in single precision, because a row stays in memory for every frame and person."""
    return np.column_stack([found.xy_px, found.world_m, found.visibility]).astype(np.float32)


def _place_px(one: Sighting, size: tuple[int, int]) -> Floats:
    """Return where somebody mostly is, or the middle of the picture for nobody."""
    if not one.rows:
        return np.array(size) / 2
    rows = one.rows[:: max(1, len(one.rows) // _SOME)]
    return np.asarray(np.nanmedian([row[:, :2] for row in rows], axis=(0, 1)), np.float64)


def _brightness(one: Sighting, pictures: NDArray[np.uint8], size: tuple[int, int]) -> float | None:
    """Return the median brightness around somebody, from small pictures of all frames, at some of them."""
    some = range(0, len(one.rows), max(1, len(one.rows) // _SOME))
    rows, columns = SHAPE
    values = []
    for k in some:
        xy = one.rows[k][:, :2] / size * (columns, rows)
        (left, top), (right, bottom) = np.nanmin(xy, axis=0), np.nanmax(xy, axis=0)
        around = pictures[one.frames[k]][max(int(top), 0) : int(bottom) + 1, max(int(left), 0) : int(right) + 1]
        values.append(float(around.mean()) if around.size else np.nan)
    return float(np.nanmedian(values)) if np.isfinite(values).any() else None


def _track(
    one: Sighting,
    time_s: Floats,
    shots: tuple[tuple[int, int], ...],
    camera_xy_px: Floats,
    engine: PoseEngine,
    info: VideoInfo,
) -> PoseTrack:
    values = np.full((len(time_s), engine.topology.count, 6), np.nan)
    values[..., 5] = 0.0
    for frame, row in zip(one.frames, one.rows, strict=True):
        values[frame] = row
    # what lies outside the picture can only have been guessed, however sure the network is
    size, room = np.array(info.size), _BEYOND * max(info.size)
    values[((values[..., :2] < -room) | (values[..., :2] > size + room)).any(axis=-1), 5] = 0.0
    values.flags.writeable = False
    return PoseTrack(
        time_s=time_s,
        xy_px=values[..., :2],
        visibility=values[..., 5],
        topology=engine.topology,
        frame_size=info.size,
        model_id=engine.model_id,
        source=info,
        world_m=values[..., 2:5],
        camera_xy_px=camera_xy_px,
        segments=shots,
    )
