"""The composition of frames, pose and scoring; the public Python interface."""

from ..pose.store import TrackStore
from ..scoring.corrections import RepCorrection
from ..scoring.prescription import Prescription
from ..scoring.registry import METRICS
from ..scoring.result import Assessment, Criterion, Drift, Rep, SetResult, Source, SubScore, Sway, View
from ..scoring.rubric import MEANINGS, RULES, TITLES
from ..scoring.sway_change import NotComparableError, SwayChange
from ..scoring.sway_change import compare as compare_sway
from ..scoring.thresholds import Thresholds
from .drift import assess_drift
from .errors import USER_ERRORS, InputError
from .history import read_history
from .kept import SaidOfSet, judge_set, look_and_keep, picture_of_lifter, recall
from .language import safety_texts
from .overlay import check_overlay_target, write_overlay
from .prescribed import read_prescription
from .proxy import plays_in_browsers, write_proxy
from .report_html import report_html
from .serialize import from_dict, from_json, schema, to_dict
from .settings import load_thresholds
from .several import assess_as_one_set, assess_two_views
from .video import SeenVideo, VideoAssessment, assess_seen, assess_video, check_engine, choose, forget, look

__all__ = [
    "MEANINGS",
    "TITLES",
    "USER_ERRORS",
    "Assessment",
    "Criterion",
    "InputError",
    "Prescription",
    "Rep",
    "SeenVideo",
    "SetResult",
    "Source",
    "SubScore",
    "Thresholds",
    "TrackStore",
    "VideoAssessment",
    "View",
    "assess_as_one_set",
    "assess_drift",
    "assess_seen",
    "assess_two_views",
    "assess_video",
    "check_engine",
    "check_overlay_target",
    "choose",
    "forget",
    "from_dict",
    "from_json",
    "load_thresholds",
    "look",
    "read_history",
    "read_prescription",
    "report_html",
    "safety_texts",
    "schema",
    "to_dict",
    "write_overlay",
    "RepCorrection",
    "METRICS",
    "Drift",
    "Sway",
    "RULES",
    "NotComparableError",
    "SwayChange",
    "compare_sway",
    "SaidOfSet",
    "judge_set",
    "look_and_keep",
    "picture_of_lifter",
    "recall",
    "plays_in_browsers",
    "write_proxy",
]
