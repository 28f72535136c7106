from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import figure
import numpy as np
import pytest

from formdrift.assess import USER_ERRORS, InputError, assess_seen, assess_video, load_thresholds
from formdrift.vision.errors import VideoError
from formdrift.vision.write import VideoWriter

if TYPE_CHECKING:
    from pathlib import Path

    from formdrift.assess import VideoAssessment


def write(path: Path, frames: int) -> Path:
    """Write a grey room with nobody in it."""
    rng = np.random.default_rng(0)
    with VideoWriter(path) as video:
        for k in range(frames):
            video.write(rng.integers(90, 110, (240, 320, 3)).astype(np.uint8), k / 30)
    return path


def test_source_and_versions(squat: VideoAssessment) -> None:
    (source,) = squat.sources
    assert (source.id, source.path, source.engine, source.model_id) == (
        0,
        "figure.mp4",
        "blazepose-onnx",
        "stick-figure",
    )
    assert (source.size, source.detected_fraction) == ((640, 480), 1.0)
    assert (source.subject.index, source.subject.candidates) == (0, 1)
    assert source.view.label == "sagittal"
    assert squat.versions.thresholds == load_thresholds().version
    assert squat.quality.usable
    assert squat.quality.warnings == ("The file ends early.",)


def test_who_never_moves_is_assessed_with_a_warning(still: VideoAssessment) -> None:
    assert not still.quality.usable
    assert [one.reps for one in still.sets] == [()]
    assert any("No repetition" in text for text in still.quality.warnings)


@pytest.mark.parametrize(
    ("exercise", "said"),
    [("auto", "No repetition of a squat or a hinge"), ("rdl", "No repetition of the exercise you chose, 'rdl',")],
)
def test_what_was_looked_for_and_not_found_is_named(exercise: str, said: str) -> None:
    found = assess_seen(figure.seen(figure.film(figure.reps(figure.STANDING))), exercise)
    assert sum("No repetition" in text for text in found.quality.warnings) == 1
    assert any(text.startswith(said) for text in found.quality.warnings)


def test_who_is_often_gone_is_said() -> None:
    track = figure.film(figure.reps(figure.PARALLEL_SQUAT))
    gone = figure.hide(track, slice(len(track) * 3 // 4, None))
    found = assess_seen(figure.seen(gone))
    assert found.sources[0].detected_fraction == pytest.approx(0.75, abs=0.01)
    assert any("seen in 75 % of the video" in text for text in found.quality.warnings)


def test_own_thresholds_are_used_and_named(tmp_path: Path) -> None:
    ours = tmp_path / "mine.toml"
    text = files("formdrift.scoring").joinpath("thresholds.toml").read_text(encoding="utf-8")
    ours.write_text(
        text.replace('"2026.1"', '"strict"').replace("t = [4.0, 12.0, 22.0, 40.0]", "t = [-40, -30, -20, -10]")
    )
    found = assess_seen(figure.seen(figure.film(figure.reps(figure.PARALLEL_SQUAT))), thresholds=load_thresholds(ours))
    assert found.versions.thresholds == "strict"
    assert [c.score for rep in found.sets[0].reps for c in rep.criteria if c.id == "SQ-DEPTH"] == [0, 0, 0, 0]


def test_an_exercise_that_there_is_not() -> None:
    track = figure.film(figure.reps(figure.PARALLEL_SQUAT))
    with pytest.raises(InputError, match=r"no exercise 'lunge': choose one of auto, squat"):
        assess_seen(figure.seen(track), "lunge")
    with pytest.raises(InputError, match=r"no exercise 'lunge'"):
        assess_video("absent.mp4", "lunge")


def test_input_errors_are_the_users() -> None:
    assert issubclass(InputError, USER_ERRORS)
    assert issubclass(VideoError, USER_ERRORS)


@pytest.mark.usefixtures("models_present")
def test_one_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'one\.mp4' holds a single picture, not a movement: give a video"):
        assess_video(write(tmp_path / "one.mp4", 1))


@pytest.mark.usefixtures("models_present")
def test_an_empty_room_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"Nobody was found in 'room\.mp4': film one person"):
        assess_video(write(tmp_path / "room.mp4", 12))


@pytest.mark.usefixtures("models_present")
def test_a_video_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(VideoError):
        assess_video(tmp_path / "absent.mp4")
