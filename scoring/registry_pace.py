"""Metrics of pace: how long, how fast and how evenly a repetition goes, and the ways that hands and hips take."""

from .metric_info import FOOT, HANDS, LEVELLED, MetricInfo
from .sides import LEG

_TIMED = "a phase counts from 5 % of its peak speed: slow starts are seen late, slow ends early"

PACE = (
    MetricInfo(
        "descent_s", "Time down", "seconds from standing to the bottom", "t1 - t0: end and start of lowering", "s",
        "descent", "any", LEG, ("descent_s",), "Wilk et al. 2021", _TIMED,
    ),
    MetricInfo(
        "bottom_pause_s", "Pause at the bottom", "seconds held at the bottom", "t2 - t1: lowering to rising", "s",
        "bottom", "any", LEG, ("pause_s",), "Wilk et al. 2021", "slow ends of the phases count as pause",
    ),
    MetricInfo(
        "ascent_s", "Time up", "seconds from the bottom to standing", "t3 - t2: start and end of rising", "s",
        "ascent", "any", LEG, ("ascent_s",), "Wilk et al. 2021", _TIMED,
    ),
    MetricInfo(
        "top_pause_s", "Pause at the top", "seconds of standing before the next repetition",
        "start of the next repetition - end of this one", "s", "top", "any", LEG, ("pause_s",), "Wilk et al. 2021",
        "slow ends of the phases count as pause",
    ),
    MetricInfo(
        "tempo_error", "Off the prescribed tempo", "sum of what all phases are off, as a part of the whole target",
        "sum |T - T*| / sum T* over the phases that have a target T*", "", "whole", "any", LEG,
        ("descent_s", "ascent_s"), "Wilk et al. 2021", _TIMED,
    ),
    MetricInfo(
        "tempo_adherence_pct", "Tempo kept", "how well the prescribed tempo was kept; 100 % is as prescribed",
        "100 max(0, 1 - sum |T - T*| / sum T*)", "%", "whole", "any", LEG, ("descent_s", "ascent_s"),
        "Wilk et al. 2021", _TIMED,
    ),
    *(
        MetricInfo(
            f"{phase}_tempo_error", f"{title} against the tempo",
            "how much longer (+) or shorter the phase takes than prescribed, as a part of what was prescribed",
            "(T - T*) / T*", "", phase, "any", LEG, (error,), "Wilk et al. 2021", _TIMED,
        )
        for phase, title, error in (
            ("descent", "Way down", "descent_s"), ("bottom", "Pause at the bottom", "pause_s"),
            ("ascent", "Way up", "ascent_s"), ("top", "Pause at the top", "pause_s"),
        )
    ),
    *(
        info
        for point, title, joints, bias in (
            ("hip", "Hips", LEG, "hips, not the bar; ascents of less than a second read up to 7 % slow"),
            ("hand", "Hands", ("wrist", "ankle"), HANDS),
        )
        for info in (
            MetricInfo(
                f"{point}_ascent_velocity", f"{title}: mean velocity up",
                "mean velocity on the way up, in leg lengths a second",
                "mean dy/dt (3 Hz) from where to where it is at least a twentieth of its peak", "leg lengths/s",
                "ascent", "any", joints, ("velocity",), "Sánchez-Medina & González-Badillo 2011", bias,
            ),
            MetricInfo(
                f"{point}_ascent_peak_velocity", f"{title}: peak velocity up",
                "largest velocity on the way up, in leg lengths a second", "max dy/dt while rising", "leg lengths/s",
                "ascent", "any", joints, ("peak_velocity",), "Sánchez-Medina & González-Badillo 2011",
                "filtering at 6 Hz lowers short peaks",
            ),
            MetricInfo(
                f"{point}_ascent_velocity_m_s", f"{title}: mean velocity up, metres",
                "mean velocity on the way up; only where the stature is known", "the same, a leg being 0.491 of the"
                " stature", "m/s", "ascent", "any", joints, ("velocity",), "Winter 2009",
                "legs differ by about 5 % at the same stature",
            ),
            MetricInfo(
                f"{point}_ascent_peak_velocity_m_s", f"{title}: peak velocity up, metres",
                "largest velocity on the way up; only where the stature is known", "the same, a leg being"
                " 0.491 of the stature", "m/s", "ascent", "any", joints, ("peak_velocity",), "Winter 2009",
                "legs differ by about 5 % at the same stature",
            ),
        )
    ),
    MetricInfo(
        "velocity_loss_pct", "Velocity loss",
        "how much slower than the fastest of the first three; fatigue only where every ascent is meant to be as fast"
        " as possible", "100 (v_ref - v) / v_ref, v the mean velocity up, v_ref the fastest of the first 3 full"
        " repetitions", "%", "ascent", "any", LEG, ("velocity",), "Sánchez-Medina & González-Badillo 2011",
        "what it says of repetitions left in reserve differs between people and days",
    ),
    MetricInfo(
        "descent_smoothness", "Smoothness down",
        "smoothness of the way down: about -1.4 is one smooth stroke, less is rougher",
        "spectral arc length of |v| up to 10 Hz (SPARC)", "", "descent", "any", LEG, ("smoothness",),
        "Balasubramanian et al. 2015", "noise and frame rate roughen it: compare within a set-up",
    ),
    MetricInfo(
        "ascent_smoothness", "Smoothness up",
        "smoothness of the way up: about -1.4 is one smooth stroke, less is rougher",
        "spectral arc length of |v| up to 10 Hz (SPARC)", "", "ascent", "any", LEG, ("smoothness",),
        "Balasubramanian et al. 2015", "noise and frame rate roughen it: compare within a set-up",
    ),
    MetricInfo(
        "descent_speed_variation", "Constancy down", "how constant the speed is on the way down; 0 is a constant tempo",
        "SD / mean of |v| (3 Hz) over the middle 60 % of the moving; a smooth reach gives 0.18", "", "descent", "any",
        LEG, ("speed_variation",), "ours", "not isokinetic: that is a constant angular velocity kept by a machine",
    ),
    MetricInfo(
        "ascent_speed_variation", "Constancy up", "how constant the speed is on the way up; 0 is a constant tempo",
        "SD / mean of |v| (3 Hz) over the middle 60 % of the moving; a smooth reach gives 0.18", "", "ascent", "any",
        LEG, ("speed_variation",), "ours", "not isokinetic: that is a constant angular velocity kept by a machine",
    ),
    MetricInfo(
        "sticking_s", "Sticking region",
        "seconds during which the ascent slows down before it speeds up again; 0 is none",
        "t(v_min) - t(v_max1) of the upward velocity (3 Hz), where it falls by 0.06 leg lengths/s and 10 % or more",
        "s", "ascent", "any", LEG, ("ascent_s",), "van den Tillaar et al. 2014; Larsen et al. 2021",
        "many lifters have none even near failure",
    ),
    MetricInfo(
        "sticking_velocity", "Slowest of the sticking region", "velocity at the slowest of the sticking region",
        "v_min", "leg lengths/s", "ascent", "any", LEG, ("velocity",), "van den Tillaar et al. 2014",
        "filtering at 3 Hz raises short minima",
    ),
    MetricInfo(
        "hand_path_range", "Load's way forward and back", "how far the hands travel forward and back, in foot lengths",
        "max - min of (x_hand - x_midfoot) / L_foot", "foot lengths", "whole", "side", ("hand", *FOOT),
        ("foot_distance",), "ours", HANDS,
    ),
    MetricInfo(
        "hand_path_offset", "Load off the middle of the foot",
        "how far at most the hands are ahead of or behind the middle of the foot, in foot lengths",
        "max |x_hand - x_midfoot| / L_foot", "foot lengths", "whole", "side", ("hand", *FOOT), ("foot_distance",),
        "ours", "for light loads the body's mass, not the load, must be over the foot",
    ),
    MetricInfo(
        "hip_travel_symmetry_pct", "Left hip against right",
        "how much further the left hip travels down than the right, over their mean",
        "100 (L - R) / ((L + R) / 2), L and R the drop of each hip", "%", "bottom", "front", LEG, ("hip_drop",),
        "Robinson et al. 1987", LEVELLED,
    ),
    MetricInfo(
        "knees_in_left_minus_right", "Left knee against right",
        "how much further the left knee moves in than the right, in shank lengths",
        "max inward of the left knee - of the right, each against standing", "shank lengths", "whole", "front",
        ("knee", "ankle"), ("knees_in", "knees_in"), "ours",
        "a camera off the front shows one knee further in and the other further out",
    ),
    MetricInfo(
        "hip_drop", "Hip drop", "how far the hips come down, in leg lengths",
        "hip height at the top - at the bottom, over thigh + shank", "leg lengths", "bottom", "any", LEG,
        ("hip_drop",), "ours", "a leg that is never seen at its full length looks shorter",
    ),
    MetricInfo(
        "descent_peak_to_mean_speed", "Evenness of the descent",
        "fastest over average speed on the way down; 1 is perfectly even",
        "max |v| / mean |v| of the signal that times the repetition (3 Hz), while lowering, where |v| is at least a"
        " tenth of its largest", "", "descent", "any", LEG,
        ("descent_peak_to_mean",), "Myer et al. 2014; a smooth reach gives 1.57 (Flash & Hogan 1985)",
        "filtering at 3 Hz flattens a descent of less than half a second",
    ),
)  # fmt: skip
