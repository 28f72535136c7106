"""A barbell with plates or a kettlebell: how it is held, where it is, what it hides, how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from .arms import Grip, gripped
from .body import JOINT_INDEX, SEGMENT_INDEX
from .model import Model, merge, revolved
from .rotations import Y_AXIS, Z_AXIS, apply, segment_frame

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .body import Body
    from .kinematics import Posture
    from .rotations import Floats

Kind = Literal["none", "barbell_back", "barbell_hands", "goblet", "kettlebell"]
KINDS = ("none", "barbell_back", "barbell_hands", "goblet", "kettlebell")

_PALM_M = 0.07
_BAR_RADIUS_M, _BAR_HALF_M, _PLATE_AT_M, _PLATE_HALF_THICK_M = 0.014, 1.05, 0.70, 0.03
_BELL_RADIUS_M, _HANDLE_UP_M, _HANDLE_HALF_M, _HANDLE_RADIUS_M = 0.10, 0.155, 0.07, 0.015
_STEEL, _IRON = (0.62, 0.63, 0.65), (0.16, 0.16, 0.18)
_PLYWOOD = (0.62, 0.48, 0.32)
_CELL_M = 0.04
_BLOCK_HALF_M = 0.14


@dataclass(frozen=True)
class Load:
    """What is lifted.

    Attributes
    ----------
    kind : {'none', 'barbell_back', 'barbell_hands', 'goblet', 'kettlebell'}
        A bar on the upper back or in hanging hands, a kettlebell at the chest or in hanging hands.
    mass_share : float
        Its mass as a share of the body's: the feet carry both.
    plate_radius_m : float
        Of a bar's plates.
    plate_colour : (float, float, float)
        RGB, 0 to 1.
    from_floor : bool
        A kettlebell that stands on the floor (or a block, as high as the hands need) until the bottom of the first rep.
    """

    kind: Kind = "none"
    mass_share: float = 0.2
    plate_radius_m: float = 0.225
    plate_colour: tuple[float, float, float] = (0.14, 0.20, 0.42)
    from_floor: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"expected a load of {', '.join(KINDS)}, got {self.kind}")
        if self.from_floor and self.kind != "kettlebell":
            raise ValueError("expected a kettlebell where the load comes from the floor")
        if not 0 <= self.mass_share <= 3 or not 0.05 <= self.plate_radius_m <= 0.3:
            raise ValueError("expected a mass of 0 to 3 body masses and plates of 0.05 m to 0.3 m radius")


@dataclass(frozen=True, eq=False)
class Held:
    """A load in the hands of one body over T frames.

    Attributes
    ----------
    kind : str
        Of the load.
    grip : Grip
        Where the hands are.
    rest_m : (3,) array
        Where a load on the trunk is at rest.
    share : (T,) array
        Mass that the feet carry besides the body, as a share of it.
    """

    kind: Kind
    grip: Grip
    rest_m: Floats
    share: Floats

    def balance(self, mass_m: Floats, posture: Posture, joints_m: Floats) -> Floats:
        """Return the common centre of mass of body and load, shape (T, 3)."""
        share = self.share[:, None]
        return np.asarray((mass_m + share * self.place(posture, joints_m)) / (1 + share))

    def place(self, posture: Posture, joints_m: Floats) -> Floats:
        """Return where the load's centre is while it is held, shape (T, 3)."""
        if self.kind == "barbell_hands":
            return gripped(joints_m, _PALM_M)
        if self.kind == "kettlebell":
            return gripped(joints_m, _PALM_M) - _HANDLE_UP_M * Z_AXIS
        thorax = SEGMENT_INDEX["thorax"]
        return np.asarray(posture.head[:, thorax] + apply(posture.rotation[:, thorax], self.rest_m))


def hold(body: Body, load: Load, share: Floats) -> Held | None:
    """Put a load into a body's hands; ``share`` as in `Held`; None without a load."""
    if load.kind == "none":
        return None
    shoulder = (body.joint("left_shoulder") + body.joint("right_shoulder")) / 2
    wide = float(body.joint("left_shoulder")[0])
    if load.kind == "barbell_hands":
        return Held(load.kind, Grip(None, wide + 0.07), shoulder, share)
    if load.kind == "kettlebell":
        return Held(load.kind, Grip(None, 0.05), shoulder, share)
    if load.kind == "barbell_back":
        place = _on_skin(body, shoulder + 0.02 * Z_AXIS, 1.0) + 0.02 * Y_AXIS
        wrist = np.array([wide + 0.22, 0.03, -0.05])
    else:
        place = _on_skin(body, shoulder - 0.14 * Z_AXIS, -1.0) - (_BELL_RADIUS_M + 0.015) * Y_AXIS
        wrist = np.array([_BELL_RADIUS_M + 0.01, 0.01, -0.06])
    hands = np.stack([place + wrist, place + wrist * [-1, 1, 1]])
    return Held(load.kind, Grip(hands), place - body.head("thorax"), share)


def _on_skin(body: Body, point: Floats, side: float) -> Floats:
    """Return the point moved along y to the skin at its height, behind (1) or in front (-1)."""
    near = (np.abs(body.vertices[:, 2] - point[2]) < 0.03) & (np.abs(body.vertices[:, 0]) < 0.06)
    return np.array([0.0, side * (side * body.vertices[near, 1]).max(), point[2]])


@dataclass(frozen=True, eq=False)
class LoadPath:
    """Where a load is in T frames: its centre (T, 3), its axes (T, 3, 3) and the block's height beneath it."""

    centre_m: Floats
    rotation: Floats
    block_m: float


def load_path(held: Held, posture: Posture, joints_m: Floats, lifted_from: int | None) -> LoadPath:
    """Follow a load.

    Parameters
    ----------
    held : Held
        How it is held.
    posture, joints_m
        Of the body, and its joint centres (T, J, 3).
    lifted_from : int or None
        Frame at which it is taken off the floor; None when it is held all along.
    """
    centre = held.place(posture, joints_m)
    block = 0.0
    if held.kind == "kettlebell":
        centre[:, 2] = np.maximum(centre[:, 2], _BELL_RADIUS_M)
        if lifted_from is not None:
            centre[:lifted_from] = centre[lifted_from]
            block = max(0.0, float(centre[lifted_from, 2]) - _BELL_RADIUS_M)
    axes = np.broadcast_to(np.eye(3), (len(centre), 3, 3))
    if held.kind.startswith("barbell"):
        along = joints_m[:, JOINT_INDEX["left_wrist"]] - joints_m[:, JOINT_INDEX["right_wrist"]]
        axes = segment_frame(along, np.broadcast_to(Y_AXIS, along.shape))
    return LoadPath(centre, axes, block)


def hidden_by_load(load: Load, path: LoadPath, eye_m: Floats, points_m: Floats) -> NDArray[np.bool_]:
    """Tell which points (T, P, 3) lie behind a plate or the bell as seen from ``eye_m`` (3,); shape (T, P)."""
    way = points_m - eye_m
    hidden = np.zeros(points_m.shape[:2], dtype=bool)
    if load.kind in ("goblet", "kettlebell"):
        to_centre = (path.centre_m - eye_m)[:, None]
        along = np.sum(to_centre * way, axis=2) / np.sum(way**2, axis=2)
        nearest = np.linalg.norm(eye_m + along[..., None] * way - path.centre_m[:, None], axis=2)
        return np.asarray((along > 0) & (along < 1) & (nearest < _BELL_RADIUS_M))
    axis = path.rotation[:, :, 0][:, None]
    for side in (-1, 1):
        centre = path.centre_m[:, None] + side * _PLATE_AT_M * axis
        with np.errstate(divide="ignore", invalid="ignore"):
            along = np.sum((centre - eye_m) * axis, axis=2) / np.sum(way * axis, axis=2)
            from_centre = np.linalg.norm(eye_m + along[..., None] * way - centre, axis=2)
        hidden |= (along > 0) & (along < 1) & (from_centre < load.plate_radius_m)
    return hidden


def load_model(load: Load, block_m: float) -> tuple[Model, Floats, int]:
    """Return a load's triangles, its vertices about its centre (V, 3), and how many of the last are the block's."""
    parts = _barbell(load) if load.kind.startswith("barbell") else _kettlebell()
    block = 0
    if block_m > 0.01:
        parts.append(_block(block_m))
        block = len(parts[-1][0])
    models = [Model(f, np.tile(c, (len(f), 1)).astype(float), np.zeros(len(f), dtype=bool)) for _, f, c in parts]
    counts = [len(v) for v, _, _ in parts]
    return merge(models, counts), np.concatenate([v for v, _, _ in parts]), block


_Part = tuple["Floats", "NDArray[np.int32]", tuple[float, float, float]]


def _barbell(load: Load) -> list[_Part]:
    along = np.arange(-_BAR_HALF_M, _BAR_HALF_M + 1e-9, _CELL_M)
    profile = np.stack([along, np.full_like(along, _BAR_RADIUS_M)], axis=1)
    profile[[0, -1], 1] = 0.001
    bar = revolved(profile, 8)
    rings = np.linspace(0.012, load.plate_radius_m, 6)
    half = _PLATE_HALF_THICK_M
    inner = [(-half, r) for r in rings]
    disc = np.array([*inner, *((half, r) for r in rings[::-1])])
    plates = [revolved(disc + np.array([side * _PLATE_AT_M, 0.0]), 36) for side in (-1, 1)]
    return [(*bar, _STEEL), *((*plate, load.plate_colour) for plate in plates)]


def _kettlebell() -> list[_Part]:
    angle = np.linspace(0.001, np.pi - 0.001, 12)
    ball = revolved(_BELL_RADIUS_M * np.stack([-np.cos(angle), np.sin(angle)], axis=1), 16)
    across = np.linspace(-_HANDLE_HALF_M, _HANDLE_HALF_M, 8)
    bar, bar_faces = revolved(np.stack([across, np.full_like(across, _HANDLE_RADIUS_M)], axis=1), 8)
    parts: list[_Part] = [(*ball, _IRON), (bar + _HANDLE_UP_M * Z_AXIS, bar_faces, _IRON)]
    for side in (-1, 1):
        length = np.linspace(-0.005, 0.10, 5)
        horn, faces = revolved(np.stack([length, np.full_like(length, _HANDLE_RADIUS_M)], axis=1), 8)
        upright = horn[:, [2, 1, 0]] * [-1, 1, 1] + [side * _HANDLE_HALF_M, 0, _HANDLE_UP_M - 0.095]
        parts.append((upright, faces, _IRON))
    return parts


def _block(height_m: float) -> _Part:
    """Return a plywood block on the floor; every side has its own corners, so that its edges stay sharp."""
    corner = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (0, 1)], dtype=float)
    vertices = corner * [_BLOCK_HALF_M, _BLOCK_HALF_M, height_m]
    quads = np.array([[1, 5, 7, 3], [0, 4, 5, 1], [2, 3, 7, 6], [0, 1, 3, 2], [4, 6, 7, 5]])
    own = np.arange(quads.size).reshape(quads.shape)
    return vertices[quads.ravel()], np.concatenate([own[:, [0, 1, 2]], own[:, [0, 2, 3]]]).astype(np.int32), _PLYWOOD


def load_vertices(path: LoadPath, about_centre: Floats, block: int, frame: int) -> Floats:
    """Return the vertices of a load in one frame, shape (V, 3); the block stays where the load stood first."""
    moving = len(about_centre) - block
    moved = path.centre_m[frame] + about_centre[:moving] @ path.rotation[frame].T
    place = path.centre_m[0] * [1, 1, 0]
    return np.concatenate([moved, about_centre[moving:] + place])
