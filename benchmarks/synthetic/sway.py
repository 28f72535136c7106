"""Quiet standing on one leg with known sway, and how much of it each way of looking finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from formdrift.pose.blazepose import BlazePose
from formdrift.pose.estimate import follow
from formdrift.pose.mediapipe_tasks import MediaPipeTasks
from formdrift.vision.image import ImageFrame
from formdrift.vision.source import open_video
from synthetic.stance import stance_scene

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from formdrift.pose.engine import Landmarks, PoseEngine
    from formdrift.pose.topology import Topology
    from formdrift.pose.track import PoseTrack
    from formdrift.sample_videos.render import Truth
    from formdrift.vision.frame import Frame
    from synthetic.observe import Observation
    from synthetic.scenes import Scene

    Floats = NDArray[np.float64]

COMMANDED_MM = (0.0, 3.0, 9.0)
MODES = ("BlazePose ONNX, tracked", "BlazePose ONNX, detected anew in every frame", "MediaPipe, tracked")
HOLD_S = 15.0
_MOVEMENT = {"hold_s": HOLD_S, "pause_s": 0.2, "lead_in_s": 0.6}
# Of the split's thousand seeds.
_FIRST_SEED = 600
# Over which the camera's scale is read.
_STEP_MM = 10.0
_MOST_LAG_S, _LAG_STEP_S = 0.3, 0.005


@dataclass(frozen=True)
class SwayError:
    """Sideways sway of mid-hip: found and true, in millimetres, both about their means.

    Attributes
    ----------
    true_mm, found_mm, error_mm : float
        Root mean square of the truth, of what was found, and of their difference.
    r : float
        Correlation; NaN where nothing moves.
    lag_ms : float
        By how much what was found comes late; NaN where nothing moves.
    """

    true_mm: float
    found_mm: float
    error_mm: float
    r: float
    lag_ms: float


class Anew:
    """An engine that looks for the person in the whole picture, every time.

    It is shown an empty picture before each frame, which makes it forget where the person was.
    """

    def __init__(self, engine: PoseEngine) -> None:
        self._engine = engine
        self.engine_id: str = engine.engine_id
        self.model_id: str = engine.model_id
        self.topology: Topology = engine.topology

    def process(self, frame: Frame) -> Landmarks | None:
        """Return the landmarks in a frame, whatever was seen before."""
        width, height = frame.size
        if self._engine.process(ImageFrame(0, 0.0, np.zeros((height, width, 3), dtype=np.uint8))) is not None:
            raise RuntimeError("expected nobody in an empty picture")
        return self._engine.process(frame)

    def close(self) -> None:
        """Close the engine."""
        self._engine.close()


def sway_scenes(body: str) -> list[Scene]:
    """List stances from the front, one for each amount of sway."""
    return [
        stance_scene(
            f"{rms_mm:g} mm of sway for the accuracy benchmark",
            body,
            _FIRST_SEED + number,
            {"sideways_rms_m": rms_mm / 1000.0},
            yaw_deg=0,
            movement=_MOVEMENT,
        )
        for number, rms_mm in enumerate(COMMANDED_MM)
    ]


def tracks(one: Observation) -> dict[str, PoseTrack]:
    """Look at a clip in every mode; the first is the one that was observed already."""
    cv2.setNumThreads(1)
    engines = (Anew(BlazePose(one.model)), MediaPipeTasks(one.model))
    found = [one.track]
    for engine in engines:
        with open_video(one.track.source.path) as source:
            found.append(follow(source, engine, source.info).lifter)
        engine.close()
    return dict(zip(MODES, found, strict=True))


def hip_sway(track: PoseTrack, truth: Truth) -> tuple[Floats, Floats, Floats]:
    """Return times (s), found and true sideways place of mid-hip (mm), (N,) each, while it stands on one leg.

    Pixels become millimetres by the known camera, at the true distance of mid-hip.
    """
    hips = [list(truth.joint_names).index(f"{side}_hip") for side in ("left", "right")]
    centre = truth.joints_m[:, hips].mean(axis=1).astype(np.float64)
    beside = centre + np.array([_STEP_MM / 1000.0, 0.0, 0.0])
    scale = (_column(truth, beside) - _column(truth, centre)) / _STEP_MM
    column = (track.joint("left_hip") + track.joint("right_hip"))[:, 0] / 2
    seen_mm = column / np.interp(track.time_s, truth.time_s, scale)
    true_mm = np.interp(track.time_s, truth.time_s, 1000.0 * centre[:, 0])
    stands = (track.time_s >= truth.rep_descent_end_s[0]) & (track.time_s <= truth.rep_ascent_start_s[0])
    return track.time_s[stands], seen_mm[stands], true_mm[stands]


def sway_error(time_s: ArrayLike, found_mm: ArrayLike, true_mm: ArrayLike) -> SwayError:
    """Compare two paths, (N,) each, about their means; NaN is what was not seen."""
    time, found, true = (np.asarray(values, dtype=np.float64) for values in (time_s, found_mm, true_mm))
    found, true = found - np.nanmean(found), true - true.mean()
    off = found - true
    still = true.std() < 1e-6
    true_mm, found_mm, error_mm = (float(np.sqrt(np.nanmean(values**2))) for values in (true, found, off))
    if still:
        return SwayError(true_mm, found_mm, error_mm, np.nan, np.nan)
    return SwayError(true_mm, found_mm, error_mm, _alike(found, true), _lag_ms(time, found, true))


def _column(truth: Truth, point_m: Floats) -> Floats:
    """Column in the picture of one world point a frame, (T, 3), in pixels."""
    ray = np.einsum("tij,tj->ti", truth.projection, np.c_[point_m, np.ones(len(point_m))])
    return np.asarray(ray[:, 0] / ray[:, 2])


def _alike(found: Floats, true: Floats) -> float:
    seen = np.isfinite(found)
    return float(np.corrcoef(found[seen], true[seen])[0, 1])


def _lag_ms(time_s: Floats, found: Floats, true: Floats) -> float:
    """Shift of the truth at which it is most like what was found."""
    lags = np.arange(-_MOST_LAG_S, _MOST_LAG_S + _LAG_STEP_S / 2, _LAG_STEP_S)
    inner = (time_s >= time_s[0] + _MOST_LAG_S) & (time_s <= time_s[-1] - _MOST_LAG_S)
    likeness = [_alike(found[inner], np.interp(time_s[inner] - lag, time_s, true)) for lag in lags]
    return 1000.0 * float(lags[int(np.argmax(likeness))])
