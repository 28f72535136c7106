"""Live practice: a camera's frame goes in, what to show and to say comes out."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from ..pose.clean import clean
from ..pose.engine import EngineError, RegionEngine
from ..pose.estimate import make_engine
from ..pose.lock import LockedFollower
from ..pose.track import PoseTrack
from ..scoring.balance import assess_balance
from ..scoring.balance_sets import BALANCE
from ..scoring.exercise import FAMILIES
from ..scoring.live import LiveRules, LiveSet
from ..scoring.live_balance import BalanceMoment, BalanceRules, LiveBalance
from ..scoring.live_body import LiveBody, scale_of
from ..scoring.prescription import NOTHING_PRESCRIBED
from ..scoring.sets import score_track
from ..scoring.stance import leg_length_px
from ..vision.frame import VideoInfo
from ..vision.image import ImageFrame
from ..vision.jpeg import decode_jpeg
from ..vision.steadiness import Steadiness
from .errors import InputError
from .filming import Pictures, check_filming
from .language import cue_texts, live_texts
from .settings import load_calibrations, load_thresholds
from .video import check_exercise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..pose.engine import Landmarks
    from ..scoring.live import Moment, Spoken, StopLine
    from ..scoring.live_body import Posture
    from ..scoring.prescription import Prescription
    from ..scoring.result import Rep, Sway
    from ..scoring.thresholds import Thresholds
    from ..vision.frame import Frame
    from .filming import FilmingCheck
    from .language import Wording

    Floats = NDArray[np.float64]

Phase = Literal["checking", "ready", "set", "done"]

# the filming check sees so much, and is made anew so often
CHECK_S, _CHECK_EVERY_S = 3.0, 0.5
# who moves less than this part of the leg's length for a second stands still
_STILL, _STILL_S = 0.05, 1.0
# somebody not seen for so long lets go of the lock while nothing is going on
_RELEASE_S = 2.0
# thigh above parallel at the bottom of each depth
_TARGET_DEG = {"parallel": 0.0, "half": 30.0, "full": -15.0}


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
        Weights of BlazePose. ``full`` takes a third more time than ``lite``, which sees heels rise that don't.

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
    points: Floats | None = None
    check: FilmingCheck | None = None
    line: str | None = None
    held_s: float | None = None
    touch_downs: int | None = None
    sway: Sway | None = None


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
        self._setup, self._topology, self._model_id = setup, engine.topology, engine.model_id
        self._calibration = load_calibrations().models.get(engine.model_id)
        self._texts = live_texts()
        self._rows: deque[tuple[float, NDArray[np.float32]]] = deque()
        self._size = (0, 0)
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
        self._size = size
        if self._ended is not None:
            return replace(self._ended, time_s=time_s, said=None, said_kind=None, points=_points(found))
        self._remember(time_s, found)
        if self._set is None:
            return self._look(time_s, found, pictures)
        return self._follow(time_s, found)

    def start(self, time_s: float) -> None:
        """Begin the countdown, whatever the filming check says."""
        track = self._track(time_s - CHECK_S, time_s)
        planar = self._check is not None and self._check.view.label == "sagittal"
        scale = scale_of(track.xy_px, track.visibility, self._topology, planar=planar)
        if self.phase != "checking" or scale is None:
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
        self._rows.clear()
        self._check, self._checked_s = None, -np.inf
        self._body = self._set = self._ended = None

    def _remember(self, time_s: float, found: Landmarks | None) -> None:
        values = np.full((self._topology.count, 6), np.nan, dtype=np.float32)
        values[:, 5] = 0.0
        if found is not None:
            values = np.column_stack([found.xy_px, found.world_m, found.visibility]).astype(np.float32)
        self._rows.append((time_s, values))
        while self._set is None and self._rows[0][0] < time_s - CHECK_S - 1.0:
            self._rows.popleft()

    def _look(self, time_s: float, found: Landmarks | None, pictures: Pictures | None) -> LiveState:
        """Check the camera while somebody stands before it, and begin when all is well."""
        seen = [at for at, values in self._rows if np.isfinite(values[0, 0])]
        if not seen or found is None:
            return LiveState(time_s, "checking", self._texts["hidden" if seen else "nobody"])
        if len(seen) > 1 and time_s - self._checked_s >= _CHECK_EVERY_S:
            self._checked_s = time_s
            self._check = check_filming(self._track(time_s - CHECK_S, time_s), self._thresholds, pictures)
        check = self._check
        long_enough = time_s - seen[0] >= CHECK_S
        if long_enough and check is not None and check.usable and self._stands_still(time_s):
            self.start(time_s)
            if self._set is not None:
                return self._follow(time_s, found)
        wrong = check.first if check is not None and not check.usable else None
        words = wrong.text if wrong is not None else self._texts["hold" if long_enough else "checking"]
        return LiveState(time_s, "checking", words, points=_points(found), check=check)

    def _stands_still(self, time_s: float) -> bool:
        track = self._track(time_s - _STILL_S, time_s)
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
            self._headline(moment, posture),
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
                return LiveState(time_s, "checking", self._texts["nobody"])
            self._ended = state
        return state

    def _headline(self, moment: Moment | BalanceMoment, posture: Posture | None) -> str:
        if moment.ending is not None:
            return self._texts[moment.ending]
        if posture is None:
            return self._texts["hidden"]
        if moment.phase == "set":
            return self._texts["set"]
        if moment.countdown_s is not None:
            return self._texts["ready"]
        if self._setup.exercise == BALANCE:
            return self._texts["go_two_feet" if self._setup.two_feet else "go_one_leg"]
        return self._texts["go"]

    def _reps(self, state: LiveState, moment: Moment, posture: Posture | None) -> LiveState:
        family = FAMILIES.get(self._setup.exercise, "squat")
        target = _TARGET_DEG[self._setup.prescription.depth_target]
        depth = None if posture is None else posture.depth(family, target)
        return replace(
            state,
            count=moment.count,
            depth=None if depth is None or not np.isfinite(depth) else round(float(np.clip(depth, 0.0, 1.5)), 3),
            said=self._words(moment.spoken),
            said_kind=None if moment.spoken is None else moment.spoken.kind,
            line=self._line(moment.stop_line),
        )

    def _words(self, spoken: Spoken | None) -> str | None:
        if spoken is None:
            return None
        if spoken.kind in ("near_limit", "stop"):
            return self._texts[spoken.kind]
        return cue_texts(wording="praise" if spoken.kind == "praise" else self._setup.wording)[spoken.cue]

    def _line(self, line: StopLine | None) -> str | None:
        limit = self._setup.velocity_limit_pct
        if line is None or limit is None:
            return None
        if line.usable is None:
            return self._texts["line_unknown"]
        text = self._texts["line" if line.usable else "line_blind"]
        return text.format(loss=line.loss_pct, mdc=line.mdc_pct, limit=limit)

    def _balance(self, state: LiveState, moment: BalanceMoment) -> LiveState:
        return replace(
            state,
            held_s=round(moment.held_s, 1),
            touch_downs=moment.touch_downs,
            said=self._texts["touched"] if moment.touched else None,
            said_kind="touched" if moment.touched else None,
            sway=self._sway() if moment.phase == "done" else None,
        )

    def _sway(self) -> Sway | None:
        """Assess the trial as offline; None when nobody was seen to balance."""
        track = clean(self._track(-np.inf, np.inf))
        if self._check is None or len(track) < 2:
            return None
        trials = assess_balance(track, self._check.view, self._setup.prescription, two_feet=self._setup.two_feet)
        return max((one.sway for one in trials), key=lambda sway: sway.end_s - sway.start_s, default=None)

    def _judge(self, start_s: float, end_s: float) -> Sequence[Rep]:
        """Judge what was seen so far by the very code that assesses videos."""
        track = clean(self._track(start_s - 1.0, end_s))
        exercise, limits = self._setup.exercise, self._thresholds
        scored = score_track(track, exercise, limits, 0, self._calibration, self._setup.prescription)
        return [rep for one in scored.sets for rep in one.reps]

    def _track(self, start_s: float, end_s: float) -> PoseTrack:
        rows = [(at, values) for at, values in self._rows if start_s <= at <= end_s]
        time_s = np.array([at for at, _ in rows])
        values = np.array([values for _, values in rows], dtype=np.float64).reshape(-1, self._topology.count, 6)
        steps = np.diff(time_s)
        fps = 1.0 / float(np.median(steps)) if len(steps) else 0.0
        duration = float(time_s[-1] - time_s[0]) if len(rows) else 0.0
        info = VideoInfo("camera", "", duration, len(rows), fps, self._size, 0, "", "")
        return PoseTrack(
            time_s=time_s,
            xy_px=values[..., :2],
            visibility=values[..., 5],
            topology=self._topology,
            frame_size=self._size,
            model_id=self._model_id,
            source=info,
            world_m=values[..., 2:5],
        )


class LiveCoach:
    """Practice before a camera.

    Parameters
    ----------
    setup : LiveSetup
    engine : RegionEngine, optional
        Finds people and landmarks; BlazePose by default.

    Raises
    ------
    ModelError, EngineError
        When the default engine can't be started.
    """

    def __init__(self, setup: LiveSetup, engine: RegionEngine | None = None) -> None:
        made = engine or make_engine("blazepose-onnx", setup.model)
        if not isinstance(made, RegionEngine):
            raise EngineError("Live practice needs an engine that looks where it is told: use blazepose-onnx.")
        self._engine = made
        self._follower = LockedFollower(made)
        self._practice = Practice(setup, made)
        self._steadiness = Steadiness(CHECK_S)
        self._index = 0
        self._time_s = self._seen_s = -np.inf
        self._state = LiveState(0.0, "checking", live_texts()["nobody"])

    @property
    def bones(self) -> list[tuple[int, int]]:
        """Pairs of landmarks that are joined by a line."""
        topology = self._engine.topology
        return [(topology.index[a], topology.index[b]) for a, b in topology.bones]

    @property
    def reps(self) -> tuple[Rep, ...]:
        """The repetitions of the set, as they were judged live."""
        return self._practice.reps

    def step_jpeg(self, time_s: float, jpeg: bytes) -> LiveState:
        """Take the next frame as JPEG; see `step`.

        Raises
        ------
        VideoError
            When it is no picture that a camera would give.
        """
        return self.step(ImageFrame(self._index, time_s, decode_jpeg(jpeg)))

    def step(self, frame: Frame) -> LiveState:
        """Take the next frame; one that is not later than the last is left out."""
        if not np.isfinite(frame.time_s) or frame.time_s <= self._time_s:
            return replace(self._state, said=None, said_kind=None)
        self._time_s = frame.time_s
        self._index += 1
        checking = self._practice.phase == "checking"
        if checking:
            self._steadiness.step(frame)
        found = self._follower.step(frame)
        self._hold(frame.time_s, seen=found is not None, checking=checking)
        watch = self._steadiness
        pictures = Pictures(watch.brightness, watch.contrast, watch.movement)
        self._state = self._practice.see(frame.time_s, frame.size, found, pictures)
        return self._state

    def start(self) -> None:
        """Begin although the filming check found something wrong."""
        self._practice.start(self._time_s)

    def end(self) -> None:
        """End the set now."""
        self._practice.end(self._time_s)

    def again(self) -> None:
        """Get ready for the next set."""
        self._practice.again()

    def close(self) -> None:
        """Free what the engine holds."""
        self._engine.close()

    def _hold(self, time_s: float, *, seen: bool, checking: bool) -> None:
        """Let go of somebody who went away before anything began."""
        self._seen_s = time_s if seen or self._follower.locked is None else self._seen_s
        if checking and time_s - self._seen_s > _RELEASE_S:
            self._follower.release()


def _points(found: Landmarks | None) -> Floats | None:
    return None if found is None else found.xy_px
