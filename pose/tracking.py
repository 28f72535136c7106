"""What engines that look at regions have in common: the detector, and following one person from frame to frame."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from ..models.store import locate
from .detector import PersonDetector
from .engine import EngineError
from .ort import load_network

if TYPE_CHECKING:
    from ..vision.frame import Frame
    from .engine import Landmarks
    from .ort import Network
    from .region import Region

# The likeliest region may be upside down or empty while a less likely one is right.
_TRIES = 3


def load_detector() -> PersonDetector:
    """Return BlazePose's detector.

    Raises
    ------
    ModelError
        When its weights are not on this machine.
    """
    return PersonDetector(load_network(locate("blazepose-detector")))


class RegionNetwork(ABC):
    """A network of landmarks beside BlazePose's detector; its kinds satisfy `formdrift.pose.engine.RegionEngine`.

    Parameters
    ----------
    detector : PersonDetector
    network : Network

    Attributes
    ----------
    runs_on : str
        See `Network`.
    """

    def __init__(self, detector: PersonDetector, network: Network) -> None:
        self._detector = detector
        self._network: Network | None = network
        self.runs_on = network.runs_on
        self._region: Region | None = None

    def process(self, frame: Frame) -> Landmarks | None:
        """Return the landmarks in the next frame, or None when nobody is seen.

        The person is looked for where the previous frame had them; if they are not
        there, in the whole picture.
        """
        expected, self._region = self._region, None
        found = self.look(frame, expected) if expected is not None else None
        if found is None:
            found = next(filter(None, (self.look(frame, region) for region in self.find(frame)[:_TRIES])), None)
        self._region = found.region if found is not None else None
        return found

    @abstractmethod
    def find(self, frame: Frame) -> list[Region]:
        """Return the regions around the people of a whole picture, the likeliest first."""

    @abstractmethod
    def look(self, frame: Frame, region: Region) -> Landmarks | None:
        """Return the landmarks of the person in a region, or None when nobody is there."""

    def close(self) -> None:
        """Free the network; the engine can't be used afterwards."""
        self._network = None

    def _open(self) -> Network:
        """Return the network of landmarks unless it has been freed."""
        if self._network is None:
            raise EngineError("This pose engine has been closed: make a new one.")
        return self._network
