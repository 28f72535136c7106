"""Repetitions are set right by hand as often as somebody changes their mind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from formdrift.assess import Rep, RepCorrection, SaidOfSet, SeenVideo, judge_set
from formdrift.sessions.store import Store
from formdrift.sessions.tables import TrainingSet
from formdrift.ui.demo import add_demo
from formdrift.ui.views.correct import at_edge, on_show, with_change, with_missed
from formdrift.ui.work import said_of, seen_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[SeenVideo], SaidOfSet]:
    """Return the demo's set of twelve repetitions, as it was seen and as it is described."""
    folder: Path = tmp_path_factory.mktemp("data")
    store = Store(folder)
    add_demo(store)
    with store.begin() as session:
        sets = [one for one in session.query(TrainingSet) if one.videos and one.videos[0].track_key]
        seen = [(seen_of(store, one), said_of(one)) for one in sets]
    store.close()
    return next(one for one in seen if len(reps(*one, [])) == 12)


def reps(seen: list[SeenVideo], said: SaidOfSet, corrections: list[dict[str, Any]]) -> tuple[Rep, ...]:
    made = tuple(RepCorrection(**one) for one in corrections)
    return judge_set(seen, replace(said, corrections=made)).sets[0].reps


def shown(seen: list[SeenVideo], time_s: float) -> float:
    """Return the time of the frame at which the page's player stands, rounded as it is there."""
    clock = seen[0].people.lifter.time_s
    return round(float(clock[np.argmin(np.abs(clock - time_s))]), 4)


def test_the_repetition_that_the_video_shows_is_meant(kept: tuple[list[SeenVideo], SaidOfSet]) -> None:
    found = reps(*kept, [])
    assert [on_show(found, rep.bottom_s) for rep in found] == list(range(12))
    assert on_show(found, 0.0) == 0
    assert on_show(found, found[-1].end_s + 5.0) == 11


@pytest.mark.parametrize("place", [0, 1])
def test_a_repetition_is_taken_out_and_put_back_again_and_again(
    kept: tuple[list[SeenVideo], SaidOfSet], place: int
) -> None:
    seen, said = kept
    corrections: list[dict[str, Any]] = []
    counts = []
    for _ in range(2):
        rep = reps(seen, said, corrections)[place]
        corrections = with_change(corrections, rep, is_rep=False)
        counts.append(len(reps(seen, said, corrections)))
        corrections = with_missed(corrections, 0, shown(seen, rep.bottom_s))
        counts.append(len(reps(seen, said, corrections)))
    assert counts == [11, 12, 11, 12]
    rep = reps(seen, said, corrections)[place]
    moved = reps(seen, said, with_change(corrections, rep, start_s=rep.start_s + 0.1))
    assert len(moved) == 12
    assert moved[place].start_s == pytest.approx(rep.start_s + 0.1)


def test_a_repetition_that_was_added_is_changed_and_taken_out_like_any_other(
    kept: tuple[list[SeenVideo], SaidOfSet],
) -> None:
    seen, said = kept
    found = reps(seen, said, [])
    at_s = shown(seen, (found[3].end_s + found[4].start_s) / 2)
    corrections = with_missed([], 0, at_s)
    added = reps(seen, said, corrections)[4]
    assert added.bottom_s == pytest.approx(at_s, abs=1e-3)
    corrections = with_change(corrections, added, start_s=added.start_s - 0.2)
    assert reps(seen, said, corrections)[4].start_s == pytest.approx(added.start_s - 0.2)
    assert len(reps(seen, said, with_change(corrections, added, is_rep=False))) == 12


def test_what_is_said_of_another_video_or_repetition_stays(kept: tuple[list[SeenVideo], SaidOfSet]) -> None:
    second = reps(*kept, [])[1]
    others = [{"bottom_s": second.bottom_s, "source": 1, "is_rep": False}, {"bottom_s": 1.0, "is_rep": False}]
    assert with_change(others, second, is_rep=False)[:2] == others
    assert with_missed(others, 0, second.bottom_s)[:2] == others


def test_at_the_first_and_last_frame_nothing_can_be_added(kept: tuple[list[SeenVideo], SaidOfSet]) -> None:
    seen, said = kept
    clock = seen[0].people.lifter.time_s
    clock_s = float(clock[0]), float(clock[-1])
    for frame, edge in ((0, True), (1, False), (-2, False), (-1, True)):
        at_s = shown(seen, clock[frame])
        assert at_edge(at_s, clock_s) == edge
        # the page says of those frames only that nothing would come of it
        assert (len(reps(seen, said, with_missed([], 0, at_s))) == 12) == edge
