"""BlazePose on ONNX Runtime: detector, region tracking, landmarks (Bazarevsky et al. 2020)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from ..models.store import locate
from .engine import Landmarks
from .heatmap import refine
from .ort import load_network
from .region import Region
from .topology import MEDIAPIPE_33
from .tracking import RegionNetwork, load_detector

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..vision.frame import Frame
    from .topology import Topology

    Floats = NDArray[np.float64]

SIZE = 256
_MIN_PRESENCE = 0.5
# The network's own two points after the 33 of the body: they place the next region.
_HIPS, _RIM = 33, 34


class BlazePose(RegionNetwork):
    """Follows one person with BlazePose; satisfies :class:`formdrift.pose.engine.RegionEngine`.

    The landmarks are those of MediaPipe without its smoothing.

    Parameters
    ----------
    variant : str
        ``lite``, ``full`` or ``heavy``.

    Raises
    ------
    ModelError
        When the weights are not on this machine.
    """

    engine_id = "blazepose-onnx"
    topology: Topology = MEDIAPIPE_33

    def __init__(self, variant: str = "full") -> None:
        self.model_id = f"blazepose-{variant}"
        super().__init__(load_detector(), load_network(locate(self.model_id)))

    def find(self, frame: Frame) -> list[Region]:
        """Return the regions around the people of a whole picture, the likeliest first."""
        self._open()
        return self._detector.find(frame)

    def look(self, frame: Frame, region: Region) -> Landmarks | None:
        """Return the landmarks of the person in a region, or None when nobody is there."""
        output = self._open().run(region.cut(frame, SIZE) * np.float32(1 / 255))
        presence = float(output["Identity_1"][0])
        if presence < _MIN_PRESENCE:
            return None
        xy_px, visibility = decode(output["Identity"], output["Identity_3"], region)
        body = slice(0, self.topology.count)
        world_m = turn(output["Identity_4"].reshape(-1, 3)[body].astype(np.float64), region.angle_rad)
        follow_up = Region.around(xy_px[_HIPS], xy_px[_RIM])
        return Landmarks(xy_px[body], world_m, visibility[body], presence, follow_up)


def decode(values: NDArray[np.float32], heatmaps: NDArray[np.float32], region: Region) -> tuple[Floats, Floats]:
    """Return picture coordinates and visibilities of BlazePose's 39 points.

    Parameters
    ----------
    values : (195,) array
        x, y, z in pixels of the 256 x 256 cut-out and logits of visibility and presence, a point.
    heatmaps : (64, 64, 39) array
        Logits.
    region : Region
        Where the cut-out lies in the picture.

    Returns
    -------
    xy_px : (39, 2) array
    visibility : (39,) array
        0 to 1.
    """
    points = values.reshape(-1, 5).astype(np.float64)
    cell = SIZE / heatmaps.shape[0]
    xy = refine(points[:, :2] / cell, heatmaps) * cell
    return region.to_picture(xy, SIZE), np.asarray(expit(points[:, 3]))


def turn(world_m: Floats, angle_rad: float) -> Floats:
    """Turn (J, 3) world landmarks of a tilted cut-out about the camera's axis to the upright picture."""
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    return np.asarray(world_m @ np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]]))
