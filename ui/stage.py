"""What the player draws over a video: the skeleton, the people who can be chosen, and the faces to hide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..assess import SeenVideo

    Floats = NDArray[np.float64]

_VISIBLE = 0.5
# around the landmarks of somebody, in parts of their extent
_ROOM = 0.1
_HEAD = ("nose", "left_eye", "right_eye", "left_ear", "right_ear")
# radius of a head over the length of the trunk, and at least so many pixels
_HEAD_SIZE, _LEAST_PX = 0.38, 8.0


def skeleton(seen: SeenVideo) -> dict[str, Any]:
    """Return the bones as pairs of points, and for each frame x and y of every point, None where it was not seen."""
    track = seen.people.lifter
    names = sorted({name for bone in track.topology.bones for name in bone})
    place = {name: i for i, name in enumerate(names)}
    index = [track.topology.index[name] for name in names]
    xy, visible = track.xy_px[:, index], track.visibility[:, index] >= _VISIBLE
    return {"bones": [[place[a], place[b]] for a, b in track.topology.bones], "xy": _frames(xy, visible)}


def boxes(seen: SeenVideo) -> list[dict[str, Any]] | None:
    """Return for each person and frame left, top, right, bottom; None where there is nobody to choose from."""
    tracks = seen.people.tracks
    if len(tracks) < 2:
        return None
    return [{"boxes": [_box(frame) for frame in track.xy_px]} for track in tracks]


def faces(seen: SeenVideo) -> list[list[list[float]]]:
    """Return for each frame the heads of everybody as x, y, radius.

    Where a head is not seen for a while, it is looked for on the way from where it was to
    where it comes back, so that no drop-out shows a face.
    """
    found = [_heads(track) for track in seen.people.tracks]
    return [
        [[round(float(v), 1) for v in heads[i]] for heads in found if heads is not None]
        for i in range(len(seen.people.lifter))
    ]


def _frames(xy: Floats, visible: NDArray[np.bool_]) -> list[list[float | None]]:
    flat = np.where(visible[..., None], np.round(xy, 1), np.nan).reshape(len(xy), -1)
    return [[None if v != v else v for v in frame] for frame in flat.tolist()]


def _box(frame: Floats) -> list[float] | None:
    there = frame[np.isfinite(frame[:, 0])]
    if not len(there):
        return None
    low, high = there.min(axis=0), there.max(axis=0)
    room = _ROOM * float((high - low).max())
    return [round(float(v), 1) for v in (*(low - room), *(high + room))]


def _heads(track: Any) -> Floats | None:
    """Return x, y and radius of one person's head in every frame, (T, 3); None when it is never seen."""
    index = [track.topology.index[name] for name in _HEAD if track.topology.has(name)]
    points = track.xy_px[:, index]
    there = np.isfinite(points).all(axis=2)
    count = there.sum(axis=1)
    if not count.any():
        return None
    middle = np.where(there[..., None], points, 0.0).sum(axis=1) / np.maximum(count, 1)[:, None]
    shoulders, hips = (
        (track.joint(f"left_{joint}") + track.joint(f"right_{joint}")) / 2.0 for joint in ("shoulder", "hip")
    )
    trunk = np.hypot(*(shoulders - hips).T)
    radius = max(_LEAST_PX, _HEAD_SIZE * float(np.nanmedian(trunk))) if np.isfinite(trunk).any() else _LEAST_PX
    known = np.flatnonzero(count)
    frames = np.arange(len(points))
    x, y = (np.interp(frames, known, middle[known, axis]) for axis in (0, 1))
    return np.column_stack([x, y, np.full(len(points), radius)])
