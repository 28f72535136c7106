"""One metric over the repetitions of a set: values, errors, and the reason where there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from .result import Measurement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .result import Confidence, Status, ViewLabel

    Floats = NDArray[np.float64]

# results are rounded to so many
_DIGITS = 4


@dataclass(frozen=True, eq=False)
class Metric:
    """One metric over the R repetitions of a set; value NaN where ``reason`` says why."""

    name: str
    unit: str
    phase: str
    value: Floats
    sem_within: Floats
    sem_abs: Floats
    bias_bound: float
    status: tuple[Status, ...]
    reason: tuple[str | None, ...]
    confidence: tuple[Confidence, ...]

    def of_reps(self, views: Sequence[ViewLabel]) -> list[Measurement]:
        """Return what was measured of every repetition, with the view that it was seen in."""
        bias = round(self.bias_bound, _DIGITS)
        numbers = zip(self.value.tolist(), self.sem_within.tolist(), self.sem_abs.tolist(), strict=True)
        rest = zip(self.status, self.reason, views, self.confidence, strict=True)
        return [
            Measurement(
                metric=self.name,
                value=round(value, _DIGITS),
                unit=self.unit,
                sem_within=round(within, _DIGITS),
                sem_abs=round(absolute, _DIGITS),
                bias_bound=bias,
                status="measured",
                reason=reason,
                view=view,
                phase=self.phase,
                confidence=confidence,
            )
            if status == "measured"
            else Measurement(self.name, None, self.unit, None, None, None, status, reason, view, self.phase)
            for (value, within, absolute), (status, reason, view, confidence) in zip(numbers, rest, strict=True)
        ]

    def without(self, lacking: NDArray[np.bool_], status: Status, reason: str) -> Metric:
        """Withdraw the values of the repetitions that lack something."""
        if not lacking.any():
            return self
        return replace(
            self,
            value=np.where(lacking, np.nan, self.value),
            status=tuple(status if gone else s for gone, s in zip(lacking, self.status, strict=True)),
            reason=tuple(reason if gone else r for gone, r in zip(lacking, self.reason, strict=True)),
        )
