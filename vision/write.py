"""Writing a video that browsers play, whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Self

import av
import numpy as np
from av.video.reformatter import Colorspace

from .errors import VideoError

if TYPE_CHECKING:
    from types import TracebackType

    from av.container import OutputContainer
    from av.video.stream import VideoStream

    from .frame import Image

TIME_BASE = Fraction(1, 90_000)
_BT709, _LIMITED_RANGE = 1, 1
# A key frame every second or two makes scrubbing quick.
_KEY_FRAME_EVERY = 48


class VideoWriter:
    """Writes H.264 in MP4, each picture at its own time.

    The file grows under a temporary name in the target's folder. Leaving the
    context without an error moves it into place; otherwise it is removed. Odd sizes
    are padded by one pixel, as H.264 needs even ones.

    Parameters
    ----------
    target : str or path-like
        Name of the finished file; an older one is replaced.
    comment : str
        Noted in the file, where `comment_in` finds it.
    crf : int
        Constant rate factor of H.264: 23 is usual, 6 more halve the size.

    Raises
    ------
    VideoError
        When the target can't be written, in one sentence.
    """

    def __init__(self, target: str | os.PathLike[str], comment: str = "", crf: int = 23) -> None:
        self._target = Path(target)
        self._crf = crf
        self._comment = comment
        self._partial = self._target.with_name(f".{self._target.name}.{os.getpid()}.part")
        self._container: OutputContainer | None = None
        self._stream: VideoStream | None = None
        self._size: tuple[int, int] | None = None
        self._last = -1

    def __enter__(self) -> Self:
        if not self._target.parent.is_dir():
            raise VideoError(f"There is no folder '{self._target.parent}': create it or choose another one.")
        if self._target.is_dir():
            raise VideoError(f"'{self._target}' is a folder: add a file name such as overlay.mp4.")
        try:
            path = os.path.abspath(self._partial)
            self._container = av.open(path, "w", format="mp4", options={"movflags": "+faststart"})
            if self._comment:
                self._container.metadata["comment"] = self._comment
            # FFmpeg touches the disk only with the first picture, which may be minutes away.
            self._partial.touch()
        except (av.FFmpegError, OSError) as error:
            self._discard()
            raise self._unwritable(error) from error
        return self

    def write(self, image: Image, time_s: float) -> None:
        """Append a picture.

        Parameters
        ----------
        image : (H, W, 3) uint8 array
            RGB, all of one size.
        time_s : float
            Seconds, not negative, later than the picture before.

        Raises
        ------
        ValueError
            When size or time don't fit what was written before.
        VideoError
            When the disk is full or gone.
        """
        if self._container is None:
            raise ValueError("expected a writer that was entered with 'with'")
        height, width = image.shape[:2]
        if self._size is None:
            self._size = width, height
            self._stream = _h264(self._container, width + width % 2, height + height % 2, self._crf)
        if (width, height) != self._size:
            raise ValueError(f"expected an image of size {self._size}, got {(width, height)}")
        ticks = round(time_s / TIME_BASE)
        if ticks <= self._last:
            raise ValueError(f"expected a time after {self._last * TIME_BASE} s, got {time_s} s")
        self._last = ticks
        self._encode(_frame(image, ticks))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            return self._discard()
        try:
            if self._stream is None:
                raise VideoError(f"'{self._target}' was not written, as there was no picture to write.")
            self._encode(None)
            self._close()
            self._partial.replace(self._target)
        except (av.FFmpegError, OSError) as failure:
            raise self._unwritable(failure) from failure
        finally:
            self._discard()

    def _encode(self, frame: av.VideoFrame | None) -> None:
        assert self._container is not None
        assert self._stream is not None
        try:
            self._container.mux(self._stream.encode(frame))
        except (av.FFmpegError, OSError) as error:
            raise self._unwritable(error) from error

    def _close(self) -> None:
        container, self._container = self._container, None
        if container is not None:
            container.close()

    def _discard(self) -> None:
        # The error that led here is the one to tell of.
        with suppress(av.FFmpegError, OSError):
            self._close()
        with suppress(OSError):
            self._partial.unlink(missing_ok=True)

    def _unwritable(self, error: Exception) -> VideoError:
        why = getattr(error, "strerror", None) or str(error)
        return VideoError(f"'{self._target}' can't be written ({why}): check the folder's permissions and free space.")


def comment_in(path: Path) -> str:
    """Return what a video's writer noted in it; empty when nothing, or when it is no video."""
    try:
        with av.open(os.path.abspath(path), options={"format_whitelist": "mov", "protocol_whitelist": "file"}) as video:
            return video.metadata.get("comment", "")
    except (av.FFmpegError, OSError):
        return ""


def _h264(container: OutputContainer, width: int, height: int, crf: int) -> VideoStream:
    stream = container.add_stream("libx264", options={"preset": "veryfast", "crf": str(crf)})
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    stream.time_base = TIME_BASE
    context = stream.codec_context
    context.time_base = TIME_BASE
    context.gop_size = _KEY_FRAME_EVERY
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    context.color_range = _LIMITED_RANGE
    return stream


def _frame(image: Image, ticks: int) -> av.VideoFrame:
    height, width = image.shape[:2]
    if width % 2 or height % 2:
        image = np.pad(image, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    rgb = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
    frame = rgb.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=_LIMITED_RANGE)
    frame.pts, frame.time_base = ticks, TIME_BASE
    return frame
