"""How fast a body sways: one fixed recipe, because frequencies change with the recipe (Vieira et al. 2009)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import periodogram

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

BAND_HZ = (0.15, 3.0)


def spectral_descriptors(
    x: ArrayLike, fs_hz: float, band_hz: tuple[float, float] = BAND_HZ, window: str = "hann"
) -> dict[str, float]:
    """Describe the spectrum of one axis: a single periodogram of the series without its mean.

    Parameters
    ----------
    x : (n,) array
    fs_hz : float
        Sampling rate.
    band_hz : (float, float)
        Frequencies that count, ends included.
    window : str
        As `scipy.signal.get_window` names it.

    Returns
    -------
    dict of str to float
        ``F50`` and ``F95``, below which 50 and 95 % of the power lie; ``CFREQ``, the root of
        m2 / m0; ``FREQD``, the root of 1 - m1² / (m0 m2), with the moments m_k = sum(f^k P)
        (Prieto et al. 1996). NaN where there is no power in the band.
    """
    frequency, power = periodogram(np.asarray(x, dtype=np.float64), fs_hz, window=window, detrend="constant")
    inside = (frequency >= band_hz[0]) & (frequency <= band_hz[1])
    frequency, power = frequency[inside], power[inside]
    m0, m1, m2 = (float((frequency**k * power).sum()) for k in range(3))
    if not m0 > 0:
        return dict.fromkeys(("F50", "F95", "CFREQ", "FREQD"), float("nan"))
    share = np.cumsum(power) / m0
    f50, f95 = (float(frequency[np.searchsorted(share, part - 1e-12)]) for part in (0.50, 0.95))
    dispersion = max(0.0, 1.0 - m1**2 / (m0 * m2)) if m2 > 0 else float("nan")
    return {"F50": f50, "F95": f95, "CFREQ": float(np.sqrt(m2 / m0)), "FREQD": float(np.sqrt(dispersion))}
