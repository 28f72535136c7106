"""What was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from figure import Pose, film, reps

from formdrift.scoring.prescription import Prescription, Tempo, parse_tempo
from formdrift.scoring.sets import score_track

if TYPE_CHECKING:
    from formdrift.scoring.prescription import DepthTarget
    from formdrift.scoring.thresholds import Thresholds


@pytest.mark.parametrize(
    ("text", "tempo"),
    [
        ("3/1/1/0", Tempo(3, 1, 1, 0)),
        ("3-1-X-0", Tempo(3, 1, None, 0)),
        ("31x0", Tempo(3, 1, None, 0)),
        ("2.5/0/1", Tempo(2.5, 0, 1, None)),
        ("301", Tempo(3, 0, 1, None)),
    ],
)
def test_tempos_are_read(text: str, tempo: Tempo) -> None:
    assert parse_tempo(text) == tempo


@pytest.mark.parametrize("text", ["", "3", "3/1", "slow", "3/1/1/0/2", "-3/1/1", "3//1", "99/1/1", "nan/1/1"])
def test_other_texts_are_no_tempo(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"is no tempo: write seconds down/bottom/up/top, .* or 3/1/1 if the pause at the top"
    ):
        parse_tempo(text)


@pytest.mark.parametrize(
    ("target", "thigh", "fine"),
    [
        ("parallel", -90, True),
        ("parallel", -60, False),
        ("half", -60, True),
        ("full", -90, False),
        ("full", -105, True),
    ],
)
def test_depth_is_judged_against_what_was_asked_for(
    target: DepthTarget, thigh: float, fine: bool, thresholds: Thresholds
) -> None:
    track = film(reps(Pose(30, thigh, 35, arm=90)))
    (one,) = score_track(track, "squat", thresholds, prescription=Prescription(depth_target=target)).sets
    for rep in one.reps:
        depth = next(c for c in rep.criteria if c.id == "SQ-DEPTH")
        assert depth.value == pytest.approx(90 + thigh, abs=0.8)
        assert (depth.score == 100) == fine
