"""Choosing whom an assessment is about, and keeping what was seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import figure
import numpy as np
import pytest

from formdrift.assess import InputError, SeenVideo, TrackStore, assess_seen, choose, forget, look
from formdrift.pose.topology import MEDIAPIPE_33
from formdrift.pose.track import People
from formdrift.vision.write import VideoWriter

if TYPE_CHECKING:
    from pathlib import Path

SQUATS = figure.film(figure.reps(figure.PARALLEL_SQUAT))
STILL = replace(SQUATS, xy_px=np.broadcast_to(SQUATS.xy_px[:1] - (250.0, 0.0), SQUATS.xy_px.shape))


def seen(scores: tuple[float, float]) -> SeenVideo:
    return SeenVideo(People((SQUATS, STILL), scores, 0), "blazepose-onnx", ())


def test_another_person_is_scored_without_the_video() -> None:
    both = seen((0.9, 0.1))
    first, second = assess_seen(both), assess_seen(choose(both, 1))
    assert first.sets[0].summary.full_reps == 4
    assert sum(one.summary.full_reps for one in second.sets) == 0
    assert first.sources[0].subject.index == 0
    assert (second.sources[0].subject.index, second.sources[0].subject.candidates) == (1, 2)
    assert first.sources[0].subject.margin == pytest.approx(1 - 1 / 9, abs=1e-3)


def test_nobody_of_that_number() -> None:
    with pytest.raises(InputError, match=r"no person 2 in 'figure\.mp4': 2 people were seen, choose from 0 to 1\."):
        choose(seen((0.9, 0.1)), 2)


def test_a_thin_margin_is_said_unless_another_was_chosen() -> None:
    both = seen((0.9, 0.7))
    (warning,) = [text for text in assess_seen(both).quality.warnings if "who trains" in text]
    assert "person 1 (on the left)" in warning
    assert "--subject 1" in warning
    for clear in (seen((0.9, 0.1)), choose(both, 1)):
        assert not any("who trains" in text for text in assess_seen(clear).quality.warnings)


class Engine:
    """Sees one person in every frame, and counts the frames."""

    engine_id, model_id, runs_on, topology = "counting", "counting-1", "CPU", MEDIAPIPE_33
    frames = 0

    def process(self, frame: object) -> object:
        from formdrift.pose.engine import Landmarks

        Engine.frames += 1
        return Landmarks(SQUATS.xy_px[0], np.zeros((33, 3)), np.ones(33), 1.0)

    def close(self) -> None:
        pass


def test_a_video_is_looked_at_once_until_it_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    video = tmp_path / "grey.mp4"
    with VideoWriter(video) as writer:
        for k in range(10):
            writer.write(np.full((48, 64, 3), 20 * k, np.uint8), k / 10)
    monkeypatch.setattr("formdrift.assess.seen.make_engine", lambda engine, model: Engine())
    store = TrackStore(tmp_path / "tracks")
    first = look(video, store=store)
    moved = video.rename(tmp_path / "moved.mp4")
    second = look(moved, store=store)
    assert Engine.frames == 10
    assert second.people.lifter.source.path == str(moved)
    np.testing.assert_allclose(second.people.lifter.xy_px, first.people.lifter.xy_px, rtol=1e-6)
    store.files()[0].write_bytes(b"damaged")
    third = look(moved, store=store)
    assert Engine.frames == 20
    assert "damaged" in third.warnings[0]
    assert forget(moved, store) == 1
    look(moved, store=store)
    assert Engine.frames == 30
