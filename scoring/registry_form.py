"""Metrics of form: how the body is held and moves."""

from .metric_info import BODY, FOOT, HANDS, LEVELLED, TRUNK, MetricInfo
from .sides import LEG

_YAW = "a camera off the side by y shortens what lies forward: tan(seen) = tan(true) cos(y)"
_LANDMARKS = "landmarks lie on the body, not in the joints: corrected by what rendered people showed"
_PERSPECTIVE = "knees nearer to the camera than the feet look wider apart: corrected from how far the shanks tilt"
_FEET = "heel and toe are the least sure landmarks: published ankle errors exceed 20°"

FORM = (
    MetricInfo(
        "knee_flexion_bottom_deg", "Knee bend at the bottom", "bend of the knee at the bottom; 0° is straight",
        "median of KF = S - T over frames within 2 % of the lowest point", "deg", "bottom", "side", LEG,
        ("knee_flexion",), "Wu et al. 2002", _LANDMARKS, oblique=True,
    ),
    MetricInfo(
        "hip_flexion_bottom_deg", "Hip bend at the bottom",
        "bend between trunk and thigh at the bottom; 0° is straight",
        "median of HF = TR - T at the bottom", "deg", "bottom", "side", ("shoulder", "hip", "knee"),
        ("hip_flexion",), "Wu et al. 2002", "contains the bend of the back and the tilt of the pelvis", oblique=True,
    ),
    MetricInfo(
        "trunk_inclination_bottom_deg", "Trunk lean at the bottom", "lean of the trunk at the bottom",
        "median of TR at the bottom", "deg", "bottom", "side", TRUNK,
        ("trunk_inclination",), "Wu et al. 2002", _YAW, oblique=True,
    ),
    MetricInfo(
        "shank_inclination_bottom_deg", "Shin lean at the bottom", "lean of the shin at the bottom",
        "median of S at the bottom", "deg", "bottom", "side", ("knee", "ankle"),
        ("shank_inclination",), "Wu et al. 2002", _YAW, oblique=True,
    ),
    MetricInfo(
        "depth_angle_bottom_deg", "Depth",
        "angle of the thigh above parallel at the bottom; 0° is parallel, less is deeper",
        "median of asin((y_hip - y_knee) / L_thigh) at the bottom, L_thigh the 95th percentile of the track;"
        " obliquely 90° - |T|", "deg", "bottom", "side", ("hip", "knee"),
        ("depth_angle",), "Myer et al. 2014; rules of the IPF",
        "hip and knee landmarks lie under the surfaces that a judge looks at, by about as much", oblique=True,
    ),
    MetricInfo(
        "trunk_minus_shank_bottom_deg", "Trunk lean against the shins",
        "lean of the trunk minus lean of the shin at the bottom; 0° is parallel lines",
        "median of TR - median of S at the bottom", "deg", "bottom", "side", BODY,
        ("trunk_inclination", "shank_inclination"), "Myer et al. 2014; Barrack et al. 2021",
        "long thighs need more lean: compare a person with themselves", oblique=True,
    ),
    MetricInfo(
        "hips_back_bottom", "Hips behind the ankles", "hips behind the ankles at the bottom, in thigh lengths",
        "median of (x_ankle - x_hip) / L_thigh at the bottom, x forward", "thigh lengths", "bottom", "side",
        ("hip", "ankle"), ("hips_back",), "ours", "shortened by the cosine of the camera's yaw error",
    ),
    MetricInfo(
        "knee_to_hip_flexion_ratio", "Knee bend over hip bend", "bend gained in the knees over bend gained in the hips",
        "(KF_bottom - KF_top) / (HF_bottom - HF_top), where the hips gain more than 10°", "", "descent", "side", BODY,
        ("knee_flexion", "hip_flexion"), "Schellenberg et al. 2013 (good morning 0.13, deadlift 1.14)", _LANDMARKS,
        oblique=True,
    ),
    MetricInfo(
        "knee_flexion_gain_deg", "Knee bend gained", "bend gained in the knees from top to bottom",
        "|KF_bottom - KF_top|", "deg", "descent", "side", LEG,
        ("knee_flexion",), "Lee et al. 2018 (constant knee angle)", _LANDMARKS, oblique=True,
    ),
    MetricInfo(
        "shank_travel_deg", "Shin travel",
        "how far the shins tilt from where they stood; above 0 is forward, below 0 is back",
        "S - S_top where it is furthest from 0 in the repetition, with its sign", "deg", "whole", "side",
        ("knee", "ankle"), ("shank_inclination",), "ours", _YAW, oblique=True,
    ),
    MetricInfo(
        "trunk_rise_deg", "Hips rise before the chest",
        "how much further the trunk leans on the way up than at the bottom",
        "max(0, max TR while the hips climb the first half - TR_bottom)", "deg", "ascent", "side", TRUNK,
        ("trunk_inclination",), "Myer et al. 2014; Larsen et al. 2021", _YAW, oblique=True,
    ),
    MetricInfo(
        "knee_flexion_lockout_deg", "Knee bend at the top", "bend left in the knees at the top, against standing",
        "KF at the straightest moment after the ascent - KF standing", "deg", "lockout", "side", LEG,
        ("knee_flexion",), "rules of the IPF", _LANDMARKS, oblique=True, confidence="moderate",
    ),
    MetricInfo(
        "lockout_deficit_deg", "Lockout", "bend left in knees or hips at the top, or lean beyond upright",
        "max(KF - KF_standing, HF - HF_standing, TR_standing - TR - 5°) at the straightest moment after the ascent",
        "deg", "lockout", "side", BODY, ("hip_flexion",), "rules of the IPF", _LANDMARKS, oblique=True,
    ),
    MetricInfo(
        "heel_rise_deg", "Heel rise", "how far the heel lifts, as an angle of the foot; 6° is about 2 cm",
        "largest foot pitch kept for 0.15 s or longer, against standing; pitch = atan2(y_heel - y_toe, x_toe - x_heel)",
        "deg", "whole", "side", FOOT, ("foot_pitch",), "Myer et al. 2014; NASM overhead squat assessment", _FEET,
        confidence="moderate",
    ),
    MetricInfo(
        "knee_over_toe", "Knee ahead of the toes",
        "knee ahead of the tip of the foot at the bottom, in foot lengths; no limit is agreed on",
        "median of (x_knee - x_toe) / L_foot at the bottom", "foot lengths", "bottom", "side", ("knee", *FOOT),
        ("foot_distance",), "Myer et al. 2014; Illmeier & Rechberger 2023", _FEET, confidence="moderate",
    ),
    MetricInfo(
        "arms_forward_deg", "Arms fall forward",
        "how much further the arms lie off the line of the trunk at the bottom than in standing",
        "|arm - TR| at the bottom - the same in standing; arm = inclination from shoulder to wrist", "deg", "bottom",
        "side", ("shoulder", "hip", "wrist"), ("arm_inclination",), "NASM overhead squat assessment", _YAW,
        confidence="moderate",
    ),
    MetricInfo(
        "head_tilt_change_deg", "Head against standing",
        "how the line from shoulder to ear tilts against the trunk from standing to the bottom; above 0 is forward",
        "(inclination from shoulder to ear - TR) at the bottom - the same at the top", "deg", "bottom", "side",
        ("shoulder", "hip", "ear"), ("head_tilt",), "Myer et al. 2014",
        "shows the head against the trunk, not the gaze", confidence="low",
    ),
    MetricInfo(
        "hip_first_onset_s", "Hips start before the knees",
        "how long before the knees the hips begin to bend; below 0 the knees lead",
        "t(5 % of the knees' bend) - t(5 % of the hips' bend) on the way down", "s", "descent", "side", BODY,
        ("onset",), "Myer et al. 2014", "the first degrees are within the noise: about 0.1 s",
        confidence="low",
    ),
    MetricInfo(
        "hand_from_leg", "Load away from the legs",
        "largest distance of the hands from the legs, in shank lengths, against standing",
        "max of the distance from the hand to the nearest point of hip-knee-ankle / L_shank in the repetition -"
        " the same at the top", "shank lengths", "whole", "side", (*LEG, "wrist"), ("hand_distance",), "ours", HANDS,
        confidence="moderate",
    ),
    MetricInfo(
        "hand_over_midfoot", "Load over the middle of the foot",
        "hands ahead (+) of or behind the middle of the foot at the bottom, in foot lengths",
        "median of (x_hand - (x_heel + x_toe) / 2) / L_foot at the bottom", "foot lengths", "bottom", "side",
        ("wrist", *FOOT), ("foot_distance",), "ours", HANDS, confidence="moderate",
    ),
    MetricInfo(
        "trunk_free_leg_line_deg", "Trunk and free leg in one line",
        "how far the free leg lies off the line of the trunk at the bottom",
        "|TR - inclination from the free ankle to the hip| at the bottom", "deg", "bottom", "side",
        TRUNK, ("trunk_inclination", "shank_inclination"), "Woods et al. 2016", _YAW, confidence="moderate",
    ),
    MetricInfo(
        "knee_separation_deficit", "Knees narrower than the feet",
        "how much nearer the knees come to each other than the feet are, against standing; 0 is as wide",
        "min(1, standing) - min of |x_lknee - x_rknee| / |x_lankle - x_rankle| from a quarter of the way down",
        "", "whole", "front", ("knee", "ankle"), ("knee_separation",), "Ortiz et al. 2016; Noyes et al. 2005",
        _PERSPECTIVE,
    ),
    MetricInfo(
        "knees_in", "Knees inside the feet",
        "how far the knees move in from over the feet, in shank lengths; below 0 is outwards",
        "max of (knee inside its ankle - standing) / L_shank from a quarter of the way down; of the worse leg where"
        " the camera is within 5° of the front, otherwise of both in the mean", "shank lengths", "whole", "front",
        ("knee", "ankle"), ("knees_in",), "Myer et al. 2014; Lorenzetti et al. 2018", _PERSPECTIVE,
        confidence="moderate",
    ),
    MetricInfo(
        "hip_shift_bottom", "Hips aside",
        "how far the hips move aside at the bottom, in hip widths; above 0 is to your left",
        "(x_midhip - x_midankle) / hip width at the bottom - the same at the top", "hip widths", "bottom", "front",
        ("hip", "ankle"), ("hip_shift",), "ours; BMC SSMR 2020 (10-15 % heuristics)",
        "a body that turns shifts the hips in the picture too", confidence="moderate",
    ),
    MetricInfo(
        "pelvis_tilt_change_deg", "Pelvis tilts", "how far the line of the hips tilts from its line in standing",
        "max |tilt - tilt at the top| of the line through the hips", "deg", "whole", "front", ("hip",),
        ("pelvis_tilt",), "Myer et al. 2014", LEVELLED, confidence="moderate",
    ),
    MetricInfo(
        "shoulder_tilt_change_deg", "Shoulders tilt",
        "how far the line of the shoulders tilts from its line in standing",
        "max |tilt - tilt at the top| of the line through the shoulders", "deg", "whole", "front", ("shoulder",),
        ("shoulder_tilt",), "ours", "leaning towards the camera enlarges nothing, turning does",
        confidence="moderate",
    ),
    MetricInfo(
        "hands_tilt_change_deg", "One hand higher",
        "how far the line of the hands tilts from its line in standing",
        "|tilt at the bottom - tilt at the top| of the line through the wrists", "deg", "bottom", "front", ("wrist",),
        ("shoulder_tilt",), "ours", HANDS, confidence="moderate",
    ),
    MetricInfo(
        "trunk_side_lean_deg", "Trunk leans aside",
        "how far the trunk leans aside from where it stood; above 0 is to your left",
        "lean aside of the line from mid-hip to mid-shoulder where it is furthest from that at the top, with its sign",
        "deg", "whole", "front", TRUNK, ("trunk_inclination",), "ours", "turning of the trunk looks like leaning",
        confidence="moderate",
    ),
    MetricInfo(
        "frontal_knee_angle_deg", "Knee inside hip and foot",
        "angle between thigh and shin seen from the front; above 0 the knee lies inwards",
        "max of atan2(v1 x v2, v1 . v2), v1 from hip to knee, v2 from knee to ankle, while KF <= 60°", "deg", "whole",
        "front", LEG, ("frontal_knee_angle",), "Munro et al. 2012; Gwynne & Curran 2014",
        "5° of yaw fake 11° of it at a deep knee bend: only within 5° of the front and KF up to 60°",
        confidence="moderate",
    ),
    MetricInfo(
        "stance_width", "Stance width", "feet apart over shoulders apart, standing",
        "|x_lankle - x_rankle| / |x_lshoulder - x_rshoulder| at the top", "", "top", "front", ("shoulder", "ankle"),
        ("stance_width",), "ours", "shoulder landmarks lie inside the shoulders", confidence="moderate",
    ),
    MetricInfo(
        "touch_downs", "Free foot touches the floor", "how often the free foot touches the floor in a repetition",
        "times that the free toe is within 3.5 % of a leg length of the standing toe's height for 0.1 s or longer,"
        " once it has been lifted", "times", "whole", "any", ("toe",), ("touch_downs",), "ours",
        "a foot that hovers above the floor counts as touching", confidence="moderate",
    ),
    MetricInfo(
        "stance_foot_shift", "Standing foot moves", "how far the standing foot moves in a repetition, in foot lengths",
        "largest distance of the standing ankle from where it was at the start / L_foot", "foot lengths", "whole",
        "any", ("ankle", *FOOT), ("foot_shift",), "ours",
        "the foot's length is seen from the side only; otherwise it is taken as 0.28 leg lengths",
        confidence="moderate",
    ),
    MetricInfo(
        "hip_path_width", "Hips wander aside", "how far the hips go from side to side in a repetition, in hip widths",
        "largest - smallest (x_midhip - x_midankle) / hip width over the repetition", "hip widths", "whole", "front",
        ("hip", "ankle"), ("hip_shift", "hip_shift"), "ours; Kozinc et al. 2021 for sway with fatigue",
        "a body that turns shifts the hips in the picture too", confidence="moderate",
    ),
    MetricInfo(
        "balance_point_bottom", "Weight over the foot",
        "where the body's centre of mass lies over the foot at the bottom: 0 above the heel, 1 above the toes;"
        " a bar or a weight in the hands is not part of it",
        "(x_com - x_heel) / (x_toe - x_heel), median at the bottom; centre of mass of the near side's segments",
        "foot lengths", "bottom", "side", (*BODY, *FOOT), ("balance_point",), "de Leva 1996",
        "up to 0.2 too far forward, about the same in every repetition: for changes only", confidence="low",
    ),
    MetricInfo(
        "feet_shift", "Feet move", "how far the foot that moves most is from where it began, in foot lengths",
        "largest distance of an ankle from its place at the start / (0.28 L_leg)", "foot lengths", "whole", "any",
        ("ankle",), ("foot_shift",), "ours", "an ankle that is hidden wanders", confidence="moderate",
    ),
)  # fmt: skip
