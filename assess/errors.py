"""What is the input's fault, said in one sentence."""

from __future__ import annotations

from ..models.catalogue import ModelError
from ..pose.engine import EngineError
from ..vision.errors import VideoError


class InputError(Exception):
    """What was asked for can't be assessed; the message says what is wrong and what to do."""


# everything that a user can put right; anything else is our fault
USER_ERRORS = (InputError, VideoError, ModelError, EngineError)
