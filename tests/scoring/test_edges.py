"""When the phases of repetitions begin and end, where the truth is commanded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import figure
import numpy as np
import pytest
from figure import Tempo, clock, film, hide, moving, reps

from formdrift.scoring.sets import score_track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formdrift.pose.track import PoseTrack
    from formdrift.scoring.result import Rep
    from formdrift.scoring.thresholds import Thresholds

    Floats = NDArray[np.float64]

SQUAT = figure.PARALLEL_SQUAT
LEAD_S = 1.5


def full_reps(track: PoseTrack, thresholds: Thresholds) -> list[Rep]:
    return [rep for one in score_track(track, "auto", thresholds).sets for rep in one.reps if rep.kind == "full"]


@pytest.mark.parametrize("pose", [SQUAT, figure.RDL])
@pytest.mark.parametrize(
    "tempo",
    [Tempo(0.6, 0.1, 0.5, 0.4), Tempo(1.2, 0.4, 1.0, 0.8), Tempo(3.0, 0.6, 1.5, 1.0), Tempo(6.0, 0.3, 2.0, 1.0)],
)
@pytest.mark.parametrize("yaw", [90.0, -75.0])
def test_edges_from_the_side(yaw: float, tempo: Tempo, pose: figure.Pose, thresholds: Thresholds) -> None:
    """To 0.15 s, and of phases longer than two seconds to 7 %."""
    found = full_reps(film(reps(pose, (1.0,) * 3, tempo), yaw), thresholds)
    assert len(found) == 3
    starts = LEAD_S + tempo.rep * np.arange(3)
    truth = {
        "start_s": starts,
        "descent_end_s": starts + tempo.down,
        "ascent_start_s": starts + tempo.down + tempo.hold,
        "end_s": starts + tempo.down + tempo.hold + tempo.up,
    }
    for edge, expected in truth.items():
        off = np.array([getattr(rep, edge) for rep in found]) - expected
        phase_s = tempo.down if edge in ("start_s", "descent_end_s") else tempo.up
        assert np.median(np.abs(off)) <= max(0.15, 0.07 * phase_s), (edge, off)


@pytest.mark.parametrize("yaw", [90.0, 45.0, 0.0])
@pytest.mark.parametrize("tempo", [Tempo(1.2, 0.4, 1.0, 0.8), Tempo(2.0, 0.6, 2.0, 1.0)])
def test_bottom_is_the_middle_of_the_hold(tempo: Tempo, yaw: float, thresholds: Thresholds) -> None:
    found = full_reps(film(reps(SQUAT, (1.0,) * 4, tempo), yaw, noise_px=0.5), thresholds)
    truth = LEAD_S + tempo.rep * np.arange(4) + tempo.down + tempo.hold / 2
    assert np.median(np.abs([rep.bottom_s for rep in found] - truth)) <= 0.05


def test_constant_speed_is_not_extended(thresholds: Thresholds) -> None:
    """A descent at even speed sets off at once: what makes up for slow beginnings adds nothing there."""
    t = clock(20.0)
    low = np.interp(t, [2.0, 5.0, 5.5, 6.5, 10.0, 13.0, 13.5, 14.5], [0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0])
    found = full_reps(film(moving(t, low, SQUAT)), thresholds)
    assert [rep.start_s for rep in found] == pytest.approx([2.0, 10.0], abs=0.2)
    assert [rep.end_s for rep in found] == pytest.approx([6.5, 14.5], abs=0.2)


def test_repetitions_never_overlap(thresholds: Thresholds) -> None:
    found = full_reps(film(reps(SQUAT, (1.0,) * 6, Tempo(1.0, 0.0, 1.0, 0.0)), noise_px=1.0), thresholds)
    assert len(found) == 6
    edges = [e for r in found for e in (r.start_s, r.descent_end_s, r.bottom_s, r.ascent_start_s, r.end_s)]
    assert edges == sorted(edges)


def test_hidden_angles_leave_the_hips_to_tell(thresholds: Thresholds) -> None:
    track = film(reps(SQUAT))
    begins = (track.time_s > LEAD_S - 0.3) & (track.time_s < LEAD_S + 0.3)
    found = full_reps(hide(track, begins, ["left_shoulder", "right_shoulder"]), thresholds)
    assert len(found) == 4
    assert found[0].start_s == pytest.approx(LEAD_S, abs=0.4)


@pytest.mark.parametrize("yaw", [90.0, 45.0])
def test_a_slow_way_down_does_not_make_the_bottom_earlier(yaw: float, thresholds: Thresholds) -> None:
    tempo = Tempo(6.0, 0.3, 1.0, 1.0)
    found = full_reps(film(reps(SQUAT, (1.0,) * 3, tempo), yaw), thresholds)
    truth = LEAD_S + tempo.rep * np.arange(3) + tempo.down + tempo.hold / 2
    assert np.median(np.abs([rep.bottom_s for rep in found] - truth)) <= 0.1
    assert [rep.start_s for rep in found] == pytest.approx(LEAD_S + tempo.rep * np.arange(3), abs=0.45)


def test_hips_seen_from_the_front_tell_when_a_descent_began(thresholds: Thresholds) -> None:
    """They hardly sink in the first third of it: to a fifth of its duration."""
    tempo = Tempo(3.0, 0.6, 1.5, 1.0)
    found = full_reps(film(reps(SQUAT, (1.0,) * 3, tempo), 0.0), thresholds)
    starts = LEAD_S + tempo.rep * np.arange(3)
    assert [rep.start_s for rep in found] == pytest.approx(starts, abs=0.6)
    assert [rep.end_s for rep in found] == pytest.approx(starts + 5.1, abs=0.3)
