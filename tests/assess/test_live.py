"""Live practice by landmarks: the same repetitions as offline, the same words again, nobody else's set."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import figure
import numpy as np
import pytest

import formdrift.sample_videos
from formdrift.assess import InputError, assess_seen, assess_video
from formdrift.assess.live import LiveCoach
from formdrift.assess.live_practice import Practice
from formdrift.assess.live_state import LiveSetup, LiveState
from formdrift.pose.engine import Landmarks
from formdrift.pose.topology import MEDIAPIPE_33
from formdrift.scoring.prescription import Prescription
from formdrift.vision.image import ImageFrame
from formdrift.vision.source import open_video

# The stage of the tests of following people is a plain module.
sys.path.insert(0, str(Path(__file__).parents[1] / "pose"))

from stage import Actor, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from formdrift.pose.region import Region
    from formdrift.pose.track import PoseTrack

CLIPS = Path(formdrift.sample_videos.__file__).parent / "clips"
# checked for three seconds, counted down for three
LEAD_S, TAIL_S = 8.0, 10.0
SQUATS = LiveSetup("squat")
SHALLOW = figure.Pose(shank=22.0, thigh=-62.0, trunk=28.0, arm=90.0)


def practised(track: PoseTrack, setup: LiveSetup = SQUATS) -> tuple[Practice, list[LiveState]]:
    practice = Practice(setup, Stage([], model_id=track.model_id))
    assert track.world_m is not None
    states = []
    for k, time_s in enumerate(track.time_s):
        seen = np.isfinite(track.xy_px[k]).any()
        found = Landmarks(track.xy_px[k], track.world_m[k], track.visibility[k], 0.9) if seen else None
        states.append(practice.see(float(time_s), track.frame_size, found))
    return practice, states


def film(depths: Sequence[float] = (1.0,) * 8, bottom: figure.Pose = figure.PARALLEL_SQUAT, **camera: float):
    motion = figure.reps(bottom, depths, lead_s=LEAD_S, tail_s=TAIL_S)
    return figure.film(motion, noise_px=0.3, **camera)


@pytest.mark.parametrize("yaw_deg", [figure.FROM_LEFT, figure.FROM_RIGHT, figure.FROM_FRONT, 45.0])
def test_squats_are_counted_live_as_offline(yaw_deg: float) -> None:
    track = film(yaw_deg=yaw_deg)
    practice, states = practised(track)
    assert list(dict.fromkeys(state.phase for state in states)) == ["checking", "ready", "set", "done"]
    assert states[-1].count == 8
    offline = assess_seen(figure.seen(track), "squat").sets[0].reps
    assert [rep.kind for rep in practice.reps] == [rep.kind for rep in offline]
    assert [rep.bottom_s for rep in practice.reps] == pytest.approx([rep.bottom_s for rep in offline], abs=0.1)


@pytest.mark.parametrize(
    ("bottom", "exercise"), [(figure.RDL, "rdl"), (figure.RDL, "auto"), (figure.KETTLEBELL, "kettlebell")]
)
def test_hinges_are_counted_live_as_offline(bottom: figure.Pose, exercise: str) -> None:
    track = film((1.0,) * 6, bottom)
    practice, states = practised(track, LiveSetup(exercise))
    assert states[-1].count == len(practice.reps) == 6
    assert len(assess_seen(figure.seen(track), exercise).sets[0].reps) == 6


def test_criteria_of_the_last_repetition_are_those_of_offline() -> None:
    track = film()
    practice, _ = practised(track)
    offline = assess_seen(figure.seen(track), "squat").sets[0].reps[-1]
    for live, after in zip(practice.reps[-1].criteria, offline.criteria, strict=True):
        assert live.status == after.status
        if live.value is not None and after.value is not None and live.sem_abs is not None:
            assert abs(live.value - after.value) < live.sem_abs


def words(states: Sequence[LiveState]) -> list[tuple[int, str]]:
    return [(state.count, state.said) for state in states if state.said is not None]


def test_a_shallow_set_is_told_so_once_and_then_left_alone() -> None:
    _, states = practised(film((1.0,) * 4, SHALLOW))
    assert words(states) == [(2, "Sit down to the bench behind you.")]
    assert max(state.depth or 0.0 for state in states) < 0.9


def test_the_same_landmarks_get_the_same_words() -> None:
    rng = np.random.default_rng(5)
    track = film(tuple(rng.uniform(0.7, 1.0, 8)), figure.Pose(shank=20.0, thigh=-75.0, trunk=55.0, arm=90.0))
    first, again = (words(practised(track)[1]) for _ in range(2))
    assert first == again
    assert len(first) >= 2
    assert all(b - a >= 3 for (a, _), (b, _) in pairwise(first))


def test_who_is_hidden_for_a_moment_loses_no_count() -> None:
    track = film()
    behind = (track.time_s > 12.0) & (track.time_s < 12.3)
    _, states = practised(figure.hide(track, behind))
    assert states[-1].count == 8
    assert "I can't see you." in {state.headline for state in states}


def test_nothing_begins_with_the_feet_outside_the_picture() -> None:
    track = film(shift_px=(0.0, 70.0))
    _, states = practised(track)
    assert {state.phase for state in states} == {"checking"}
    assert states[(5 * 30)].headline == "Step back: feet not in the picture."


def test_start_anyway() -> None:
    track = film(shift_px=(0.0, 70.0))
    practice = Practice(SQUATS, Stage([]))
    assert track.world_m is not None
    for k, time_s in enumerate(track.time_s):
        found = Landmarks(track.xy_px[k], track.world_m[k], track.visibility[k], 0.9)
        state = practice.see(float(time_s), track.frame_size, found)
        if k == 90:
            practice.start(float(time_s))
    assert state.count == 8


def test_start_before_anybody_was_seen_begins_nothing() -> None:
    practice = Practice(SQUATS, Stage([]))
    practice.start(0.0)
    assert practice.see(0.1, (640, 480), None).phase == "checking"
    practice.start(0.1)
    assert practice.phase == "checking"


@pytest.mark.parametrize("frames", [1, 2])
def test_a_camera_that_stutters_while_it_is_checked_is_no_slow_camera(frames: int) -> None:
    track = film((1.0,) * 3)
    late = replace(track, time_s=track.time_s + np.where(np.arange(len(track)) < frames, 0.0, 3.3))
    _, states = practised(late)
    assert states[-1].count == 3
    assert not any("pictures a second" in state.headline for state in states)


def test_the_next_set_is_checked_and_counted_anew() -> None:
    track = film((1.0, 1.0, 1.0))
    practice, states = practised(track)
    assert states[-1].phase == "done"
    practice.again()
    assert track.world_m is not None
    for k, time_s in enumerate(track.time_s + 100.0):
        found = Landmarks(track.xy_px[k], track.world_m[k], track.visibility[k], 0.9)
        state = practice.see(float(time_s), track.frame_size, found)
    assert (state.phase, state.count) == ("done", 3)


def test_velocity_loss_with_declared_intent_draws_a_stop_line() -> None:
    setup = LiveSetup("squat", Prescription(intent="max"), velocity_limit_pct=20.0)
    _, states = practised(film(), setup)
    assert states[-1].line is not None
    assert "20 %" in states[-1].line
    with pytest.raises(InputError, match="maximal intent"):
        LiveSetup("squat", velocity_limit_pct=20.0)
    for limit in (4.0, 61.0, np.nan):
        with pytest.raises(InputError, match="5 to 60 %"):
            LiveSetup("squat", Prescription(intent="max"), velocity_limit_pct=limit)


def test_a_balance_test_counts_touches_and_ends_with_its_sway() -> None:
    time_s = figure.clock(LEAD_S + 30.0)
    still = figure.film(figure.moving(time_s, np.zeros_like(time_s), figure.STANDING), figure.FROM_FRONT, 160.0)
    xy = still.xy_px.copy()
    lifted = (time_s > LEAD_S) & (np.abs(time_s - 22.0) > 0.5)
    for joint in ("ankle", "heel", "toe"):
        xy[lifted, MEDIAPIPE_33.index[f"right_{joint}"], 1] -= 24.0
    sway = 3.0 * np.sin(2 * np.pi * 0.4 * time_s)
    height = np.maximum(xy[0, MEDIAPIPE_33.index["left_ankle"], 1] - still.xy_px[..., 1], 0.0) / 160.0
    xy[..., 0] += sway[:, None] * height
    _, states = practised(replace(still, xy_px=xy), LiveSetup("balance", balance_s=20.0))
    assert states[-1].phase == "done"
    assert states[-1].headline == "Time. Well done."
    assert [state.said for state in states if state.said] == ["Foot down."]
    assert states[-1].touch_downs == 1
    found = states[-1].sway
    assert found is not None
    assert found.stance == "single-leg"
    assert found.descriptors["RMS"].noise is not None


def squats(start_s: float, count: int):
    """Return the depth over time of so many squats of two seconds each."""
    return lambda t: (1 - np.cos(np.pi * (t - start_s))) / 2 if start_s < t < start_s + 2 * count else 0.0


@dataclass
class Room(Stage):
    """A stage on which actors face the camera in the third dimension too."""

    def look(self, frame: ImageFrame, region: Region) -> Landmarks | None:
        found = super().look(frame, region)
        if found is None:
            return None
        flat = (found.xy_px - found.xy_px[[23, 24]].mean(axis=0)) / 150.0
        return replace(found, world_m=np.column_stack([flat, np.zeros(len(flat))]))


def on_stage(stage: Stage, seconds: float, setup: LiveSetup = SQUATS) -> list[LiveState]:
    coach = LiveCoach(setup, stage)
    return [coach.step(frame) for frame in stage.frames(seconds)]


def test_a_walk_through_takes_neither_the_lock_nor_the_count() -> None:
    lifter = Actor(lambda t: 320.0, 250.0, shirt=(40, 40, 200), depth=squats(9.0, 8))
    passer = Actor(lambda t: -1600.0 + 150.0 * t, 300.0)
    states = on_stage(Room([lifter, passer]), 36.0)
    assert states[-1].phase == "done"
    assert states[-1].count == 8
    for state in states:
        if state.points is not None and state.phase != "checking":
            assert abs(state.points[23, 0] - 320.0) < 30.0


def test_who_only_walks_past_starts_nothing() -> None:
    states = on_stage(Room([Actor(lambda t: 50.0 + 80.0 * t, 250.0)]), 7.0)
    assert {state.phase for state in states} == {"checking"}


def test_somebody_else_may_come_after_the_first_has_gone() -> None:
    first = Actor(lambda t: 200.0, 250.0, there=lambda t: t < 3.0)
    second = Actor(lambda t: 420.0, 250.0, (40, 200, 40), squats(16.0, 2), lambda t: t > 6.0)
    states = on_stage(Room([first, second]), 30.0)
    assert states[-1].count == 2


def frames(clip: str, every: int, still_s: float = 8.0) -> Iterator[ImageFrame]:
    """Yield every so many pictures of a sample, standing still before and after it."""
    with open_video(CLIPS / f"{clip}.mp4") as video:
        pictures = [(frame.time_s, frame.rgb()) for frame in video][::every]
    step_s = pictures[1][0] - pictures[0][0]
    wait = round(still_s / step_s)
    shown = [pictures[0][1]] * wait + [picture for _, picture in pictures] + [pictures[-1][1]] * (wait + 10)
    yield from (ImageFrame(k, k * step_s, picture) for k, picture in enumerate(shown))


@pytest.mark.usefixtures("models_present")
@pytest.mark.parametrize(
    ("clip", "setup", "reps", "cue"),
    [
        ("squat_side", SQUATS, 8, "Drive the bar straight to the ceiling."),
        ("goblet_oblique_passer", LiveSetup("auto"), 4, None),
    ],
)
def test_samples_are_counted_live_as_offline(clip: str, setup: LiveSetup, reps: int, cue: str | None) -> None:
    coach = LiveCoach(setup)
    try:
        states = [coach.step(frame) for frame in frames(clip, 2 if clip == "squat_side" else 1)]
    finally:
        coach.close()
    assert states[-1].phase == "done"
    assert states[-1].count == reps
    assert [said for _, said in words(states)] == ([] if cue is None else [cue])
    offline = assess_video(CLIPS / f"{clip}.mp4", setup.exercise)
    assert len(offline.sets[0].reps) == reps


def test_a_frame_that_comes_late_or_has_no_time_is_left_out() -> None:
    stage = Stage([Actor(lambda t: 320.0)])
    coach = LiveCoach(SQUATS, stage)
    pictures = list(stage.frames(1.0))
    for frame in pictures:
        newest = coach.step(frame)
    for time_s in (0.2, float("nan"), newest.time_s):
        assert coach.step(ImageFrame(0, time_s, pictures[0].image)).time_s == newest.time_s
