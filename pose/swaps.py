"""Left and right told apart over a whole track: limbs that an engine took for each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .signal import running_median, runs

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
_LEG = tuple(joint for level in _LIMBS[0] for joint in level)
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
# Frames that are looked at together: so many that need no fresh memory each time.
_AT_ONCE = 400


def swapped(time_s: Floats, xy_px: Floats, world_m: Floats, visibility: Floats, topology: Topology) -> Mask:
    """Tell which landmarks of which frames belong to the other side.

    For each limb the cheapest sequence of states is found: not swapped, or swapped from one
    of its levels on (Viterbi 1967). From frame to frame it costs how far the vectors from
    right to left move, in the world and in the picture; a switch of the state costs several
    usual steps; in each frame it costs how much longer the bones are that cross. What most
    frames say is right, but hips don't turn against the shoulders.

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
    scale = _picture_scale(xy_px, topology)
    places = world_m, xy_px, visibility
    for limb in _LIMBS:
        levels = [pairs for level in limb if len(pairs := _pairs(level, topology))]
        if not levels:
            continue
        joints = np.concatenate(levels).ravel()
        seen = np.flatnonzero((visibility[:, joints] >= _SEEN).any(axis=1))
        for part in np.split(seen, np.flatnonzero(np.diff(time_s[seen]) > _LONGEST_GAP_S) + 1):
            # every block with the frame before; before the first one stands that one itself
            frames = np.r_[part[:1], part]
            blocks = [frames[k : k + _AT_ONCE + 1] for k in range(0, max(len(part), 1), _AT_ONCE)]
            found = [
                _evidence(levels, scale, *(one.take(block, 0).take(joints, 1) for one in places)) for block in blocks
            ]
            steps, longer = (np.concatenate(one, axis=-1) for one in zip(*found, strict=True))
            for pairs, swap in zip(levels, _states(steps, longer), strict=True):
                wrong[np.ix_(part[_likely(time_s[part], swap)], pairs.ravel())] = True
    wrong[np.ix_(_against_shoulders(wrong, world_m, topology), _pairs(_LEG, topology).ravel())] = False
    whole = wrong[:, _pairs(_BODY, topology).ravel()].all(axis=1)
    wrong[np.ix_(whole, _pairs(_FACE, topology).ravel())] = True
    return wrong


def _against_shoulders(wrong: Mask, world_m: Floats, topology: Topology) -> Mask:
    """Tell in which frames a swap of the legs would turn the hips against shoulders that stay, (T,).

    The sides of the trunk would then cross. Where the legs of most frames are wrong, as of
    somebody who is taken for facing away, those of the rest would be swapped, too.
    """
    shoulders, hips = (_pairs((joint,), topology)[0] for joint in ("shoulder", "hip"))
    against = wrong[:, hips[0]] & ~wrong[:, shoulders[0]]
    sides = np.linalg.norm(world_m[:, shoulders, None] - world_m[:, None, hips], axis=-1)
    longer = np.nan_to_num(sides[:, 0, 1] + sides[:, 1, 0] - sides[:, 0, 0] - sides[:, 1, 1])
    for start, stop in runs(against):
        against[start:stop] = longer[start:stop].sum() > 0.0
    return against


def _pairs(joints: Sequence[str], topology: Topology) -> Indices:
    """Return the left and right landmarks of joints, shape (P, 2)."""
    index = topology.index
    return np.array([(index[f"left_{j}"], index[f"right_{j}"]) for j in joints if f"left_{j}" in index], np.intp)


def _picture_scale(xy_px: Floats, topology: Topology) -> float:
    """Return what a pixel counts, in metres; NaN where no trunk is seen."""
    shoulders, hips = (xy_px[:, _pairs((joint,), topology)[0]].mean(axis=1) for joint in ("shoulder", "hip"))
    trunk_px = np.hypot(*(shoulders - hips).T)
    known = trunk_px[trunk_px > 0.0]
    return _PICTURE * _TRUNK_M / float(np.percentile(known, 90)) if len(known) else np.nan


def _evidence(
    levels: Sequence[Indices], scale: float, world_m: Floats, xy_px: Floats, visibility: Floats
) -> tuple[Floats, Floats]:
    """Return what tells in which of N frames a limb of P pairs in L levels is swapped.

    Parameters
    ----------
    levels : sequence of (n, 2) arrays
        The pairs of every level.
    scale : float
        What a pixel counts.
    world_m : (N + 1, 2 P, 3) array
        Left and right by turns; the first frame is the one before the N.
    xy_px : (N + 1, 2 P, 2) array
    visibility : (N + 1, 2 P) array

    Returns
    -------
    steps : (2, L, N) array
        How far the vectors from right to left have moved since the frame before, as they are and if they
        turned round: root mean square over the pairs of a level that are known, 0 where none is.
    longer : (L, N) array
        By how much both bones to a level together would be longer if they crossed; 0 if unknown.
    """
    first = np.cumsum([0, *map(len, levels)])[:-1]
    features = np.ascontiguousarray(
        np.concatenate([world_m, scale * xy_px, _VISIBILITY * visibility[..., None]], axis=-1).T
    )
    across = features[:, ::2] - features[:, 1::2]
    across[:, np.maximum(visibility[:, ::2], visibility[:, 1::2]).T < _SEEN] = np.nan
    moved = np.array([across[..., 1:] - across[..., :-1], across[..., 1:] + across[..., :-1]])
    unknown = np.isnan(moved[0])
    moved[:, unknown] = 0.0
    known = np.add.reduceat(~unknown.all(axis=0), first, axis=0, dtype=np.intp)
    squares = np.add.reduceat(np.einsum("sfpn,sfpn->spn", moved, moved), first, axis=1)
    left, right = features[:3, 2 * first], features[:3, 2 * first + 1]
    straight = _bones(left, left) + _bones(right, right)
    longer = np.zeros(known.shape)
    longer[1:] = np.nan_to_num(_bones(left, right) + _bones(right, left) - straight)[:, 1:]
    return np.sqrt(squares / np.maximum(known, 1)), longer


def _bones(near: Floats, far: Floats) -> Floats:
    """Return the lengths from every level to the next of (3, L, N) joints, (L - 1, N)."""
    return np.asarray(np.sqrt(((far[:, 1:] - near[:, :-1]) ** 2).sum(axis=0)))


def _states(steps: Floats, longer: Floats) -> Mask:
    """Tell for each of L levels in which of N frames it is swapped, shape (L, N), by what `_evidence` returns."""
    count, frames = longer.shape
    if frames < 2:
        return np.zeros((count, frames), dtype=bool)
    # the first frame has none before it
    steps = steps[..., 1:]
    stay, turn = steps / (_LEAST_M + running_median(steps.min(axis=0).T, _AROUND).T)
    # state 0 is not swapped, state k swapped from level k - 1 on
    is_swapped = np.array([[0 < k <= level + 1 for level in range(count)] for k in range(count + 1)])
    differs = is_swapped[:, None] ^ is_swapped[None]
    switch = _SWITCH * differs.any(axis=-1) + _TURN * differs.sum(axis=-1)
    stays = np.c_[np.zeros(frames), _BONE * longer.T] + _RATHER_NOT * is_swapped.sum(axis=1)
    # before the first frame and after the last it would be right
    stays[[0, -1]] += switch[0]
    # mostly no levels gain by turning round what a switch costs, and no bones get shorter by crossing
    if (np.maximum(stay - turn - _TURN, 0.0).sum(axis=0) <= _SWITCH).all() and (stays >= 0).all():
        return np.zeros((count, frames), dtype=bool)
    moves = np.tensordot(stay, ~differs, (0, 2)) + np.tensordot(turn, differs, (0, 2)) + switch
    return np.asarray(is_swapped[_cheapest(moves, stays)].T)


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
    for start, stop in runs(swap):
        if time_s[stop - 1] - time_s[start] > _LONGEST_S:
            kept[start:stop] = False
    return kept if swap.sum() < _MOST * len(swap) else np.zeros_like(swap)
