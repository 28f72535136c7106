"""A stick figure whose joint angles are commanded, seen by a camera from any side.

Angles follow the specification: inclinations against the upward vertical, positive
forward, so that a thigh at -90 is parallel to the floor with the hip behind the knee.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from formdrift.assess.seen import SeenVideo
from formdrift.pose.topology import MEDIAPIPE_33
from formdrift.pose.track import People, PoseTrack
from formdrift.vision.frame import VideoInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHANK_M, THIGH_M, TRUNK_M, ARM_M = 0.43, 0.42, 0.50, 0.57
LEG_M = SHANK_M + THIGH_M
# half the distance between left and right
HALF_M = {
    "ear": 0.07,
    "shoulder": 0.16,
    "wrist": 0.16,
    "hip": 0.10,
    "knee": 0.10,
    "ankle": 0.10,
    "heel": 0.10,
    "toe": 0.10,
}
HANGING = 180.0
FROM_LEFT, FROM_RIGHT, FROM_FRONT, FROM_BEHIND = 90.0, -90.0, 0.0, 180.0


@dataclass(frozen=True)
class Pose:
    """Segment inclinations in degrees; ``arm`` None hangs, whatever the trunk does."""

    shank: float = 0.0
    thigh: float = 0.0
    trunk: float = 0.0
    arm: float = HANGING


STANDING = Pose()
PARALLEL_SQUAT = Pose(shank=30.0, thigh=-90.0, trunk=35.0, arm=90.0)
RDL = Pose(shank=3.0, thigh=-15.0, trunk=70.0)
# a hinge done with the knees: they bend almost as much as the hips
SQUATTY_HINGE = Pose(shank=22.0, thigh=-38.0, trunk=45.0)
KETTLEBELL = Pose(shank=20.0, thigh=-60.0, trunk=60.0)
FLOOR_PULL = Pose(shank=22.0, thigh=-72.0, trunk=62.0)


@dataclass(frozen=True)
class Motion:
    """Commanded inclinations over time, degrees, and where the body is, metres.

    ``spread`` tilts the straight legs sideways, as in a jumping jack; ``walk`` moves
    the left and right foot forward, the body follows their middle.
    """

    time_s: Floats
    shank: Floats
    thigh: Floats
    trunk: Floats
    arm: Floats
    spread: Floats
    walk: Floats

    @property
    def hip_height(self) -> Floats:
        """Hips above ankles in leg lengths."""
        up = SHANK_M * np.cos(np.radians(self.shank)) + THIGH_M * np.cos(np.radians(self.thigh))
        return np.asarray(up * np.cos(np.radians(self.spread)) / LEG_M)


def min_jerk(part: Floats) -> Floats:
    p = np.clip(part, 0.0, 1.0)
    return np.asarray(10.0 * p**3 - 15.0 * p**4 + 6.0 * p**5)


@dataclass(frozen=True)
class Tempo:
    """Durations of the phases of one repetition, seconds."""

    down: float = 1.2
    hold: float = 0.4
    up: float = 1.0
    rest: float = 0.8

    @property
    def rep(self) -> float:
        return self.down + self.hold + self.up + self.rest


def profile(time_s: Floats, depths: Sequence[float], tempo: Tempo = Tempo(), lead_s: float = 1.5) -> Floats:
    """How far down: 0 standing, 1 the commanded bottom; one min-jerk excursion a repetition."""
    low = np.zeros_like(time_s)
    for rep, depth in enumerate(depths):
        t = time_s - lead_s - rep * tempo.rep
        down, up = min_jerk(t / tempo.down), min_jerk((t - tempo.down - tempo.hold) / tempo.up)
        low += depth * (down - up)
    return low


def clock(duration_s: float, fps: float = 30.0) -> Floats:
    return np.arange(round(duration_s * fps)) / fps


def moving(time_s: Floats, low: Floats, bottom: Pose, top: Pose = STANDING) -> Motion:
    """Move all segments together between two poses."""
    between = {
        n: getattr(top, n) + low * (getattr(bottom, n) - getattr(top, n)) for n in ("shank", "thigh", "trunk", "arm")
    }
    return Motion(time_s, **between, spread=np.zeros_like(time_s), walk=np.zeros((len(time_s), 2)))


def reps(
    bottom: Pose,
    depths: Sequence[float] = (1.0,) * 4,
    tempo: Tempo = Tempo(),
    fps: float = 30.0,
    lead_s: float = 1.5,
    tail_s: float = 1.0,
    top: Pose = STANDING,
) -> Motion:
    time_s = clock(lead_s + len(depths) * tempo.rep + tail_s, fps)
    return moving(time_s, profile(time_s, depths, tempo, lead_s), bottom, top)


def film(
    motion: Motion,
    yaw_deg: float = FROM_LEFT,
    px_per_m: float = 220.0,
    shift_px: tuple[float, float] = (0.0, 0.0),
    noise_px: float = 0.0,
    seed: int = 0,
) -> PoseTrack:
    """See a motion through an orthographic camera; the side nearer to it is seen better."""
    count, index = len(motion.time_s), MEDIAPIPE_33.index
    points = np.full((count, 33, 3), np.nan)
    visibility = np.zeros((count, 33))
    yaw = np.radians(yaw_deg)
    # picture x (right) and z (away) of the person's left and forward
    left, forward = np.array([np.cos(yaw), -np.sin(yaw)]), np.array([-np.sin(yaw), -np.cos(yaw)])
    for name, (ahead, up, lateral) in _joints(motion).items():
        horizontal = lateral[:, None] * left + ahead[:, None] * forward
        points[:, index[name]] = np.stack([horizontal[:, 0], -up, horizontal[:, 1]], axis=-1)
        near = name == "nose" or (name.startswith("left")) == (left[1] <= 0)
        visibility[:, index[name]] = 0.98 if near or abs(left[1]) < 0.5 else 0.85
    rng = np.random.default_rng(seed)
    xy = points[..., :2] * px_per_m + np.array([320.0, 420.0]) + np.array(shift_px)
    xy = xy + noise_px * rng.standard_normal(xy.shape)
    hips = points[:, [index["left_hip"], index["right_hip"]]].mean(axis=1, keepdims=True)
    duration = float(motion.time_s[-1])
    fps = 1.0 / float(np.median(np.diff(motion.time_s))) if count > 1 else 30.0
    info = VideoInfo("figure.mp4", "0" * 64, duration, count, fps, (640, 480), 0, "h264", "yuv420p")
    return PoseTrack(
        motion.time_s, xy, visibility, MEDIAPIPE_33, (640, 480), "stick-figure", info, world_m=points - hips
    )


def seen(track: PoseTrack) -> SeenVideo:
    """Pretend that an engine saw the track in a video that ends early."""
    return SeenVideo(People((track,), (1.0,), 0), "blazepose-onnx", ("The file ends early.",))


def hide(track: PoseTrack, frames: NDArray[np.bool_] | slice, joints: Sequence[str] | None = None) -> PoseTrack:
    """Remove joints (all of them by default) from the given frames."""
    xy, visibility = track.xy_px.copy(), track.visibility.copy()
    world = None if track.world_m is None else track.world_m.copy()
    for number in range(track.topology.count) if joints is None else [track.topology.index[j] for j in joints]:
        xy[frames, number] = np.nan
        visibility[frames, number] = 0.0
        if world is not None:
            world[frames, number] = np.nan
    return replace(track, xy_px=xy, visibility=visibility, world_m=world)


def mirror(track: PoseTrack) -> PoseTrack:
    """Flip the picture and with it what is left and right: the same lift of a mirrored person."""
    width = track.frame_size[0]
    swap = np.arange(33)
    for name, number in MEDIAPIPE_33.index.items():
        if name.startswith("left_"):
            other = MEDIAPIPE_33.index["right_" + name.removeprefix("left_")]
            swap[number], swap[other] = other, number
    assert track.world_m is not None
    return replace(
        track,
        xy_px=(track.xy_px * [-1.0, 1.0] + [width, 0.0])[:, swap],
        visibility=track.visibility[:, swap],
        world_m=(track.world_m * [-1.0, 1.0, 1.0])[:, swap],
    )


def _joints(motion: Motion) -> dict[str, tuple[Floats, Floats, Floats]]:
    """Place every joint: forward, up, to the person's left; metres."""
    tilt = {n: np.radians(getattr(motion, n)) for n in ("shank", "thigh", "trunk", "arm", "spread")}
    origin = motion.walk.mean(axis=1)
    upright = np.cos(tilt["spread"])

    def add(
        base: tuple[Floats, Floats], length: float, angle: Floats, shorter: Floats | float = 1.0
    ) -> tuple[Floats, Floats]:
        return base[0] + length * np.sin(angle), base[1] + shorter * length * np.cos(angle)

    ankle = origin, np.full_like(origin, 0.07)
    knee = add(ankle, SHANK_M, tilt["shank"], upright)
    hip = add(knee, THIGH_M, tilt["thigh"], upright)
    shoulder = add(hip, TRUNK_M, tilt["trunk"])
    ear = add(shoulder, 0.20, tilt["trunk"])
    middle = {
        "ear": ear,
        "shoulder": shoulder,
        "wrist": add(shoulder, ARM_M, tilt["arm"]),
        "hip": hip,
        "knee": knee,
        "ankle": ankle,
        "heel": (origin - 0.05, np.full_like(origin, 0.02)),
        "toe": (origin + 0.20, np.full_like(origin, 0.02)),
    }
    joints = {"nose": (*add(ear, 0.10, tilt["trunk"] + np.pi / 2), np.zeros_like(origin))}
    outward = {"knee": SHANK_M, "hip": 0.0, "ankle": LEG_M, "heel": LEG_M, "toe": LEG_M}
    for name, (ahead, up) in middle.items():
        for sign, side in ((1, "left"), (-1, "right")):
            stepped = motion.walk[:, (1 - sign) // 2] - origin if name in ("ankle", "heel", "toe") else 0.0
            away = HALF_M[name] + outward.get(name, 0.0) * np.sin(tilt["spread"])
            joints[f"{side}_{name}"] = (ahead + stepped, up, sign * (away + np.zeros_like(origin)))
    return joints


def even_hips(low: Floats, bottom: Pose) -> Floats:
    """Warp a profile so that the height of the hips, not the angles, follows it."""
    part = np.linspace(0.0, 1.0, 1001)
    drop = 1.0 - moving(part, part, bottom).hip_height
    return np.asarray(np.interp(low * drop[-1], drop, part))


def from_the_floor(bottom: Pose, lifts: int = 3, tempo: Tempo = Tempo(hold=0.8)) -> Motion:
    """Lift a load that stands on the floor: the clip starts and ends at the bottom."""
    cycle = tempo.hold + tempo.up + tempo.rest + tempo.down
    time_s = clock(lifts * cycle + 0.5)
    low = np.ones_like(time_s)
    for lift in range(lifts):
        t = time_s - lift * cycle - tempo.hold
        low += min_jerk((t - tempo.up - tempo.rest) / tempo.down) - min_jerk(t / tempo.up)
    return moving(time_s, low, bottom)


def hips_first(motion: Motion, rise_deg: float, tempo: Tempo = Tempo(), lead_s: float = 1.5) -> Motion:
    """Tilt the trunk forward by `rise_deg` early in every ascent of `reps`."""
    trunk = motion.trunk.copy()
    began = (motion.time_s - lead_s) % tempo.rep - tempo.down - tempo.hold
    low = np.abs((motion.hip_height - motion.hip_height.min()) / np.ptp(motion.hip_height) - 0.3)
    rising = (began > 0) & (began < tempo.up) & (motion.time_s > lead_s)
    trunk[rising] += rise_deg * np.cos(np.pi / 2 * np.clip(low[rising] / 0.3, 0.0, 1.0)) ** 2
    return replace(motion, trunk=trunk)


def unlocked(bottom: Pose, soft: Pose, depths: Sequence[float] = (1.0,) * 4, tempo: Tempo = Tempo()) -> Motion:
    """Stand straight at first, but come up only to `soft` after every repetition."""
    motion = reps(bottom, depths, tempo, top=soft)
    straight = 1.0 - min_jerk((motion.time_s - 1.5) / tempo.down)
    return replace(motion, **{n: getattr(motion, n) - straight * getattr(soft, n) for n in ("shank", "thigh", "trunk")})
