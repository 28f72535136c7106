"""Repairing a track: what an engine got wrong in single frames, before anything is measured."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from .signal import hampel, in_short_gaps, running_median, runs
from .swaps import swapped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .topology import Topology
    from .track import PoseTrack

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

MIN_VISIBILITY = 0.5
MAX_GAP_S = 0.2
# A bone may be this much longer or shorter than around that moment, as a part of its usual length.
_BONE_TOLERANCE = 0.30
_HAMPEL_WINDOW = 7
_HAMPEL_SIGMAS = 3.0
# Least standard deviation of a landmark: what the networks jitter, as a part of the length of the
# trunk; where no trunk is seen, of the picture. Turning points of a joint differ by more than rest does.
_LEAST_SIGMA_OF_TRUNK, _LEAST_SIGMA_OF_PICTURE = 0.01, 1 / 2000
_LEAST_SIGMA_PX = 0.25
# Below this rate the frames next to each other show different moments of a lift.
_MIN_FPS = 15.0
_BONES = (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist"))
_SIDES = ("left", "right")


def clean(track: PoseTrack) -> PoseTrack:
    """Return a track without the errors of single frames; see ``repairs`` for what was done.

    In this order: left and right limbs, or their ends, that were taken for each other are
    exchanged (see `formdrift.pose.swaps`); repeated frames, landmarks of visibility below
    0.5, ends of bones whose length jumps by more than 30 %, and outliers of the path
    (Hampel) become NaN; gaps of at most 0.2 s are filled by PCHIP. Longer gaps stay NaN and
    nothing is extrapolated.
    World landmarks follow the pixels: missing and filled in the same places.

    A bone is compared with its own length around that moment, never with a fixed one:
    seen from the front, a thigh shortens in every squat. Below 15 frames a second
    neither bones nor paths are judged.

    Parameters
    ----------
    track : PoseTrack
        As an engine made it.

    Returns
    -------
    PoseTrack
        With ``repairs`` telling how many landmarks were ``swapped``, dropped as
        ``repeated``, ``low_visibility``, ``bone`` or ``outlier``, and ``filled``.
    """
    xy_px, visibility = track.xy_px.copy(), track.visibility.copy()
    world_m = np.full((*visibility.shape, 3), np.nan) if track.world_m is None else track.world_m.copy()
    counts = Counter(track.repairs)
    diagonal_px = float(np.hypot(*track.frame_size))
    for first, last in track.segments:
        part = slice(first, last)
        piece = _Piece(track.time_s[part], xy_px[part], world_m[part], visibility[part], track.topology, diagonal_px)
        _clean(piece)
        counts += piece.repairs
    visibility[np.isnan(xy_px[..., 0])] = 0.0
    for array in (xy_px, world_m, visibility):
        # a track takes what can't be changed any more as it is
        array.flags.writeable = False
    return replace(
        track,
        xy_px=xy_px,
        world_m=None if track.world_m is None else world_m,
        visibility=visibility,
        repairs={name: counts[name] for name in counts if counts[name]},
    )


@dataclass(frozen=True, eq=False)
class _Piece:
    """A part of a track without a cut, whose landmarks are repaired in place."""

    time_s: Floats
    xy_px: Floats
    world_m: Floats
    visibility: Floats
    topology: Topology
    diagonal_px: float
    repairs: Counter[str] = field(default_factory=Counter)

    @property
    def fps(self) -> float:
        """Frames a second, by the median step; 0 for less than two frames."""
        return float(1 / np.median(np.diff(self.time_s))) if len(self.time_s) > 1 else 0.0

    def drop(self, where: Mask, reason: str) -> None:
        """Make (T, J) landmarks of the picture NaN and count those that were known."""
        known = where & ~np.isnan(self.xy_px[..., 0])
        self.repairs[reason] += int(known.sum())
        for coordinate in np.moveaxis(self.xy_px, -1, 0):
            coordinate[known] = np.nan


def _clean(piece: _Piece) -> None:
    _swap_back(piece)
    piece.drop(_repeated(piece)[:, None], "repeated")
    piece.drop(piece.visibility < MIN_VISIBILITY, "low_visibility")
    if piece.fps >= _MIN_FPS:
        piece.drop(_broken_bones(piece), "bone")
        _, outliers = hampel(piece.xy_px, _HAMPEL_WINDOW, _HAMPEL_SIGMAS, _least_sigma_px(piece))
        piece.drop(np.asarray(outliers.any(axis=-1)), "outlier")
    _fill(piece)


def _least_sigma_px(piece: _Piece) -> float:
    index = piece.topology.index
    shoulders, hips = (
        piece.xy_px[:, [index[f"{side}_{joint}"] for side in _SIDES]].mean(axis=1) for joint in ("shoulder", "hip")
    )
    lengths = np.linalg.norm(shoulders - hips, axis=-1)
    known = lengths[np.isfinite(lengths)]
    sigma_px = _LEAST_SIGMA_OF_TRUNK * np.median(known) if len(known) else _LEAST_SIGMA_OF_PICTURE * piece.diagonal_px
    return max(_LEAST_SIGMA_PX, float(sigma_px))


def _swap_back(piece: _Piece) -> None:
    """Give both sides the landmarks that an engine took for those of the other."""
    wrong = swapped(piece.time_s, piece.xy_px, piece.world_m, piece.visibility, piece.topology)
    if not wrong.any():
        return
    for name, left in piece.topology.index.items():
        if name.startswith("left_") and (frames := wrong[:, left]).any():
            right = piece.topology.index[name.replace("left", "right")]
            for array in (piece.xy_px, piece.world_m, piece.visibility):
                array[frames, left], array[frames, right] = array[frames, right], array[frames, left]
    piece.repairs["swapped"] += int(wrong.sum())


def _repeated(piece: _Piece) -> Mask:
    """Tell which frames only repeat the one before: a moving body that stands still for at most 0.2 s."""
    xy = piece.xy_px
    same = np.zeros(len(xy), dtype=bool)
    same[1:] = (xy[1:] == xy[:-1]).all(axis=(1, 2))
    for start, stop in runs(same):
        if piece.time_s[min(stop, len(xy) - 1)] - piece.time_s[start - 1] > MAX_GAP_S:
            same[start:stop] = False
    return same


def _broken_bones(piece: _Piece) -> Mask:
    """Tell which far ends of bones make the bone jump in length."""
    broken = np.zeros(piece.visibility.shape, dtype=bool)
    index = piece.topology.index
    names = [(f"{side}_{near}", f"{side}_{far}") for near, far in _BONES for side in _SIDES]
    bones = np.array([(index[a], index[b]) for a, b in names if a in index and b in index], dtype=np.intp).T
    if not bones.size:
        return broken
    near, far = (piece.xy_px[:, ends].T for ends in bones)
    lengths = np.hypot(*(far - near))
    jumps = np.abs(lengths - running_median(lengths.T, _HAMPEL_WINDOW).T)
    for end, length, jump in zip(bones[1], lengths, jumps, strict=True):
        known = length[np.isfinite(length)]
        if len(known):
            broken[:, end] |= jump > _BONE_TOLERANCE * np.median(known)
    return broken


def _fill(piece: _Piece) -> None:
    """Fill short gaps, in the world where they are in the picture."""
    missing = np.isnan(piece.xy_px[..., 0])
    piece.world_m[missing] = np.nan
    for landmarks in (piece.xy_px, piece.world_m):
        columns = landmarks.reshape(len(landmarks), landmarks[0].size if len(landmarks) else 0)
        frames, column, values = in_short_gaps(piece.time_s, columns, MAX_GAP_S)
        columns[frames, column] = values
    piece.repairs["filled"] += int((missing & ~np.isnan(piece.xy_px[..., 0])).sum())
