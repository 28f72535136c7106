"""From frames to the tracks of the people in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .blazepose import BlazePose
from .engine import EngineError
from .mediapipe_tasks import MediaPipeTasks
from .simcc import SimCC
from .track import People, PoseTrack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..vision.frame import Frame, VideoInfo
    from .engine import PoseEngine

ENGINES: dict[str, Callable[[str], PoseEngine]] = {
    BlazePose.engine_id: BlazePose,
    MediaPipeTasks.engine_id: MediaPipeTasks,
}
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
        One track, NaN and with visibility 0 where nobody was seen. Its score is the
        part of the frames in which somebody was.
    """
    times, seen = [], []
    for frame in frames:
        times.append(frame.time_s)
        seen.append(engine.process(frame))
        if progress is not None:
            progress(len(times))
    count, joints = len(times), engine.topology.count
    xy_px, world_m = np.full((count, joints, 2), np.nan), np.full((count, joints, 3), np.nan)
    visibility = np.zeros((count, joints))
    for i, landmarks in enumerate(seen):
        if landmarks is not None:
            xy_px[i], world_m[i], visibility[i] = landmarks.xy_px, landmarks.world_m, landmarks.visibility
    track = PoseTrack(
        time_s=np.array(times, dtype=np.float64),
        xy_px=xy_px,
        visibility=visibility,
        topology=engine.topology,
        frame_size=info.size,
        model_id=engine.model_id,
        source=info,
        world_m=world_m,
    )
    return People((track,), (float(track.detected.mean()) if count else 0.0,), 0)
