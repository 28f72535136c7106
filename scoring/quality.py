"""What makes landmarks less sure than usual, how much wider errors get by it, and what to film differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .signal import velocity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from ..pose.track import PoseTrack
    from .kinematics import Kinematics
    from .reps import RepSpan

    Floats = NDArray[np.float64]

# The error of an angle that error models stand for, in degrees, and the most that it is multiplied by.
_USUAL_DEG, _WIDEST = 5.0, 3.0
# A leg shorter than this, in pixels, adds so many degrees over its length: measured on clips made
# smaller, from 2 degrees at 40 pixels to 4.5 at 20.
_SMALL_PX, _SMALL_DEG = 60.0, 85.0
# A picture darker than this, in grey levels, adds so many degrees over its brightness: measured on
# clips made darker with the noise of a camera, 2 degrees at 36 grey levels, 3.5 at 18.
_DARK, _DARK_DEG = 45.0, 70.0
# Fewer frames than this on the way down or up miss the lowest point of a bend of 110 degrees by
# this over their square at most.
_FEW_FRAMES, _BETWEEN_DEG = 8.0, 68.0
# Part of the frames that may repeat the one before.
_HELD = 0.1
# A thigh seen from the side may change its length by this part, because knees go outwards, and
# from one repetition to another by this one.
_BONE_CHANGE, _SIZE_CHANGE = 0.35, 0.15
# No knee or hip bends faster, in degrees a second.
_FASTEST_DEG_S = 1000.0
# More warnings than this help nobody, and none that adds less than this in every repetition.
_MOST_WARNINGS, _WORTH_A_WORD_DEG = 2, 2.0
# A camera that moved by less of the picture is no matter.
_MOVED = 0.02


@dataclass(frozen=True, eq=False)
class Shortcoming:
    """Something that makes landmarks less sure.

    Attributes
    ----------
    error_deg : (R,) array
        What it adds to the error of an angle, for each of R repetitions, 0 where it is no matter.
    words : str
        One sentence: what is wrong and what to do.
    """

    error_deg: Floats
    words: str


def shortcomings(track: PoseTrack, kin: Kinematics, spans: Sequence[RepSpan]) -> tuple[Shortcoming, ...]:
    """Return what makes the landmarks of a set less sure than usual, the worst first.

    Parameters
    ----------
    track : PoseTrack
        Cleaned landmarks of the part that holds the set.
    kin : Kinematics
        Their curves.
    spans : sequence of RepSpan
        The R repetitions, at least one.
    """
    found = (*_of_the_picture(track, kin, spans), *_of_the_movement(kin, spans))
    counted = [one for one in found if one.error_deg.any()]
    return tuple(sorted(counted, key=lambda one: -float(one.error_deg.mean())))


def widening(found: Iterable[Shortcoming], reps: int) -> Floats:
    """Return by what the errors of each repetition are multiplied, (R,): 1 without any shortcoming, at most 3."""
    squares = sum((np.square(one.error_deg / _USUAL_DEG) for one in found), start=np.zeros(reps))
    return np.asarray(np.minimum(np.sqrt(1.0 + squares), _WIDEST))


def advice(found: Iterable[Shortcoming]) -> tuple[str, ...]:
    """Return what to film differently, the most important first, two sentences at most."""
    return tuple(one.words for one in found if one.error_deg.max() >= _WORTH_A_WORD_DEG)[:_MOST_WARNINGS]


def camera_advice(track: PoseTrack) -> tuple[str, ...]:
    """Say so when the camera moved."""
    moved = np.zeros((1, 2)) if track.camera_xy_px is None or not len(track) else track.camera_xy_px
    part = float(np.ptp(moved, axis=0).max()) / max(track.frame_size)
    if part < _MOVED:
        return ()
    return (
        f"The camera moved by {100 * part:.0f} % of the picture, which was taken out of all positions as far as"
        " possible: put it on something firm.",
    )


def _of_the_picture(track: PoseTrack, kin: Kinematics, spans: Sequence[RepSpan]) -> list[Shortcoming]:
    """Stage one: tell what the picture lacks."""
    every = np.ones(len(spans))
    small = _SMALL_DEG / kin.leg_length if kin.leg_length < _SMALL_PX else 0.0
    light = track.brightness
    dark = _DARK_DEG / max(light, 1.0) if light is not None and light < _DARK else 0.0
    every_frame = max(len(track), track.source.frames) * track.topology.count
    held = track.repairs.get("repeated", 0) / max(every_frame, 1)
    frames = np.array([_shorter_s(span) for span in spans]) * kin.fs_hz * (1.0 - held)
    few = np.where(frames < _FEW_FRAMES, _BETWEEN_DEG / frames**2, 0.0)
    too_few = (
        f"{100 * held:.0f} % of the frames only repeat the one before, so the lowest points may be missed:"
        " use the original file of the camera, not one that was converted or sent by a messenger."
        if held > _HELD
        else f"The way down or up is only {frames.min():.0f} frames long, so the lowest points may be missed:"
        " film with more frames a second."
    )
    return [
        Shortcoming(
            small * every,
            f"The person is small in the picture (a leg is {kin.leg_length:.0f} pixels long), so angles are rough:"
            " film from nearer, or with more pixels.",
        ),
        Shortcoming(dark * every, "The picture is dark, so angles are rough: film with more light."),
        Shortcoming(few, too_few),
    ]


def _shorter_s(span: RepSpan) -> float:
    """Return how long the shorter way of a repetition takes, down or up; one that was not seen doesn't count."""
    ways = span.descent_end_s - span.start_s, span.end_s - span.ascent_start_s
    return min((way for way in ways if way > 0), default=np.inf)


def _of_the_movement(kin: Kinematics, spans: Sequence[RepSpan]) -> list[Shortcoming]:
    """Stage two: tell what no body can have done."""
    during = [slice(*np.searchsorted(kin.time_s, (s.start_s, s.end_s))) for s in spans]
    thigh = np.hypot(*(kin.segments["hip"] - kin.segments["knee"]).T)
    known = [part[np.isfinite(part)] for part in (thigh[d] for d in during)]
    change = np.array([np.ptp(np.percentile(part, (5, 95))) / np.median(part) if len(part) else 0.0 for part in known])
    sizes = np.array([np.percentile(part, 90) if len(part) else np.nan for part in known])
    usual = float(np.median(sizes[np.isfinite(sizes)])) if np.isfinite(sizes).any() else 1.0
    unlike = np.nan_to_num(np.abs(sizes / usual - 1.0))
    speeds = np.abs([velocity(curve, kin.fs_hz) for curve in (kin.knee_flexion_deg, kin.hip_flexion_deg)])
    fastest = np.array([np.nanmax(speeds[:, d], initial=0.0) for d in during])
    return [
        Shortcoming(
            _beyond(change, _BONE_CHANGE) * kin.planar,
            f"The thigh seems to change its length by {100 * change.max():.0f} % within a repetition, which no thigh"
            " does: film exactly from the side, with nobody and nothing in front.",
        ),
        Shortcoming(
            _beyond(unlike, _SIZE_CHANGE) * kin.planar,
            f"The person seems to be {100 * unlike.max():.0f} % larger or smaller in some repetitions:"
            " stay at one place and let the camera stand still.",
        ),
        Shortcoming(
            np.where(fastest > _FASTEST_DEG_S, _USUAL_DEG * fastest / _FASTEST_DEG_S, 0.0),
            f"A joint seems to bend at {fastest.max():.0f}° a second, which nobody can: film with more light and"
            " nobody in front, and check the line of the skeleton.",
        ),
    ]


def _beyond(part: Floats, limit: float) -> Floats:
    """Return the error in degrees of a bone of so much wrong length, as if one end lay half of that beside it."""
    return np.asarray(np.degrees(np.where(part > limit, (part - limit) / 2.0, 0.0)))
