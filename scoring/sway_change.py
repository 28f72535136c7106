"""Whether sway changed: within a trial, from before a set to after it, from one leg to the other.

Sway differs from one time to the next even when nothing has changed: a trial is a short
sample of something random. That sampling error is part of every judgement here. Changes are
judged as ratios, so that a scale that is a little off cancels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import periodogram
from scipy.special import polygamma
from scipy.stats import norm

from .drift import verdict_of
from .result import SwayChange, SwayGrowth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .result import Sway

    Floats = NDArray[np.float64]

# later than this after the last repetition, sway says nothing about the set any more
LONGEST_SINCE_REP_S = 180.0
_Z95 = float(norm.ppf(0.975))
# sway of quiet standing lies between 0.05 and 0.6 Hz: the RMS of 20 s varies by 15 % from trial to trial
_BANDWIDTH_HZ = 0.55
_WINDOW_S = 5.0
# trials whose lengths differ more are not compared; the longer one sways a little more anyway
_MOST_LONGER, _PER_LOG_LENGTH = 2.5, 0.10


class NotComparableError(ValueError):
    """Two trials can't be compared; the message says why."""


def sampling_error(path: Floats, fs_hz: float) -> float:
    """Return the standard error of the logarithm of the RMS of a random path as short as this one.

    Half the root of the trigamma function of B T, that of a mean square with 2 B T degrees
    of freedom, where T is the duration and B the equivalent bandwidth of the spectrum
    (Bendat and Piersol 2010), never more than that of quiet standing.

    Parameters
    ----------
    path : (N,) array
    fs_hz : float
    """
    frequency, power = periodogram(path, fs_hz, detrend="constant")
    squares = float((power**2).sum())
    bandwidth = _BANDWIDTH_HZ
    if squares > 0:
        # a single periodogram scatters as much as it is high, which doubles its squares
        bandwidth = min(bandwidth, 2.0 * float(power.sum()) ** 2 / squares * float(frequency[1]))
    return float(0.5 * np.sqrt(polygamma(1, bandwidth * len(path) / fs_hz)))


def growth(path: Floats, fs_hz: float, relative_error: float) -> SwayGrowth | None:
    """Judge how sway grew or shrank within a trial; None for less than three windows of 5 s.

    A straight line through the logarithms of the windows' RMS about the trial's mean.

    Parameters
    ----------
    path : (N,) array
        About its mean.
    fs_hz : float
    relative_error : float
        Of the whole trial's RMS.
    """
    size = round(_WINDOW_S * fs_hz)
    windows = path[: len(path) // size * size].reshape(-1, size)
    if len(windows) < 3:
        return None
    level = np.log(np.maximum(np.sqrt((windows**2).mean(axis=1)), 1e-12))
    # position of each window in the trial, 0 to 1
    at = (np.arange(len(windows)) + 0.5) * size / len(path)
    off = at - at.mean()
    slope = float(off @ level / (off @ off))
    error = relative_error * np.sqrt(len(path) / size) / np.sqrt(float(off @ off))
    low, high = slope - _Z95 * error, slope + _Z95 * error
    return SwayGrowth(
        verdict=verdict_of(slope, _Z95 * error),
        factor=_rounded(np.exp(slope)),
        ci95=(_rounded(np.exp(low)), _rounded(np.exp(high))),
        mdc95_factor=_rounded(np.exp(_Z95 * error)),
    )


def compare(
    before: Sequence[Sway], after: Sequence[Sway], descriptor: str = "RMS", *, eyes: bool = False
) -> SwayChange:
    """Compare trials before a set with trials after it, of one leg with the other, or with the eyes open and closed.

    Parameters
    ----------
    before, after : sequence of Sway
        Trials of one kind, seen from one side, at least one each.
    descriptor : str
        An amplitude: ``RMS``, ``MDIST`` or ``RANGE``.
    eyes : bool
        Whether the eyes were open before and closed after: the ratio is then Romberg's.

    Raises
    ------
    NotComparableError
        When a trial was not measured, the trials differ in kind, eyes or view, or a trial
        was later than three minutes after the last repetition.
    """
    _check(before, after, descriptor, eyes=eyes)
    levels, variances, lengths = [], [], []
    for side in (before, after):
        values = np.array([one.descriptors[descriptor].value for one in side], dtype=np.float64)
        errors = np.array([one.sampling_error for one in side], dtype=np.float64)
        levels.append(float(np.log(values).mean()))
        variances.append(float((errors**2).sum()) / len(side) ** 2)
        lengths.append(float(np.mean([one.analysed_s[1] - one.analysed_s[0] for one in side])))
    longer = abs(float(np.log(lengths[1] / lengths[0])))
    error = float(np.sqrt(sum(variances) + (_PER_LOG_LENGTH * longer) ** 2))
    change, least = levels[1] - levels[0], _Z95 * error
    return SwayChange(
        descriptor=descriptor,
        unit=before[0].descriptors[descriptor].unit,
        before=_rounded(np.exp(levels[0])),
        after=_rounded(np.exp(levels[1])),
        trials=(len(before), len(after)),
        ratio=_rounded(np.exp(change)),
        ci95=(_rounded(np.exp(change - least)), _rounded(np.exp(change + least))),
        mdc95_pct=round(100.0 * float(np.expm1(least)), 1),
        verdict=verdict_of(change, least),
        p=float(2.0 * norm.sf(abs(change) / error)),
    )


def _check(before: Sequence[Sway], after: Sequence[Sway], descriptor: str, *, eyes: bool) -> None:
    trials = [*before, *after]
    if not before or not after:
        raise NotComparableError("There is nothing to compare with: record a trial on either side.")
    if any(descriptor not in t.descriptors or t.descriptors[descriptor].value is None for t in trials):
        reason = next((t.reason for t in trials if t.reason), "this descriptor was not measured")
        raise NotComparableError(f"A trial was not measured ({reason}).")
    if eyes and ({t.eyes for t in before}, {t.eyes for t in after}) != ({"open"}, {"closed"}):
        raise NotComparableError("Romberg's ratio takes trials with the eyes open, then closed: say which they were.")
    kinds: dict[str, set[object]] = {
        "stance": {t.stance for t in trials},
        "eyes, open or closed": set() if eyes else {t.eyes for t in trials},
        "direction of view": {t.axis for t in trials},
        "unit": {t.descriptors[descriptor].unit for t in trials},
        "filter": {t.filter_hz for t in trials},
    }
    for what, values in kinds.items():
        if len(values) > 1:
            raise NotComparableError(f"The trials differ in their {what}: record them alike.")
    lengths = [t.analysed_s[1] - t.analysed_s[0] for t in trials]
    if max(lengths) > _MOST_LONGER * min(lengths):
        raise NotComparableError("The trials differ too much in length: stand for as long each time.")
    late = [t.since_last_rep_s for t in trials if (t.since_last_rep_s or 0.0) > LONGEST_SINCE_REP_S]
    if late:
        raise NotComparableError(
            f"A trial was {late[0]:.0f} s after the last repetition: what the set did to the balance is gone"
            f" after {LONGEST_SINCE_REP_S:.0f} s."
        )


def _rounded(value: float) -> float:
    return round(float(value), 4)
