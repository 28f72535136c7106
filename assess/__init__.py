"""The composition of frames, pose and scoring; the public Python interface."""

from .errors import USER_ERRORS, InputError
from .overlay import write_overlay
from .serialize import from_json, schema, to_dict
from .settings import load_thresholds
from .video import SeenVideo, VideoAssessment, assess_seen, assess_video, check_engine, look

__all__ = [
    "USER_ERRORS",
    "InputError",
    "SeenVideo",
    "VideoAssessment",
    "assess_seen",
    "assess_video",
    "check_engine",
    "from_json",
    "load_thresholds",
    "look",
    "schema",
    "to_dict",
    "write_overlay",
]
