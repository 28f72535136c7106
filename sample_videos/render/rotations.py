"""Rotation matrices over stacks of frames; angles in degrees, vectors in the last axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial.transform import Rotation

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

X_AXIS = np.array([1.0, 0.0, 0.0])
Y_AXIS = np.array([0.0, 1.0, 0.0])
Z_AXIS = np.array([0.0, 0.0, 1.0])


def about(axis: ArrayLike, angle_deg: ArrayLike) -> Floats:
    """Return the right-handed rotation by an angle about an axis, shape (..., 3, 3)."""
    vector = np.asarray(angle_deg, dtype=np.float64)[..., None] * unit(axis)
    matrices = Rotation.from_rotvec(vector.reshape(-1, 3), degrees=True).as_matrix()
    return np.asarray(matrices, dtype=np.float64).reshape(*vector.shape[:-1], 3, 3)


def unit(vector: ArrayLike) -> Floats:
    """Scale vectors to length 1."""
    array = np.asarray(vector, dtype=np.float64)
    return np.asarray(array / np.linalg.norm(array, axis=-1, keepdims=True))


def between(first: Floats, second: Floats, fraction: ArrayLike) -> Floats:
    """Return the rotation a fraction (scalar or of shape (...)) of the shortest way from the first to the second."""
    turn = Rotation.from_matrix((np.swapaxes(first, -1, -2) @ second).reshape(-1, 3, 3)).as_rotvec()
    part = Rotation.from_rotvec(np.asarray(fraction).reshape(-1, 1) * turn).as_matrix().reshape(first.shape)
    return np.asarray(first @ part)


def segment_frame(along: ArrayLike, hinge: ArrayLike) -> Floats:
    """Return the axes (columns) of a limb: its long axis, the hinge made perpendicular to it, and their normal."""
    first = unit(along)
    raw = np.asarray(hinge, dtype=np.float64)
    second = unit(raw - np.sum(raw * first, axis=-1, keepdims=True) * first)
    return np.stack(np.broadcast_arrays(first, second, np.cross(first, second)), axis=-1)


def apply(rotation: Floats, vector: ArrayLike) -> Floats:
    """Rotate vectors, broadcasting over the leading axes."""
    return np.asarray(np.einsum("...ij,...j->...i", rotation, np.asarray(vector, dtype=np.float64)))
