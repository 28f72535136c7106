"""How much of a sway is the camera's and the pose network's own: measured in every trial.

The foot that somebody stands on doesn't move. What its landmarks do all the same is camera
shake, which the whole body shares, and their own jitter, which says how well this video
can be read at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# A sway this many times its noise floor is shown, and is shown without reserve.
SNR_SHOWN, SNR_SURE = 2.0, 4.0
# What rendered people who stand still or sway by known amounts leave between found and true
# centre of mass, leg lengths: about a millimetre. A real video is never taken to be better.
_LEAST_NOISE = 0.0012
# Jitter of the centre of mass over that of one landmark: what its weights leave of errors that are
# independent and equal.
_CENTRE_OVER_LANDMARK = 0.34
# Two movements are the same when each explains this much of the other.
_SHARED = 0.5


@dataclass(frozen=True)
class NoiseFloor:
    """The noise in a centre of mass along the picture's rows.

    Attributes
    ----------
    noise_px : float
        Root mean square of what is not sway, after `steadied`.
    shake_px : float
        Root mean square of the camera's movement that the foot shows.
    foot_px : float
        Root mean square of the jitter of the quietest landmark of the foot.
    gain : float
        Share of the foot's movement that is the camera's: so much of it is subtracted.
    reference : (N,) array
        Movement of that landmark along the rows.
    """

    noise_px: float
    shake_px: float
    foot_px: float
    gain: float
    reference: Floats

    def steadied(self, x: Floats) -> Floats:
        """Return a path along the rows, (N,), without the camera's movement as far as the foot shows it."""
        return np.asarray(x - self.gain * self.reference)


def noise_floor(
    centre: Floats,
    shoulders: Floats,
    foot: Sequence[Floats],
    leg_px: float,
    height_over_focal: float,
    carried_px: float = 0.0,
) -> NoiseFloor:
    """Measure the noise floor of a trial.

    All paths went through the same resampling and filter. A hand turns the camera about
    its line of sight as much as about the other axes; that moves the centre of mass but not
    the foot, so it can't be subtracted and counts as noise.

    Parameters
    ----------
    centre : (N, 2) array
        Centre of mass in pixels.
    shoulders : (N, 2) array
        Middle of the shoulders; their height changes only as the camera moves, and no leg
        that is taken for the other changes it either.
    foot : sequence of (N, 2) array
        Landmarks of the foot, pixels, at least one without gaps.
    leg_px : float
        Length of a leg.
    height_over_focal : float
        Height of the centre of mass above the foot over the camera's focal length, both in pixels.
    carried_px : float
        Root mean square of camera movement already subtracted, known from the background.
    """
    still = [path - path.mean(axis=0) for path in foot]
    shake = _shake(still, centre - centre.mean(axis=0), shoulders - shoulders.mean(axis=0))
    own = _own_jitter(still, shake)
    quietest = int(np.argmin(own))
    jitter, reference = own[quietest], still[quietest][:, 0]
    gain = shake / (shake + jitter) if shake > 0 else 0.0
    centre_jitter = max((_LEAST_NOISE * leg_px) ** 2, _CENTRE_OVER_LANDMARK**2 * jitter)
    left_of_shake = (1.0 - gain) ** 2 * shake + gain**2 * jitter
    turned = (shake + carried_px**2) * height_over_focal**2
    noise = float(np.sqrt(centre_jitter + left_of_shake + turned))
    return NoiseFloor(noise, float(np.sqrt(shake)), float(np.sqrt(jitter)), gain, reference)


def corrected(value: float, noise: float) -> float:
    """Amplitude without its noise, ``sqrt(value² - noise²)``; 0 where the noise is larger."""
    return float(np.sqrt(max(0.0, value**2 - noise**2)))


def _own_jitter(foot: Sequence[Floats], shake: float) -> list[float]:
    """Variance of each landmark that isn't the camera's.

    Where the shake's variance leaves nothing, it is at least half of how the landmark differs
    from its nearest neighbour, which the camera moves alike.
    """
    rows = [path[:, 0] for path in foot]
    found = []
    for i, x in enumerate(rows):
        apart = min((float((x - other).var()) / 2.0 for j, other in enumerate(rows) if j != i), default=0.0)
        found.append(max(float(x.var()) - shake, min(apart, float(x.var()))))
    return found


def _shake(foot: Sequence[Floats], centre: Floats, shoulders: Floats) -> float:
    """Variance along the rows of the movement that all of the foot and the body share: the camera's.

    Up and down a standing body hardly moves, so whatever is shared there counts; a hand shakes
    both ways alike. Sideways the landmarks of the foot follow the sway a little, so a foot
    counts only when it moves as the body does and nearly as much.
    """
    upwards = min(float((path[:, 1] * shoulders[:, 1]).mean()) for path in foot)
    sideways = min(_alike(path[:, 0], centre[:, 0]) for path in foot)
    return max(0.0, upwards, sideways)


def _alike(foot: Floats, centre: Floats) -> float:
    """Covariance of two paths, or 0 when they are not mostly the same movement."""
    common, own, body = float((foot * centre).mean()), float(foot.var()), float(centre.var())
    same = common > 0 and common**2 > _SHARED * own * body and own > _SHARED * body
    return common if same else 0.0
