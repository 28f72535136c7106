"""Sway on one leg: the body as a rigid inverted pendulum about the ankle it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .body import JOINT_INDEX, SEGMENT_INDEX
from .kinematics import Posture
from .rotations import X_AXIS, Y_AXIS, about, apply

if TYPE_CHECKING:
    from .rotations import Floats

BAND_HZ = (0.05, 0.6)
_NOISE_S = 120.0
_RATE_HZ = 50.0


@dataclass(frozen=True)
class Sway:
    """How much somebody on one leg sways.

    Attributes
    ----------
    sideways_rms_m, forward_rms_m : float
        Root mean square of mid-hip's displacement over the time on one leg, before growth.
    growth : float
        How many times larger it is at the end of each time on one leg than at its beginning.
    """

    sideways_rms_m: float = 0.0
    forward_rms_m: float = 0.0
    growth: float = 1.0

    def __post_init__(self) -> None:
        if min(self.sideways_rms_m, self.forward_rms_m) < 0 or self.growth <= 0:
            raise ValueError("expected no negative sway and a growth above 0")


def band_noise(time_s: Floats, band_hz: tuple[float, float], random: np.random.Generator) -> Floats:
    """Return white noise of a band, its mean 0 and its root mean square 1 over the given times, shape (T,)."""
    count = int(_RATE_HZ * max(_NOISE_S, 2 * float(np.ptp(time_s))))
    spectrum = np.fft.rfft(random.standard_normal(count))
    frequency = np.fft.rfftfreq(count, 1 / _RATE_HZ)
    spectrum[(frequency < band_hz[0]) | (frequency > band_hz[1])] = 0
    noise = np.interp(time_s - time_s[0], np.arange(count) / _RATE_HZ, np.fft.irfft(spectrum, count))
    noise -= noise.mean()
    return np.asarray(noise / np.sqrt(np.mean(noise**2)))


def swayed(posture: Posture, joints_m: Floats, leg: str, sideways_m: Floats, forward_m: Floats) -> Posture:
    """Turn everything but the standing foot about its ankle so that mid-hip moves by so much, (T,) each."""
    ankle = joints_m[:, JOINT_INDEX[f"{leg}_ankle"]]
    hips = (joints_m[:, JOINT_INDEX["left_hip"]] + joints_m[:, JOINT_INDEX["right_hip"]]) / 2
    lever = (hips - ankle)[:, 2]
    sideways, forward = (np.rad2deg(np.arctan(way / lever)) for way in (sideways_m, forward_m))
    turn = about(Y_AXIS, sideways) @ about(X_AXIS, forward)
    moves = [i for name, i in SEGMENT_INDEX.items() if name not in (f"{leg}_foot", f"{leg}_toes")]
    rotation, head = posture.rotation.copy(), posture.head.copy()
    rotation[:, moves] = turn[:, None] @ rotation[:, moves]
    head[:, moves] = ankle[:, None] + apply(turn[:, None], head[:, moves] - ankle[:, None])
    return Posture(rotation, head)
