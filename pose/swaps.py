"""Left and right told apart over a whole track: limbs that an engine took for each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .signal import running_median

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .topology import Topology

    Floats = NDArray[np.float64]
    Indices = NDArray[np.intp]
    Mask = NDArray[np.bool_]

# Limbs from the trunk outwards: an engine swaps all of a limb, or its end from one of these levels on.
_LIMBS = (
    (("hip",), ("knee",), ("ankle", "heel", "toe")),
    (("shoulder",), ("elbow",), ("wrist", "hand")),
)
# The two sides of a face lie too close together: it is swapped where the whole body is.
_BODY, _FACE = ("hip", "shoulder"), ("eye", "ear")
# Joints that are seen less than this on both sides are guesses.
_SEEN = 0.5
# Lengths are in metres, the picture's by a trunk of half a metre. It counts less than the world
# landmarks: legs seen from the side lie on each other there. Visibility, 0 to 1, tells near from far.
_TRUNK_M, _PICTURE, _VISIBILITY = 0.5, 0.5, 0.05
# Steps are counted in usual ones, the median of so many, to which so much is added.
_AROUND, _LEAST_M = 15, 0.03
# What a switch of the state costs, and more for every level that turns round.
_SWITCH, _TURN = 2.0, 1.0
# What it costs, for every metre, that bones are longer when they cross.
_BONE = 5.0
# What a swapped frame costs: enough to decide which of two equal parts is the right one.
_RATHER_NOT = 0.01
# Nothing is compared over a longer gap. What is swapped for longer, or in more of the frames, may be
# somebody who turned round, or it is the rest that is wrong.
_LONGEST_GAP_S, _LONGEST_S, _MOST = 0.5, 1.0, 1 / 3


def swapped(time_s: Floats, xy_px: Floats, world_m: Floats, visibility: Floats, topology: Topology) -> Mask:
    """Tell which landmarks of which frames belong to the other side.

    For each limb the cheapest sequence of states is found: not swapped, or swapped from one
    of its levels on (Viterbi 1967). From frame to frame it costs how far the vectors from
    right to left move, in the world and in the picture; a switch of the state costs several
    usual steps; in each frame it costs how much longer the bones are that cross. What most
    frames say is right.

    Parameters
    ----------
    time_s : (T,) array
    xy_px : (T, J, 2) array
    world_m : (T, J, 3) array
        All NaN where there is none.
    visibility : (T, J) array
    topology : Topology

    Returns
    -------
    (T, J) bool array
        Swaps of at most one second and in less than a third of the frames.
    """
    wrong = np.zeros(visibility.shape, dtype=bool)
    places = _places(xy_px, world_m, visibility, topology)
    for limb in _LIMBS:
        pairs = [pair for level in limb if len(pair := _pairs(level, topology))]
        if not pairs:
            continue
        across = [_across(places, visibility, pair) for pair in pairs]
        seen = np.flatnonzero(np.any([np.isfinite(one).any(axis=(1, 2)) for one in across], axis=0))
        longer = _longer_if_crossed(world_m, pairs)
        for part in np.split(seen, np.flatnonzero(np.diff(time_s[seen]) > _LONGEST_GAP_S) + 1):
            for pair, swap in zip(pairs, _states([one[part] for one in across], longer[part]), strict=True):
                wrong[np.ix_(part[_likely(time_s[part], swap)], pair.ravel())] = True
    whole = wrong[:, _pairs(_BODY, topology).ravel()].all(axis=1)
    wrong[np.ix_(whole, _pairs(_FACE, topology).ravel())] = True
    return wrong


def _pairs(joints: Sequence[str], topology: Topology) -> Indices:
    """Return the left and right landmarks of joints, shape (P, 2)."""
    index = topology.index
    return np.array([(index[f"left_{j}"], index[f"right_{j}"]) for j in joints if f"left_{j}" in index], np.intp)


def _places(xy_px: Floats, world_m: Floats, visibility: Floats, topology: Topology) -> Floats:
    """Return where landmarks are in the world and in the picture and how well they are seen, on one scale."""
    shoulders, hips = (xy_px[:, _pairs((joint,), topology)[0]].mean(axis=1) for joint in ("shoulder", "hip"))
    trunk_px = np.linalg.norm(shoulders - hips, axis=1)
    known = trunk_px[np.isfinite(trunk_px)]
    scale = _PICTURE * _TRUNK_M / float(np.percentile(known, 90)) if len(known) else np.nan
    return np.concatenate([world_m, scale * xy_px, _VISIBILITY * visibility[..., None]], axis=-1)


def _across(places: Floats, visibility: Floats, pairs: Indices) -> Floats:
    """Return the vectors from right to left, (T, P, F), NaN where neither side is seen."""
    left, right = pairs.T
    seen = np.maximum(visibility[:, left], visibility[:, right]) >= _SEEN
    return np.where(seen[..., None], places[:, left] - places[:, right], np.nan)


def _longer_if_crossed(world_m: Floats, pairs: Sequence[Indices]) -> Floats:
    """Return by how much both bones to each level together would be longer if they crossed, (T, L); 0 if unknown."""
    longer = np.zeros((len(world_m), len(pairs)))
    for k in range(1, len(pairs)):
        near, far = world_m[:, pairs[k - 1][0]], world_m[:, pairs[k][0]]
        straight, crossed = (np.linalg.norm(far[:, order] - near, axis=-1).sum(axis=-1) for order in ([0, 1], [1, 0]))
        longer[:, k] = np.nan_to_num(crossed - straight)
    return longer


def _states(across: Sequence[Floats], longer: Floats) -> Mask:
    """Tell for each of L levels in which of N frames it is swapped, shape (L, N).

    Parameters
    ----------
    across : sequence of (N, P, F) array
        Of each level, the vectors from right to left of its P pairs.
    longer : (N, L) array
        By how much bones are longer when a swap begins at a level.
    """
    frames, count = longer.shape
    if frames < 2:
        return np.zeros((count, frames), dtype=bool)
    steps = np.array([_steps(one) for one in across])
    usual = running_median(steps.min(axis=1).T, _AROUND).T
    steps /= _LEAST_M + usual[:, None]
    # state 0 is not swapped, state k swapped from level k - 1 on
    is_swapped = np.array([[0 < k <= level + 1 for level in range(count)] for k in range(count + 1)])
    differs = is_swapped[:, None] ^ is_swapped[None]
    moves = np.tensordot(steps[:, 0], ~differs, (0, 2)) + np.tensordot(steps[:, 1], differs, (0, 2))
    switch = _SWITCH * differs.any(axis=-1) + _TURN * differs.sum(axis=-1)
    moves += switch
    stays = np.c_[np.zeros(frames), _BONE * longer] + _RATHER_NOT * is_swapped.sum(axis=1)
    # before the first frame and after the last it would be right
    stays[[0, -1]] += switch[0]
    if (moves >= moves[:, :1, :1]).all() and (stays >= 0).all():
        return np.zeros((count, frames), dtype=bool)
    return np.asarray(is_swapped[_cheapest(moves, stays)].T)


def _steps(across: Floats) -> Floats:
    """Return how far (N, P, F) vectors move from frame to frame, as they are and if they turn round.

    Returns
    -------
    (2, N - 1) array
        Root mean square over the P pairs that are known, 0 where none is.
    """
    before, after = across[:-1], across[1:]
    squares = np.array([(after - before) ** 2, (after + before) ** 2])
    known = np.isfinite(squares)
    pairs = known.any(axis=-1).sum(axis=-1)
    return np.asarray(np.sqrt(np.where(known, squares, 0.0).sum(axis=(-2, -1)) / np.maximum(pairs, 1)))


def _cheapest(moves: Floats, stays: Floats) -> Indices:
    """Return the cheapest sequence of states, (N,), by the costs of N - 1 moves (from, to) and of N stays."""
    best = stays[0]
    origins = np.empty((len(moves), moves.shape[1]), dtype=np.intp)
    for t, move in enumerate(moves):
        reached = best[:, None] + move
        origins[t] = reached.argmin(axis=0)
        best = reached.min(axis=0) + stays[t + 1]
    states = [int(best.argmin())]
    for origin in origins[::-1]:
        states.append(int(origin[states[-1]]))
    return np.array(states[::-1], dtype=np.intp)


def _likely(time_s: Floats, swap: Mask) -> Mask:
    """Leave out swaps that last too long, and all of them where there are too many."""
    kept = swap.copy()
    for start, stop in np.flatnonzero(np.diff(np.r_[False, swap, False].astype(np.int8))).reshape(-1, 2):
        if time_s[stop - 1] - time_s[start] > _LONGEST_S:
            kept[start:stop] = False
    return kept if swap.sum() < _MOST * len(swap) else np.zeros_like(swap)
