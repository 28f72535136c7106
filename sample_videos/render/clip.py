"""From a scenario to a clip with its truth beside it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ...vision.write import VideoWriter
from . import programme
from .angles import measure
from .body import load_body
from .camera import follow, overlook_px, place_camera, shift_px
from .compensation import keep_depth
from .curves import lay_out
from .kinematics import joint_centres, skin, surface_points
from .load import hidden_by_load, hold, load_model, load_path, load_vertices
from .mass import centre_of_mass
from .model import body_model, merge
from .painter import Painter
from .people import move
from .posture import solve_posture
from .programme import minimum_jerk
from .scenario import read_scenario
from .sway import swayed
from .truth import Truth, names, truth_path, write_truth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from .body import Body
    from .camera import Camera
    from .curves import Course
    from .faults import Fatigue
    from .kinematics import Posture
    from .load import LoadPath
    from .painter import Image
    from .programme import RepPlan
    from .rotations import Floats
    from .scenario import Scenario

    Progress = Callable[[int, int], None]

_EVERY_VERTEX_OF_A_BOX = 12


@dataclass(frozen=True, eq=False)
class Scene:
    """All that moves in a clip.

    Attributes
    ----------
    lifter : Posture
        Of the scenario's body.
    load : LoadPath or None
        What the lifter lifts.
    others : tuple of Posture
        Of the scenario's other people.
    cameras : list of Camera
        One a frame.
    """

    lifter: Posture
    load: LoadPath | None
    others: tuple[Posture, ...]
    cameras: list[Camera]

    def __len__(self) -> int:
        return len(self.lifter)


def render_file(scenario_toml: Path, target: Path, progress: Progress | None = None) -> Truth:
    """Render the scenario of a TOML file; see `render`."""
    return render(read_scenario(scenario_toml), target, progress)


def render(scenario: Scenario, target: Path, progress: Progress | None = None) -> Truth:
    """Write a clip (H.264 in MP4) and, beside it, its truth (``.truth.npz``).

    Parameters
    ----------
    scenario : Scenario
        What to show.
    target : Path
        Name of the clip.
    progress : callable, optional
        Told after every frame how many are done and how many there are.

    Returns
    -------
    Truth

    Raises
    ------
    ScenarioError
        When the scenario asks for what can't be, for example an unknown body or a
        position without balance.
    VideoError
        When the clip can't be written.
    """
    truth, scene = act(scenario)
    with VideoWriter(target, crf=scenario.video.crf) as writer:
        for frame, picture in enumerate(pictures(scenario, scene)):
            writer.write(picture, float(truth.time_s[frame]))
            if progress is not None:
                progress(frame + 1, len(scene))
    write_truth(truth, truth_path(target))
    return truth


def act(scenario: Scenario) -> tuple[Truth, Scene]:
    """Move everybody through the clip, without drawing it."""
    body = load_body(scenario.body)
    reps = plan(scenario)
    course = lay_out(scenario, reps)
    lifter, joints, load = _lift(scenario, body, course)
    steady = place_camera(scenario.camera, (scenario.video.width, scenario.video.height))
    cameras = follow(steady, scenario.camera, course.time_s, scenario.seed)
    depth = course.command("depth")
    others = tuple(move(person, course.time_s, depth) for person in scenario.others)
    scene = Scene(lifter, load, others, cameras)
    return _truth(scenario, reps, course, scene, joints), scene


def plan(scenario: Scenario) -> tuple[RepPlan, ...]:
    """Decide the reps of a scenario."""
    movement, variation, faults = scenario.movement, scenario.variation, scenario.faults

    def with_fatigue(fatigue: Fatigue) -> tuple[RepPlan, ...]:
        return programme.plan_reps(movement, variation, fatigue, np.random.default_rng(scenario.seed), faults)

    reps = with_fatigue(scenario.fatigue)
    if scenario.fatigue.programme != "compensation":
        return reps
    fresh = with_fatigue(replace(scenario.fatigue, trunk_inclination_deg=0.0))
    return keep_depth(load_body(scenario.body), scenario.stance, movement, reps, fresh)


def _lift(scenario: Scenario, body: Body, course: Course) -> tuple[Posture, Floats, LoadPath | None]:
    """Solve the lifter's postures, let the lifter sway, and follow the load."""
    times, from_floor = course.times, scenario.load.from_floor and len(course.times.start_s) > 0
    share = np.full(len(course.time_s), scenario.load.mass_share)
    if from_floor:
        hold_s = max(1e-6, float(times.ascent_start_s[0] - times.descent_end_s[0]))
        share *= minimum_jerk((course.time_s - times.descent_end_s[0]) / hold_s)
    held = hold(body, scenario.load, share)
    posture = solve_posture(body, scenario.stance, course.targets, held)
    joints = joint_centres(body, posture)
    if scenario.movement.leg != "both":
        sideways, ahead = course.command("sway_sideways_m"), course.command("sway_forward_m")
        posture = swayed(posture, joints, scenario.movement.leg, sideways, ahead)
        joints = joint_centres(body, posture)
    if held is None:
        return posture, joints, None
    lifted = int(np.searchsorted(course.time_s, times.bottom_s[0])) if from_floor else None
    return posture, joints, load_path(held, posture, joints, lifted)


def _truth(scenario: Scenario, reps: tuple[RepPlan, ...], course: Course, scene: Scene, joints: Floats) -> Truth:
    body = load_body(scenario.body)
    surface = surface_points(body, scene.lifter)
    other_joints = [joint_centres(load_body(p.body), m) for p, m in zip(scenario.others, scene.others, strict=True)]
    boxes = [_boxes(load_body(p.body), m, scene) for p, m in zip(scenario.others, scene.others, strict=True)]
    frames = len(scene)
    columns = names(body.surface_names)
    times, load = course.times, scene.load
    eye = scene.cameras[0].position_m
    return Truth(
        **columns,
        time_s=course.time_s,
        joints_m=joints,
        surface_m=surface,
        joints_px=_projected(scene, joints),
        surface_px=_projected(scene, surface),
        box_px=_boxes(body, scene.lifter, scene),
        angles_joint_deg=measure(_by_name(columns["joint_names"], joints)),
        angles_surface_deg=measure(_by_name(columns["surface_names"], surface)),
        com_m=centre_of_mass(joints),
        load_m=np.zeros((0, 3)) if load is None else load.centre_m,
        joints_hidden=np.zeros(joints.shape[:2], dtype=bool)
        if load is None
        else hidden_by_load(scenario.load, load, eye, joints),
        other_joints_m=np.array(other_joints).reshape(-1, *joints.shape),
        other_joints_px=np.array([_projected(scene, j) for j in other_joints]).reshape(-1, *joints.shape[:2], 2),
        other_box_px=np.array(boxes).reshape(-1, frames, 4),
        projection=np.stack([camera.projection for camera in scene.cameras]),
        camera_shift_px=shift_px(place_camera(scenario.camera, scene.cameras[0].size), scene.cameras),
        commands=course.commands,
        rep_start_s=times.start_s,
        rep_descent_end_s=times.descent_end_s,
        rep_bottom_s=times.bottom_s,
        rep_ascent_start_s=times.ascent_start_s,
        rep_end_s=times.end_s,
        rep_parameters=np.array([r.parameters() for r in reps]).reshape(-1, len(programme.REP_PARAMETERS)),
        event_kinds=np.array([event.kind for event in scenario.events], dtype=np.str_),
        event_s=course.event_s,
        scenario=asdict(scenario),
    )


def _projected(scene: Scene, points_m: Floats) -> Floats:
    matrices = np.stack([camera.projection for camera in scene.cameras])
    homogeneous = np.einsum("tij,tpj->tpi", matrices[..., :3], points_m) + matrices[:, None, :, 3]
    return np.asarray(homogeneous[..., :2] / homogeneous[..., 2:])


def _boxes(body: Body, posture: Posture, scene: Scene) -> Floats:
    """Left, top, right, bottom of a body in the picture, shape (T, 4), from every twelfth vertex of its skin."""
    few = _thinned(body)
    points = np.stack([skin(few, posture, frame) for frame in range(len(posture))])
    xy = _projected(scene, points)
    return np.concatenate([xy.min(axis=1), xy.max(axis=1)], axis=1)


def _thinned(body: Body) -> Body:
    step = slice(None, None, _EVERY_VERTEX_OF_A_BOX)
    mesh = replace(body.mesh, segments=body.mesh.segments[step], weights=body.mesh.weights[step])
    return replace(body, mesh=mesh, vertices=body.vertices[step])


def pictures(scenario: Scenario, scene: Scene) -> Iterator[Image]:
    """Draw a scene frame by frame, RGB."""
    people = [(load_body(scenario.body), scene.lifter, scenario.clothes)]
    people += [(load_body(p.body), m, p.clothes) for p, m in zip(scenario.others, scene.others, strict=True)]
    models = [body_model(body, clothes) for body, _, clothes in people]
    counts = [len(body.vertices) for body, _, _ in people]
    if scene.load is not None:
        load, about_centre, block = load_model(scenario.load, scene.load.block_m)
        models.append(load)
        counts.append(len(about_centre))
    steady = place_camera(scenario.camera, (scenario.video.width, scenario.video.height))
    margin = overlook_px(steady, scene.cameras)
    painter = Painter(
        merge(models, counts), steady, scenario.room, scenario.light, scenario.video.noise, scenario.seed, margin
    )
    for frame in range(len(scene)):
        vertices = [skin(body, posture, frame) for body, posture, _ in people]
        if scene.load is not None:
            vertices.append(load_vertices(scene.load, about_centre, block, frame))
        yield painter.draw(np.concatenate(vertices), scene.cameras[frame] if margin else None)


def _by_name(columns: NDArray[np.str_], points: Floats) -> dict[str, Floats]:
    return {str(name): points[:, i] for i, name in enumerate(columns)}
