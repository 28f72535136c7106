"""What somebody set right by hand about repetitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import figure
import numpy as np
import pytest
from figure import Tempo, film, moving, profile, reps

from formdrift.scoring.corrections import RepCorrection
from formdrift.scoring.sets import score_track

if TYPE_CHECKING:
    from formdrift.scoring.result import Rep
    from formdrift.scoring.thresholds import Thresholds

SQUAT = figure.PARALLEL_SQUAT
TEMPO = Tempo()
FIVE = film(reps(SQUAT, (1.0,) * 5))


def found(thresholds: Thresholds, *said: RepCorrection, track: figure.PoseTrack = FIVE) -> list[Rep]:
    return [rep for one in score_track(track, "squat", thresholds, corrections=said).sets for rep in one.reps]


def test_a_repetition_that_is_none_is_left_out(thresholds: Thresholds) -> None:
    before = found(thresholds)
    left = found(thresholds, RepCorrection(before[2].bottom_s, is_rep=False))
    assert [rep.bottom_s for rep in left] == [rep.bottom_s for i, rep in enumerate(before) if i != 2]
    assert [rep.index for rep in left] == [1, 2, 3, 4]


def test_edges_are_moved_and_the_bottom_stays(thresholds: Thresholds) -> None:
    second = found(thresholds)[1]
    said = RepCorrection(second.bottom_s, start_s=second.start_s + 0.2, end_s=second.end_s - 0.3)
    moved = found(thresholds, said)[1]
    assert (moved.start_s, moved.bottom_s, moved.end_s) == (
        pytest.approx(second.start_s + 0.2),
        second.bottom_s,
        pytest.approx(second.end_s - 0.3),
    )


def test_a_missed_repetition_lasts_from_standing_to_standing(thresholds: Thresholds) -> None:
    """The third of five dips is so small that nobody takes it for a repetition."""
    depths = (1.0, 1.0, 0.22, 1.0, 1.0)
    track = film(reps(SQUAT, depths))
    before = found(thresholds, track=track)
    bottom_s = 1.5 + 2 * TEMPO.rep + TEMPO.down
    assert [rep for rep in before if abs(rep.bottom_s - bottom_s) < 1.0] == []
    third = found(thresholds, RepCorrection(bottom_s, missed=True), track=track)[2]
    assert (third.index, third.bottom_s, third.kind) == (3, bottom_s, "partial")
    # the hips hardly drop in the first third of the way down
    assert 0.0 <= third.start_s - (bottom_s - TEMPO.down) <= TEMPO.down / 3
    assert 0.0 <= (bottom_s + TEMPO.hold + TEMPO.up) - third.end_s <= TEMPO.up / 3


def test_a_missed_repetition_that_is_found_after_all_counts_once(thresholds: Thresholds) -> None:
    before = found(thresholds)
    again = found(thresholds, RepCorrection(before[3].bottom_s + 0.1, missed=True))
    assert [rep.bottom_s for rep in again] == [rep.bottom_s for rep in before]


def test_what_matches_no_repetition_changes_nothing(thresholds: Thresholds) -> None:
    standing_s = found(thresholds)[0].end_s + 0.5 * TEMPO.rest
    assert found(thresholds, RepCorrection(standing_s, end_s=99.0)) == found(thresholds)


def test_a_missed_repetition_joins_the_set_beside_it(thresholds: Thresholds) -> None:
    t = np.arange(1200) / 30.0
    track = film(moving(t, profile(t, [1.0] * 3) + profile(t, [1.0] * 3, lead_s=25.0), SQUAT))
    late_s = 25.0 + 3 * TEMPO.rep + 1.0
    parts = score_track(track, "squat", thresholds, corrections=[RepCorrection(late_s, missed=True)]).sets
    assert [len(one.reps) for one in parts] == [3, 4]
    assert parts[1].reps[3].bottom_s == late_s


def test_who_took_a_repetition_out_can_put_it_back(thresholds: Thresholds) -> None:
    second = found(thresholds)[1]
    out, back = RepCorrection(second.bottom_s, is_rep=False), RepCorrection(second.bottom_s + 0.1, missed=True)
    assert [rep.index for rep in found(thresholds, out, back)] == [1, 2, 3, 4, 5]
    assert found(thresholds, out, back)[1].bottom_s == pytest.approx(second.bottom_s + 0.1)


def test_what_lies_in_no_set_that_can_be_judged_changes_nothing(thresholds: Thresholds) -> None:
    """Between two sets, in a film of no exercise, and where nobody is seen."""
    two_sets = film(reps(SQUAT, (1.0, 1.0, *(0.3,) * 5, 1.0, 1.0)))
    dips = film(reps(SQUAT, (0.12,) * 3))
    unseen = figure.hide(FIVE, slice(None), ["left_hip", "right_hip"])
    for track, moments_s in ((two_sets, (9.72, 13.12, 16.52)), (dips, (2.92,)), (unseen, (3.0,))):
        said = [RepCorrection(bottom_s, missed=True) for bottom_s in moments_s]
        before, after = (score_track(track, "auto", thresholds, corrections=each).sets for each in ((), said))
        assert [one.summary.full_reps for one in after] == [one.summary.full_reps for one in before]


def test_a_missed_repetition_in_which_nobody_is_seen_is_not_added(thresholds: Thresholds) -> None:
    """Nobody knows how deep it was; where the lifter is hidden at the lowest point only, it counts."""
    hidden = figure.hide(FIVE, (FIVE.time_s > 5.0) & (FIVE.time_s < 8.0))
    unseen = RepCorrection(6.5, start_s=6.2, end_s=6.8, missed=True)
    assert found(thresholds, unseen, track=hidden) == found(thresholds, track=hidden)
    bottom_s = 1.5 + 2 * TEMPO.rep + TEMPO.down
    small = film(reps(SQUAT, (1.0, 1.0, 0.22, 1.0, 1.0)))
    for_a_moment = figure.hide(small, np.abs(small.time_s - bottom_s) < 0.2)
    assert len(found(thresholds, track=for_a_moment)) == 4
    assert len(found(thresholds, RepCorrection(bottom_s, missed=True), track=for_a_moment)) == 5


def test_edges_by_hand_within_which_nothing_is_seen_leave_nothing_measured(thresholds: Thresholds) -> None:
    bottom_s = found(thresholds)[1].bottom_s
    hidden = figure.hide(FIVE, np.abs(FIVE.time_s - bottom_s) < 0.3)
    second = found(thresholds, track=hidden)[1]
    edges = RepCorrection(second.bottom_s, start_s=second.bottom_s - 0.1, end_s=second.bottom_s + 0.1)
    rep = found(thresholds, edges, track=hidden)[1]
    assert rep.end_s - rep.start_s == pytest.approx(0.2, abs=0.01)
    assert rep.measurements["knee_flexion_bottom_deg"].status == "poor_quality"


def test_an_end_behind_the_last_frame_is_the_last_frame(thresholds: Thresholds) -> None:
    last = found(thresholds)[-1]
    moved = found(thresholds, RepCorrection(last.bottom_s, end_s=float(FIVE.time_s[-1]) + 0.05))
    assert len(moved) == 5
    assert moved[-1].end_s >= last.end_s
