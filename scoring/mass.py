"""Where the body's centre of mass is: segment masses and centres of de Leva (1996)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from .sides import SIDES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Sex = Literal["male", "female"]
# without more than this share of the mass a centre means little
_MOST_HIDDEN_MASS = 0.15
# a segment hidden in more of the frames does not count
_OFTEN = 0.10


@dataclass(frozen=True)
class Segment:
    """A segment between two landmarks.

    Attributes
    ----------
    proximal, distal : str
        Ends; ``{side}`` stands for a limb's side. The trunk's ends, and the head, are the
        middles between left and right.
    mass, centre : (float, float)
        Share of the body's mass, and distance of its centre from the proximal end in
        segment lengths; male, female.
    """

    proximal: str
    distal: str
    mass: tuple[float, float]
    centre: tuple[float, float]


# the middle between the ears stands for the head's centre, of which no camera sees the ends
SEGMENTS = (
    Segment("ears", "ears", (0.0694, 0.0668), (0.0, 0.0)),
    Segment("shoulders", "hips", (0.4346, 0.4257), (0.4310, 0.3782)),
    Segment("{side}_shoulder", "{side}_elbow", (0.0271, 0.0255), (0.5772, 0.5754)),
    Segment("{side}_elbow", "{side}_wrist", (0.0162, 0.0138), (0.4574, 0.4559)),
    Segment("{side}_hand", "{side}_hand", (0.0061, 0.0056), (0.0, 0.0)),
    Segment("{side}_hip", "{side}_knee", (0.1416, 0.1478), (0.4095, 0.3612)),
    Segment("{side}_knee", "{side}_ankle", (0.0433, 0.0481), (0.4395, 0.4352)),
    Segment("{side}_heel", "{side}_toe", (0.0137, 0.0129), (0.4415, 0.4014)),
)


def centre_of_mass(joints: Mapping[str, Floats], sex: Sex | None = None) -> Floats:
    """Return the centre of mass of T frames.

    The same segments count in every frame: one that comes and goes would make the centre
    jump. A segment hidden in more than a tenth of the frames is left out of all of them.

    Parameters
    ----------
    joints : mapping of canonical joint name to (T, D) array
        At least one; NaN where not seen, names that are absent are never seen. Without a
        hand point the wrist serves, without both ears one of them or the nose.
    sex : str, optional
        By default the mean of both tables.

    Returns
    -------
    (T, D) array
        In the unit of `joints`; NaN in frames in which a segment that counts is hidden, and
        in all of them when segments of more than 15 % of the mass are left out.
    """
    shape = next(iter(joints.values())).shape
    mass_seen, moment = 0.0, np.zeros(shape)
    for segment, side in _parts():
        start, end = (_point(joints, name, side) for name in (segment.proximal, segment.distal))
        if start is None or end is None:
            continue
        point = start + _of_sex(segment.centre, sex) * (end - start)
        if not _often_seen(point):
            continue
        mass = _of_sex(segment.mass, sex)
        mass_seen += mass
        moment += mass * point
    if mass_seen < 1.0 - _MOST_HIDDEN_MASS:
        return np.full(shape, np.nan)
    return np.asarray(moment / mass_seen)


def total_mass(sex: Sex) -> float:
    """Sum of all segments' shares: 1 up to the table's rounding."""
    return sum(_of_sex(segment.mass, sex) for segment, _ in _parts())


def _parts() -> list[tuple[Segment, str]]:
    return [(s, side) for s in SEGMENTS for side in (SIDES if "{side}" in s.proximal else ("",))]


def _of_sex(pair: tuple[float, float], sex: Sex | None) -> float:
    return (pair[0] + pair[1]) / 2.0 if sex is None else pair[0 if sex == "male" else 1]


def _point(joints: Mapping[str, Floats], name: str, side: str) -> Floats | None:
    """Path of a segment's end; None when the topology has no such landmark."""
    if name == "ears":
        return _head(joints)
    if "{side}" not in name:
        left, right = (joints.get(f"{each}_{name.removesuffix('s')}") for each in SIDES)
        return None if left is None or right is None else np.asarray((left + right) / 2.0)
    found = joints.get(name.format(side=side))
    return joints.get(f"{side}_wrist") if found is None and "hand" in name else found


def _head(joints: Mapping[str, Floats]) -> Floats | None:
    """Middle of the ears; from the side, where one is hidden, the other; else the nose."""
    left, right = joints.get("left_ear"), joints.get("right_ear")
    both = None if left is None or right is None else (left + right) / 2.0
    points = [point for point in (both, left, right, joints.get("nose")) if point is not None]
    return next((point for point in points if _often_seen(point)), None)


def _often_seen(path: Floats) -> bool:
    return bool(np.isnan(path).any(axis=1).mean() <= _OFTEN)
