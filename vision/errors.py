"""What this room tells a user when a file is at fault."""

from __future__ import annotations


class VideoError(Exception):
    """A video can't be read or written; the message is one sentence that says what is wrong and what to do."""
