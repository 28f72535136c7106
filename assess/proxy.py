"""Clips that browsers can't play, again as H.264 with the same time stamps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av

from ..vision.source import open_video
from ..vision.write import VideoWriter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# what Chromium, Firefox and Safari play on every computer
_CONTAINERS = ("mov,mp4,m4a,3gp,3g2,mj2",)
_CODEC, _PIXELS = "h264", ("yuv420p", "yuvj420p")


def plays_in_browsers(path: Path) -> bool:
    """Tell whether every browser plays a video as it is; a file that can't be opened doesn't."""
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            known = container.format.name in _CONTAINERS and stream.codec_context.name == _CODEC
            # a clock that starts late is shifted by some browsers and not by others
            starts_at_zero = not stream.start_time
            return known and stream.codec_context.pix_fmt in _PIXELS and starts_at_zero
    except (av.FFmpegError, IndexError, OSError):
        return False


def write_proxy(path: Path, target: Path, progress: Callable[[int, int], None] | None = None) -> None:
    """Write a copy that every browser plays: upright, 8 bits, each picture at its own time.

    Parameters
    ----------
    path : Path
    target : Path
        Ends in ``.mp4``; appears when it is whole.
    progress : callable, optional
        Called with the number of frames done and the number announced (0: unknown).

    Raises
    ------
    VideoError
        When the video can't be read or the copy can't be written.
    """
    with open_video(path) as source, VideoWriter(target) as writer:
        for done, frame in enumerate(source, start=1):
            writer.write(frame.rgb(), frame.time_s)
            if progress is not None:
                progress(done, source.info.frames)
