"""Opening a container, or one sentence that says why it can't be opened."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import av
from av.stream import Disposition

from .errors import VideoError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.container import InputContainer
    from av.video.stream import VideoStream

# Somewhat more than 8K: a larger picture is a damaged header, and a dozen of them fill the memory.
_MAX_PIXELS = 40_000_000
# Play lists and image sequences are left out: they would open other files, or addresses.
_CONTAINERS = "mov,matroska,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,mxf,dv,ivf,gif,h264,hevc,av1,obu,mp3,wav,aac,flac,amr"
_BOX_TYPES = {b"ftyp", b"mdat", b"moov", b"free", b"skip", b"wide", b"uuid", b"moof", b"sidx", b"styp", b"meta"}


@contextmanager
def opened(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open a file and choose its main video stream.

    Raises
    ------
    VideoError
        When there is no such file or no video in it.
    """
    _check_file(path)
    options = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "file"}
    try:
        # An absolute path can't be taken for an address.
        container = av.open(os.path.abspath(path), options=options, metadata_errors="replace")
    except (av.FFmpegError, OSError) as error:
        raise VideoError(_why_not_opened(path, error)) from error
    with container:
        yield container, _main_stream(container, path)


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise VideoError(f"'{path}' is a folder: choose a video file in it.")
    if not path.exists():
        raise VideoError(f"There is no file '{path}': check the name and the folder.")
    if not path.is_file():
        raise VideoError(f"'{path}' is not a file: choose a video file.")
    if path.stat().st_size == 0:
        raise VideoError(f"'{path}' is empty: copy it again from the camera or phone.")


def _why_not_opened(path: Path, error: Exception) -> str:
    if isinstance(error, PermissionError):
        return f"'{path}' may not be read by this user: change its permissions or copy it elsewhere."
    if _lacks_index(path):
        return (
            f"'{path}' has no index, as its recording or copying was cut off: "
            "copy it again from the phone or camera, or export it again."
        )
    return f"'{path}' is not a video that can be read: choose an MP4, MOV, MKV, WebM or AVI file."


def _lacks_index(path: Path) -> bool:
    """Tell whether a file is an MP4 or MOV without a ``moov`` box (ISO/IEC 14496-12)."""
    seen = set()
    end = path.stat().st_size
    with path.open("rb") as file:
        while len(header := file.read(16)) >= 8 and header[4:8] in _BOX_TYPES:
            seen.add(header[4:8])
            length = int.from_bytes(header[:4])
            start = file.tell() - len(header)
            if length == 1:
                length = int.from_bytes(header[8:])
            if not 8 <= length < end - start:
                break
            file.seek(start + length)
    return bool(seen) and b"moov" not in seen


def _main_stream(container: InputContainer, path: Path) -> VideoStream:
    streams = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not streams:
        raise VideoError(f"'{path}' has no picture, only sound or text: choose a file with video in it.")
    best = container.streams.best("video")
    stream = next((s for s in streams if best is not None and s.index == best.index), streams[0])
    if stream.codec_context is None:
        raise VideoError(f"'{path}' is in a format that can't be decoded: export it again as H.264.")
    # With more threads the decoder loses pictures around damaged data, and fills gaps
    # with whatever lies in memory, so that the same file wouldn't give the same result.
    stream.codec_context.thread_count = 1
    stream.codec_context.options = {"max_pixels": str(_MAX_PIXELS)}
    return stream
