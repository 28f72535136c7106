"""A user's own network of the RTMPose kind: one-dimensional heat maps of x and of y (SimCC, Li et al. 2022)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from .engine import EngineError, Landmarks
from .ort import Network
from .region import Region, by_pixel_numbers
from .topology import COCO_17, HALPE_26
from .tracking import RegionNetwork, load_detector

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from ..vision.frame import Frame
    from .topology import Topology

    Floats = NDArray[np.float64]

# Mean and standard deviation of ImageNet's colours, with which these networks were trained.
_MEAN = np.array([123.675, 116.28, 103.53], np.float32)
_STD = np.array([58.395, 57.12, 57.375], np.float32)
_MIN_PRESENCE = 0.3
# Side of a region over the person in it, as in training.
_MARGIN = 1.25
# Height of a person over that between nose and ankles, for want of landmarks of the head's top and the feet.
_BEYOND = {COCO_17.name: 1.2, HALPE_26.name: 1.0}
_TOPOLOGIES = {topology.count: topology for topology in (COCO_17, HALPE_26)}


class SimCC(RegionNetwork):
    """Follows one person with a network from a file; satisfies :class:`formdrift.pose.engine.RegionEngine`.

    The network takes an upright cut-out of one person, (1, 3, H, W), RGB, normalised as for
    ImageNet, and gives (1, J, bins along W) and (1, J, bins along H), of which the highest
    bins are the coordinates of J landmarks: 17 of COCO or 26 of Halpe. People are found
    with BlazePose's detector. There are no world landmarks.

    Parameters
    ----------
    path : Path
        An ONNX file.

    Raises
    ------
    EngineError
        When the file is not there or not such a network.
    ModelError
        When the detector's weights are not on this machine.
    """

    engine_id = "simcc"

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise EngineError(f"There is no file '{path}': give the path of a pose model as simcc:FILE.onnx.")
        network = Network(path)
        self.topology: Topology = _topology(network, path)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        self.model_id = f"{self.engine_id}-{self.topology.name}-{digest[:12]}"
        super().__init__(load_detector(), network)

    def find(self, frame: Frame) -> list[Region]:
        """Return the regions around the people of a whole picture, the likeliest first."""
        _, height, width = self._open().input_shape
        # the circle around a person has to fit into the cut-out's width too
        wider = max(1.0, height / width / _MARGIN)
        return [Region(one.center_px, wider * one.side_px, 0.0) for one in self._detector.find(frame)]

    def look(self, frame: Frame, region: Region) -> Landmarks | None:
        """Return the landmarks of the person in an upright box as high as a region, or None when nobody is there."""
        network = self._open()
        _, height, width = network.input_shape
        scale = region.side_px / height
        corner = np.array(region.center_px) - scale * np.array([width / 2, height / 2])
        matrix = np.column_stack([scale * np.eye(2), corner])
        cut = frame.crop(by_pixel_numbers(matrix), (width, height))
        x, y = network.run(((cut - _MEAN) / _STD).transpose(2, 0, 1)).values()
        xy, visibility = decode(x, y, (width, height))
        presence = float(visibility.mean())
        if presence < _MIN_PRESENCE:
            return None
        xy_px = scale * xy + corner
        following = _around(xy_px, visibility, width / height, _BEYOND[self.topology.name])
        return Landmarks(xy_px, np.full((len(xy), 3), np.nan), visibility, presence, following)


def decode(x: NDArray[np.float32], y: NDArray[np.float32], size: tuple[int, int]) -> tuple[Floats, Floats]:
    """Return coordinates and visibilities of J landmarks.

    Parameters
    ----------
    x, y : (J, N) and (J, M) arrays
        How likely each landmark lies in each bin, in columns and in rows.
    size : tuple of int
        Width and height of the cut-out.

    Returns
    -------
    xy : (J, 2) array
        In pixels of the cut-out; NaN where no bin is likely.
    visibility : (J,) array
        The lower one of the two highest bins, 0 to 1.
    """
    bins = np.column_stack([x.argmax(axis=1), y.argmax(axis=1)])
    visibility = np.clip(np.minimum(x.max(axis=1), y.max(axis=1)), 0.0, 1.0).astype(np.float64)
    xy = bins * np.array([size[0] / x.shape[1], size[1] / y.shape[1]])
    return np.where(visibility[:, None] > 0, xy, np.nan), visibility


def _around(xy_px: Floats, visibility: Floats, aspect: float, beyond: float) -> Region | None:
    """Return the region as high as the upright box, width over height as given, around the landmarks seen."""
    seen = xy_px[visibility >= _MIN_PRESENCE]
    if not len(seen):
        return None
    low, high = seen.min(axis=0), seen.max(axis=0)
    width, height = high - low
    side = _MARGIN * beyond * max(float(height), float(width) / aspect)
    x, y = (float(c) for c in (low + high) / 2)
    return Region((x, y), side, 0.0) if side > 0 else None


def _topology(network: Network, path: Path) -> Topology:
    """Return what the landmarks of a network are, told by their number."""
    wrong = EngineError(
        f"'{path}' is no SimCC pose model: it must take a picture (1, 3, height, width) and give the x bins and"
        f" the y bins of {' or '.join(str(count) for count in _TOPOLOGIES)} landmarks, as RTMPose does."
    )
    shape = network.input_shape
    if len(shape) != 3 or shape[0] != 3 or not all(shape):
        raise wrong
    try:
        outputs = list(network.run(np.zeros(shape, np.float32)).values())
    except Exception as error:  # the library's own kinds of error have no common base
        raise wrong from error
    if len(outputs) != 2 or any(output.ndim != 2 for output in outputs):
        raise wrong
    x, y = outputs
    if len(x) != len(y) or len(x) not in _TOPOLOGIES or x.shape[1] * shape[1] != y.shape[1] * shape[2]:
        raise wrong
    return _TOPOLOGIES[len(x)]
