"""Does a measured value follow the amount of a fault? Statistics, and what the truth says of each repetition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from formdrift.sample_videos.render import Truth

    Floats = NDArray[np.float64]
    Array = NDArray[np.floating[Any]]

# Steps of the truth below this part of its range are chance, not dose.
_LEAST_STEP = 0.02
# Knees are judged while at least a quarter of the way down is done, as the product does.
_LOWERED = 0.25


@dataclass(frozen=True)
class Response:
    """How measured values follow the true ones over repetitions.

    Attributes
    ----------
    n : int
        Repetitions with both.
    r, slope : float
        Pearson's correlation, and measured per true unit; NaN where the truth does not move.
    steps, followed : int
        From one repetition to the next: how often the truth moves, and how often the
        measured value moves the same way. The response is monotone when both are equal.
    """

    n: int
    r: float
    slope: float
    steps: int
    followed: int


def respond(measured: ArrayLike, truth: ArrayLike) -> Response:
    """Compare measured with true values, (N,) each, in the order of the repetitions; NaN is what was not measured."""
    m, t = np.asarray(measured, dtype=np.float64), np.asarray(truth, dtype=np.float64)
    seen = np.isfinite(m) & np.isfinite(t)
    moved = np.abs(np.diff(t)) > _LEAST_STEP * np.ptp(t)
    followed = int((np.diff(m)[moved] * np.diff(t)[moved] > 0).sum())
    a, b = m[seen], t[seen]
    moves = len(a) > 1 and a.std() > 0 and b.std() > 0
    r = float(np.corrcoef(a, b)[0, 1]) if moves else np.nan
    slope = float(np.cov(a, b, bias=True)[0, 1] / b.var()) if moves else np.nan
    return Response(int(seen.sum()), r, slope, int(moved.sum()), followed)


def true_depth(truth: Truth) -> Floats:
    """Thigh to the floor at the bottom, degrees, (N,)."""
    return _at(truth, truth.angle("left_depth_deg"), truth.rep_bottom_s)


def true_lean(truth: Truth) -> Floats:
    """Trunk minus shank inclination at the bottom, degrees, (N,)."""
    curve = truth.angle("trunk_inclination_deg") - truth.angle("left_shank_inclination_deg")
    return _at(truth, curve, truth.rep_bottom_s)


def true_rise(truth: Truth) -> Floats:
    """Trunk inclination gained in the first half of the ascent, degrees, (N,)."""
    trunk = truth.angle("trunk_inclination_deg")
    halves = (truth.rep_ascent_start_s + truth.rep_end_s) / 2
    highest = [
        trunk[(truth.time_s >= first) & (truth.time_s <= last)].max()
        for first, last in zip(truth.rep_ascent_start_s, halves, strict=True)
    ]
    return np.maximum(np.array(highest) - _at(truth, trunk, truth.rep_bottom_s), 0.0)


def true_lockout(truth: Truth) -> Floats:
    """Knee flexion at the end above that of standing before the set, degrees, (N,)."""
    knee = truth.angle("left_knee_flexion_sagittal_deg")
    return np.asarray(_at(truth, knee, truth.rep_end_s) - knee[0])


def true_descent(truth: Truth) -> Floats:
    """Duration of the descent, seconds, (N,)."""
    return np.asarray(truth.rep_descent_end_s - truth.rep_start_s, dtype=np.float64)


def true_tempo_error(truth: Truth) -> Floats:
    """Sum of what all phases are off the tempo of the clip, as a part of it, (N,); after the last there is no pause."""
    asked = truth.scenario["movement"]
    target = np.array([asked[f"{phase}_s"] for phase in ("descent", "hold", "ascent", "pause")])
    phases = np.stack(
        [
            truth.rep_descent_end_s - truth.rep_start_s,
            truth.rep_ascent_start_s - truth.rep_descent_end_s,
            truth.rep_end_s - truth.rep_ascent_start_s,
            np.append(truth.rep_start_s[1:] - truth.rep_end_s[:-1], np.nan),
        ],
        axis=-1,
    )
    counted = np.where(np.isfinite(phases), target, 0.0).sum(axis=-1)
    return np.asarray(np.nansum(np.abs(phases - target), axis=-1) / counted)


def true_ratio(truth: Truth) -> Floats:
    """Knee over hip flexion gained on the way down, (N,)."""
    knee, hip = (truth.angle(f"left_{joint}_flexion_sagittal_deg") for joint in ("knee", "hip"))
    return np.asarray(_gain(truth, knee) / _gain(truth, hip))


def true_shank_travel(truth: Truth) -> Floats:
    """Change of the shank's inclination from the top where it is largest, with its sign, degrees, (N,)."""
    return _furthest_change(truth, truth.angle("left_shank_inclination_deg"))


def true_heel_rise(truth: Truth) -> Floats:
    """Largest pitch of the foot against its top, heel up, degrees, (N,); of the skin, as joints have no heel."""
    foot = _skin(truth, "left_big_toe") - _skin(truth, "left_heel")
    pitch = np.degrees(np.arctan2(-foot[:, 2], np.hypot(foot[:, 0], foot[:, 1])))
    return np.maximum(_furthest_change(truth, pitch), 0.0)


def true_hand_over_midfoot(truth: Truth) -> Floats:
    """Wrist ahead of the middle of the foot at the bottom, in foot lengths, (N,)."""
    toe, heel, wrist = (_skin(truth, f"left_{point}")[:, :2] for point in ("big_toe", "heel", "wrist"))
    foot = (toe - heel)[0]
    over = ((wrist - (heel + toe) / 2.0) @ foot) / (foot @ foot)
    return _at(truth, over, truth.rep_bottom_s)


def true_separation(truth: Truth) -> Floats:
    """How far knees come nearer than standing or, if that is less, than the ankles, in ankle distances, (N,)."""
    apart = np.abs(_sideways(truth, "left_knee") - _sideways(truth, "right_knee"))
    apart /= np.abs(_sideways(truth, "left_ankle") - _sideways(truth, "right_ankle"))
    reference = min(1.0, float(np.median(_at(truth, apart, truth.rep_start_s))))
    return np.asarray(reference - np.array([apart[frames].min() for frames in _lowered(truth)]))


def true_knees_in(truth: Truth) -> Floats:
    """How far the worse knee comes inwards from its ankle, in shank lengths, (N,)."""
    legs = []
    for side, sign in (("left", 1.0), ("right", -1.0)):
        shank = np.linalg.norm(_joint(truth, f"{side}_knee") - _joint(truth, f"{side}_ankle"), axis=1)
        inward = -sign * (_sideways(truth, f"{side}_knee") - _sideways(truth, f"{side}_ankle")) / shank
        legs.append(inward - np.median(_at(truth, inward, truth.rep_start_s)))
    worse = np.max(legs, axis=0)
    return np.array([worse[frames].max() for frames in _lowered(truth)])


def true_hip_shift(truth: Truth) -> Floats:
    """Mid-hip beside mid-ankle at the bottom against the top, in hip widths, (N,)."""
    hips, ankles = (
        (_sideways(truth, f"left_{joint}") + _sideways(truth, f"right_{joint}")) / 2 for joint in ("hip", "ankle")
    )
    width = np.linalg.norm(_joint(truth, "left_hip") - _joint(truth, "right_hip"), axis=1)
    return _gain(truth, (hips - ankles) / width)


def true_pelvis_tilt(truth: Truth) -> Floats:
    """Largest change of the hip line's tilt from the top, degrees, (N,)."""
    line = _joint(truth, "left_hip") - _joint(truth, "right_hip")
    return _largest_change(truth, np.degrees(np.arctan2(line[:, 2], np.abs(line[:, 0]))))


def _joint(truth: Truth, name: str) -> Floats:
    return np.asarray(truth.joints_m[:, list(truth.joint_names).index(name)], dtype=np.float64)


def _skin(truth: Truth, name: str) -> Floats:
    return np.asarray(truth.surface_m[:, list(truth.surface_names).index(name)], dtype=np.float64)


def _sideways(truth: Truth, name: str) -> Floats:
    return np.asarray(_joint(truth, name)[:, 0])


def _at(truth: Truth, curve: Array, when_s: Array) -> Floats:
    return np.asarray(np.interp(when_s, truth.time_s, curve))


def _gain(truth: Truth, curve: Array) -> Floats:
    return np.asarray(_at(truth, curve, truth.rep_bottom_s) - _at(truth, curve, truth.rep_start_s))


def _largest_change(truth: Truth, curve: Array) -> Floats:
    return np.abs(_furthest_change(truth, curve))


def _furthest_change(truth: Truth, curve: Array) -> Floats:
    changes = [curve[f] - top for f, top in zip(_frames(truth), _at(truth, curve, truth.rep_start_s), strict=True)]
    return np.array([change[np.abs(change).argmax()] for change in changes])


def _frames(truth: Truth) -> list[NDArray[np.bool_]]:
    return [
        (truth.time_s >= first) & (truth.time_s <= last)
        for first, last in zip(truth.rep_start_s, truth.rep_end_s, strict=True)
    ]


def _lowered(truth: Truth) -> list[NDArray[np.bool_]]:
    return [frames & (truth.command("depth") >= _LOWERED) for frames in _frames(truth)]
