"""What is to be known about a metric, and the words that many of them share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .sides import LEG

if TYPE_CHECKING:
    from .result import Confidence

Shown = Literal["side", "front", "any"]


@dataclass(frozen=True)
class MetricInfo:
    """What is to be known about one metric.

    Attributes
    ----------
    name : str
        As in results, with its unit.
    title, meaning : str
        In plain words: what it is called, and what the number says.
    formula : str
        How it is computed. KF, HF: knee and hip flexion; S, T, TR: inclination of shank, thigh
        and trunk against the upward vertical, positive forward; L: length of a segment.
    unit : str
        Empty for a plain number.
    phase : str
        Of the repetition: ``top``, ``descent``, ``bottom``, ``ascent``, ``lockout`` or ``whole``.
    shown : str
        By which view: ``side`` (also obliquely from in front where `oblique`), ``front`` (or from
        behind), or ``any``.
    joints : tuple of str
        Landmarks that it needs, without their side.
    errors : tuple of str
        Error models in ``thresholds.toml`` ([sem.*]) that add in quadrature.
    source : str
        Author and year; "ours" where the definition is our own.
    bias : str
        What is known to distort it.
    oblique : bool
        World landmarks show it too, with the wider error of an oblique view.
    confidence : str
        The best that it reaches in its own view.
    """

    name: str
    title: str
    meaning: str
    formula: str
    unit: str
    phase: str
    shown: Shown
    joints: tuple[str, ...]
    errors: tuple[str, ...]
    source: str
    bias: str
    oblique: bool = False
    confidence: Confidence = "high"


# landmarks
TRUNK, BODY = ("shoulder", "hip"), ("shoulder", *LEG)
FOOT = ("heel", "toe")
# biases
LEVELLED = "the network levels the pelvis: rendered drops of 15° read 9°"
HANDS = "hands behind plates are guessed, so they count only where the network is sure"
