"""From a scenario to a clip with its truth beside it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from ...vision.write import VideoWriter
from . import programme
from .angles import measure
from .body import load_body
from .camera import place_camera
from .kinematics import joint_centres, skin, surface_points
from .mass import centre_of_mass
from .painter import Painter
from .posture import Targets, solve_posture
from .scenario import read_scenario
from .truth import Truth, names, truth_path, write_truth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from .camera import Camera
    from .kinematics import Posture
    from .painter import Image
    from .rotations import Floats
    from .scenario import Scenario

    Progress = Callable[[int, int], None]


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
    truth, posture = act(scenario)
    with VideoWriter(target) as writer:
        for frame, picture in enumerate(pictures(scenario, posture)):
            writer.write(picture, float(truth.time_s[frame]))
            if progress is not None:
                progress(frame + 1, len(posture))
    write_truth(truth, truth_path(target))
    return truth


def act(scenario: Scenario) -> tuple[Truth, Posture]:
    """Move the body through the set, without drawing it."""
    body = load_body(scenario.body)
    movement = scenario.movement
    random = np.random.default_rng(scenario.seed)
    reps = programme.plan_reps(movement, scenario.variation, scenario.fatigue, random)
    times = programme.rep_times(movement, reps)
    frames = round(programme.clip_duration_s(movement, reps) * scenario.video.fps)
    time_s = np.arange(frames) / scenario.video.fps
    depth, rep = programme.depth_curve(times, time_s)
    targets = _targets(scenario, reps, depth, rep)
    posture = solve_posture(body, scenario.stance, targets)
    joints, surface = joint_centres(body, posture), surface_points(body, posture)
    camera = _camera(scenario)
    parameters = [[getattr(r, name) for name in programme.REP_PARAMETERS] for r in reps]
    truth = Truth(
        **names(body.surface_names),
        time_s=time_s,
        joints_m=joints,
        surface_m=surface,
        joints_px=camera.project(joints)[0],
        surface_px=camera.project(surface)[0],
        angles_joint_deg=measure(_by_name(names(body.surface_names)["joint_names"], joints)),
        angles_surface_deg=measure(_by_name(names(body.surface_names)["surface_names"], surface)),
        com_m=centre_of_mass(joints),
        projection=np.tile(camera.projection, (frames, 1, 1)),
        commands=np.stack([depth, targets.knee_flexion_deg, targets.trunk_inclination_deg], axis=1),
        rep_start_s=times.start_s,
        rep_descent_end_s=times.descent_end_s,
        rep_bottom_s=times.bottom_s,
        rep_ascent_start_s=times.ascent_start_s,
        rep_end_s=times.end_s,
        rep_parameters=np.array(parameters).reshape(len(reps), -1),
        scenario=asdict(scenario),
    )
    return truth, posture


def pictures(scenario: Scenario, posture: Posture) -> Iterator[Image]:
    """Draw a posture frame by frame, RGB."""
    body = load_body(scenario.body)
    painter = Painter(body, _camera(scenario), scenario.room, scenario.video.noise, scenario.seed)
    for frame in range(len(posture)):
        yield painter.draw(skin(body, posture, frame))


def _camera(scenario: Scenario) -> Camera:
    return place_camera(scenario.camera, (scenario.video.width, scenario.video.height))


def _targets(scenario: Scenario, reps: tuple[programme.RepPlan, ...], depth: Floats, rep: NDArray[np.int64]) -> Targets:
    movement = scenario.movement

    def curve(ends: tuple[float, float], bottoms: list[float]) -> Floats:
        """From the top to the bottom of the rep that is on; before the first, the top."""
        bottom = np.array([*bottoms, ends[0]])[rep]
        return np.asarray(ends[0] + (bottom - ends[0]) * depth)

    def same(ends: tuple[float, float]) -> Floats:
        return curve(ends, [ends[1]] * len(reps))

    return Targets(
        knee_flexion_deg=curve(movement.knee_flexion_deg, [r.knee_flexion_deg for r in reps]),
        trunk_inclination_deg=curve(movement.trunk_inclination_deg, [r.trunk_inclination_deg for r in reps]),
        arm_elevation_deg=same(movement.arm_elevation_deg),
        elbow_flexion_deg=same(movement.elbow_flexion_deg),
    )


def _by_name(columns: NDArray[np.str_], points: Floats) -> dict[str, Floats]:
    return {str(name): points[:, i] for i, name in enumerate(columns)}
