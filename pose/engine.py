"""What every pose engine answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..vision.frame import Frame
    from .region import Region
    from .topology import Topology


class EngineError(Exception):
    """A pose engine can't work; the message says in one sentence why and what to do."""


@dataclass(frozen=True, eq=False)
class Landmarks:
    """What an engine saw of one person in one frame, not smoothed.

    Attributes
    ----------
    xy_px : (J, 2) array
        Upright picture coordinates in pixels.
    world_m : (J, 3) array
        Metres of an average person, origin between the hips; x right, y down, z away.
    visibility : (J,) array
        0 to 1.
    presence : float
        0 to 1, how sure the engine is that there is a person in the region.
    region : Region or None
        Where to look for the same person in the next frame; None when the engine doesn't tell.
    """

    xy_px: NDArray[np.float64]
    world_m: NDArray[np.float64]
    visibility: NDArray[np.float64]
    presence: float
    region: Region | None = None


class PoseEngine(Protocol):
    """Finds and follows one person through consecutive frames of one video."""

    @property
    def engine_id(self) -> str:
        """Name of the engine on the command line, for example ``blazepose-onnx``."""

    @property
    def model_id(self) -> str:
        """Name of the weights, for example ``blazepose-full``."""

    @property
    def topology(self) -> Topology:
        """What the landmarks are."""

    @property
    def runs_on(self) -> str:
        """What computes, for example ``CPU`` or ``CUDA``."""

    def process(self, frame: Frame) -> Landmarks | None:
        """Return the landmarks in the next frame, or None when nobody is seen."""

    def close(self) -> None:
        """Free what the engine holds; it can't be used afterwards."""


@runtime_checkable
class RegionEngine(PoseEngine, Protocol):
    """An engine that looks where it is told, so that several people can be followed with it.

    Both methods depend on their arguments only: who is followed is the caller's business.
    """

    def find(self, frame: Frame) -> list[Region]:
        """Return the regions around the people of a whole picture, the likeliest first."""

    def look(self, frame: Frame, region: Region) -> Landmarks | None:
        """Return the landmarks of the person in a region, or None when nobody is there."""
