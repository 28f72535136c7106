"""The types that leave this room: one person's landmarks over time, and the people of a video."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ..vision.frame import Image, VideoInfo
    from .topology import Topology

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PoseTrack:
    """Landmarks of one person over T frames; NaN where a landmark was not seen.

    Attributes
    ----------
    time_s : (T,) array
        Container time stamps, strictly increasing.
    xy_px : (T, J, 2) array
        Upright picture coordinates in pixels, x right, y down.
    visibility : (T, J) array
        0 to 1; 0 where the landmark is missing.
    topology : Topology
        What the J landmarks are. Left and right are the subject's own.
    frame_size : tuple of int
        Width and height of the upright picture in pixels.
    model_id : str
        The weights that made the landmarks: values of different models are not comparable.
    source : VideoInfo
        The video they came from.
    world_m : (T, J, 3) array or None
        Landmarks in the metres of an average person, origin between the hips in
        every frame, x right, y down, z away from the camera.
    mirrored : bool
        The picture was mirrored (a webcam preview), so left and right were swapped back.
    camera_xy_px : (T, 2) array
        Background motion of the camera since the first frame; zeros when not measured.
    brightness : float or None
        Median brightness of the picture around the person, 0 to 255; None when not measured.
    segments : tuple of (start, stop)
        Frame ranges without a cut in them, in order, covering the track.
    repairs : mapping of str to int
        How many landmarks each repair changed.

    Raises
    ------
    ValueError
        When a shape, the order of time or a range doesn't fit.
    """

    time_s: Floats
    xy_px: Floats
    visibility: Floats
    topology: Topology
    frame_size: tuple[int, int]
    model_id: str
    source: VideoInfo
    world_m: Floats | None = None
    mirrored: bool = False
    camera_xy_px: Floats | None = None
    brightness: float | None = None
    segments: tuple[tuple[int, int], ...] = ()
    repairs: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        t, j = len(self.time_s), self.topology.count
        shapes = {
            "time_s": (t,),
            "xy_px": (t, j, 2),
            "visibility": (t, j),
            "world_m": (t, j, 3),
            "camera_xy_px": (t, 2),
        }
        if self.camera_xy_px is None:
            object.__setattr__(self, "camera_xy_px", np.zeros((t, 2)))
        for name, shape in shapes.items():
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, _read_only(name, value, shape))
        if t and not np.all(np.diff(self.time_s) > 0):
            raise ValueError("expected strictly increasing time_s")
        segments = self.segments or ((0, t),)
        if [a for a, _ in segments] + [t] != [0] + [b for _, b in segments]:
            raise ValueError(f"expected segments that cover frames 0 to {t} in order, got {segments}")
        object.__setattr__(self, "segments", segments)
        object.__setattr__(self, "repairs", MappingProxyType(dict(self.repairs)))

    def __len__(self) -> int:
        return len(self.time_s)

    @property
    def detected(self) -> NDArray[np.bool_]:
        """Frames in which any landmark was seen, shape (T,)."""
        return np.asarray(np.isfinite(self.xy_px[..., 0]).any(axis=1))

    def joint(self, name: str) -> Floats:
        """Return one joint's path in pixels, shape (T, 2); all NaN where the topology lacks the joint."""
        if not self.topology.has(name):
            return np.full((len(self), 2), np.nan)
        return self.xy_px[:, self.topology.index[name]]

    def joint_world(self, name: str) -> Floats:
        """Return one joint's path in world metres, shape (T, 3); all NaN where there is none."""
        if self.world_m is None or not self.topology.has(name):
            return np.full((len(self), 3), np.nan)
        return self.world_m[:, self.topology.index[name]]

    def between(self, start_s: float, stop_s: float) -> PoseTrack:
        """Return the frames with ``start_s <= time_s < stop_s``; none where the stop is not after the start."""
        a, b = (int(i) for i in np.searchsorted(self.time_s, (start_s, max(start_s, stop_s))))
        return replace(
            self,
            time_s=self.time_s[a:b],
            xy_px=self.xy_px[a:b],
            visibility=self.visibility[a:b],
            world_m=None if self.world_m is None else self.world_m[a:b],
            camera_xy_px=None if self.camera_xy_px is None else self.camera_xy_px[a:b],
            segments=tuple((max(p, a) - a, min(q, b) - a) for p, q in self.segments if p < b and q > a),
        )


@dataclass(frozen=True, eq=False)
class People:
    """Everybody whom one inference pass over a video followed.

    Attributes
    ----------
    tracks : tuple of PoseTrack
        One a person, all over the same frames, the likeliest first. After a cut a
        track goes on with the person of the same rank.
    scores : tuple of float
        How likely each is the one who trains, higher is likelier.
    subject : int
        Which track is assessed.
    portraits : tuple of (H, W, 3) uint8 array or None
        A small picture of each, RGB; empty when none were taken.
    """

    tracks: tuple[PoseTrack, ...]
    scores: tuple[float, ...]
    subject: int
    portraits: tuple[Image | None, ...] = ()

    def __post_init__(self) -> None:
        if len(self.scores) != len(self.tracks):
            raise ValueError(f"expected {len(self.tracks)} scores, got {len(self.scores)}")
        if not 0 <= self.subject < len(self.tracks):
            raise ValueError(f"expected a subject from 0 to {len(self.tracks) - 1}, got {self.subject}")
        if len(self.portraits) not in (0, len(self.tracks)):
            raise ValueError(f"expected {len(self.tracks)} portraits, got {len(self.portraits)}")

    @property
    def lifter(self) -> PoseTrack:
        """The track that is assessed."""
        return self.tracks[self.subject]

    @property
    def margin(self) -> float:
        """How clear the choice of the likeliest was: 1 when there is nobody else, 0 when another is as likely."""
        best, *others = sorted(self.scores, reverse=True)
        return 1.0 - max(others, default=0.0) / best if best > 0 else float(not others)

    def choose(self, subject: int) -> People:
        """Return the same people with another one to be assessed."""
        return replace(self, subject=subject)


def _read_only(name: str, value: Floats, shape: tuple[int, ...]) -> Floats:
    # what can't be changed any more need not be copied: a long video's landmarks are large
    array = np.asarray(value, dtype=np.float64)
    if array.flags.writeable:
        array = array.copy()
    if array.shape != shape:
        raise ValueError(f"expected {name} of shape {shape}, got {array.shape}")
    array.flags.writeable = False
    return array
