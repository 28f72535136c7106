"""A time of standing still, judged: how much the body swayed, as far as this video can tell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from .geometry import FOCAL_LENGTH
from .mass import centre_of_mass
from .noise_floor import SNR_SHOWN, SNR_SURE, NoiseFloor, corrected, noise_floor
from .prescription import NOTHING_PRESCRIBED
from .result import Sway, SwayDescriptor
from .scale import scale_of
from .sides import SIDES
from .signal import bridge, butter_zero_lag, median, sampling_rate
from .stance import find_trials, leg_length_px
from .sway import sway_1d
from .sway_change import growth, sampling_error
from .sway_clock import swarii

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..pose.track import PoseTrack
    from .prescription import Prescription
    from .result import SwayScale, View
    from .stance import Trial
    from .sway import Quantity

    Floats = NDArray[np.float64]

Axis = Literal["medio-lateral", "antero-posterior", "in the picture"]

# every sway is on this clock behind this filter, whatever the video's frame rate
FS_HZ, FC_HZ = 25.0, 3.0
# shorter is no measurement of sway, longer would not be comparable
SHORTEST_S, LONGEST_S = 6.0, 30.0
_LEAST_FPS = 10.0
_MOST_MISSING = 0.10
# a foot that stands still needs fewer frames
_MOST_FOOT_MISSING = 0.50
_AMPLITUDES = ("MDIST", "RMS", "RANGE")
_AXIS: dict[str, Axis] = {"frontal": "medio-lateral", "sagittal": "antero-posterior"}


@dataclass(frozen=True, eq=False)
class AssessedTrial:
    """A trial with its curve.

    Attributes
    ----------
    sway : Sway
        The judgement.
    time_s, path : (N,) array
        Centre of mass about its mean along the one axis, in the unit of the sway's scale;
        empty when it was not read.
    source : int
        Number of the source.
    """

    sway: Sway
    time_s: Floats
    path: Floats
    source: int = 0


def assess_balance(
    track: PoseTrack,
    view: View,
    prescription: Prescription = NOTHING_PRESCRIBED,
    *,
    two_feet: bool,
    scale: SwayScale | None = None,
) -> tuple[AssessedTrial, ...]:
    """Find and judge all times of standing still in a track.

    Parameters
    ----------
    track : PoseTrack
        Landmarks freed of the errors of single frames, but never smoothed: smoothing in
        time takes away sway and makes it late.
    view : View
        From where the camera saw the person.
    prescription : Prescription
        What was said of leg, eyes and stature. Without a stature lengths are in per cent of the leg.
    two_feet : bool
        Whether standing on both feet counts, see `stance.find_trials`.
    scale : SwayScale, optional
        Instead of the stature's, by an object of known size.
    """
    return tuple(
        assess_trial(track, trial, view, prescription, scale=scale) for trial in find_trials(track, two_feet=two_feet)
    )


def assess_trial(
    track: PoseTrack,
    trial: Trial,
    view: View,
    prescription: Prescription = NOTHING_PRESCRIBED,
    *,
    scale: SwayScale | None = None,
) -> AssessedTrial:
    """Judge one time of standing still; see `assess_balance`."""
    start_s, stop_s = trial.quiet_s[0], min(trial.quiet_s[1], trial.quiet_s[0] + LONGEST_S)
    unread = _unread(trial, view, prescription, (start_s, stop_s))
    part = track.between(start_s, stop_s)
    if reason := _unusable(part, trial):
        return _refused(unread, reason)
    read = _Reading.of(part, trial)
    if isinstance(read, str):
        return _refused(unread, read)
    units = scale or scale_of(part, read.leg_px, prescription.height_m)
    path, noise = read.path_px * units.per_px, read.floor.noise_px * units.per_px
    snr, error = float(path.std() / noise), sampling_error(path, FS_HZ)
    found = {
        name: _descriptor(name, each, snr, noise, float(np.hypot(error, units.relative_error)))
        for name, each in sway_1d(path, FS_HZ, units.unit).items()
    }
    sway = replace(
        unread,
        scale=replace(units, per_px=round(units.per_px, 4)),
        camera_shake=round(read.shake_px * units.per_px, 3),
        sampling_error=round(error, 4),
        status=found["RMS"].status,
        reason=found["RMS"].reason,
        descriptors=found,
        growth=growth(path, FS_HZ, error) if snr >= SNR_SHOWN else None,
    )
    return AssessedTrial(sway, read.time_s, path)


@dataclass(frozen=True, eq=False)
class _Reading:
    """Centre of mass along the picture's rows about its mean, pixels, with its noise floor."""

    time_s: Floats
    path_px: Floats
    floor: NoiseFloor
    shake_px: float
    leg_px: float

    @classmethod
    def of(cls, part: PoseTrack, trial: Trial) -> _Reading | str:
        """Read the quiet part of a trial, or say why that can't be done."""
        camera = np.zeros((len(part), 2)) if part.camera_xy_px is None else part.camera_xy_px
        seen = {name: part.joint(name) - camera for name in part.topology.index}
        joints = {name: _whole(path, _MOST_MISSING) for name, path in seen.items()}
        centre = centre_of_mass(joints)
        shoulders = (joints["left_shoulder"] + joints["right_shoulder"]) / 2.0
        leg_px = leg_length_px(part)
        if not np.isfinite(centre + shoulders).all() or np.isnan(leg_px):
            return "too little of the body was seen to know its centre of mass: film head to feet, nobody in front"
        fps = sampling_rate(part.time_s)
        clock = np.arange(part.time_s[0], part.time_s[-1] + 1e-6, 1.0 / FS_HZ)
        near_s = max(0.05, 0.75 / fps)
        if np.isnan(swarii(part.time_s, np.ones(len(part)), clock, near_s)).mean() > _MOST_MISSING:
            return "too many pictures of the video are missing: close other programs, or film with the camera itself"

        def even(path: Floats) -> Floats:
            columns = [swarii(part.time_s, x, clock, near_s) for x in path.T]
            # a camera that stalls for a moment leaves a gap
            return butter_zero_lag(bridge(np.stack(columns, axis=1)), FC_HZ, FS_HZ)

        sides = SIDES if trial.side is None else (trial.side,)
        points = [seen[n] for s in sides for j in ("ankle", "heel", "toe") if (n := f"{s}_{j}") in seen]
        foot = [even(path) for p in points if np.isfinite(path := _whole(p, _MOST_FOOT_MISSING)).all()]
        if not foot:
            return "the standing foot was hidden, so nothing tells sway from noise: film the feet as well"
        smooth = even(centre)
        height_px = median(np.mean([path[:, 1] for path in foot], axis=0) - smooth[:, 1])
        carried_px = float(camera[:, 0].std())
        over_focal = height_px / (FOCAL_LENGTH * max(part.frame_size))
        floor = noise_floor(smooth, even(shoulders), foot, leg_px, over_focal, carried_px)
        steady = floor.steadied(smooth[:, 0])
        return cls(clock, steady - steady.mean(), floor, float(np.hypot(floor.shake_px, carried_px)), leg_px)


def _whole(path: Floats, most_missing: float) -> Floats:
    """Fill the gaps of a joint that is seen often enough; one that isn't stays as it is."""
    return bridge(path) if np.isnan(path).any(axis=1).mean() <= most_missing else path


def _descriptor(name: str, found: Quantity, snr: float, noise: float, relative_error: float) -> SwayDescriptor:
    """Show a descriptor as far as the signal stands out from the noise."""
    amplitude = name in _AMPLITUDES
    needed = SNR_SHOWN if amplitude else SNR_SURE
    value = found.value if np.isfinite(found.value) else None
    share = 1.0 / snr if snr > 0 else np.inf
    if snr < needed or value is None:
        reason = (
            f"the body moved {snr:.1f} times as much as the noise of this video ({noise:.2g}), {needed:g} times are"
            " needed: put the camera on a tripod, come nearer, film in better light"
        )
        return SwayDescriptor(
            value=None,
            unit=found.unit,
            corrected=None,
            noise=_rounded(found.value * share) if amplitude and snr > 0 else None,
            snr=round(snr, 2),
            standard_error=None,
            status="below_noise_floor",
            reason=reason,
        )
    return SwayDescriptor(
        value=_rounded(value),
        unit=found.unit,
        corrected=_rounded(corrected(value, value * share)) if amplitude else None,
        noise=_rounded(value * share) if amplitude else None,
        snr=round(snr, 2),
        standard_error=_rounded(value * relative_error) if amplitude else None,
        status="measured",
        reason=None,
        confidence="moderate" if snr >= SNR_SURE else "low",
    )


def _unread(trial: Trial, view: View, prescription: Prescription, analysed_s: tuple[float, float]) -> Sway:
    """Return what is known of a trial before its sway is read."""
    # from the side the pose network may take one leg for the other
    side = trial.side if view.label in ("frontal", "oblique") else None
    return Sway(
        stance=trial.kind,
        side=(prescription.side or side) if trial.kind == "single-leg" else None,
        eyes=prescription.eyes,
        axis=_AXIS.get(view.label, "in the picture"),
        start_s=round(trial.start_s, 2),
        end_s=round(trial.end_s, 2),
        held_s=round(trial.held_s, 2),
        ended_by=trial.ended_by,
        errors=trial.errors,
        errors_unseen=trial.errors_unseen,
        analysed_s=(round(analysed_s[0], 2), round(analysed_s[1], 2)),
        filter_hz=FC_HZ,
        scale=None,
        camera_shake=None,
        sampling_error=None,
        status="not_observable",
        reason=None,
        descriptors={},
    )


def _unusable(part: PoseTrack, trial: Trial) -> str | None:
    """Say why a trial is too short or too slowly filmed for sway."""
    if trial.quiet_duration_s < SHORTEST_S or len(part) < 2:
        return (
            f"{trial.quiet_duration_s:.0f} s of settled standing are too short for sway:"
            f" stand for 20 s or more ({SHORTEST_S:.0f} s at least)"
        )
    if (fps := sampling_rate(part.time_s)) < _LEAST_FPS:
        return f"{fps:.0f} frames a second are too few for sway: film at 30"
    return None


def _refused(unread: Sway, reason: str) -> AssessedTrial:
    return AssessedTrial(replace(unread, reason=reason), np.zeros(0), np.zeros(0))


def _rounded(value: float) -> float:
    return round(float(value), 3)
