"""Clips of one set, and two views of one set, become one assessment."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from formdrift.assess import (
    InputError,
    Prescription,
    RepCorrection,
    assess_as_one_set,
    assess_seen,
    assess_two_views,
)

sys.path.insert(0, str(Path(__file__).parents[1] / "scoring"))

import figure
from figure import Tempo, film, reps, seen

SQUAT = figure.PARALLEL_SQUAT
USUAL = Tempo()


def side(count: int = 4, tempo: Tempo = USUAL, lead_s: float = 1.5) -> figure.PoseTrack:
    return film(reps(SQUAT, (1.0,) * count, tempo, lead_s=lead_s))


def front(count: int = 4, tempo: Tempo = USUAL, lead_s: float = 1.5) -> figure.PoseTrack:
    return film(reps(SQUAT, (1.0,) * count, tempo, lead_s=lead_s), figure.FROM_FRONT)


def test_pieces_of_a_set_are_counted_through() -> None:
    found = assess_as_one_set([seen(side(3)), seen(side(4)), seen(side(2))])
    (only,) = found.sets
    assert [rep.index for rep in only.reps] == list(range(1, 10))
    assert [rep.source for rep in only.reps] == [0] * 3 + [1] * 4 + [2] * 2
    assert only.summary.full_reps == 9
    assert [source.id for source in found.sources] == [0, 1, 2]
    assert [curves.source for curves in found.series] == [0, 1, 2]
    (alone,) = assess_seen(seen(side(4))).sets
    assert [c.value for c in only.reps[3].criteria] == [c.value for c in alone.reps[0].criteria]


def test_velocity_is_lost_against_the_first_clip() -> None:
    slower = Tempo(up=1.5)
    found = assess_as_one_set([seen(side(6)), seen(side(6, slower))], prescription=Prescription(intent="max"))
    (alone,) = assess_seen(seen(side(6)), prescription=Prescription(intent="max")).sets
    assert alone.summary.velocity_loss_pct == pytest.approx(0.0, abs=2.0)
    assert found.sets[0].summary.velocity_loss_pct == pytest.approx(100 * (1 - 1.0 / 1.5), abs=4.0)


def test_without_maximal_intent_no_velocity_is_lost() -> None:
    assert assess_seen(seen(side())).sets[0].summary.velocity_loss_pct is None


def test_pieces_of_different_exercises_are_no_set() -> None:
    with pytest.raises(InputError, match="different exercises"):
        assess_as_one_set([seen(side()), seen(film(reps(figure.RDL)))])


def test_a_piece_without_repetitions_is_named() -> None:
    with pytest.raises(InputError, match=r"No repetition was found in 'figure\.mp4'"):
        assess_as_one_set([seen(side()), seen(film(reps(figure.STANDING)))])


def test_a_piece_may_end_with_a_cut_to_a_room_that_is_empty() -> None:
    first = side(3)
    cut = len(first) - 15
    xy_px = first.xy_px.copy()
    xy_px[cut:] = np.nan
    cut_away = replace(first, xy_px=xy_px, segments=((0, cut), (cut, len(first))))
    found = assess_as_one_set([seen(cut_away), seen(side(4))])
    assert [rep.source for rep in found.sets[0].reps] == [0] * 3 + [1] * 4


@pytest.mark.parametrize(
    ("into_s", "count", "flag"),
    # in the second repetition: on the way down, at the bottom, soon after it, and just before standing
    [(0.7, 4, "begins_before"), (1.35, 4, "starts_at_bottom"), (2.0, 3, None), (2.35, 4, "ends_early")],
)
def test_a_repetition_cut_in_two_counts_once_or_is_said_to_be_lost(into_s: float, count: int, flag: str | None) -> None:
    whole = side(4)
    at = 1.5 + USUAL.rep + into_s
    found = assess_as_one_set([seen(whole.between(0.0, at)), seen(whole.between(at, np.inf))])
    assert found.sets[0].summary.full_reps == count
    assert {name for rep in found.sets[0].reps for name in rep.flags} == ({flag} if flag else set())
    assert any("cut in two" in text for text in found.quality.warnings) == (flag is None)


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("offset_s", [0.0, 7.3])
def test_each_criterion_comes_from_the_camera_that_sees_it(offset_s: float, *, swapped: bool) -> None:
    videos = [seen(side()), seen(front(lead_s=1.5 + offset_s))]
    both = assess_two_views(*(reversed(videos) if swapped else videos))
    (only,) = both.sets
    assert only.summary.full_reps == 4
    assert {rep.source for rep in only.reps} == {1 if swapped else 0}
    alone = {c.id: c for video in videos for c in assess_seen(video).sets[0].reps[0].criteria if c.status == "measured"}
    for criterion in only.reps[0].criteria:
        if criterion.id in ("SQ-DEPTH", "SQ-LEAN", "SQ-RISE"):
            assert criterion.view == "sagittal"
        if criterion.id in ("SQ-KASR", "SQ-MKD", "SQ-SHIFT"):
            assert criterion.view == "frontal"
            assert criterion.value == alone[criterion.id].value
    assert {c.id for c in only.reps[0].criteria if c.status == "measured"} >= set(alone)
    assert not any("Film from the side" in text for text in both.quality.warnings)


def test_only_both_views_give_one_total() -> None:
    both = assess_two_views(seen(side()), seen(front())).sets[0].summary
    assert both.technique_total is not None
    assert both.technique_total.score is not None
    assert both.technique_total.coverage == pytest.approx(1.0, abs=0.3)
    for single in (side(), front()):
        assert assess_seen(seen(single)).sets[0].summary.technique_total is None


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (side(), side(), "Both videos are filmed from the side"),
        (front(), front(), "Both videos are filmed from the front"),
        (side(4), front(5), "The side shows 4 full repetitions and the front 5"),
        (side(4), front(4, Tempo(rest=2.5)), "same rhythm"),
        (side(4), film(reps(figure.STANDING), 0.0), "No repetition was found"),
    ],
)
def test_videos_that_are_not_two_views_of_a_set(one: figure.PoseTrack, other: figure.PoseTrack, words: str) -> None:
    with pytest.raises(InputError, match=words) as error:
        assess_two_views(seen(one), seen(other))
    assert "\n" not in str(error.value)


def test_two_sets_in_one_video_are_refused() -> None:
    t = np.arange(1200) / 30.0
    low = figure.profile(t, [1.0] * 3) + figure.profile(t, [1.0] * 3, lead_s=25.0)
    with pytest.raises(InputError, match="shows 2 sets"):
        assess_two_views(seen(film(figure.moving(t, low, SQUAT))), seen(front(3)))


def test_a_correction_concerns_the_piece_that_it_names() -> None:
    pieces = [seen(side(3)), seen(side(4))]
    second = assess_as_one_set(pieces).sets[0].reps[4]
    assert second.source == 1
    no_rep = RepCorrection(second.bottom_s, is_rep=False, source=1)
    left = assess_as_one_set(pieces, corrections=[no_rep]).sets[0].reps
    assert [rep.source for rep in left] == [0] * 3 + [1] * 3
    assert second.bottom_s not in [rep.bottom_s for rep in left if rep.source == 1]


@pytest.mark.parametrize("video", [0, 1])
def test_what_is_set_right_in_one_view_holds_for_the_other(video: int) -> None:
    offset_s = 7.3
    videos = [seen(side()), seen(front(lead_s=1.5 + offset_s))]
    reps_before = assess_two_views(*videos).sets[0].reps
    third_s = reps_before[2].bottom_s
    no_rep = RepCorrection(third_s + video * offset_s, is_rep=False, source=video)
    left = assess_two_views(*videos, corrections=[no_rep]).sets[0].reps
    assert [rep.bottom_s for rep in left] == [rep.bottom_s for rep in reps_before if rep.bottom_s != third_s]
    assert {c.view for c in left[0].criteria if c.value is not None} == {"sagittal", "frontal"}
