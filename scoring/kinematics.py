"""From landmarks to curves on a uniform clock: heights, inclinations and joint angles."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal, TypedDict

import numpy as np
from scipy.ndimage import median_filter

from .geometry import body_plane, depth_angle, forward_plane, inclination, joint_flexion
from .signal import bridge, butter_zero_lag, mean_seen, resample, sampling_rate, uniform_clock
from .view import facing_sign, find_view

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from ..pose.track import PoseTrack
    from .calibration import ModelCalibration
    from .result import View
    from .thresholds import Thresholds, ViewThresholds

    Floats = NDArray[np.float64]
    Smooth = Callable[[Floats], Floats]

Side = Literal["left", "right"]
Plane = Literal["picture", "world"]
_LEG = ("hip", "knee", "ankle")
_SIDES: tuple[Side, Side] = ("left", "right")
_SURE = 0.7
# of the frames: higher than standing the hips are only by chance
_HIGHEST_PERCENT = 5
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
    limits = thresholds.filter
    fs = sampling_rate(track.time_s)
    clock = uniform_clock(track.time_s, fs)

    def smooth(x: Floats) -> Floats:
        return butter_zero_lag(resample(track.time_s, x, clock, limits.max_gap_s), limits.fc_joint_hz, fs)

    side = _standing_side(track) if one_leg else _better_side(track)
    raw = {name: track.joint(name) for name in (f"{s}_{j}" for s in _SIDES for j in _PAIRED)}
    leg, thigh = _lengths(raw, side)
    height = _hip_height(raw, side, leg, fs)
    standing = standing_frames(height) & track.detected
    view, facing = find_view(track, standing, thresholds.view), facing_sign(track, standing)
    planar = view.label == "sagittal" if plane is None else plane == "picture"
    segments = (
        _picture_plane(raw, side, facing, smooth)
        if planar
        else _world_plane(track, smooth, (side,) if one_leg else _SIDES)
    )
    ends = {f"{s}_ankle": raw[f"{s}_ankle"] for s in _SIDES} | {s: _sure(track, f"{s}_wrist") for s in _SIDES}
    ends = _smoothed(ends, smooth)
    wrists = mean_seen(*(body_plane(ends[s], facing) for s in _SIDES))
    kin = Kinematics(
        time_s=clock,
        fs_hz=fs,
        view=view,
        side=side,
        planar=planar,
        oblique=not planar and _shown_obliquely(view, thresholds.view),
        hip_height=smooth(height),
        wrist_height=(wrists[:, 1] + ends[f"{side}_ankle"][:, 1]) / leg,
        feet=np.stack([ends[f"{s}_ankle"] for s in _SIDES], axis=1) / leg,
        points=_points(track, side, facing or 1, smooth, one_leg=one_leg),
        visibility=_visibility(track, clock),
        leg_length=leg,
        one_leg=one_leg,
        segments=segments,
        thigh_length=thigh,
        **_angles(segments, thigh, planar),
    )
    return kin if calibration is None else kin.calibrated(calibration)


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
    hip, knee, ankle = (segments[joint] for joint in _LEG)
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


def standing_frames(hip_height: Floats) -> NDArray[np.bool_]:
    """Frames in which the hips are about as high as they get; all of them where that is not seen."""
    if not np.isfinite(hip_height).any():
        return np.ones(len(hip_height), dtype=bool)
    return np.asarray(hip_height >= np.nanpercentile(hip_height, 75) - 0.05)


def _sure(track: PoseTrack, joint: str) -> Floats:
    """Path of a joint where the engine is sure of it: a wrist behind a plate is guessed to hang."""
    if not track.topology.has(joint):
        return track.joint(joint)
    seen = track.visibility[:, track.topology.index[joint]] >= _SURE
    return np.where(seen[:, None], track.joint(joint), np.nan)


def _better_side(track: PoseTrack) -> Side:
    """Choose the side whose leg is seen better: the near one."""
    seen = {
        side: np.mean([track.visibility[:, track.topology.index[f"{side}_{joint}"]].mean() for joint in _LEG])
        for side in _SIDES
    }
    return "left" if seen["left"] >= seen["right"] else "right"


def _standing_side(track: PoseTrack) -> Side:
    """Choose the leg that is stood on: its ankle is the lower one while the feet are furthest apart in height."""
    higher = track.joint("right_ankle")[:, 1] - track.joint("left_ankle")[:, 1]
    apart = np.abs(higher)
    if not np.isfinite(apart).any():
        return _better_side(track)
    lifted = apart >= np.nanpercentile(apart, 75)
    return "left" if np.median(higher[lifted]) < 0.0 else "right"


def _shown_obliquely(view: View, limits: ViewThresholds) -> bool:
    """Tell whether a view is among those from which world landmarks were found good enough: obliquely in front."""
    seen = view.label == "oblique" and view.yaw_deg is not None
    return seen and limits.oblique_min_deg <= (view.yaw_deg or 0.0) <= limits.sagittal_min_deg


def _lengths(raw: dict[str, Floats], side: Side) -> tuple[float, float]:
    """Leg and thigh length in pixels: what they measure when they lie in the picture plane."""
    thigh = _long(raw[f"{side}_hip"] - raw[f"{side}_knee"])
    shank = _long(raw[f"{side}_knee"] - raw[f"{side}_ankle"])
    # both are about a quarter of the stature (Winter 2009)
    shank = thigh if np.isnan(shank) else shank
    return thigh + shank, thigh


def _long(segment: Floats) -> float:
    lengths = np.linalg.norm(segment, axis=1)
    return float(np.nanpercentile(lengths, 95)) if np.isfinite(lengths).any() else np.nan


def _hip_height(raw: dict[str, Floats], side: Side, leg_px: float, fs_hz: float) -> Floats:
    """Hips above the feet, in leg lengths.

    Planted feet don't move, while a hidden ankle flickers: the ankle is a running
    median over a second, bridged where it is hidden. Where neither ankle is ever seen the
    feet are a leg's length below the highest that the hips get.
    """
    hip_y = _mid(raw, "hip")[:, 1]
    near, far = (raw[f"{s}_ankle"][:, 1] for s in (side, *(other for other in _SIDES if other != side)))
    ankle_y = near if np.isfinite(near).any() else far
    if np.isfinite(ankle_y).any():
        feet_y = median_filter(bridge(ankle_y), size=max(1, round(fs_hz)), mode="nearest")
    elif np.isfinite(hip_y).any():
        feet_y = np.full(len(hip_y), np.nanpercentile(hip_y, _HIGHEST_PERCENT) + leg_px)
    else:
        return np.full(len(hip_y), np.nan)
    return (feet_y - hip_y) / leg_px


def _mid(points: dict[str, Floats], joint: str) -> Floats:
    return (points[f"left_{joint}"] + points[f"right_{joint}"]) / 2.0


def _picture_plane(raw: dict[str, Floats], side: Side, facing: int, smooth: Smooth) -> dict[str, Floats]:
    """Segment ends in the picture, seen from the side: the near leg, and the middle of hips and shoulders."""
    points = {joint: raw[f"{side}_{joint}"] for joint in _LEG} | {f"{j}s": _mid(raw, j) for j in ("hip", "shoulder")}
    return {name: body_plane(xy, facing) for name, xy in _smoothed(points, smooth).items()}


def _points(track: PoseTrack, side: Side, facing: int, smooth: Smooth, *, one_leg: bool) -> dict[str, Floats]:
    """Landmarks of one side, and on one leg the free foot's, in the body plane of the picture."""
    hand = "hand" if track.topology.has("left_hand") else "wrist"
    names = {joint: f"{side}_{joint}" for joint in (*_LEG, "shoulder", "elbow", "ear", "heel", "toe")}
    paths = {name: track.joint(joint) for name, joint in names.items()}
    paths |= {"wrist": _sure(track, f"{side}_wrist"), "hand": _sure(track, f"{side}_{hand}")}
    if one_leg:
        free = "right" if side == "left" else "left"
        paths |= {f"free_{joint}": track.joint(f"{free}_{joint}") for joint in ("ankle", "toe")}
    return {name: body_plane(xy, facing) for name, xy in _smoothed(paths, smooth).items()}


def _smoothed(paths: Mapping[str, Floats], smooth: Smooth) -> dict[str, Floats]:
    """Smooth several paths at once, which costs little more than one."""
    together = smooth(np.stack(list(paths.values()), axis=1))
    return {name: together[:, number] for number, name in enumerate(paths)}


def _visibility(track: PoseTrack, clock: Floats) -> dict[str, Floats]:
    """Visibility of every joint at the nearest frame."""
    nearest = np.clip(np.searchsorted(track.time_s, clock), 0, len(track) - 1)
    seen = np.ascontiguousarray(track.visibility[nearest].T)
    return {joint: seen[number] for joint, number in track.topology.index.items()}


def _world_plane(track: PoseTrack, smooth: Smooth, sides: tuple[Side, ...]) -> dict[str, Floats]:
    """Segment ends in the person's own sagittal plane, of one leg or the mean of both, from world landmarks."""
    world = _smoothed({f"{s}_{j}": track.joint_world(f"{s}_{j}") for s in _SIDES for j in _PAIRED}, smooth)
    plane = {n: forward_plane(xyz, world["left_hip"], world["right_hip"]) for n, xyz in world.items()}
    leg = {joint: mean_seen(*(plane[f"{s}_{joint}"] for s in sides)) for joint in _LEG}
    return leg | {f"{j}s": mean_seen(*(plane[f"{s}_{j}"] for s in _SIDES)) for j in ("hip", "shoulder")}
