"""What is known exactly about a clip, in a file beside it. The README lists the format."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from .angles import ANGLES
from .body import JOINTS
from .curves import COMMANDS
from .programme import REP_PARAMETERS

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

FORMAT = "formdrift.truth/3"
SUFFIX = ".truth.npz"
# Values are rounded to powers of two far below what matters, so that the file is small and yet plain floats.
_GRID = {"_m": 2.0**-14, "_px": 2.0**-5, "_deg": 2.0**-12}


@dataclass(frozen=True, eq=False)
class Truth:
    """Truth of one clip.

    T frames, J joints, K surface key points, A angles, C commands, N reps, P rep parameters, E events, O other people.

    Attributes
    ----------
    time_s : (T,) array
        Time stamp of each frame.
    joint_names, surface_names, angle_names, command_names, rep_parameter_names : arrays of str
        Names of the columns below.
    joints_m, surface_m : (T, J, 3), (T, K, 3) arrays
        World metres: x to the subject's left at yaw 0, y to the back, z up, floor at 0.
    joints_px, surface_px : (T, J, 2), (T, K, 2) arrays
        Where they are in the picture; the centre of the first pixel is (0.5, 0.5).
    angles_joint_deg, angles_surface_deg : (T, A) arrays
        The same angles by two definitions: of joint centres, of surface key points.
    com_m : (T, 3) array
        Centre of mass.
    box_px : (T, 4) array
        Left, top, right and bottom of the lifter in the picture, also where beyond its edge.
    load_m : (T, 3) array
        Centre of the load: of the bar, or of the kettlebell's ball; (0, 3) without a load.
    joints_hidden : (T, J) array of bool
        Joint centres behind a plate or the kettlebell, seen from the camera.
    other_joints_m, other_joints_px, other_box_px : (O, T, J, 3), (O, T, J, 2), (O, T, 4) arrays
        The same of the other people.
    event_kinds, event_s : (E,) array of str, (E, 2) array
        What is no rep, and when it starts and ends.
    projection : (T, 3, 4) array
        Homogeneous world metres to homogeneous pixels.
    camera_shift_px : (T, 2) array
        How far shake and pan have moved what is far away, against a camera on a tripod.
    commands : (T, C) array
        What was asked for.
    rep_start_s, rep_descent_end_s, rep_bottom_s, rep_ascent_start_s, rep_end_s : (N,) arrays
        Edges of the reps.
    rep_parameters : (N, P) array
        What was asked for in each rep.
    scenario : dict
        The whole scenario: body, seed, camera, movement.
    """

    time_s: Floats
    joint_names: NDArray[np.str_]
    surface_names: NDArray[np.str_]
    angle_names: NDArray[np.str_]
    command_names: NDArray[np.str_]
    rep_parameter_names: NDArray[np.str_]
    joints_m: Floats
    surface_m: Floats
    joints_px: Floats
    surface_px: Floats
    box_px: Floats
    angles_joint_deg: Floats
    angles_surface_deg: Floats
    com_m: Floats
    load_m: Floats
    joints_hidden: NDArray[np.bool_]
    other_joints_m: Floats
    other_joints_px: Floats
    other_box_px: Floats
    projection: Floats
    camera_shift_px: Floats
    commands: Floats
    rep_start_s: Floats
    rep_descent_end_s: Floats
    rep_bottom_s: Floats
    rep_ascent_start_s: Floats
    rep_end_s: Floats
    rep_parameters: Floats
    event_kinds: NDArray[np.str_]
    event_s: Floats
    scenario: dict[str, Any]

    def __post_init__(self) -> None:
        t, n = len(self.time_s), len(self.rep_start_s)
        j, k, a = len(self.joint_names), len(self.surface_names), len(self.angle_names)
        o, e = len(self.other_box_px), len(self.event_kinds)
        shapes = {
            "box_px": (t, 4),
            "load_m": (len(self.load_m) and t, 3),
            "joints_hidden": (t, j),
            "other_joints_m": (o, t, j, 3),
            "other_joints_px": (o, t, j, 2),
            "other_box_px": (o, t, 4),
            "event_s": (e, 2),
            "joints_m": (t, j, 3),
            "surface_m": (t, k, 3),
            "joints_px": (t, j, 2),
            "surface_px": (t, k, 2),
            "angles_joint_deg": (t, a),
            "angles_surface_deg": (t, a),
            "com_m": (t, 3),
            "projection": (t, 3, 4),
            "camera_shift_px": (t, 2),
            "commands": (t, len(self.command_names)),
            "rep_parameters": (n, len(self.rep_parameter_names)),
        } | {f"rep_{edge}_s": (n,) for edge in ("descent_end", "bottom", "ascent_start", "end")}
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"expected {name} of shape {shape}, got {getattr(self, name).shape}")

    def angle(self, name: str, *, surface: bool = False) -> Floats:
        """Return one angle's curve, shape (T,), of joint centres or of surface key points."""
        table = self.angles_surface_deg if surface else self.angles_joint_deg
        column: Floats = table[:, list(self.angle_names).index(name)]
        return column

    def command(self, name: str) -> Floats:
        """Return one command's curve, shape (T,)."""
        column: Floats = self.commands[:, list(self.command_names).index(name)]
        return column

    def rep_parameter(self, name: str) -> Floats:
        """Return what was asked for in each rep, shape (N,)."""
        column: Floats = self.rep_parameters[:, list(self.rep_parameter_names).index(name)]
        return column


def names(surface_names: tuple[str, ...]) -> dict[str, NDArray[np.str_]]:
    """Return the name columns of a truth file."""
    columns = {
        "joint_names": JOINTS,
        "surface_names": surface_names,
        "angle_names": ANGLES,
        "command_names": COMMANDS,
        "rep_parameter_names": REP_PARAMETERS,
    }
    return {name: np.array(values) for name, values in columns.items()}


def truth_path(clip: Path) -> Path:
    """Return where the truth of a clip lies."""
    return clip.with_suffix(SUFFIX)


def write_truth(truth: Truth, path: Path) -> None:
    """Write a truth file: a compressed NumPy archive of plain arrays."""
    arrays = {f.name: _stored(f.name, getattr(truth, f.name)) for f in fields(Truth) if f.name != "scenario"}
    scenario = json.dumps(truth.scenario, sort_keys=True)
    np.savez_compressed(path, allow_pickle=False, format=np.array(FORMAT), scenario=np.array(scenario), **arrays)


def read_truth(path: Path) -> Truth:
    """Read a truth file.

    Raises
    ------
    ValueError
        When it has another format.
    """
    with np.load(path) as stored:
        found = str(stored["format"])
        if found != FORMAT:
            raise ValueError(f"'{path}' has the format {found}, expected {FORMAT}: render the clip again.")
        arrays = {f.name: stored[f.name] for f in fields(Truth) if f.name != "scenario"}
        return Truth(**arrays, scenario=json.loads(str(stored["scenario"])))


def _stored(name: str, array: NDArray[Any]) -> NDArray[Any]:
    grid = next((grid for unit, grid in _GRID.items() if name.endswith(unit)), None)
    if grid is not None:
        return (np.round(array / grid) * grid).astype(np.float32)
    return array
