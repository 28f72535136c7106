"""What is practised live, and what is so after one frame of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..scoring.prescription import NOTHING_PRESCRIBED
from .errors import InputError
from .video import check_exercise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..scoring.live import Phase
    from ..scoring.prescription import Prescription
    from ..scoring.result import Sway
    from .filming import FilmingCheck
    from .language import Wording


@dataclass(frozen=True)
class LiveSetup:
    """What is practised, and how.

    Attributes
    ----------
    exercise : str
        ``auto``, ``balance`` or a key of `formdrift.scoring.exercise.FAMILIES`.
    prescription : Prescription
        Intent, tempo and depth as for `formdrift.assess.assess_video`.
    end_after_s : float
        Standing for longer ends the set; heavy singles need more.
    velocity_limit_pct : float or None
        Loss of velocity at which to stop; needs the intent ``max``.
    balance_s, two_feet
        How long a balance test lasts and on how many feet.
    wording : str
        See `formdrift.assess.language.cue_texts`.
    model : str
        Weights of BlazePose. ``full`` takes a third more time than ``lite``, which sees heels rise that don't and
        knees bend in hinges: over the sample sets it gives other cues than the recording gets.

    Raises
    ------
    InputError
        When something can't be meant.
    """

    exercise: str = "auto"
    prescription: Prescription = NOTHING_PRESCRIBED
    end_after_s: float = 8.0
    velocity_limit_pct: float | None = None
    balance_s: float = 20.0
    two_feet: bool = False
    wording: Wording = "external"
    model: Literal["lite", "full"] = "full"

    def __post_init__(self) -> None:
        check_exercise(self.exercise)
        if not 3.0 <= self.end_after_s <= 120.0:
            raise InputError("Standing can end the set after 3 to 120 seconds: choose a time between them.")
        if self.velocity_limit_pct is not None and self.prescription.intent != "max":
            raise InputError(
                "A stop line needs maximal intent: without it a slower repetition says nothing of fatigue."
            )
        if self.velocity_limit_pct is not None and not 5.0 <= self.velocity_limit_pct <= 60.0:
            raise InputError("A stop line can lie at a loss of 5 to 60 %: choose a number between them.")


@dataclass(frozen=True, eq=False)
class LiveState:
    """What is so after one frame; live numbers are provisional, the recording is assessed afterwards.

    Attributes
    ----------
    time_s : float
    phase : str
    headline : str
        For reading from three metres.
    countdown : int or None
    count : int
        Repetitions.
    depth : float or None
        0 standing, 1 as deep as asked.
    said : str or None
        What is to be said now.
    said_kind : str or None
        ``correct``, ``praise``, ``near_limit``, ``stop`` or ``touched``.
    points : (J, 2) array or None
        Landmarks of the lifter, pixels.
    check : FilmingCheck or None
        While checking.
    line : str or None
        The stop line in words.
    held_s, touch_downs
        Of a balance test.
    sway : Sway or None
        Its result.
    """

    time_s: float
    phase: Phase
    headline: str
    countdown: int | None = None
    count: int = 0
    depth: float | None = None
    said: str | None = None
    said_kind: str | None = None
    points: NDArray[np.float64] | None = None
    check: FilmingCheck | None = None
    line: str | None = None
    held_s: float | None = None
    touch_downs: int | None = None
    sway: Sway | None = None
