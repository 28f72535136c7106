from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import figure
import numpy as np
import pytest
from figure import film, reps

from formdrift.scoring.kinematics import kinematics
from formdrift.scoring.quality import Shortcoming, advice, camera_advice, shortcomings, widening
from formdrift.scoring.sets import score_track

if TYPE_CHECKING:
    from formdrift.pose.track import PoseTrack
    from formdrift.scoring.thresholds import Thresholds

SQUATS = film(reps(figure.PARALLEL_SQUAT))


def judged(track: PoseTrack, thresholds: Thresholds) -> tuple[tuple[Shortcoming, ...], np.ndarray]:
    """What is lacking in the squats of a track, and by what it widens errors."""
    found = score_track(SQUATS, "squat", thresholds).observed[0]
    lacking = shortcomings(track, kinematics(track, thresholds), found.spans)
    return lacking, widening(lacking, len(found.spans))


def carried(track: PoseTrack, by_px: float) -> PoseTrack:
    camera = np.zeros((len(track), 2))
    camera[:, 0] = np.linspace(0, by_px, len(track))
    return replace(track, camera_xy_px=camera, xy_px=track.xy_px + camera[:, None])


def thigh_that_grows(track: PoseTrack) -> PoseTrack:
    """The knee moves away from the hip at every bottom."""
    xy_px = track.xy_px.copy()
    hip, knee = (track.topology.index[f"left_{joint}"] for joint in ("hip", "knee"))
    low = (xy_px[:, hip, 1] - xy_px[:, hip, 1].min()) / np.ptp(xy_px[:, hip, 1])
    xy_px[:, knee] = xy_px[:, hip] + (1 + 0.6 * low[:, None]) * (xy_px[:, knee] - xy_px[:, hip])
    return replace(track, xy_px=xy_px)


def knee_that_jumps(track: PoseTrack) -> PoseTrack:
    """For a fifth of a second, thigh and shank are where no leg can have got so soon."""
    xy_px = track.xy_px.copy()
    frames = slice(66, 72)
    knee = track.topology.index["left_knee"]
    hip_ankle = (track.joint("left_hip") + track.joint("left_ankle"))[frames] / 2
    xy_px[frames, knee] = 2 * hip_ankle - xy_px[frames, knee]
    return replace(track, xy_px=xy_px)


def test_a_good_video_lacks_nothing(thresholds: Thresholds) -> None:
    lacking, wider = judged(replace(SQUATS, brightness=110.0), thresholds)
    assert lacking == ()
    np.testing.assert_array_equal(wider, np.ones(4))
    assert camera_advice(SQUATS) == ()


@pytest.mark.parametrize(
    ("worse", "words"),
    [
        (film(reps(figure.PARALLEL_SQUAT), px_per_m=40.0), "small in the picture"),
        (replace(SQUATS, brightness=20.0), "The picture is dark"),
        (thigh_that_grows(SQUATS), "thigh seems to change its length"),
        (knee_that_jumps(SQUATS), "which nobody can"),
    ],
    ids=["small", "dark", "bones", "speed"],
)
def test_what_is_wrong_widens_errors_and_is_said_in_one_sentence(
    worse: PoseTrack, words: str, thresholds: Thresholds
) -> None:
    lacking, wider = judged(worse, thresholds)
    said = advice(lacking)
    assert any(words in text for text in said)
    assert all(text.count(".") == 1 and text.endswith(".") for text in said)
    assert 1.05 < wider.max() <= 3.0


def test_smaller_and_darker_is_worse(thresholds: Thresholds) -> None:
    small = [judged(film(reps(figure.PARALLEL_SQUAT), px_per_m=p), thresholds)[1].max() for p in (60.0, 40.0, 25.0)]
    dark = [judged(replace(SQUATS, brightness=light), thresholds)[1].max() for light in (40.0, 20.0, 10.0)]
    for errors in (small, dark):
        assert 1.0 < errors[0] < errors[1] < errors[2]


def test_too_few_frames_for_the_pace(thresholds: Thresholds) -> None:
    quick = film(reps(figure.PARALLEL_SQUAT, tempo=figure.Tempo(0.5, 0.1, 0.45, 1.0), fps=12.0))
    lacking = shortcomings(
        quick, kinematics(quick, thresholds), score_track(quick, "squat", thresholds).observed[0].spans
    )
    assert "film with more frames a second" in advice(lacking)[0]


def test_held_frames_count_as_missing(thresholds: Thresholds) -> None:
    held = replace(SQUATS, repairs={"repeated": round(0.8 * SQUATS.xy_px[..., 0].size)})
    assert "only repeat the one before" in judged(held, thresholds)[0][0].words


def test_no_more_than_two_sentences_and_the_worst_first(thresholds: Thresholds) -> None:
    tiny = film(reps(figure.PARALLEL_SQUAT), px_per_m=25.0)
    lacking, _ = judged(knee_that_jumps(thigh_that_grows(replace(tiny, brightness=30.0))), thresholds)
    errors = [one.error_deg.mean() for one in lacking]
    assert len(lacking) > 2
    assert errors == sorted(errors, reverse=True)
    assert advice(lacking) == tuple(one.words for one in lacking[:2])


def test_errors_of_a_set_widen_and_its_numbers_stay(thresholds: Thresholds) -> None:
    good, dark = (score_track(track, "squat", thresholds) for track in (SQUATS, replace(SQUATS, brightness=15.0)))
    for rep, same in zip(good.sets[0].reps, dark.sets[0].reps, strict=True):
        before, after = (one.measurements["knee_flexion_bottom_deg"] for one in (rep, same))
        assert after.value == before.value
        assert after.sem_abs > 1.2 * before.sem_abs
    assert set(dark.warnings) - set(good.warnings) == {
        "The picture is dark, so angles are rough: film with more light."
    }


def test_a_camera_that_moved_is_named(thresholds: Thresholds) -> None:
    moved = score_track(carried(SQUATS, 100.0), "squat", thresholds)
    assert any(text.startswith("The camera moved by 16 % of the picture") for text in moved.warnings)
    assert camera_advice(carried(SQUATS, 5.0)) == ()
