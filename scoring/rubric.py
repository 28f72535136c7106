"""The rubric: which metric each criterion judges, in which exercise, and what its score counts towards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .registry import METRICS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .result import Exercise

SIDE = "depth & trunk, side"
FRONT = "knees & symmetry, front"
HINGE = "hinge, side"
HINGE_FRONT = "symmetry, front"
CONTROL = "control & tempo"
FOOTING = "footing"


@dataclass(frozen=True)
class Rule:
    """One criterion of the rubric.

    Attributes
    ----------
    id, title : str
        Its name in results and in words; also its entry in ``thresholds.toml`` where it is scored anywhere.
    metric : str
        The metric that is judged, an entry of `registry.METRICS`.
    group : str
        The sub-score that it counts towards.
    exercises : frozenset of str
        Columns of the rubric in which it is scored, as `rubric` gives them.
    reported : frozenset of str
        Columns in which it is shown but not scored.
    loaded : frozenset of str
        Columns in which it is scored where a load was declared, and otherwise shown: empty hands hang
        where balance leaves them.
    sense : int
        +1 when more than the target is worse, -1 when less is, 0 when either way is.
    shares : str
        Criteria with the same word here are merged by their worst, so that one fault is not paid twice.
    """

    id: str
    title: str
    metric: str
    group: str
    exercises: frozenset[str]
    reported: frozenset[str] = frozenset()
    sense: int = 1
    shares: str = ""
    loaded: frozenset[str] = frozenset()

    def scored_in(self, column: str, load_kg: float | None) -> bool:
        """Tell whether a column of the rubric scores it."""
        return column in self.exercises or (column in self.loaded and bool(load_kg))

    def listed_in(self, column: str) -> bool:
        """Tell whether a column of the rubric scores or shows it."""
        return column in self.exercises | self.reported | self.loaded


def _columns(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TWO_LEGS, _ONE_LEG_SQUAT = _columns("squat overhead-squat"), _columns("single-leg-squat")
_SQUATS = _TWO_LEGS | _ONE_LEG_SQUAT
_RDL, _GOOD_MORNING, _ONE_LEG = _columns("hinge"), _columns("good-morning"), _columns("single-leg-rdl")
_KETTLEBELL, _DEADLIFT = _columns("kettlebell"), _columns("deadlift")
_HINGES, _LIFTS = _RDL | _GOOD_MORNING | _ONE_LEG, _KETTLEBELL | _DEADLIFT
_TWO_LEG_HINGES = _RDL | _GOOD_MORNING | _LIFTS
_NOBODY = frozenset[str]()

RULES = (
    Rule("SQ-DEPTH", "Depth", "depth_angle_bottom_deg", SIDE, _SQUATS),
    Rule("SQ-LEAN", "Trunk lean against the shins", "trunk_minus_shank_bottom_deg", SIDE, _SQUATS),
    Rule("SQ-RISE", "Hips rise before the chest", "trunk_rise_deg", SIDE, _SQUATS),
    Rule("SQ-HEEL", "Heels stay down", "heel_rise_deg", SIDE, _SQUATS),
    Rule("SQ-LOCK", "Knees straight at the top", "knee_flexion_lockout_deg", SIDE, _SQUATS),
    Rule("SQ-ARMS", "Arms stay overhead", "arms_forward_deg", SIDE, _columns("overhead-squat")),
    Rule("SQ-BAR", "Bar over the feet", "hand_over_midfoot", SIDE, _NOBODY, _columns("overhead-squat"), sense=0),
    Rule("SQ-TIBIA", "Knees ahead of the toes", "knee_over_toe", SIDE, _NOBODY, _SQUATS),
    Rule("SQ-HEAD", "Head in line", "head_tilt_change_deg", SIDE, _NOBODY, _SQUATS),
    Rule("SQ-ONSET", "Hips start before the knees", "hip_first_onset_s", SIDE, _NOBODY, _SQUATS),
    Rule("SQ-KASR", "Knees stay as wide as the feet", "knee_separation_deficit", FRONT, _TWO_LEGS, shares="knees in"),
    Rule("SQ-MKD", "Knees stay over the feet", "knees_in", FRONT, _SQUATS, shares="knees in"),
    Rule(
        "SQ-FPPA", "Knee in line with hip and foot", "frontal_knee_angle_deg", FRONT, _ONE_LEG_SQUAT, shares="knees in"
    ),
    Rule("SQ-SHIFT", "Hips stay in the middle", "hip_shift_bottom", FRONT, _TWO_LEGS, sense=0, shares="hips aside"),
    Rule("SQ-OBLIQ", "Pelvis stays level", "pelvis_tilt_change_deg", FRONT, _SQUATS, shares="hips aside"),
    Rule("SQ-ASIDE", "Trunk stays upright", "trunk_side_lean_deg", FRONT, _ONE_LEG_SQUAT, sense=0),
    Rule("SQ-STANCE", "Stance width", "stance_width", FRONT, _NOBODY, _TWO_LEGS),
    Rule("SQ-CTRL", "Even descent", "descent_peak_to_mean_speed", CONTROL, _SQUATS, shares="control"),
    Rule("SQ-TEMPO", "As slow as asked", "tempo_error", CONTROL, _SQUATS, shares="control"),
    Rule(
        "HG-RATIO",
        "Knees bend no more than the hips ask",
        "knee_to_hip_flexion_ratio",
        HINGE,
        _HINGES | _KETTLEBELL,
        _DEADLIFT,
        shares="knees",
    ),
    Rule("HG-KNEE", "Soft, steady knees", "knee_flexion_gain_deg", HINGE, _HINGES, _LIFTS, shares="knees"),
    Rule("HG-SHANK", "Shins stay still", "shank_travel_deg", HINGE, _HINGES, _LIFTS, sense=0),
    Rule("HG-BACK", "Hips travel back", "hips_back_bottom", HINGE, _TWO_LEG_HINGES, sense=-1),
    Rule("HG-RANGE", "Range of the hinge", "trunk_inclination_bottom_deg", HINGE, _HINGES, _LIFTS, sense=-1),
    Rule("HG-RISE", "Hips rise before the chest", "trunk_rise_deg", HINGE, _LIFTS),
    Rule("HG-BAR", "Load stays at the legs", "hand_from_leg", HINGE, _DEADLIFT, shares="load", loaded=_RDL),
    Rule(
        "HG-FOOT",
        "Load over the middle of the foot",
        "hand_over_midfoot",
        HINGE,
        _DEADLIFT,
        sense=0,
        shares="load",
        loaded=_RDL,
    ),
    Rule("HG-HEEL", "Heels stay down", "heel_rise_deg", HINGE, _TWO_LEG_HINGES | _ONE_LEG),
    Rule("HG-LOCK", "Tall at the top", "lockout_deficit_deg", HINGE, _TWO_LEG_HINGES),
    Rule("HG-LINE", "Trunk and free leg in one line", "trunk_free_leg_line_deg", HINGE, _ONE_LEG),
    Rule("HG-OBLIQ", "Pelvis stays level", "pelvis_tilt_change_deg", HINGE_FRONT, _TWO_LEG_HINGES, shares="aside"),
    Rule(
        "HG-SHOULDERS", "Shoulders stay level", "shoulder_tilt_change_deg", HINGE_FRONT, _TWO_LEG_HINGES, shares="aside"
    ),
    Rule("HG-HANDS", "Hands stay level", "hands_tilt_change_deg", HINGE_FRONT, _NOBODY, _TWO_LEG_HINGES),
    Rule("HG-PELVIS", "Pelvis stays closed", "pelvis_tilt_change_deg", HINGE_FRONT, _ONE_LEG),
    Rule("HG-TOUCH", "Free foot stays off the floor", "touch_downs", FOOTING, _ONE_LEG, shares="footing"),
    Rule("HG-HOP", "Standing foot stays", "stance_foot_shift", FOOTING, _ONE_LEG, shares="footing"),
    Rule(
        "HG-CTRL", "Even descent", "descent_peak_to_mean_speed", CONTROL, _TWO_LEG_HINGES | _ONE_LEG, shares="control"
    ),
    Rule("HG-TEMPO", "As slow as asked", "tempo_error", CONTROL, _TWO_LEG_HINGES | _ONE_LEG, shares="control"),
)
TITLES: Mapping[str, str] = {rule.id: rule.title for rule in RULES}
MEANINGS: Mapping[str, str] = {rule.id: METRICS[rule.metric].meaning for rule in RULES}
# what no camera sees in hip and shoulder points alone (specification section B3)
SPINE_REASON = "the shape of the back can't be read from shoulder and hip points: look at the replay at the bottom"
SINGLE_LEG = frozenset({"single-leg-squat", "single-leg-rdl"})
_OWN_COLUMN = frozenset({"kettlebell", "deadlift", "good-morning", "overhead-squat"}) | SINGLE_LEG


def rubric(exercise: Exercise) -> str:
    """Name the column of the rubric that an exercise is judged by."""
    if exercise.declared in _OWN_COLUMN:
        return exercise.declared
    if exercise.declared == "auto" and exercise.detected == "single-leg":
        return "single-leg-squat" if exercise.family == "squat" else "single-leg-rdl"
    if exercise.declared == "auto" and exercise.detected == "deadlift":
        return "deadlift"
    return exercise.family


def metrics_of(column: str) -> frozenset[str]:
    """Name the metrics that a column of the rubric judges or reports."""
    return frozenset(rule.metric for rule in RULES if rule.listed_in(column))


def spine_rule(column: str) -> str:
    """Name the criterion of the back, which is never observable."""
    return "SQ-SPINE" if column.endswith("squat") else "HG-SPINE"
