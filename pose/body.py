"""What a set of landmarks says about a body: which way up, where, how large, and whether it is that of another set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .region import Region

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..vision.frame import Frame
    from .engine import Landmarks, RegionEngine
    from .glance import Box
    from .topology import Topology

    Floats = NDArray[np.float64]

# Two sets of landmarks show one body when their joints are closer than this, in lengths of the trunk.
_SAME_BODY = 0.35
# Two joints are one when they are closer than this, in the same lengths.
_SHARED = 0.2
_PAIRS = "shoulder", "hip", "knee", "ankle"
_JOINTS = tuple(f"{side}_{joint}" for joint in _PAIRS for side in ("left", "right"))
# Room around the landmarks of somebody who is painted over, as a part of their extent.
_ROOM = 0.08


def look_upright(engine: RegionEngine, frame: Frame, region: Region) -> Landmarks | None:
    """Return the landmarks in a region; a body that stands on its head is looked at the other way round.

    Nobody squats upside down, but a body whose head is outside the picture can look
    as if its feet were the head.
    """
    found = engine.look(frame, region)
    if found is None or not upside_down(found, engine.topology):
        return found
    turned = engine.look(frame, Region(region.center_px, region.side_px, region.angle_rad + np.pi))
    return None if turned is None or upside_down(turned, engine.topology) else turned


def upside_down(found: Landmarks, topology: Topology) -> bool:
    """Tell whether the shoulders are below the hips and the feet above them."""
    shoulders, hips, ankles = (middle(found, topology, joint)[1] for joint in ("shoulder", "hip", "ankle"))
    return bool(shoulders > hips > ankles)


def same_body(one: Landmarks, other: Landmarks, topology: Topology) -> bool:
    """Tell whether two sets of landmarks show one body: most joints are close, or the shoulders are the same."""
    size_px = max(_size(one, topology), _size(other, topology))
    if _shared(one, other, topology, "shoulder", size_px) == 2:
        return True
    index = [topology.index[joint] for joint in _JOINTS]
    apart = np.linalg.norm(one.xy_px[index] - other.xy_px[index], axis=1)
    known = apart[np.isfinite(apart)]
    return len(known) > 0 and float(np.median(known)) < _SAME_BODY * size_px


def shared(one: Landmarks, other: Landmarks, topology: Topology) -> int:
    """Return how many joints of one body lie on the same joint of another, be it the left or the right one."""
    size_px = max(_size(one, topology), _size(other, topology))
    return sum(_shared(one, other, topology, joint, size_px) for joint in _PAIRS)


def _shared(one: Landmarks, other: Landmarks, topology: Topology, joint: str, size_px: float) -> int:
    pair = [topology.index[f"{side}_{joint}"] for side in ("left", "right")]
    apart = np.linalg.norm(one.xy_px[pair, None] - other.xy_px[None, pair], axis=2)
    return int((apart.min(axis=1) < _SHARED * size_px).sum())


def _size(found: Landmarks, topology: Topology) -> float:
    """Return the length of the trunk or, if that is seen from above, half that of the legs, in pixels."""
    shoulders, hips, ankles = (middle(found, topology, joint) for joint in ("shoulder", "hip", "ankle"))
    lengths = np.linalg.norm(shoulders - hips), np.linalg.norm(hips - ankles) / 2
    return float(np.nan_to_num(lengths).max())


def body_box(found: Landmarks, room: float = _ROOM) -> Box:
    """Return left, top, right and bottom of a body in pixels, with room around it as a part of its extent."""
    low, high = np.nanmin(found.xy_px, axis=0), np.nanmax(found.xy_px, axis=0)
    away = room * float((high - low).max())
    return float(low[0]) - away, float(low[1]) - away, float(high[0]) + away, float(high[1]) + away


def part_inside(found: Landmarks, boxes: list[Box]) -> float:
    """Return the part of the landmarks that lie in one of the boxes."""
    x, y = found.xy_px.T
    parts = [((left < x) & (x < right) & (top < y) & (y < bottom)).mean() for left, top, right, bottom in boxes]
    return float(max(parts, default=0.0))


def middle(found: Landmarks, topology: Topology, joint: str) -> Floats:
    """Return the point between the left and the right one of a joint, in pixels."""
    left, right = topology.index[f"left_{joint}"], topology.index[f"right_{joint}"]
    return np.asarray((found.xy_px[left] + found.xy_px[right]) / 2)
