"""The sentences of live practice: what stands over the picture, what is said, and the stop line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..scoring.balance_sets import BALANCE
from .language import cue_texts, live_texts

if TYPE_CHECKING:
    from ..scoring.live import Moment
    from ..scoring.live_balance import BalanceMoment
    from ..scoring.live_words import Spoken, StopLine
    from .filming import FilmingCheck
    from .live_state import LiveSetup


class Phrases:
    """Puts into words what is so.

    Parameters
    ----------
    setup : LiveSetup
    """

    def __init__(self, setup: LiveSetup) -> None:
        self._setup, self._texts = setup, live_texts()
        self.nobody, self.touched = self._texts["nobody"], self._texts["touched"]

    def unseen(self, *, before: bool) -> str:
        """Return the headline while nobody is seen, who was seen before or not."""
        return self._texts["hidden"] if before else self.nobody

    def checking(self, check: FilmingCheck | None, *, long_enough: bool) -> str:
        """Return the headline of the filming check: what is wrong first, or to hold still."""
        if check is not None and not check.usable and check.first is not None:
            return check.first.text
        return self._texts["hold" if long_enough else "checking"]

    def headline(self, moment: Moment | BalanceMoment, *, seen: bool) -> str:
        """Return the headline of a set or a trial."""
        if moment.ending is not None:
            return self._texts[moment.ending]
        if not seen:
            return self._texts["hidden"]
        if moment.phase == "set":
            return self._texts["set"]
        if moment.countdown_s is not None:
            return self._texts["ready"]
        if self._setup.exercise == BALANCE:
            return self._texts["go_two_feet" if self._setup.two_feet else "go_one_leg"]
        return self._texts["go"]

    def said(self, spoken: Spoken | None) -> str | None:
        """Return what is said aloud."""
        if spoken is None:
            return None
        if spoken.kind in ("near_limit", "stop"):
            return self._texts[spoken.kind]
        return cue_texts(wording="praise" if spoken.kind == "praise" else self._setup.wording)[spoken.cue]

    def stop_line(self, line: StopLine | None) -> str | None:
        """Return how near the limit of velocity is, or that this camera can't tell."""
        limit = self._setup.velocity_limit_pct
        if line is None or limit is None:
            return None
        if line.usable is None:
            return self._texts["line_unknown"]
        text = self._texts["line" if line.usable else "line_blind"]
        return text.format(loss=line.loss_pct, mdc=line.mdc_pct, limit=limit)
