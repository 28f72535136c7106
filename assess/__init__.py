"""The composition of frames, pose and scoring; the public Python interface."""

from ..pose.store import TrackStore
from ..scoring.corrections import SAME_BOTTOM_S, RepCorrection
from ..scoring.prescription import Prescription
from ..scoring.registry import METRICS
from ..scoring.result import (
    Assessment,
    BalancePair,
    Criterion,
    Drift,
    Rep,
    SetResult,
    Source,
    SubScore,
    Sway,
    SwayChange,
    SwayDescriptor,
    View,
)
from ..scoring.rubric import MEANINGS, RULES, TITLES
from ..scoring.sets import Series
from ..scoring.sway_pairs import balance_pairs
from ..scoring.thresholds import Thresholds
from .drift import assess_drift, has_a_say
from .errors import USER_ERRORS, InputError
from .history import read_history
from .kept import SaidOfSet, filmed_on, judge_set, look_and_keep, recall
from .language import safety_texts
from .overlay import check_overlay_target, write_overlay
from .prescribed import read_prescription
from .proxy import plays_in_browsers, write_proxy
from .report_html import CHART_STYLE, chart_legend, drift_charts, report_html, report_sections
from .seen import SeenVideo, check_engine, choose, forget, look
from .serialize import from_dict, from_json, schema, to_dict
from .settings import load_thresholds
from .several import assess_as_one_set, assess_stances, assess_two_views
from .sway_words import pair_answer, pair_names, pair_title, sway_amount, sway_headline, sway_lines, sway_unit
from .video import VideoAssessment, assess_seen, assess_video

__all__ = [
    "CHART_STYLE",
    "MEANINGS",
    "METRICS",
    "RULES",
    "SAME_BOTTOM_S",
    "TITLES",
    "USER_ERRORS",
    "Assessment",
    "BalancePair",
    "Criterion",
    "Drift",
    "InputError",
    "Prescription",
    "Rep",
    "RepCorrection",
    "SaidOfSet",
    "SeenVideo",
    "Series",
    "SetResult",
    "Source",
    "SubScore",
    "Sway",
    "SwayChange",
    "SwayDescriptor",
    "Thresholds",
    "TrackStore",
    "VideoAssessment",
    "View",
    "assess_as_one_set",
    "assess_drift",
    "assess_seen",
    "assess_stances",
    "assess_two_views",
    "assess_video",
    "balance_pairs",
    "chart_legend",
    "check_engine",
    "check_overlay_target",
    "choose",
    "drift_charts",
    "filmed_on",
    "forget",
    "from_dict",
    "from_json",
    "has_a_say",
    "judge_set",
    "load_thresholds",
    "look",
    "look_and_keep",
    "pair_answer",
    "pair_names",
    "pair_title",
    "plays_in_browsers",
    "read_history",
    "read_prescription",
    "recall",
    "report_html",
    "report_sections",
    "safety_texts",
    "schema",
    "sway_amount",
    "sway_headline",
    "sway_lines",
    "sway_unit",
    "to_dict",
    "write_overlay",
    "write_proxy",
]
