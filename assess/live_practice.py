"""One lifter's practice: the filming check, then a set or a balance test, by landmarks alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..pose.clean import clean
from ..scoring.balance import assess_balance
from ..scoring.balance_sets import BALANCE
from ..scoring.exercise import FAMILIES
from ..scoring.live import LiveRules, LiveSet
from ..scoring.live_balance import BalanceMoment, BalanceRules, LiveBalance
from ..scoring.live_body import LiveBody, scale_of
from ..scoring.sets import score_track
from ..scoring.stance import leg_length_px
from .filming import check_filming
from .live_memory import Memory
from .live_phrases import Phrases
from .live_state import LiveState
from .settings import load_calibrations, load_thresholds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..pose.engine import Landmarks, RegionEngine
    from ..scoring.live import Moment, Phase
    from ..scoring.live_body import Posture
    from ..scoring.result import Rep, Sway
    from ..scoring.thresholds import Thresholds
    from .filming import FilmingCheck, Pictures
    from .live_state import LiveSetup

# the filming check sees so much, and is made anew so often
CHECK_S, _CHECK_EVERY_S = 3.0, 0.5
# who moves less than this part of the leg's length for a second stands still
_STILL, _STILL_S = 0.05, 1.0
# thigh above parallel at the bottom of each depth
_TARGET_DEG = {"parallel": 0.0, "half": 30.0, "full": -15.0}


class Practice:
    """One lifter's practice, by their landmarks alone: the same landmarks always give the same states.

    Parameters
    ----------
    setup : LiveSetup
    engine : RegionEngine
        That makes the landmarks; only its names are used.
    thresholds : Thresholds, optional
        Instead of the ones that come with the product.
    """

    def __init__(self, setup: LiveSetup, engine: RegionEngine, thresholds: Thresholds | None = None) -> None:
        limits = thresholds or load_thresholds()
        # one live set is one set, however long its lifter may rest
        longer = max(limits.reps.max_rest_s, setup.end_after_s)
        self._thresholds = replace(limits, reps=replace(limits.reps, max_rest_s=longer))
        self._setup, self._topology, self._phrases = setup, engine.topology, Phrases(setup)
        self._calibration = load_calibrations().models.get(engine.model_id)
        self._memory = Memory(engine.topology, engine.model_id)
        self._check: FilmingCheck | None = None
        self._checked_s = -np.inf
        self._body: LiveBody | None = None
        self._set: LiveSet | LiveBalance | None = None
        self._ended: LiveState | None = None

    @property
    def phase(self) -> Phase:
        """Where the practice is; ``set`` also stands for the countdown here."""
        if self._ended is not None:
            return "done"
        return "checking" if self._set is None else "set"

    @property
    def reps(self) -> tuple[Rep, ...]:
        """The repetitions of the set, as they were judged live."""
        return self._set.reps if isinstance(self._set, LiveSet) else ()

    def see(
        self, time_s: float, size: tuple[int, int], found: Landmarks | None, pictures: Pictures | None = None
    ) -> LiveState:
        """Take the landmarks of the next frame; None when the lifter was not seen in it.

        Parameters
        ----------
        time_s : float
            Of the frame; later than the last one's.
        size : tuple of int
            Of the picture.
        found : Landmarks or None
        pictures : Pictures, optional
            For the filming check.
        """
        if self._ended is not None:
            return replace(self._ended, time_s=time_s, said=None, said_kind=None, points=_points(found))
        self._memory.add(time_s, size, found)
        if self._set is None:
            self._memory.forget(time_s - CHECK_S - 1.0)
            return self._look(time_s, found, pictures)
        return self._follow(time_s, found)

    def start(self, time_s: float) -> None:
        """Begin the countdown, whatever the filming check says."""
        track = self._memory.track(time_s - CHECK_S, time_s)
        if self.phase != "checking" or not len(track):
            return
        planar = self._check is not None and self._check.view.label == "sagittal"
        scale = scale_of(track.xy_px, track.visibility, self._topology, planar=planar)
        if scale is None:
            return
        self._body = LiveBody(scale, self._topology)
        if self._setup.exercise == BALANCE:
            self._set = LiveBalance(BalanceRules(self._setup.balance_s, self._setup.two_feet), time_s)
        else:
            rules = LiveRules(
                family=FAMILIES.get(self._setup.exercise, "other"),
                end_after_s=self._setup.end_after_s,
                velocity_limit_pct=self._setup.velocity_limit_pct,
            )
            self._set = LiveSet(rules, self._thresholds, self._judge, time_s)

    def end(self, time_s: float) -> None:
        """End the set."""
        if self._set is not None and self._ended is None:
            self._show(self._set.end(time_s), time_s, None)

    def again(self) -> None:
        """Check anew, for the next set."""
        self._memory.forget()
        self._check, self._checked_s = None, -np.inf
        self._body = self._set = self._ended = None

    def _look(self, time_s: float, found: Landmarks | None, pictures: Pictures | None) -> LiveState:
        """Check the camera while somebody stands before it, and begin when all is well."""
        seen = self._memory.seen_s()
        if not seen or found is None:
            return LiveState(time_s, "checking", self._phrases.unseen(before=bool(seen)))
        lately = [at for at in seen if at >= time_s - CHECK_S]
        if len(lately) > 1 and time_s - self._checked_s >= _CHECK_EVERY_S:
            self._checked_s = time_s
            self._check = check_filming(self._memory.track(time_s - CHECK_S, time_s), self._thresholds, pictures)
        check = self._check
        long_enough = time_s - seen[0] >= CHECK_S
        if long_enough and check is not None and check.usable and self._stands_still(time_s):
            self.start(time_s)
            if self._set is not None:
                return self._follow(time_s, found)
        words = self._phrases.checking(check, long_enough=long_enough)
        return LiveState(time_s, "checking", words, points=_points(found), check=check)

    def _stands_still(self, time_s: float) -> bool:
        track = self._memory.track(time_s - _STILL_S, time_s)
        hips = (track.joint("left_hip") + track.joint("right_hip")) / 2.0
        seen, leg_px = hips[np.isfinite(hips[:, 0])], leg_length_px(track)
        return len(seen) > 1 and bool(np.ptp(seen, axis=0).max() < _STILL * leg_px)

    def _follow(self, time_s: float, found: Landmarks | None) -> LiveState:
        assert self._body is not None
        assert self._set is not None
        posture = None
        if found is not None:
            posture = self._body.step(time_s, found.xy_px, found.world_m, found.visibility)
        return self._show(self._set.step(time_s, posture), time_s, posture)

    def _show(self, moment: Moment | BalanceMoment, time_s: float, posture: Posture | None) -> LiveState:
        state = LiveState(
            time_s,
            moment.phase,
            self._phrases.headline(moment, seen=posture is not None),
            countdown=None if moment.countdown_s is None else int(np.ceil(moment.countdown_s)),
            points=None if posture is None else posture.xy_px,
        )
        if isinstance(moment, BalanceMoment):
            state = self._balance(state, moment)
        else:
            state = self._reps(state, moment, posture)
        if state.phase == "done":
            begun = state.count > 0 or (state.held_s or 0.0) > 0.0
            if not begun and moment.ending == "walked_out":
                self.again()
                return LiveState(time_s, "checking", self._phrases.nobody)
            self._ended = state
        return state

    def _reps(self, state: LiveState, moment: Moment, posture: Posture | None) -> LiveState:
        family = FAMILIES.get(self._setup.exercise, "squat")
        target = _TARGET_DEG[self._setup.prescription.depth_target]
        depth = None if posture is None else posture.depth(family, target)
        return replace(
            state,
            count=moment.count,
            depth=None if depth is None or not np.isfinite(depth) else round(float(np.clip(depth, 0.0, 1.5)), 3),
            said=self._phrases.said(moment.spoken),
            said_kind=None if moment.spoken is None else moment.spoken.kind,
            line=self._phrases.stop_line(moment.stop_line),
        )

    def _balance(self, state: LiveState, moment: BalanceMoment) -> LiveState:
        return replace(
            state,
            held_s=round(moment.held_s, 1),
            touch_downs=moment.touch_downs,
            said=self._phrases.touched if moment.touched else None,
            said_kind="touched" if moment.touched else None,
            sway=self._sway() if moment.phase == "done" else None,
        )

    def _sway(self) -> Sway | None:
        """Assess the trial as offline; None when nobody was seen to balance."""
        track = clean(self._memory.track())
        if self._check is None or len(track) < 2:
            return None
        trials = assess_balance(track, self._check.view, self._setup.prescription, two_feet=self._setup.two_feet)
        return max((one.sway for one in trials), key=lambda sway: sway.end_s - sway.start_s, default=None)

    def _judge(self, start_s: float, end_s: float) -> Sequence[Rep]:
        """Judge what was seen so far by the very code that assesses videos."""
        track = clean(self._memory.track(start_s - 1.0, end_s))
        exercise, limits = self._setup.exercise, self._thresholds
        scored = score_track(track, exercise, limits, 0, self._calibration, self._setup.prescription)
        return [rep for one in scored.sets for rep in one.reps]


def _points(found: Landmarks | None) -> NDArray[np.float64] | None:
    return None if found is None else found.xy_px
