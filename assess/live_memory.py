"""The landmarks of a lifter as they came, and the track of any part of them."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from ..pose.track import PoseTrack
from ..vision.frame import VideoInfo

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..pose.engine import Landmarks
    from ..pose.topology import Topology


class Memory:
    """Remembers landmarks frame by frame.

    Parameters
    ----------
    topology : Topology
    model_id : str
        Of the engine that finds them.
    """

    def __init__(self, topology: Topology, model_id: str) -> None:
        self._topology, self._model_id = topology, model_id
        self._rows: deque[tuple[float, NDArray[np.float32]]] = deque()
        self._size = (0, 0)

    def add(self, time_s: float, size: tuple[int, int], found: Landmarks | None) -> None:
        """Remember the next frame; None when the lifter was not seen in it."""
        values = np.full((self._topology.count, 6), np.nan, dtype=np.float32)
        values[:, 5] = 0.0
        if found is not None:
            values = np.column_stack([found.xy_px, found.world_m, found.visibility]).astype(np.float32)
        self._size = size
        self._rows.append((time_s, values))

    def forget(self, before_s: float = np.inf) -> None:
        """Forget what was before a time; everything by default."""
        while self._rows and self._rows[0][0] < before_s:
            self._rows.popleft()

    def seen_s(self) -> list[float]:
        """Return the times at which the lifter was seen."""
        return [at for at, values in self._rows if np.isfinite(values[0, 0])]

    def track(self, start_s: float = -np.inf, end_s: float = np.inf) -> PoseTrack:
        """Return what was seen between two times."""
        rows = [(at, values) for at, values in self._rows if start_s <= at <= end_s]
        time_s = np.array([at for at, _ in rows])
        values = np.array([values for _, values in rows], dtype=np.float64).reshape(-1, self._topology.count, 6)
        steps = np.diff(time_s)
        fps = 1.0 / float(np.median(steps)) if len(steps) else 0.0
        duration = float(time_s[-1] - time_s[0]) if len(rows) else 0.0
        return PoseTrack(
            time_s=time_s,
            xy_px=values[..., :2],
            visibility=values[..., 5],
            topology=self._topology,
            frame_size=self._size,
            model_id=self._model_id,
            source=VideoInfo("camera", "", duration, len(rows), fps, self._size, 0, "", ""),
            world_m=values[..., 2:5],
        )
