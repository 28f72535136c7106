"""Joint topologies: which landmark of which engine is which joint."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SIDES = ("left", "right")


@dataclass(frozen=True)
class Topology:
    """Names of an engine's landmarks.

    Attributes
    ----------
    name : str
        ``mediapipe-33``, ``coco-17`` or ``halpe-26``.
    count : int
        Number of landmarks J.
    index : mapping of str to int
        Canonical joint name (``left_knee``) to landmark number; joints that the
        topology lacks are absent.
    bones : tuple of pairs of str
        Canonical names joined by a line when a skeleton is drawn.
    """

    name: str
    count: int
    index: Mapping[str, int]
    bones: tuple[tuple[str, str], ...]

    def has(self, joint: str) -> bool:
        """Tell whether this topology has a landmark for the canonical joint."""
        return joint in self.index


def _topology(name: str, count: int, middle: dict[str, int], paired: dict[str, tuple[int, int]]) -> Topology:
    index = dict(middle)
    for joint, numbers in paired.items():
        index |= {f"{side}_{joint}": number for side, number in zip(_SIDES, numbers, strict=True)}
    across = [("left_shoulder", "right_shoulder"), ("left_hip", "right_hip")]
    chains = ("shoulder", "hip", "knee", "ankle", "heel", "toe"), ("shoulder", "elbow", "wrist"), ("ankle", "toe")
    along = [(f"{side}_{a}", f"{side}_{b}") for side in _SIDES for chain in chains for a, b in pairwise(chain)]
    bones = tuple(pair for pair in across + along if all(joint in index for joint in pair))
    return Topology(name, count, MappingProxyType(index), bones)


MEDIAPIPE_33 = _topology(
    "mediapipe-33",
    33,
    {"nose": 0},
    {
        "eye": (2, 5),
        "ear": (7, 8),
        "shoulder": (11, 12),
        "elbow": (13, 14),
        "wrist": (15, 16),
        "hand": (19, 20),
        "hip": (23, 24),
        "knee": (25, 26),
        "ankle": (27, 28),
        "heel": (29, 30),
        "toe": (31, 32),
    },
)
_OF_COCO = {
    "eye": (1, 2),
    "ear": (3, 4),
    "shoulder": (5, 6),
    "elbow": (7, 8),
    "wrist": (9, 10),
    "hip": (11, 12),
    "knee": (13, 14),
    "ankle": (15, 16),
}
COCO_17 = _topology("coco-17", 17, {"nose": 0}, _OF_COCO)
# Halpe begins with the landmarks of COCO
HALPE_26 = _topology(
    "halpe-26",
    26,
    {"nose": 0, "head_top": 17, "neck": 18, "pelvis": 19},
    _OF_COCO | {"toe": (20, 21), "heel": (24, 25)},
)
TOPOLOGIES: Mapping[str, Topology] = MappingProxyType({t.name: t for t in (MEDIAPIPE_33, COCO_17, HALPE_26)})
