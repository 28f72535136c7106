"""The composition of frames, pose and scoring; the public Python interface."""

from .errors import USER_ERRORS, InputError
from .serialize import from_json, schema, to_dict
from .settings import load_thresholds
from .video import VideoAssessment, assess_seen, assess_video, look

__all__ = [
    "USER_ERRORS",
    "InputError",
    "VideoAssessment",
    "assess_seen",
    "assess_video",
    "from_json",
    "load_thresholds",
    "look",
    "schema",
    "to_dict",
]
