from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formdrift.assess import overlay
from formdrift.assess.overlay import write_overlay
from formdrift.assess.video import VideoAssessment
from formdrift.pose.topology import MEDIAPIPE_33
from formdrift.pose.track import PoseTrack
from formdrift.scoring.result import Exercise, Quality, Rep, SetResult, Source, Subject, Summary, Versions, View
from formdrift.scoring.sets import Series
from formdrift.vision.draw import Canvas
from formdrift.vision.errors import VideoError
from formdrift.vision.source import open_video
from formdrift.vision.write import VideoWriter

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Image = NDArray[np.uint8]

SIZE = 360, 480
TIMES = np.arange(24) / 12 + 0.004 * (np.arange(24) % 3)  # not evenly spaced
GREY = 90
# A person in a half squat who faces the picture's left.
NEAR = {
    "shoulder": (150, 150),
    "elbow": (120, 190),
    "wrist": (90, 200),
    "hip": (210, 250),
    "knee": (130, 290),
    "ankle": (160, 390),
    "heel": (175, 400),
    "toe": (120, 405),
}


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "squat.mp4"
    with VideoWriter(path) as writer:
        for time_s in TIMES:
            writer.write(np.full((SIZE[1], SIZE[0], 3), GREY, np.uint8), float(time_s))
    return path


def track_of(video: Path) -> PoseTrack:
    with open_video(video) as source:
        times = np.array([f.time_s for f in source])
        info = source.info
    xy = np.full((len(times), 33, 2), np.nan)
    for joint, place in NEAR.items():
        xy[:, MEDIAPIPE_33.index[f"left_{joint}"]] = place
        xy[:, MEDIAPIPE_33.index[f"right_{joint}"]] = (place[0] + 40, place[1])
    visibility = np.where(np.isnan(xy[..., 0]), 0.0, 0.9)
    return PoseTrack(times, xy, visibility, MEDIAPIPE_33, info.size, "test", info)


def rep(index: int, start_s: float, bottom_s: float, end_s: float) -> Rep:
    return Rep(index, 0, "full", start_s, bottom_s, bottom_s, bottom_s, end_s, (), {}, (), ())


def assessment_of(track: PoseTrack, label: str = "sagittal", reps: int = 2) -> VideoAssessment:
    info = track.source
    found = (rep(1, 0.2, 0.5, 0.8), rep(2, 1.0, 1.3, 1.6))[:reps]
    view = View("frontal", 5.0, 5.0, "camera") if label == "frontal" else View("sagittal", 90.0, 5.0, "left")
    known = info.path, info.sha256, info.duration_s, len(track), info.fps, info.size
    source = Source(0, *known, 0, "e", "m", 1.0, Subject(0, 1), view)
    one = SetResult(Exercise("auto", "squat", "squat", 0.9), found, Summary(reps, 0, (), None, None))
    names = ("knee_flexion_deg", "hip_flexion_deg", "trunk_inclination_deg") if label == "sagittal" else ()
    clock = np.linspace(0, 3, 91)
    curves = {name: 40.0 + 10 * clock + 7 * i for i, name in enumerate(names)}
    return VideoAssessment(
        sources=(source,),
        sets=(one,),
        quality=Quality(True, ()),
        versions=Versions("0", "0"),
        series=(Series(0, clock, curves, "left"),),
    )


class Words(Canvas):
    """A canvas that remembers what was written on it."""

    seen: list[list[str]] = []  # noqa: RUF012

    def __init__(self, image: Image) -> None:
        super().__init__(image)
        self.seen.append([])

    def label(self, text: str, *args: object, **kwargs: object) -> None:
        self.seen[-1].append(text)
        super().label(text, *args, **kwargs)  # type: ignore[arg-type]


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the texts of every frame."""
    monkeypatch.setattr(Words, "seen", [])
    monkeypatch.setattr(overlay, "Canvas", Words)
    return Words.seen


def drawn(path: Path) -> list[Image]:
    with open_video(path) as source:
        return [f.rgb() for f in source]


def is_amber(image: Image) -> NDArray[np.bool_]:
    """Tell where the near side's colour is, give or take the loss of the encoding."""
    return (image[..., 0] > 200) & (image[..., 1] > 140) & (image[..., 2] < 110)


def is_light_blue(image: Image) -> NDArray[np.bool_]:
    return (image[..., 2] > 180) & (image[..., 0] < 190)


def test_every_frame_is_drawn_at_its_own_time(video: Path, tmp_path: Path) -> None:
    track = track_of(video)
    done: list[tuple[int, int]] = []
    write_overlay(video, track, assessment_of(track), tmp_path / "o.mp4", lambda n, of: done.append((n, of)))
    with open_video(tmp_path / "o.mp4") as source:
        np.testing.assert_array_equal([f.time_s for f in source], track.time_s)
        assert source.info.size == SIZE
    assert done == [(i + 1, len(track)) for i in range(len(track))]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["o.mp4", "squat.mp4"]


def test_the_skeleton_lies_on_the_joints_with_the_near_side_in_front(video: Path, tmp_path: Path) -> None:
    track = track_of(video)
    write_overlay(video, track, assessment_of(track), tmp_path / "o.mp4")
    image = drawn(tmp_path / "o.mp4")[12]
    for joint in ("shoulder", "elbow", "wrist", "ankle"):
        x, y = NEAR[joint]
        assert is_amber(image)[y - 2 : y + 2, x - 2 : x + 2].any(), joint
        assert not is_amber(image)[y - 2 : y + 2, x + 38 : x + 42].any(), joint
    x, y = (np.array(NEAR["ankle"]) + NEAR["knee"]) // 2
    assert is_light_blue(image)[y - 4 : y + 4, x + 36 : x + 44].any()


def test_angles_are_those_of_the_frames_time(video: Path, tmp_path: Path, words: list[list[str]]) -> None:
    track = track_of(video)
    write_overlay(video, track, assessment_of(track), tmp_path / "o.mp4")
    for time_s, texts in zip(track.time_s, words, strict=True):
        for name, offset in (("Knee", 0), ("Hip", 7), ("Trunk", 14)):
            assert f"{name} {40 + 10 * time_s + offset:.0f}°" in texts


def test_an_angle_that_was_not_measured_is_not_drawn(video: Path, tmp_path: Path, words: list[list[str]]) -> None:
    track = track_of(video)
    whole = assessment_of(track)
    knee = np.where(whole.series[0].time_s < 1.0, np.nan, 50.0)
    curves = replace(whole.series[0], values={**whole.series[0].values, "knee_flexion_deg": knee})
    write_overlay(video, track, replace(whole, series=(curves,)), tmp_path / "o.mp4")
    shown = [any(t.startswith("Knee") for t in texts) for texts in words]
    assert shown == [bool(t >= 1.0) for t in track.time_s]


def test_an_angle_at_a_joint_that_was_not_seen_is_not_drawn(
    video: Path, tmp_path: Path, words: list[list[str]]
) -> None:
    track = track_of(video)
    visibility = track.visibility.copy()
    visibility[:, MEDIAPIPE_33.index["left_ankle"]] = 0.1
    write_overlay(video, replace(track, visibility=visibility), assessment_of(track), tmp_path / "o.mp4")
    assert not any(t.startswith("Knee") for texts in words for t in texts)
    assert all(any(t.startswith("Hip") for t in texts) for texts in words)


def test_reps_are_counted_when_they_end_and_phases_named(video: Path, tmp_path: Path, words: list[list[str]]) -> None:
    track = track_of(video)
    write_overlay(video, track, assessment_of(track), tmp_path / "o.mp4")
    for time_s, texts in zip(track.time_s.tolist(), words, strict=True):
        assert f"{sum(time_s >= end_s for end_s in (0.8, 1.6))} of 2 reps" in texts
        down = 0.2 <= time_s < 0.5 or 1.0 <= time_s < 1.3
        up = 0.5 <= time_s < 0.8 or 1.3 <= time_s < 1.6
        assert [t for t in texts if t in ("Down", "Up")] == ["Down"] * down + ["Up"] * up


def test_partial_reps_and_those_of_other_sources_are_not_counted(
    video: Path, tmp_path: Path, words: list[list[str]]
) -> None:
    track = track_of(video)
    whole = assessment_of(track)
    other = replace(rep(3, 0.1, 0.2, 0.3), source=1)
    partial = replace(rep(4, 0.1, 0.2, 0.3), kind="partial")
    sets = (replace(whole.sets[0], reps=(*whole.sets[0].reps[:1], other, partial)),)
    write_overlay(video, track, replace(whole, sets=sets), tmp_path / "o.mp4")
    assert "1 of 1 rep" in words[-1]


def test_no_reps_are_called_that(video: Path, tmp_path: Path, words: list[list[str]]) -> None:
    track = track_of(video)
    write_overlay(video, track, assessment_of(track, reps=0), tmp_path / "o.mp4")
    assert all("No reps" in texts for texts in words)


def test_a_front_view_says_why_there_are_no_angles(video: Path, tmp_path: Path, words: list[list[str]]) -> None:
    track = track_of(video)
    write_overlay(video, track, assessment_of(track, "frontal"), tmp_path / "o.mp4")
    for texts in words:
        assert any(t.startswith("Filmed from the front") for t in texts)
        assert not any("°" in t for t in texts)
    # Both sides are equally near.
    image = drawn(tmp_path / "o.mp4")[12]
    x, y = NEAR["shoulder"]
    assert is_amber(image)[y - 2 : y + 2, x + 38 : x + 42].any()


def test_what_can_not_be_drawn_is_said_in_the_first_seconds_only(tmp_path: Path, words: list[list[str]]) -> None:
    video = tmp_path / "long.mp4"
    with VideoWriter(video) as writer:
        for i in range(9):
            writer.write(np.full((SIZE[1], SIZE[0], 3), GREY, np.uint8), float(i))
    track = track_of(video)
    write_overlay(video, track, assessment_of(track, "frontal"), tmp_path / "o.mp4")
    shown = [any("can't be measured" in t for t in texts) for texts in words]
    assert shown == [True] * 4 + [False] * 5


def test_a_balance_test_is_not_told_that_it_has_no_reps_or_angles(
    video: Path, tmp_path: Path, words: list[list[str]]
) -> None:
    track = track_of(video)
    whole = assessment_of(track, "frontal", reps=0)
    stood = replace(whole.sets[0], exercise=Exercise("balance", "balance", "balance", 1.0))
    write_overlay(video, track, replace(whole, sets=(stood,)), tmp_path / "o.mp4")
    assert words == [[]] * len(track)


def test_frames_without_landmarks_show_no_skeleton(video: Path, tmp_path: Path) -> None:
    track = track_of(video)
    xy = track.xy_px.copy()
    xy[:12] = np.nan
    without_last = replace(track, xy_px=xy).between(0.0, float(track.time_s[-1]))
    write_overlay(video, without_last, assessment_of(track), tmp_path / "o.mp4")
    x, y = NEAR["shoulder"]
    amber = [bool(is_amber(image)[y - 2 : y + 2, x - 2 : x + 2].any()) for image in drawn(tmp_path / "o.mp4")]
    assert amber == [False] * 12 + [True] * 11 + [False]


def test_large_pictures_are_written_smaller_with_the_skeleton_in_place(tmp_path: Path) -> None:
    video = tmp_path / "large.mp4"
    with VideoWriter(video) as writer:
        for i in range(2):
            writer.write(np.full((480 * 5, 360 * 5, 3), GREY, np.uint8), i / 30)
    small = track_of(video)
    track = replace(small, xy_px=small.xy_px * 5)
    write_overlay(video, track, assessment_of(track), tmp_path / "o.mp4")
    image = drawn(tmp_path / "o.mp4")[1]
    assert image.shape == (1920, 1440, 3)
    x, y = (4 * v for v in NEAR["shoulder"])
    assert is_amber(image)[y - 4 : y + 4, x - 4 : x + 4].all()


def test_the_video_itself_is_never_overwritten(video: Path) -> None:
    before = video.read_bytes()
    track = track_of(video)
    with pytest.raises(VideoError, match="is the video itself: choose another name"):
        write_overlay(video, track, assessment_of(track), video)
    assert video.read_bytes() == before


def test_only_an_older_annotated_video_is_replaced(video: Path, tmp_path: Path) -> None:
    track, filmed, annotated = track_of(video), tmp_path / "filmed.mp4", tmp_path / "annotated.mp4"
    filmed.write_bytes(video.read_bytes())
    with pytest.raises(VideoError, match="give another name, or it would be overwritten"):
        write_overlay(video, track, assessment_of(track), filmed)
    assert filmed.read_bytes() == video.read_bytes()
    for _ in range(2):
        write_overlay(video, track, assessment_of(track), annotated)


def test_a_failure_leaves_nothing_behind(video: Path, tmp_path: Path) -> None:
    track = track_of(video)

    def stop(done: int, announced: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_overlay(video, track, assessment_of(track), tmp_path / "o.mp4", stop)
    assert [p.name for p in tmp_path.iterdir()] == ["squat.mp4"]


def test_a_missing_folder_is_named(video: Path, tmp_path: Path) -> None:
    track = track_of(video)
    with pytest.raises(VideoError, match="There is no folder"):
        write_overlay(video, track, assessment_of(track), tmp_path / "nowhere" / "o.mp4")
