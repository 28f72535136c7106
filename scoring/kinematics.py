"""From landmarks to curves on a uniform clock: heights, inclinations and joint angles."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from .geometry import body_plane, depth_angle, forward_plane, inclination, joint_flexion
from .lifter import lifter, mid
from .sides import LEG, SIDES, other
from .signal import butter_zero_lag, mean_seen, resample, sampling_rate, uniform_clock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ..pose.track import PoseTrack
    from .calibration import ModelCalibration
    from .lifter import Lifter, Plane
    from .result import View
    from .sides import Side
    from .thresholds import FilterThresholds, Thresholds, ViewThresholds

    Floats = NDArray[np.float64]

_SURE = 0.7
_PAIRED = ("shoulder", "hip", "knee", "ankle")


@dataclass(frozen=True, eq=False)
class Kinematics:
    """Curves of one person on one uniform clock; N frames, NaN where not seen.

    Attributes
    ----------
    time_s : (N,) array
        Seconds from the start of the video.
    fs_hz : float
        Sampling rate of the clock.
    view : View
        From where the camera saw the person.
    side : str
        The side that the camera saw better; angles of the side view are this side's.
    planar : bool
        Angles come from the picture (side view); otherwise from world landmarks.
    oblique : bool
        World landmarks are good enough to be judged, with a wider error; elsewhere they
        only tell exercises apart.
    hip_height : (N,) array
        Hips above the ankles, in leg lengths: about 1 standing.
    knee_flexion_deg, hip_flexion_deg, trunk_inclination_deg, shank_inclination_deg, thigh_inclination_deg : (N,) array
        As `geometry` defines them; "hip" is trunk against thigh.
    depth_angle_deg : (N,) array
        Thigh above (+) or below (-) parallel.
    hips_back : (N,) array
        Hips behind the ankle, in thigh lengths.
    wrist_height : (N,) array
        Wrists above the ankles, in leg lengths.
    feet : (N, 2, 2) array
        Left and right ankle in the picture, in leg lengths.
    points : mapping of str to (N, 2) array
        Other landmarks of the same side in the body plane of the picture, pixels: ``ankle``, ``knee``,
        ``hip``, ``shoulder``, ``ear``, ``wrist``, ``hand``, ``heel``, ``toe``; on one leg also those of
        the free one, ``free_ankle`` and ``free_toe``. What the topology lacks is NaN.
    visibility : mapping of str to (N,) array
        Of every joint that the topology has, 0 to 1.
    leg_length : float
        Thigh and shank, pixels.
    one_leg : bool
        The lifter stands on one leg; `side` is that leg's.
    segments : mapping of str to (N, 2) array
        Ends of the segments in the body plane, of which the angles are made.
    thigh_length : float
        In the unit of `segments` of a side view.
    """

    time_s: Floats
    fs_hz: float
    view: View
    side: Side
    planar: bool
    oblique: bool
    hip_height: Floats
    knee_flexion_deg: Floats
    hip_flexion_deg: Floats
    trunk_inclination_deg: Floats
    shank_inclination_deg: Floats
    thigh_inclination_deg: Floats
    depth_angle_deg: Floats
    hips_back: Floats
    wrist_height: Floats
    feet: Floats
    points: Mapping[str, Floats]
    visibility: Mapping[str, Floats]
    leg_length: float
    one_leg: bool
    segments: Mapping[str, Floats]
    thigh_length: float

    def part(self, frames: slice) -> Kinematics:
        """Return the same of some frames only."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        some: dict[str, Any] = {name: of[frames] for name, of in own.items() if isinstance(of, np.ndarray)}
        for name in ("points", "visibility", "segments"):
            some[name] = {joint: curve[frames] for joint, curve in own[name].items()}
        return replace(self, **some)

    def calibrated(self, calibration: ModelCalibration) -> Kinematics:
        """Return the same with angles between joint centres instead of landmarks, where that was learned."""
        learned = calibration.of(self.view, self.planar)
        if learned is None:
            return self
        segments = learned.joint_centres(self.segments)
        return replace(self, segments=segments, **_angles(segments, self.thigh_length, self.planar))


def kinematics(
    track: PoseTrack,
    thresholds: Thresholds,
    calibration: ModelCalibration | None = None,
    plane: Plane | None = None,
    *,
    one_leg: bool = False,
) -> Kinematics:
    """Compute all curves of a track.

    Parameters
    ----------
    track : PoseTrack
        Cleaned landmarks of one person, at least two frames.
    thresholds : Thresholds
        Filters and view classes.
    calibration : ModelCalibration, optional
        Of the model that made the landmarks; without it, angles are those between landmarks.
    plane : str, optional
        Where angles are read: in the picture or from world landmarks. By default the view decides.
    one_leg : bool
        The exercise is done on one leg: angles are that leg's, whichever the camera sees better.

    Returns
    -------
    Kinematics
    """
    track = _steadied(track)
    kin = _curves(track, lifter(track, thresholds.view, plane, one_leg=one_leg), thresholds)
    return kin if calibration is None else kin.calibrated(calibration)


def _curves(track: PoseTrack, person: Lifter, thresholds: Thresholds) -> Kinematics:
    fs = sampling_rate(track.time_s)
    clock = uniform_clock(track.time_s, fs)
    side, leg, facing = person.side, person.leg_px, person.facing

    def smooth(paths: Mapping[str, Floats]) -> dict[str, Floats]:
        return _smoothed(paths, track.time_s, clock, fs, thresholds.filter)

    points = _points(track, side, one_leg=person.one_leg)
    others = {"hips": mid(track, "hip"), "shoulders": mid(track, "shoulder")}
    others |= {"height": person.hip_height[:, None]} | _far_points(track, side)
    picture = smooth(points | others)
    if person.planar:
        segments = {name: body_plane(picture[name], facing) for name in (*LEG, "hips", "shoulders")}
    else:
        segments = _world_plane(smooth(_world_points(track)), (side,) if person.one_leg else SIDES)
    feet = picture["ankle"], picture["far_ankle"]
    wrists = mean_seen(picture["wrist"], picture["far_wrist"])
    return Kinematics(
        time_s=clock,
        fs_hz=fs,
        view=person.view,
        side=side,
        planar=person.planar,
        oblique=not person.planar and _shown_obliquely(person.view, thresholds.view),
        hip_height=picture["height"][:, 0].copy(),
        wrist_height=(picture["ankle"] - wrists)[:, 1] / leg,
        feet=np.stack(feet if side == "left" else feet[::-1], axis=1) / leg,
        points={name: body_plane(picture[name], facing or 1) for name in points},
        visibility=_visibility(track, clock),
        leg_length=leg,
        one_leg=person.one_leg,
        segments=segments,
        thigh_length=person.thigh_px,
        **_angles(segments, person.thigh_px, person.planar),
    )


def _steadied(track: PoseTrack) -> PoseTrack:
    """Return the landmarks as a camera that stood still would have seen them."""
    if track.camera_xy_px is None or not track.camera_xy_px.any():
        return track
    return replace(track, xy_px=track.xy_px - track.camera_xy_px[:, None], camera_xy_px=None)


class _Angles(TypedDict):
    knee_flexion_deg: Floats
    hip_flexion_deg: Floats
    trunk_inclination_deg: Floats
    shank_inclination_deg: Floats
    thigh_inclination_deg: Floats
    depth_angle_deg: Floats
    hips_back: Floats


def _angles(segments: Mapping[str, Floats], thigh: float, planar: bool) -> _Angles:
    """Angles between segments, and in the picture depth and hips back, as fields of `Kinematics`."""
    hip, knee, ankle = (segments[joint] for joint in LEG)
    trunk, shank = inclination(segments["hips"], segments["shoulders"]), inclination(ankle, knee)
    femur = inclination(knee, hip)
    return {
        "knee_flexion_deg": joint_flexion(shank, femur),
        "hip_flexion_deg": joint_flexion(trunk, femur),
        "trunk_inclination_deg": trunk,
        "shank_inclination_deg": shank,
        "thigh_inclination_deg": femur,
        "depth_angle_deg": depth_angle(hip[:, 1], knee[:, 1], thigh) if planar else 90.0 - np.abs(femur),
        "hips_back": (ankle[:, 0] - hip[:, 0]) / thigh if planar else np.full(len(hip), np.nan),
    }


def _sure(track: PoseTrack, joint: str) -> Floats:
    """Path of a joint where the engine is sure of it: a wrist behind a plate is guessed to hang."""
    if not track.topology.has(joint):
        return track.joint(joint)
    seen = track.visibility[:, track.topology.index[joint]] >= _SURE
    return np.where(seen[:, None], track.joint(joint), np.nan)


def _shown_obliquely(view: View, limits: ViewThresholds) -> bool:
    """Tell whether a view is among those from which world landmarks were found good enough: obliquely in front."""
    seen = view.label == "oblique" and view.yaw_deg is not None
    return seen and limits.oblique_min_deg <= (view.yaw_deg or 0.0) <= limits.sagittal_min_deg


def _points(track: PoseTrack, side: Side, *, one_leg: bool) -> dict[str, Floats]:
    """Landmarks of one side, and on one leg the free foot's, by their names in `Kinematics.points`."""
    hand = "hand" if track.topology.has("left_hand") else "wrist"
    names = {joint: f"{side}_{joint}" for joint in (*LEG, "shoulder", "elbow", "ear", "heel", "toe")}
    if one_leg:
        names |= {f"free_{joint}": f"{other(side)}_{joint}" for joint in ("ankle", "toe")}
    paths = {name: track.joint(joint) for name, joint in names.items()}
    return paths | {"wrist": _sure(track, f"{side}_wrist"), "hand": _sure(track, f"{side}_{hand}")}


def _far_points(track: PoseTrack, side: Side) -> dict[str, Floats]:
    far = other(side)
    return {"far_ankle": track.joint(f"{far}_ankle"), "far_wrist": _sure(track, f"{far}_wrist")}


def _smoothed(
    paths: Mapping[str, Floats], time_s: Floats, clock: Floats, fs_hz: float, limits: FilterThresholds
) -> dict[str, Floats]:
    """Bring (T, n) paths to a clock and smooth them: all at once, which costs little more than one."""
    together = resample(time_s, np.concatenate(list(paths.values()), axis=1), clock, limits.max_gap_s)
    ends = np.cumsum([path.shape[1] for path in paths.values()])[:-1]
    parts = np.split(butter_zero_lag(together, limits.fc_joint_hz, fs_hz), ends, axis=1)
    return dict(zip(paths, parts, strict=True))


def _visibility(track: PoseTrack, clock: Floats) -> dict[str, Floats]:
    """Visibility of every joint at the nearest frame."""
    nearest = np.clip(np.searchsorted(track.time_s, clock), 0, len(track) - 1)
    seen = np.ascontiguousarray(track.visibility[nearest].T)
    return {joint: seen[number] for joint, number in track.topology.index.items()}


def _world_points(track: PoseTrack) -> dict[str, Floats]:
    return {f"{s}_{j}": track.joint_world(f"{s}_{j}") for s in SIDES for j in _PAIRED}


def _world_plane(world: Mapping[str, Floats], sides: tuple[Side, ...]) -> dict[str, Floats]:
    """Segment ends in the person's own sagittal plane, of one leg or the mean of both, from world landmarks."""
    plane = {n: forward_plane(xyz, world["left_hip"], world["right_hip"]) for n, xyz in world.items()}
    leg = {joint: mean_seen(*(plane[f"{s}_{joint}"] for s in sides)) for joint in LEG}
    return leg | {f"{j}s": mean_seen(*(plane[f"{s}_{j}"] for s in SIDES)) for j in ("hip", "shoulder")}
