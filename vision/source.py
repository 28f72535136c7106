"""Reading a video file: upright frames with the container's own time stamps."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Self

import av

from .background import in_background
from .container import opened
from .decoded import DecodedFrame, Orientation
from .errors import VideoError
from .frame import VideoInfo

if TYPE_CHECKING:
    import os
    from collections.abc import Generator, Iterator
    from types import TracebackType

    from av.container import InputContainer
    from av.video.stream import VideoStream

# Frames that may wait for the consumer; a 4K frame in 10 bits holds 25 MB.
_FRAMES_AHEAD = 4
# Of a pixel; one beyond it is a damaged header.
_MAX_ASPECT = 4
# A file that ends this much before its announced end is called cut off.
_MISSING_SECONDS = 0.25


def open_video(path: str | os.PathLike[str]) -> VideoSource:
    """Open a video file.

    Parameters
    ----------
    path : str or path-like
        A file in any container and codec that phones and cameras make.

    Returns
    -------
    VideoSource
        A context manager; iterate over it for the frames.

    Raises
    ------
    VideoError
        When there is no readable video, in one sentence that says what to do.
    """
    return VideoSource(Path(path))


class VideoSource:
    """A video file whose frames can be iterated over, more than once if need be.

    Frames are decoded in a thread of their own, a few ahead of the consumer. Their
    times increase strictly. A damaged or cut-off file ends the iteration without
    an error, and ``warnings`` says what was missing.

    Attributes
    ----------
    info : VideoInfo
        What is known without decoding all of it.
    warnings : list of str
        What went wrong while the last iteration read the file, in plain words.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.warnings: list[str] = []
        self._iteration: Generator[DecodedFrame, None, None] | None = None
        with opened(path) as (container, stream):
            first = _first_frame(container, stream, path)
            self._orientation = Orientation.of(first)
            self._start_s = _start_s(container, stream)
            self._end_is_known = stream.duration is not None or len(container.streams) == 1
            duration_s, frames = _extent(container, stream, self._start_s)
            fps = float(stream.average_rate or 0)
            if duration_s is None:
                duration_s, frames = _measured_extent(path, self._start_s)
                self._end_is_known = True
                fps = frames / duration_s if duration_s else fps
            self.info = VideoInfo(
                path=str(path),
                sha256=_sha256(path),
                duration_s=duration_s,
                frames=frames,
                fps=fps,
                size=self._orientation.upright_size(_square_pixel_size(first, stream)),
                rotation_deg=self._orientation.rotation_deg,
                codec=stream.codec_context.codec.canonical_name,
                pixel_format=first.format.name,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop decoding and close the file."""
        if self._iteration is not None:
            self._iteration.close()
            self._iteration = None

    def __iter__(self) -> Iterator[DecodedFrame]:
        self.close()
        self.warnings.clear()
        self._iteration = in_background(self._frames(), _FRAMES_AHEAD)
        return self._iteration

    def _frames(self) -> Generator[DecodedFrame, None, None]:
        with opened(self.path) as (container, stream):
            log = _ReadingLog()
            previous_s, index = -float("inf"), 0
            for stored in _decode(container, stream, log):
                time_s = self._time_s(stored, previous_s, log)
                if time_s <= previous_s:
                    log.repeated += 1
                    continue
                yield DecodedFrame(index, time_s, self.info.size, self._orientation, stored)
                previous_s, index = time_s, index + 1
        self.warnings += log.sentences(self.info, previous_s, self._end_is_known)

    def _time_s(self, stored: av.VideoFrame, previous_s: float, log: _ReadingLog) -> float:
        """Return a frame's time; one that carries none follows its predecessor at the mean frame rate."""
        stamp = stored.pts if stored.pts is not None else stored.dts
        if stamp is not None and stored.time_base is not None:
            return float(stamp * stored.time_base) - self._start_s
        log.unstamped += 1
        step = 1 / self.info.fps if self.info.fps else 1 / 30
        return max(previous_s + step, 0.0)


class _ReadingLog:
    """What happened while a file was read."""

    def __init__(self) -> None:
        self.decoded = self.damaged = self.repeated = self.unstamped = 0

    def sentences(self, info: VideoInfo, last_s: float, end_is_known: bool) -> list[str]:
        """Put it into words."""
        found = []
        end_s = max(last_s + (1 / info.fps if info.fps else 0), 0.0)
        fewer = self.decoded < info.frames or not info.frames
        if end_is_known and fewer and info.duration_s - end_s > _MISSING_SECONDS:
            times = f"{end_s:.1f} of {info.duration_s:.1f} s"
            read = f"{self.decoded} of {info.frames} frames" if info.frames else times
            found.append(f"The file ends early: {read} could be read.")
        elif self.damaged:
            frames = max(self.decoded, info.frames)
            found.append(f"The file is damaged: {self.damaged} of {frames} frames are incomplete or missing.")
        if self.repeated:
            found.append(f"The file repeats time stamps: {self.repeated} frames were left out.")
        if self.unstamped:
            found.append(f"The file lacks time stamps: {self.unstamped} frames were placed by the mean frame rate.")
        return found


def _decode(container: InputContainer, stream: VideoStream, log: _ReadingLog) -> Iterator[av.VideoFrame]:
    """Yield what can be decoded; a packet that can't is counted and passed over."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except av.FFmpegError:
            # The rest can't be read, but the decoder still holds frames.
            packet = None
        try:
            frames = stream.decode(packet)
        except av.EOFError:
            return
        except av.FFmpegError:
            log.damaged += 1
            frames = []
        for frame in frames:
            log.decoded += 1
            log.damaged += frame.is_corrupt
            yield frame
        if packet is None:
            return


def _first_frame(container: InputContainer, stream: VideoStream, path: Path) -> av.VideoFrame:
    for frame in _decode(container, stream, _ReadingLog()):
        return frame
    raise VideoError(f"No frame of '{path}' could be decoded: copy it again or export it again as H.264.")


def _start_s(container: InputContainer, stream: VideoStream) -> float:
    if container.start_time is not None:
        return container.start_time / av.time_base
    if stream.start_time is not None and stream.time_base is not None:
        return float(stream.start_time * stream.time_base)
    return 0.0


def _square_pixel_size(frame: av.VideoFrame, stream: VideoStream) -> tuple[int, int]:
    """Return the stored picture's size once its pixels are made square, as angles need it."""
    aspect = stream.sample_aspect_ratio or Fraction(1)
    if not 1 / _MAX_ASPECT <= aspect <= _MAX_ASPECT:
        aspect = Fraction(1)
    return round(frame.width * aspect), frame.height


def _extent(container: InputContainer, stream: VideoStream, start_s: float) -> tuple[float | None, int]:
    """Return the announced end in seconds from the container's start, and the number of frames."""
    if stream.duration is not None and stream.time_base is not None:
        return float(((stream.start_time or 0) + stream.duration) * stream.time_base) - start_s, stream.frames
    if container.duration is not None and not container.duration < 0:
        return container.duration / av.time_base, stream.frames
    return None, stream.frames


def _measured_extent(path: Path, start_s: float) -> tuple[float, int]:
    """Return end and number of frames by walking through the packets, as of a browser's recording."""
    end_s, count = 0.0, 0
    with opened(path) as (container, stream):
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets)
            except (StopIteration, av.FFmpegError):
                break
            count += packet.size > 0
            if packet.pts is not None and packet.time_base is not None:
                end_s = max(end_s, float((packet.pts + (packet.duration or 0)) * packet.time_base) - start_s)
    return end_s, count


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
