"""What holds for every lifter: the same lift from elsewhere, nearer, mirrored or faster filmed; and unseen joints."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from figure import FROM_FRONT, FROM_LEFT, FROM_RIGHT, RDL, Pose, Tempo, film, hide, mirror, reps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formdrift.scoring.sets import score_track

if TYPE_CHECKING:
    from formdrift.pose.track import PoseTrack
    from formdrift.scoring.result import Rep, SetResult
    from formdrift.scoring.thresholds import Thresholds

few = settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
more = settings(few, max_examples=20)

squats = st.builds(Pose, shank=st.floats(15, 35), thigh=st.floats(-105, -70), trunk=st.floats(15, 50))
hinges = st.builds(Pose, shank=st.floats(0, 6), thigh=st.floats(-30, -12), trunk=st.floats(55, 80))
lifts = st.one_of(squats.map(lambda pose: ("squat", pose)), hinges.map(lambda pose: ("rdl", pose)))
tempos = st.builds(Tempo, down=st.floats(0.9, 2.5), hold=st.floats(0.0, 1.0), up=st.floats(0.8, 2.0), rest=st.just(0.8))
sides = st.sampled_from([FROM_LEFT, FROM_RIGHT, 80.0, -100.0])

USUAL = Tempo()
TIMES = ("start_s", "descent_end_s", "bottom_s", "ascent_start_s", "end_s")


def scored(track: PoseTrack, exercise: str, thresholds: Thresholds) -> SetResult:
    (one,) = score_track(track, exercise, thresholds).sets
    return one


def filmed(pose: Pose, tempo: Tempo = USUAL, yaw: float = FROM_LEFT, fps: float = 30.0, **how: float) -> PoseTrack:
    return film(reps(pose, (1.0,) * 3, tempo, fps), yaw, **how)


def values(rep: Rep) -> dict[str, float | None]:
    return {name: one.value for name, one in rep.measurements.items()}


def assert_same(one: SetResult, other: SetResult) -> None:
    """Compare everything that was measured and judged, to the last digit shown."""
    assert len(one.reps) == len(other.reps) == 3
    for a, b in zip(one.reps, other.reps, strict=True):
        assert [getattr(a, t) for t in TIMES] == pytest.approx([getattr(b, t) for t in TIMES], abs=1e-6)
        assert values(a) == pytest.approx(values(b), abs=2e-4)
        assert [(c.id, c.status, c.reason) for c in a.criteria] == [(c.id, c.status, c.reason) for c in b.criteria]
        assert [c.score for c in a.criteria] == pytest.approx([c.score for c in b.criteria], abs=0.11)


@few
@given(lift=lifts, tempo=tempos, yaw=sides, shift=st.tuples(st.floats(-200, 200), st.floats(-150, 150)))
def test_place_in_the_picture_does_not_matter(
    lift: tuple[str, Pose], tempo: Tempo, yaw: float, shift: tuple[float, float], thresholds: Thresholds
) -> None:
    exercise, pose = lift
    here, there = filmed(pose, tempo, yaw), film(reps(pose, (1.0,) * 3, tempo), yaw, shift_px=shift)
    assert_same(scored(here, exercise, thresholds), scored(there, exercise, thresholds))


@few
@given(lift=lifts, tempo=tempos, yaw=sides, size=st.floats(40.0, 900.0))
def test_size_in_the_picture_does_not_matter(
    lift: tuple[str, Pose], tempo: Tempo, yaw: float, size: float, thresholds: Thresholds
) -> None:
    exercise, pose = lift
    near, far = filmed(pose, tempo, yaw), filmed(pose, tempo, yaw, px_per_m=size)
    assert_same(scored(near, exercise, thresholds), scored(far, exercise, thresholds))


@few
@given(lift=lifts, tempo=tempos, yaw=st.one_of(sides, st.just(FROM_FRONT)))
def test_a_mirror_does_not_matter(lift: tuple[str, Pose], tempo: Tempo, yaw: float, thresholds: Thresholds) -> None:
    exercise, pose = lift
    track = filmed(pose, tempo, yaw)
    assert_same(scored(track, exercise, thresholds), scored(mirror(track), exercise, thresholds))


@few
@given(lift=lifts, tempo=tempos, yaw=sides)
def test_frame_rate_hardly_matters(lift: tuple[str, Pose], tempo: Tempo, yaw: float, thresholds: Thresholds) -> None:
    exercise, pose = lift
    fast, slow = (scored(filmed(pose, tempo, yaw, fps), exercise, thresholds) for fps in (60.0, 30.0))
    assert len(fast.reps) == len(slow.reps) == 3
    for a, b in zip(fast.reps, slow.reps, strict=True):
        assert [getattr(a, t) for t in TIMES] == pytest.approx([getattr(b, t) for t in TIMES], abs=1 / 30 + 1e-3)
        for name, one in a.measurements.items():
            other = b.measurements[name]
            assert (one.status, other.status) == (other.status, one.status), name
            if one.value is not None and other.value is not None and one.unit == "deg":
                assert one.value == pytest.approx(other.value, abs=1.0), name


def honest(one: SetResult) -> None:
    """Nothing is both measured and missing, and what is missing says why."""
    for rep in one.reps:
        for found in (*rep.measurements.values(), *rep.criteria):
            assert (found.value is None) == (found.status != "measured")
            if found.value is None:
                assert found.reason
            else:
                assert np.isfinite(found.value)
                assert found.sem_abs is None or found.sem_abs >= 0.0


def hidden_bottoms(track: PoseTrack, share: float, rep_s: float, bottom_s: float, seed: int) -> PoseTrack:
    """Hide a share of the frames within half a second of every bottom, in one stretch and at random."""
    since = (track.time_s - bottom_s + rep_s / 2) % rep_s - rep_s / 2
    near = np.abs(since) <= 0.5
    lost = near & (np.random.default_rng(seed).random(len(track)) < share / 2)
    # a stretch too long to be bridged
    return hide(track, lost | (np.abs(since) <= 0.5 * share))


@pytest.mark.parametrize("pose", [Pose(30.0, -90.0, 35.0), RDL], ids=["squat", "hinge"])
@pytest.mark.parametrize("seed", range(3))
def test_bottoms_that_are_hidden_are_not_measured(pose: Pose, seed: int, thresholds: Thresholds) -> None:
    tempo = USUAL
    exercise = "rdl" if pose is RDL else "squat"
    bottom_s = 1.5 + tempo.down + tempo.hold / 2
    one = scored(hidden_bottoms(filmed(pose, tempo), 0.3, tempo.rep, bottom_s, seed), exercise, thresholds)
    honest(one)
    assert one.reps
    for rep in one.reps:
        at_bottom = [m for m in rep.measurements.values() if m.phase == "bottom" and m.unit == "deg"]
        assert at_bottom
        assert all(m.value is None and m.reason for m in at_bottom)


@more
@given(
    lift=lifts,
    yaw=st.sampled_from([FROM_LEFT, 60.0, FROM_FRONT, 150.0]),
    share=st.floats(0.0, 0.6),
    joints=st.lists(
        st.sampled_from(["hip", "knee", "ankle", "shoulder", "wrist", "heel", "toe", "ear"]), max_size=4, unique=True
    ),
    seed=st.integers(0, 1000),
)
def test_whatever_is_hidden_nothing_is_made_up(
    lift: tuple[str, Pose], yaw: float, share: float, joints: list[str], seed: int, thresholds: Thresholds
) -> None:
    exercise, pose = lift
    rng = np.random.default_rng(seed)
    track = filmed(pose, yaw=yaw)
    track = hide(track, rng.random(len(track)) < share)
    # a joint that is never seen, on both sides, and one that is lost half-way
    for number, joint in enumerate(joints):
        frames = slice(None) if number % 2 else slice(len(track) // 2, None)
        track = hide(track, frames, [f"{side}_{joint}" for side in ("left", "right")])
    for result in score_track(track, exercise, thresholds).sets:
        honest(result)


def test_nobody_at_all(thresholds: Thresholds) -> None:
    track = hide(filmed(Pose(30.0, -90.0, 35.0)), slice(None))
    assert scored(track, "auto", thresholds).reps == ()
    assert scored(replace(track, world_m=None), "squat", thresholds).reps == ()
