"""Whether a camera stands where it can answer, and which questions: before a set, or of a video that is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from ..scoring.lifter import standing_frames
from ..scoring.signal import median, sampling_rate
from ..scoring.stance import leg_length_px
from ..scoring.view import find_view

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..pose.track import PoseTrack
    from ..scoring.result import View
    from ..scoring.thresholds import Thresholds

    Floats = NDArray[np.float64]

State = Literal["good", "poor", "bad"]


_SIDES = ("left", "right")
# a joint counts as seen from this visibility, in this share of the frames
_SEEN, _MOSTLY = 0.5, 0.8
# room between the body and the edge of the picture, as a part of the picture
_EDGE = 0.02
# pixels of a thigh or shank: landmarks err by one or two pixels, which is so many degrees
_GOOD_LIMB_PX, _LEAST_LIMB_PX = 60.0, 30.0
# mean grey level, 0 to 255, and its standard deviation over the picture
_DARK, _DIM, _FLAT = 25.0, 50.0, 12.0
# the background may move by this part of the picture's width
_STILL, _HARDLY_STILL = 0.004, 0.02
# a body that stands leans less than this in the picture; more, and the camera is tilted
_LEVEL_DEG, _TILTED_DEG = 5.0, 12.0
_LEAST_FPS, _GOOD_FPS = 10.0, 20.0


@dataclass(frozen=True)
class FilmingPoint:
    """One question about the camera.

    Attributes
    ----------
    id : str
        ``body``, ``view``, ``distance``, ``rate``, ``light``, ``still`` or ``level``.
    state : str
        ``good``; ``poor``: it works, less well; ``bad``: it does not work.
    text : str
        What is so and, unless good, what to do.
    """

    id: str
    state: State
    text: str


@dataclass(frozen=True)
class FilmingCheck:
    """What a camera's position is good for.

    Attributes
    ----------
    points : tuple of FilmingPoint
    view : View
    shows : tuple of str
        What will be answered from here.
    hides : tuple of str
        What will not.
    """

    points: tuple[FilmingPoint, ...]
    view: View
    shows: tuple[str, ...]
    hides: tuple[str, ...]

    @property
    def usable(self) -> bool:
        """Nothing is bad."""
        return all(point.state != "bad" for point in self.points)

    @property
    def first(self) -> FilmingPoint | None:
        """What to put right first; None when all is good."""
        wrong = sorted((p for p in self.points if p.state != "good"), key=lambda p: p.state != "bad")
        return wrong[0] if wrong else None


@dataclass(frozen=True)
class Pictures:
    """What the pictures are like, without anybody in them.

    Attributes
    ----------
    brightness, contrast : float
        Mean and standard deviation of the grey level, 0 to 255.
    movement : float
        Largest movement of the background, as a part of the picture's width.
    """

    brightness: float
    contrast: float
    movement: float


def check_filming(track: PoseTrack, thresholds: Thresholds, pictures: Pictures | None = None) -> FilmingCheck:
    """Check how somebody is filmed.

    Parameters
    ----------
    track : PoseTrack
        Somebody who stands, for a second or more; of a whole video, its standing frames count.
    thresholds : Thresholds
    pictures : Pictures, optional
        Without them nothing is said of light and of a moving camera.
    """
    standing = _standing(track)
    view = find_view(track, standing, thresholds.view)
    points = [_body(track, standing), _view(view), _distance(track, standing), _rate(track, thresholds)]
    points += [_level(track, standing)]
    points += [] if pictures is None else [_light(pictures), _still(pictures)]
    shows, hides = answers(view)
    return FilmingCheck(tuple(points), view, shows, hides)


def _standing(track: PoseTrack) -> NDArray[np.bool_]:
    hips, feet = (_middle(track, joint)[:, 1] for joint in ("hip", "ankle"))
    return standing_frames((feet - hips) / leg_length_px(track)) & track.detected


def answers(view: View) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is answered from a view, and what is not."""
    side, front = ("depth", "trunk lean", "hip hinge", "heels"), ("knees", "left against right", "hip shift")
    always = ("reps", "tempo")
    if view.label == "sagittal":
        return (*always, *side), front
    if view.label == "frontal":
        return (*always, *front), side
    if view.label == "oblique" and view.yaw_deg is not None and view.yaw_deg < 90:
        return (*always, "depth, trunk and hinge roughly"), front
    return always, (*side, *front)


def _body(track: PoseTrack, standing: NDArray[np.bool_]) -> FilmingPoint:
    """Tell whether head, hips and feet are in the picture."""
    width, height = track.frame_size
    missing = []
    for part, joints in (("head", ("nose",)), ("feet", ("ankle", "toe")), ("hips", ("hip",))):
        names = [name for joint in joints for name in (joint, *(f"{side}_{joint}" for side in _SIDES))]
        names = [name for name in names if track.topology.has(name)]
        if not any(_is_seen(track, name, standing, width, height) for name in names):
            missing.append(part)
    if not missing:
        return FilmingPoint("body", "good", "Your whole body is in the picture.")
    return FilmingPoint("body", "bad", f"Step back: {' and '.join(missing)} not in the picture.")


def _is_seen(track: PoseTrack, name: str, frames: NDArray[np.bool_], width: int, height: int) -> bool:
    xy = track.joint(name)[frames]
    room = _EDGE * np.array([width, height])
    inside = ((xy > room) & (xy < np.array([width, height]) - room)).all(axis=1)
    sure = track.visibility[frames, track.topology.index[name]] >= _SEEN
    return bool(len(xy)) and float((inside & sure).mean()) >= _MOSTLY


def _view(view: View) -> FilmingPoint:
    where = {"sagittal": "You are seen from the side.", "frontal": "You are seen from the front or from behind."}
    if view.label in where:
        return FilmingPoint("view", "good", where[view.label])
    if view.yaw_deg is None or view.label == "uncertain":
        return FilmingPoint("view", "poor", "The camera's angle is unclear: turn exactly side on, or face the camera.")
    return FilmingPoint(
        "view",
        "poor",
        f"You are seen at an angle ({view.yaw_deg:.0f}°; 90° is the side): turn side on, or face the camera.",
    )


def _distance(track: PoseTrack, standing: NDArray[np.bool_]) -> FilmingPoint:
    limbs = []
    for side in _SIDES:
        hip, knee, ankle = (track.joint(f"{side}_{joint}")[standing] for joint in ("hip", "knee", "ankle"))
        limbs += [median(np.linalg.norm(a - b, axis=1)) for a, b in ((hip, knee), (knee, ankle))]
    known = [limb for limb in limbs if np.isfinite(limb)]
    if not known:
        return FilmingPoint("distance", "bad", "Your legs are not seen: step back until your feet show.")
    limb = max(known)
    if limb >= _GOOD_LIMB_PX:
        return FilmingPoint("distance", "good", f"Distance is good: a thigh is {limb:.0f} pixels.")
    state: State = "poor" if limb >= _LEAST_LIMB_PX else "bad"
    return FilmingPoint("distance", state, f"Come closer: a thigh is only {limb:.0f} pixels, 60 see angles well.")


def _rate(track: PoseTrack, thresholds: Thresholds) -> FilmingPoint:
    fps = sampling_rate(track.time_s)
    if fps >= _GOOD_FPS:
        return FilmingPoint("rate", "good", f"{fps:.0f} pictures a second.")
    state: State = "poor" if fps >= _LEAST_FPS else "bad"
    speeds = "" if fps >= thresholds.filter.min_velocity_fps else ", too few for speeds"
    return FilmingPoint("rate", state, f"Only {fps:.0f} pictures a second{speeds}: more light or fewer programs help.")


def _level(track: PoseTrack, standing: NDArray[np.bool_]) -> FilmingPoint:
    """Who stands is upright: what leans in the picture is the camera."""
    up = _middle(track, "shoulder")[standing] - _middle(track, "ankle")[standing]
    lean = median(np.degrees(np.arctan2(up[:, 0], -up[:, 1])))
    if not np.isfinite(lean) or abs(lean) < _LEVEL_DEG:
        return FilmingPoint("level", "good", "The camera is level.")
    state: State = "poor" if abs(lean) < _TILTED_DEG else "bad"
    return FilmingPoint(
        "level", state, f"The camera looks tilted by {abs(lean):.0f}°: set it level, and stand upright."
    )


def _light(pictures: Pictures) -> FilmingPoint:
    if pictures.brightness < _DARK or pictures.contrast < _FLAT:
        return FilmingPoint("light", "bad", "Too dark to see you: switch on a light in front of you.")
    if pictures.brightness < _DIM:
        return FilmingPoint("light", "poor", "Dim: more light in front of you makes the numbers steadier.")
    return FilmingPoint("light", "good", "The light is good.")


def _still(pictures: Pictures) -> FilmingPoint:
    if pictures.movement <= _STILL:
        return FilmingPoint("still", "good", "The camera stands still.")
    state: State = "poor" if pictures.movement <= _HARDLY_STILL else "bad"
    return FilmingPoint("still", state, "The camera moves: put it on something that does not shake.")


def _middle(track: PoseTrack, joint: str) -> Floats:
    return np.asarray((track.joint(f"left_{joint}") + track.joint(f"right_{joint}")) / 2.0)
