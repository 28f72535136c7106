"""A set as it happens, without frames: counting, phases, words, the stop line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from figure import Tempo, clock, profile

from formdrift.scoring.live import LiveRules, LiveSet, Moment
from formdrift.scoring.live_balance import BalanceRules, LiveBalance
from formdrift.scoring.live_body import Posture
from formdrift.scoring.live_reps import RepCounter
from formdrift.scoring.live_words import StopLine, Words, stop_line
from formdrift.scoring.result import Criterion, Measurement, Rep

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from formdrift.scoring.live_words import Spoken
    from formdrift.scoring.thresholds import Thresholds

FPS = 30.0
LEAD_S = 5.0
TEMPO = Tempo()
SQUAT, ONE_LEG = LiveRules("squat"), BalanceRules()


def counted(thresholds: Thresholds, q: np.ndarray, fps: float = FPS) -> RepCounter:
    counter = RepCounter(thresholds.reps)
    for k, value in enumerate(q):
        counter.step(k / fps, float(value))
    return counter


def squats(depths: Sequence[float], tempo: Tempo = TEMPO, fps: float = FPS) -> np.ndarray:
    """Return the counter's signal of squats: the hips drop by half a leg, 2.5 times what counts first."""
    return 2.5 * profile(clock(LEAD_S + len(depths) * tempo.rep + 2.0, fps), depths, tempo, LEAD_S)


@pytest.mark.parametrize("fps", [10.0, 30.0, 60.0])
@pytest.mark.parametrize("tempo", [Tempo(), Tempo(0.6, 0.0, 0.5, 0.3), Tempo(3.0, 1.0, 2.0, 2.0)])
def test_every_repetition_is_counted_once(thresholds: Thresholds, fps: float, tempo: Tempo) -> None:
    counter = counted(thresholds, squats((1.0,) * 8, tempo, fps), fps)
    assert [rep.kind for rep in counter.reps] == ["full"] * 8
    bottoms = [LEAD_S + k * tempo.rep + tempo.down for k in range(8)]
    assert [rep.bottom_s for rep in counter.reps] == pytest.approx(bottoms, abs=tempo.hold + 0.15)


def test_noise_and_a_level_that_drifts_are_not_counted(thresholds: Thresholds) -> None:
    noise = 0.1 * np.random.default_rng(1).standard_normal(1800)
    assert counted(thresholds, noise + np.linspace(0.0, 1.5, 1800)).reps == []
    assert len(counted(thresholds, squats((1.0,) * 8) + noise[: len(squats((1.0,) * 8))]).reps) == 8


def test_half_a_repetition_is_partial_once_the_set_has_a_scale(thresholds: Thresholds) -> None:
    counter = counted(thresholds, squats((1.0, 1.0, 1.0, 0.45, 1.0)))
    assert [rep.kind for rep in counter.reps] == ["full", "full", "full", "partial", "full"]


def test_coming_halfway_up_ends_a_repetition(thresholds: Thresholds) -> None:
    time_s = clock(14.0)
    down = profile(time_s, (1.0,), Tempo(1.0, 6.0, 1.0), 3.0)
    dip = profile(time_s, (0.6, 0.6), Tempo(0.8, 0.2, 0.8, 1.0), 4.5)
    assert len(counted(thresholds, 2.5 * (down - dip)).reps) == 3


def test_a_lift_from_the_floor_begins_at_the_bottom(thresholds: Thresholds) -> None:
    q = squats((1.0, 1.0))
    first_bottom = round((LEAD_S + TEMPO.down) * FPS)
    quiet = np.zeros(30)
    assert len(counted(thresholds, np.r_[quiet, q[first_bottom:]]).reps) == 2


def test_unseen_frames_change_nothing(thresholds: Thresholds) -> None:
    q = squats((1.0,) * 4)
    q[200:206] = np.nan
    assert len(counted(thresholds, q).reps) == 4


def posture(time_s: float, drop: float = 0.0, feet_x: float = 0.0, free_foot: float = 0.0) -> Posture:
    return Posture(time_s, np.zeros((33, 2)), drop, 0.0, 90.0, feet_x, free_foot)


def criterion(p_fault: float, name: str = "SQ-LEAN") -> Criterion:
    return Criterion(name, "measured", None, 1.0, "deg", 1.0, p_fault, 50.0, None, p_fault, "sagittal")


def velocity(value: float, sem: float = 0.01) -> Measurement:
    return Measurement(
        "hip_ascent_velocity", value, "leg lengths/s", sem, sem, 0.0, "measured", None, "sagittal", "ascent"
    )


def rep(number: int, p_fault: float = 0.0, speed: float = 0.5, sem: float = 0.01, name: str = "SQ-LEAN") -> Rep:
    bottom = LEAD_S + (number - 1) * TEMPO.rep + TEMPO.down
    measured = {"hip_ascent_velocity": velocity(speed, sem)}
    times = (bottom - 1.0, bottom, bottom, bottom, bottom + 1.0)
    return Rep(number, 0, "full", *times, (), measured, (criterion(p_fault, name),), ())


def practised(
    thresholds: Thresholds, judged: Sequence[Rep], rules: LiveRules = SQUAT, tail_s: float = 12.0
) -> list[Moment]:
    """Do as many squats as repetitions are given, each judged so when it is over, and stand."""
    time_s = clock(LEAD_S + len(judged) * TEMPO.rep + tail_s, FPS)
    drop = 0.5 * profile(time_s, (1.0,) * len(judged), TEMPO, LEAD_S)

    def judge(_: float, end_s: float) -> list[Rep]:
        return [one for one in judged if one.end_s < end_s]

    live = LiveSet(rules, thresholds, judge, 0.0)
    return [live.step(float(t), posture(float(t), float(low))) for t, low in zip(time_s, drop, strict=True)]


def said(moments: Sequence[Moment]) -> list[Spoken]:
    return [moment.spoken for moment in moments if moment.spoken is not None]


def test_a_set_is_ready_counted_and_over_when_the_lifter_stands(thresholds: Thresholds) -> None:
    moments = practised(thresholds, [rep(k) for k in range(1, 9)])
    phases = [moment.phase for moment in moments]
    assert list(dict.fromkeys(phases)) == ["ready", "set", "done"]
    assert moments[0].countdown_s == 3.0
    assert [moment.countdown_s for moment in moments if moment.phase != "ready"] == [None] * (
        len(phases) - phases.count("ready")
    )
    assert next(moment.count for moment in moments if moment.phase == "set") == 0
    assert moments[-1].count == 8
    assert moments[-1].ending == "stood"
    # counted as the lifter comes up, over after eight seconds of standing
    over_s = phases.index("done") / FPS
    last_up_s = LEAD_S + 7 * TEMPO.rep + TEMPO.down + TEMPO.hold + TEMPO.up
    assert over_s == pytest.approx(last_up_s + 8.0, abs=0.5)


def test_heavy_singles_may_rest_longer(thresholds: Thresholds) -> None:
    assert practised(thresholds, [rep(1)], LiveRules("squat", end_after_s=20.0))[-1].phase == "set"


def test_walking_out_ends_the_set_and_so_does_leaving_the_picture(thresholds: Thresholds) -> None:
    for away in (posture, None):
        live = LiveSet(LiveRules("squat"), thresholds, lambda a, b: [], 0.0)
        time_s = clock(LEAD_S + TEMPO.rep)
        for t, low in zip(time_s, 0.5 * profile(time_s, (1.0,), TEMPO, LEAD_S), strict=True):
            live.step(float(t), posture(float(t), float(low)))
        later = time_s[-1] + 1.0 / FPS + clock(2.5)
        moment = [live.step(float(t), away and away(float(t), feet_x=1.0)) for t in later][-1]
        assert (moment.phase, moment.ending, moment.count) == ("done", "walked_out", 1)


@pytest.mark.parametrize(("back", "ending"), [(posture, "stood"), (None, "walked_out")])
def test_a_camera_that_was_gone_saw_nobody_stand_or_leave(
    thresholds: Thresholds, back: Callable[[float], Posture] | None, ending: str
) -> None:
    live = LiveSet(SQUAT, thresholds, lambda a, b: [], 0.0)
    time_s = clock(LEAD_S + TEMPO.rep)
    for t, low in zip(time_s, 0.5 * profile(time_s, (1.0,), TEMPO, LEAD_S), strict=True):
        live.step(float(t), posture(float(t), float(low)))
    later = time_s[-1] + 20.0 + clock(9.0)
    moments = [live.step(float(t), back and back(float(t))) for t in later]
    assert moments[0].phase == "set"
    assert (moments[-1].phase, moments[-1].ending, moments[-1].count) == ("done", ending, 1)


def test_who_steps_aside_as_the_camera_goes_has_not_walked_out_when_it_is_back(thresholds: Thresholds) -> None:
    live = LiveSet(SQUAT, thresholds, lambda a, b: [], 0.0)
    time_s = clock(LEAD_S + TEMPO.rep)
    for t, low in zip(time_s, 0.5 * profile(time_s, (1.0,), TEMPO, LEAD_S), strict=True):
        live.step(float(t), posture(float(t), float(low)))
    gone_s = float(time_s[-1]) + 0.1
    assert live.step(gone_s, posture(gone_s, feet_x=0.8)).phase == "set"
    moments = [live.step(float(t), posture(float(t), feet_x=0.8)) for t in gone_s + 20.0 + clock(1.5)]
    assert moments[0].phase == "set"
    assert (moments[-1].phase, moments[-1].ending) == ("done", "walked_out")


def test_walking_about_before_the_set_is_no_end(thresholds: Thresholds) -> None:
    live = LiveSet(LiveRules("squat"), thresholds, lambda a, b: [], 0.0)
    moments = [live.step(float(t), posture(float(t), feet_x=float(t) / 4.0)) for t in clock(12.0)]
    assert {moment.phase for moment in moments} == {"ready"}


def test_a_fault_is_named_once_in_standing(thresholds: Thresholds) -> None:
    moments = practised(thresholds, [rep(k, 0.95) for k in range(1, 4)] + [rep(4, 0.6)])
    spoken = said(moments)
    assert [(one.kind, one.cue, one.after_rep) for one in spoken] == [("correct", "forward_lean", 2)]
    assert next(m for m in moments if m.spoken is not None).standing


def test_who_hardly_stands_is_told_after_the_next_repetition(thresholds: Thresholds) -> None:
    quick = Tempo(0.5, 0.0, 0.45, 0.0)
    time_s = clock(LEAD_S + 4 * quick.rep + 2.0)
    drop = 0.5 * profile(time_s, (1.0,) * 4, quick, LEAD_S)
    judged = [replace(rep(k, 0.95), bottom_s=LEAD_S + (k - 1) * quick.rep + 0.5) for k in range(1, 5)]

    def judge(_: float, end_s: float) -> list[Rep]:
        return [one for one in judged if one.bottom_s + 0.3 < end_s]

    live = LiveSet(LiveRules("squat"), thresholds, judge, 0.0)
    moments = [live.step(float(t), posture(float(t), float(low))) for t, low in zip(time_s, drop, strict=True)]
    spoken = next(moment for moment in moments if moment.spoken is not None)
    assert spoken.standing
    assert (spoken.spoken.after_rep, spoken.count) == (2, 3)


def test_what_is_only_possible_is_not_named(thresholds: Thresholds) -> None:
    assert said(practised(thresholds, [rep(k, 0.75) for k in range(1, 9)])) == []


def test_correction_is_praised_and_no_three_repetitions_get_two_words(thresholds: Thresholds) -> None:
    spoken = said(practised(thresholds, [rep(k, 0.95 if k < 3 else 0.1) for k in range(1, 9)]))
    assert [(one.kind, one.after_rep) for one in spoken] == [("correct", 2), ("praise", 5)]


def test_words_keep_their_distance_whatever_the_faults(thresholds: Thresholds) -> None:
    random = np.random.default_rng(3)
    for _ in range(200):
        faults = random.uniform(0, 1, 12)
        names = random.choice(["SQ-LEAN", "SQ-DEPTH", "SQ-HEEL"], 12)
        reps = [rep(k + 1, float(p), name=str(n)) for k, (p, n) in enumerate(zip(faults, names, strict=True))]
        words = Words(thresholds)
        spoken = [words.after(reps[: k + 1], 1) for k in range(len(reps))]
        after = [one.after_rep for one in spoken if one is not None]
        assert (np.diff(after) >= 3).all()


def test_praise_that_is_no_longer_true_is_not_given(thresholds: Thresholds) -> None:
    reps = [rep(1, 0.95), rep(2, 0.95), rep(3, 0.1), rep(4, 0.1), rep(5, 0.95)]
    assert [one.kind for one in said(practised(thresholds, reps))] == ["correct"]


def test_the_stop_line_is_silent_until_near_and_needs_a_camera_that_can_tell(thresholds: Thresholds) -> None:
    speeds = (0.50, 0.50, 0.49, 0.47, 0.43, 0.41, 0.36, 0.34)
    rules = LiveRules("squat", velocity_limit_pct=20.0)
    moments = practised(thresholds, [rep(k + 1, 0.0, v) for k, v in enumerate(speeds)], rules)
    # losses, means of two repetitions: 4, 10, 16, 23 and 30 %
    assert [(one.kind, one.after_rep) for one in said(moments)] == [("near_limit", 6), ("stop", 7)]
    line = moments[-1].stop_line
    assert line is not None
    assert line.loss_pct == pytest.approx(30.0)
    assert line.mdc_pct == pytest.approx(1.96 * 100 * np.sqrt(1.5) * 0.01 / 0.5, abs=0.05)
    blind = practised(thresholds, [rep(k + 1, 0.0, v, 0.05) for k, v in enumerate(speeds)], rules)
    assert said(blind) == []
    assert blind[-1].stop_line == replace(line, mdc_pct=24.0, usable=False)


def test_no_stop_line_where_nothing_rose(thresholds: Thresholds) -> None:
    rules = LiveRules("squat", velocity_limit_pct=20.0)
    moments = practised(thresholds, [rep(k + 1, speed=-0.1) for k in range(5)], rules)
    assert not said(moments)
    assert moments[-1].stop_line == StopLine()


def test_no_stop_line_before_three_repetitions() -> None:
    assert stop_line([rep(1), rep(2)], 20.0).usable is None


def balanced(free_foot: np.ndarray, rules: BalanceRules = ONE_LEG) -> list[tuple[str, float, int, str | None]]:
    trial = LiveBalance(rules, 0.0)
    moments = [trial.step(k / FPS, posture(k / FPS, free_foot=float(up))) for k, up in enumerate(free_foot)]
    assert sum(moment.touched for moment in moments) == moments[-1].touch_downs
    return [(m.phase, m.held_s, m.touch_downs, m.ending) for m in moments]


def up(*spans: tuple[float, float], seconds: float = 32.0) -> np.ndarray:
    time_s = clock(seconds)
    return np.where([any(a <= t < b for a, b in spans) for t in time_s], 0.3, 0.0)


def test_a_balance_trial_runs_from_lifting_the_foot_until_time() -> None:
    moments = balanced(up((5.0, 40.0)))
    assert moments[0][0] == "ready"
    assert moments[round(6 * FPS)][0] == "set"
    assert moments[-1] == ("done", pytest.approx(20.0, abs=0.1), 0, "time")


def test_touch_downs_are_counted_and_a_foot_that_stays_down_ends_the_trial() -> None:
    assert balanced(up((5.0, 10.0), (10.6, 14.0), (15.0, 40.0)))[-1][2:] == (2, "time")
    phase, held, touches, ending = balanced(up((5.0, 12.0)))[-1]
    assert (phase, touches, ending) == ("done", 1, "foot_down")
    assert held == pytest.approx(7.0, abs=0.1)


def test_a_foot_that_is_lifted_in_the_countdown_counts_from_go() -> None:
    assert balanced(up((1.0, 13.0)))[-1][1] == pytest.approx(10.0, abs=0.1)


def test_both_feet_need_no_lifting() -> None:
    phase, held, touches, ending = balanced(up(), BalanceRules(10.0, two_feet=True))[-1]
    assert (phase, held, touches, ending) == ("done", pytest.approx(10.0, abs=0.1), 0, "time")


def test_nobody_lifts_a_foot_nothing_begins() -> None:
    assert balanced(up())[-1][0] == "ready"
