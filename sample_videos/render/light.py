"""The lamps: one that casts the shadow, one that fills, and the sky."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .rotations import unit

if TYPE_CHECKING:
    from .rotations import Floats

_FILL = unit([-0.6, -0.6, 0.3])
_AMBIENT, _SKY, _KEY, _FILLING = 0.14, 0.34, 0.66, 0.22


@dataclass(frozen=True)
class Light:
    """Where the light comes from and how strong it is.

    Attributes
    ----------
    azimuth_deg : float
        Of the lamp that casts the shadow: 0 in front of the subject, 90 at the subject's left side.
    elevation_deg : float
        Of that lamp above the horizon, 15 to 90.
    strength : float
        Of that lamp, 1 as usual; the rest of the light makes up for half of what it lacks.
    brightness : float
        Of the whole picture; 0.5 is a dim room.
    """

    azimuth_deg: float = 32.5
    elevation_deg: float = 55.5
    strength: float = 1.0
    brightness: float = 1.0

    def __post_init__(self) -> None:
        if not 15 <= self.elevation_deg <= 90:
            raise ValueError("expected a lamp 15 to 90 degrees above the horizon")
        if self.strength < 0 or not 0.1 <= self.brightness <= 2:
            raise ValueError("expected a strength of 0 or more and a brightness of 0.1 to 2")

    @property
    def towards(self) -> Floats:
        """Direction towards the lamp that casts the shadow, shape (3,)."""
        azimuth, elevation = np.deg2rad(self.azimuth_deg), np.deg2rad(self.elevation_deg)
        level = np.cos(elevation)
        return np.array([level * np.sin(azimuth), -level * np.cos(azimuth), np.sin(elevation)])

    def diffuse(self, normal: Floats) -> Floats:
        """Return how bright matt triangles are whose normals are given, (F, 3) to (F,)."""
        sky = 0.5 + 0.5 * normal[:, 2]
        key, fill = (np.clip(normal @ lamp, 0, 1) for lamp in (self.towards, _FILL))
        made_up = _AMBIENT + 0.5 * _KEY * 0.5 * (1 - self.strength)
        return np.asarray(self.brightness * (made_up + _SKY * sky + self.strength * _KEY * key + _FILLING * fill))
