"""Where sets end: at cuts, long rests, and where another exercise begins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import figure
import numpy as np
import pytest
from figure import Tempo, film, mirror, reps

from formdrift.scoring.sets import score_track

if TYPE_CHECKING:
    from formdrift.pose.track import PoseTrack
    from formdrift.scoring.thresholds import Thresholds

SQUAT = figure.PARALLEL_SQUAT


def one_after_another(*tracks: PoseTrack, pause_s: float = 1 / 30, cut: bool = False) -> PoseTrack:
    """Show tracks after one another, with or without saying that the video was cut between them."""
    starts = np.cumsum([0.0, *(track.time_s[-1] + pause_s for track in tracks[:-1])])
    counts = np.cumsum([0, *(len(track) for track in tracks)])
    world = [track.world_m for track in tracks if track.world_m is not None]
    return replace(
        tracks[0],
        time_s=np.concatenate([track.time_s + start for track, start in zip(tracks, starts, strict=True)]),
        xy_px=np.concatenate([track.xy_px for track in tracks]),
        visibility=np.concatenate([track.visibility for track in tracks]),
        world_m=np.concatenate(world),
        camera_xy_px=None,
        segments=tuple(zip(counts[:-1].tolist(), counts[1:].tolist(), strict=True)) if cut else (),
    )


def sets(track: PoseTrack, thresholds: Thresholds, exercise: str = "auto") -> list[tuple[str, int, int]]:
    found = score_track(track, exercise, thresholds).sets
    return [(one.exercise.detected, one.summary.full_reps, one.summary.partial_reps) for one in found]


@pytest.mark.parametrize("tail_s", [1.0, 10.0])
def test_squats_then_hinges_are_two_sets(tail_s: float, thresholds: Thresholds) -> None:
    both = one_after_another(film(reps(SQUAT, tail_s=tail_s)), film(reps(figure.RDL, (1.0,) * 3)))
    assert sets(both, thresholds) == [("squat", 4, 0), ("hinge", 3, 0)]
    found = score_track(both, "auto", thresholds).sets
    assert [[rep.index for rep in one.reps] for one in found] == [[1, 2, 3, 4], [1, 2, 3]]
    assert {c.id[:2] for c in found[0].reps[0].criteria} == {"SQ"}
    assert {c.id[:2] for c in found[1].reps[0].criteria} == {"HG"}


def test_a_declared_exercise_is_not_parted_by_its_look(thresholds: Thresholds) -> None:
    both = one_after_another(film(reps(SQUAT)), film(reps(figure.SQUATTY_HINGE)))
    assert {one.exercise.declared for one in score_track(both, "squat", thresholds).sets} == {"squat"}


def test_a_cut_ends_a_set(thresholds: Thresholds) -> None:
    track = one_after_another(film(reps(SQUAT)), film(reps(SQUAT, (1.0,) * 3)), cut=True)
    assert sets(track, thresholds) == [("squat", 4, 0), ("squat", 3, 0)]


def test_a_cut_is_no_repetition(thresholds: Thresholds) -> None:
    """Standing, cut to a close-up of somebody sitting, cut back."""
    standing, low = film(reps(figure.STANDING)), figure.Pose(30.0, -90.0, 35.0)
    sitting = film(figure.moving(figure.clock(2.0), np.ones(60), low))
    track = one_after_another(standing, sitting, standing, cut=True)
    assert sets(track, thresholds) == [("other", 0, 0)]


def test_each_side_of_a_cut_has_its_own_view_and_scale(thresholds: Thresholds) -> None:
    near = film(reps(SQUAT, (1.0,) * 3), 0.0, px_per_m=330.0, shift_px=(60.0, 40.0))
    found = score_track(one_after_another(film(reps(SQUAT)), near, cut=True), "auto", thresholds)
    assert [piece.view.label for piece in found.pieces] == ["sagittal", "frontal"]
    assert [one.summary.full_reps for one in found.sets] == [4, 3]
    assert [one.reps[0].criteria[0].view for one in found.sets] == ["sagittal", "frontal"]
    assert found.kinematics is found.pieces[0]
    series = found.series(0)
    assert len(series.time_s) == sum(len(piece.time_s) for piece in found.pieces)
    assert np.isnan(series.values["hip_height"][len(found.pieces[0].time_s)])


def test_picking_something_up_between_sets_is_no_set(thresholds: Thresholds) -> None:
    bend = film(reps(figure.Pose(2.0, -10.0, 50.0), (1.0,), tail_s=10.0, lead_s=10.0))
    track = one_after_another(film(reps(SQUAT)), bend, film(reps(SQUAT, (1.0,) * 5)))
    assert sets(track, thresholds) == [("squat", 4, 0), ("squat", 5, 0)]


def test_a_rep_cut_in_the_middle_is_counted_at_most_once(thresholds: Thresholds) -> None:
    track = film(reps(SQUAT, (1.0,) * 5))
    middle = int(np.searchsorted(track.time_s, 1.5 + 2 * Tempo().rep + 1.4))
    whole = replace(track, segments=((0, middle), (middle, len(track))))
    counted = sum(full for _, full, _ in sets(whole, thresholds))
    assert counted in (4, 5)


@pytest.mark.parametrize("pose", [SQUAT, figure.RDL, figure.KETTLEBELL])
def test_counts_follow_whatever_is_done_to_the_video(pose: figure.Pose, thresholds: Thresholds) -> None:
    track = film(reps(pose, (1.0,) * 5), noise_px=0.5)
    (expected,) = sets(track, thresholds)
    assert expected[1:] == (5, 0)
    half = replace(
        track,
        time_s=track.time_s[::2],
        xy_px=track.xy_px[::2],
        visibility=track.visibility[::2],
        world_m=None if track.world_m is None else track.world_m[::2],
        camera_xy_px=None,
        segments=(),
    )
    larger = replace(track, xy_px=track.xy_px * 2.5, frame_size=(1600, 1200))
    for other in (half, larger, mirror(track)):
        assert sets(other, thresholds) == [expected]
    for start_s in np.linspace(1.5, 1.5 + 2 * Tempo().rep, 9):
        (_, full, partial), *others = sets(track.between(float(start_s), np.inf), thresholds)
        assert not others
        begun = (start_s - 1.5) / Tempo().rep
        assert 5 - np.ceil(begun) <= full + partial <= 5 - np.floor(begun)
