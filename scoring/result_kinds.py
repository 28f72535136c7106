"""The kinds of things that results name."""

from __future__ import annotations

from typing import Literal

Status = Literal["measured", "poor_quality", "not_observable", "below_noise_floor"]
ViewLabel = Literal["sagittal", "oblique", "frontal", "uncertain"]
Detected = Literal["squat", "hinge", "deadlift", "single-leg", "balance", "other"]
Family = Literal["squat", "hinge", "balance", "other"]
Confidence = Literal["high", "moderate", "low"]
Verdict = Literal["no_detectable_change", "small", "clear", "large"]
DriftShape = Literal["steady", "step", "bend"]
