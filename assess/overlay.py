"""The annotated video: what was seen and measured, drawn over the frames it was measured in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..vision.draw import Canvas
from ..vision.errors import VideoError
from ..vision.source import open_video
from ..vision.write import VideoWriter, comment_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from ..pose.track import PoseTrack
    from ..scoring.result import Rep, Source
    from ..scoring.sets import Series
    from .video import VideoAssessment

    Floats = NDArray[np.float64]

# By this in its file, an annotated video is told from one that somebody filmed.
_MARK = "Annotated by Formdrift"
_NEAR, _FAR, _ANGLE = (255, 190, 40), (130, 185, 255), (255, 255, 255)
# Landmarks below this visibility are guesses of the engine, and are not drawn.
_VISIBLE = 0.3
_LONGEST_SIDE_PX = 1920
# Frames and landmarks share their time stamps up to rounding.
_SAME_TIME_S = 1e-3
# Long enough to be read; it stands before the feet.
_NOTICE_S = 4.0
_UP = np.array([0.0, -1.0])
_ANGLES = ("knee_flexion_deg", "hip_flexion_deg", "trunk_inclination_deg")
_NO_ANGLES = {
    "frontal": "Filmed from the front or back: knee and hip bend can't be measured. Film from the side to see them.",
    "oblique": "Filmed at an angle: joint angles are too rough to draw. Film from the side to see them.",
    "uncertain": "The camera's view could not be determined, so no joint angles are shown.",
    "sagittal": "The joints were not seen well enough to measure angles.",
}


def write_overlay(
    video: Path,
    track: PoseTrack,
    assessment: VideoAssessment,
    target: Path,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Draw skeleton, measured angles and the rep count over a video.

    Angles appear only where they were measured; where none were, the first seconds say why.
    A balance test has neither count nor angles to miss. Pictures of more than 1920 pixels
    are written smaller.

    Parameters
    ----------
    video : Path
        The file that the track was made of.
    track : PoseTrack
        Landmarks in the video's upright pixels.
    assessment : VideoAssessment
        Reps, view and curves of the source with the track's hash.
    target : Path
        MP4 to write; an older annotated video is replaced, any other file is not.
    progress : callable, optional
        Called with the number of frames done and the number announced (0: unknown).

    Raises
    ------
    VideoError
        When the video can't be read or the target not be written.
    """
    check_overlay_target(video, target)
    scene = _Scene.of(track, assessment)
    with open_video(video) as source, VideoWriter(target, _MARK) as writer:
        width, height = source.info.size
        shrink = max(1.0, max(width, height) / _LONGEST_SIDE_PX)
        size = round(width / shrink), round(height / shrink)
        to_source = np.array([[width / size[0], 0, 0], [0, height / size[1], 0]])
        duration_s = source.info.duration_s or 1.0
        for frame in source:
            image = frame.rgb().copy() if shrink == 1 else frame.crop(to_source, size)
            scene.draw(Canvas(image), frame.time_s, 1 / shrink, duration_s)
            writer.write(image, frame.time_s)
            if progress is not None:
                progress(frame.index + 1, source.info.frames)


def check_overlay_target(video: Path, target: Path) -> None:
    """Refuse a target that would replace anything but an older annotated video.

    Raises
    ------
    VideoError
        When it would.
    """
    if not target.is_file():
        return
    if video.exists() and target.samefile(video):
        raise VideoError(f"'{target}' is the video itself: choose another name for the annotated one.")
    if comment_in(target) != _MARK:
        raise VideoError(f"'{target}' exists and is no annotated video: give another name, or it would be overwritten.")


@dataclass(frozen=True)
class _Scene:
    """Everything about one source that is drawn."""

    track: PoseTrack
    near: str | None
    reps: tuple[Rep, ...]
    angles: Series | None
    notice: str | None
    balances: bool

    @classmethod
    def of(cls, track: PoseTrack, assessment: VideoAssessment) -> _Scene:
        source = _source_of(track, assessment)
        reps = (rep for one in assessment.sets for rep in one.reps if rep.source == source.id and rep.kind == "full")
        series = next((s for s in assessment.series if s.source == source.id), None)
        seen = series is not None and any(np.isfinite(series.values[n]).any() for n in _ANGLES if n in series.values)
        balances = bool(assessment.sets) and all(one.exercise.family == "balance" for one in assessment.sets)
        return cls(
            track=track,
            near=series.near_side if seen and series is not None else None,
            reps=tuple(sorted(reps, key=lambda rep: rep.start_s)),
            angles=series if seen else None,
            notice=None if seen or balances else _NO_ANGLES[source.view.label],
            balances=balances,
        )

    def draw(self, canvas: Canvas, time_s: float, scale: float, duration_s: float) -> None:
        """Draw what holds at one time."""
        joints = self._joints(time_s, scale)
        if joints:
            self._draw_skeleton(canvas, joints)
            self._draw_angles(canvas, joints, time_s)
        if not self.balances:
            self._draw_count(canvas, time_s)
        if self.notice is not None and time_s < _NOTICE_S:
            canvas.label(self.notice, (canvas.width / 2, canvas.height - 10 * canvas.unit), (0.5, 1), 0.9)
        canvas.bar(time_s / duration_s, _NEAR, [rep.bottom_s / duration_s for rep in self.reps])

    def _joints(self, time_s: float, scale: float) -> dict[str, Floats]:
        """Return the joints seen at a time, in pixels of the drawing."""
        times = self.track.time_s
        at = int(np.searchsorted(times, time_s - _SAME_TIME_S))
        if at == len(times) or times[at] > time_s + _SAME_TIME_S:
            return {}
        xy, seen = self.track.xy_px[at] * scale, self.track.visibility[at] >= _VISIBLE
        index = self.track.topology.index
        return {name: xy[j] for name, j in index.items() if seen[j] and np.isfinite(xy[j]).all()}

    def _draw_skeleton(self, canvas: Canvas, joints: dict[str, Floats]) -> None:
        far = {"left": "right", "right": "left"}.get(self.near or "")
        bones = [pair for pair in self.track.topology.bones if pair[0] in joints and pair[1] in joints]
        for behind in (True, False):
            for a, b in bones:
                if (far is not None and (a.startswith(far) or b.startswith(far))) == behind:
                    canvas.line([joints[a], joints[b]], *((_FAR, 1.2) if behind else (_NEAR, 2.4)))
        ends = {name for pair in bones for name in pair}
        canvas.points([joints[n] for n in ends if far is None or not n.startswith(far)], _NEAR, 2.6)

    def _draw_angles(self, canvas: Canvas, joints: dict[str, Floats], time_s: float) -> None:
        side = self.near or "left"
        shoulder, hip, knee, ankle = (joints.get(f"{side}_{name}") for name in ("shoulder", "hip", "knee", "ankle"))
        if hip is not None and shoulder is not None:
            trunk = shoulder - hip
            if (value := self._value("trunk_inclination_deg", time_s)) is not None:
                radius = 0.5 * float(np.hypot(*trunk))
                canvas.angle(hip, _UP, trunk, radius, _ANGLE)
                away = 1.0 if trunk[0] > 0 else 0.0
                canvas.label(f"Trunk {round(value)}°", hip + 1.2 * radius * _UP, (away, 1), 0.85)
            if knee is not None and (value := self._value("hip_flexion_deg", time_s)) is not None:
                _draw_flexion(canvas, f"Hip {round(value)}°", shoulder, hip, knee)
        value = self._value("knee_flexion_deg", time_s)
        if hip is not None and knee is not None and ankle is not None and value is not None:
            _draw_flexion(canvas, f"Knee {round(value)}°", hip, knee, ankle)

    def _value(self, name: str, time_s: float) -> float | None:
        """Return a curve's value at a time, None where it wasn't measured."""
        if self.angles is None or name not in self.angles.values:
            return None
        value = float(np.interp(time_s, self.angles.time_s, self.angles.values[name], left=np.nan, right=np.nan))
        return value if np.isfinite(value) else None

    def _draw_count(self, canvas: Canvas, time_s: float) -> None:
        done = sum(rep.end_s <= time_s for rep in self.reps)
        text = f"{done} of {len(self.reps)} rep{'s' * (len(self.reps) > 1)}" if self.reps else "No reps"
        corner = np.array([6, 6]) * canvas.unit
        canvas.label(text, corner, scale=1.3)
        current = next((rep for rep in self.reps if rep.start_s <= time_s < rep.end_s), None)
        if current is not None:
            phase = "Down" if time_s < current.bottom_s else "Up"
            canvas.label(phase, corner + np.array([0, 2.1 * canvas.text_px]), colour=_NEAR)


def _draw_flexion(canvas: Canvas, text: str, above: Floats, joint: Floats, below: Floats) -> None:
    """Draw flexion as it is defined: from the upper segment's continuation to the lower segment."""
    upper, lower = joint - above, below - joint
    canvas.angle(joint, upper, lower, 0.3 * float(np.hypot(*lower)), _ANGLE)
    # The convex side of the joint is free of the body.
    convex = upper / max(np.hypot(*upper), 1e-9) - lower / max(np.hypot(*lower), 1e-9)
    x = 1.0 if convex[0] >= 0 else -1.0
    canvas.label(text, joint + np.array([x * 9 * canvas.unit, 0]), (0.0 if x > 0 else 1.0, 0.5), 0.85)


def _source_of(track: PoseTrack, assessment: VideoAssessment) -> Source:
    same = (s for s in assessment.sources if s.sha256 == track.source.sha256)
    return next(same, assessment.sources[0])
