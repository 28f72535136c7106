"""How measurements are judged: rubrics, scores, intervals, coverage."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import figure
import numpy as np
import pytest
from figure import Pose, Tempo, film, from_the_floor, hide, hips_first, reps, unlocked

from formdrift.scoring.prescription import NOTHING_PRESCRIBED, Prescription, parse_tempo
from formdrift.scoring.result import Exercise
from formdrift.scoring.rubric import MEANINGS, RULES, TITLES, rubric
from formdrift.scoring.score import p_fault, score, severity, total_error
from formdrift.scoring.sets import score_track

if TYPE_CHECKING:
    from formdrift.pose.track import PoseTrack
    from formdrift.scoring.result import Criterion, Rep, SetResult, SubScore
    from formdrift.scoring.thresholds import Thresholds

SQUAT = figure.PARALLEL_SQUAT


def one_set(track: PoseTrack, thresholds: Thresholds, exercise: str = "auto") -> SetResult:
    (only,) = score_track(track, exercise, thresholds).sets
    assert only.reps
    return only


def by_id(rep: Rep) -> dict[str, Criterion]:
    return {c.id: c for c in rep.criteria}


def sub_scores(scores: tuple[SubScore, ...]) -> dict[str, SubScore]:
    return {part.name: part for part in scores}


def test_every_rule_has_its_thresholds(thresholds: Thresholds) -> None:
    assert {rule.id for rule in RULES} == set(TITLES) == set(MEANINGS)
    assert {rule.id for rule in RULES if rule.exercises | rule.loaded} == set(thresholds.criteria)
    for limits in thresholds.criteria.values():
        for bins in (limits.t, limits.t_kettlebell or limits.t):
            assert list(bins) == sorted(set(bins))


@pytest.mark.parametrize(
    ("declared", "detected", "family", "column"),
    [
        ("auto", "squat", "squat", "squat"),
        ("auto", "hinge", "hinge", "hinge"),
        ("auto", "deadlift", "hinge", "deadlift"),
        ("rdl", "deadlift", "hinge", "hinge"),
        ("good-morning", "squat", "hinge", "good-morning"),
        ("auto", "single-leg", "squat", "single-leg-squat"),
        ("auto", "single-leg", "hinge", "single-leg-rdl"),
        ("single-leg-rdl", "single-leg", "hinge", "single-leg-rdl"),
        ("overhead-squat", "squat", "squat", "overhead-squat"),
        ("deadlift", "squat", "hinge", "deadlift"),
        ("kettlebell", "squat", "hinge", "kettlebell"),
        ("squat", "deadlift", "squat", "squat"),
    ],
)
def test_columns_of_the_rubric(declared: str, detected: str, family: str, column: str) -> None:
    assert rubric(Exercise(declared, detected, family, 1.0)) == column  # type: ignore[arg-type]


def test_clean_squats_are_fine(thresholds: Thresholds) -> None:
    found = one_set(film(reps(SQUAT)), thresholds)
    for rep in found.reps:
        assert {c.id for c in rep.criteria if c.score == 100} == {
            "SQ-DEPTH",
            "SQ-LEAN",
            "SQ-RISE",
            "SQ-HEEL",
            "SQ-LOCK",
            "SQ-CTRL",
        }
    parts = sub_scores(found.summary.scores)
    seen = {name: (part.score, part.coverage) for name, part in parts.items()}
    assert seen == {
        "depth & trunk, side": (100, 1),
        "knees & symmetry, front": (None, 0),
        "control & tempo": (100, 1),
    }


@pytest.mark.parametrize(
    ("pose", "fault", "excess"),
    [
        (Pose(22, -60, 25, 90), "SQ-DEPTH", 30.0),
        (Pose(30, -82, 38, 90), "SQ-DEPTH", 8.0),
        (Pose(30, -90, 55, 90), "SQ-LEAN", 25.0),
        (Pose(30, -90, 70, 90), "SQ-LEAN", 40.0),
    ],
)
def test_one_fault_costs_one_criterion(pose: Pose, fault: str, excess: float, thresholds: Thresholds) -> None:
    found = one_set(film(reps(pose)), thresholds, "squat")
    bins = thresholds.criteria[fault].t
    for rep in found.reps:
        criteria = by_id(rep)
        judged = criteria.pop(fault)
        assert judged.value == pytest.approx(excess, abs=0.3)
        assert judged.score == pytest.approx(float(score(excess, bins)), abs=2.0)
        assert judged.severity == pytest.approx(float(severity(excess, bins)), abs=0.02)
        assert {c.score for c in criteria.values() if c.score is not None} == {100}
    weights = {
        rule.id: thresholds.criteria[rule.id].weight
        for rule in RULES
        if rule.group == "depth & trunk, side" and "squat" in rule.exercises
    }
    expected = 100 - (100 - float(score(excess, bins))) * weights[fault] / sum(weights.values())
    assert sub_scores(found.summary.scores)["depth & trunk, side"].score == pytest.approx(expected, abs=1.0)


def test_hips_that_rise_first_cost_the_rise(thresholds: Thresholds) -> None:
    tempo = Tempo(up=1.6)
    motion = hips_first(reps(SQUAT, tempo=tempo), 20.0, tempo)
    bottom = motion.hip_height.min()
    rise = motion.trunk[motion.hip_height - bottom <= 0.5 * (1 - bottom)].max() - SQUAT.trunk
    assert rise > 10
    for rep in one_set(film(motion), thresholds).reps:
        criteria = by_id(rep)
        assert criteria["SQ-RISE"].value == pytest.approx(rise, abs=0.8)
        assert criteria["SQ-RISE"].score == pytest.approx(float(score(rise, thresholds.criteria["SQ-RISE"].t)), abs=5)
        assert criteria["SQ-DEPTH"].score == 100


def test_missed_lockouts_cost_the_lockout(thresholds: Thresholds) -> None:
    found = one_set(film(unlocked(SQUAT, Pose(shank=10, thigh=-10))), thresholds)
    for rep in found.reps:
        assert by_id(rep)["SQ-LOCK"].value == pytest.approx(20, abs=0.5)
        assert by_id(rep)["SQ-LOCK"].score == pytest.approx(50, abs=3)


def test_clean_hinge_and_squatty_hinge(thresholds: Thresholds) -> None:
    clean = one_set(film(reps(Pose(2, -12, 72))), thresholds, "rdl")
    squatty = one_set(film(reps(figure.SQUATTY_HINGE)), thresholds, "rdl")
    for good, bad in zip(clean.reps, squatty.reps, strict=True):
        for fault in ("HG-RATIO", "HG-KNEE", "HG-SHANK", "HG-RANGE"):
            assert by_id(good)[fault].score == 100, fault
            assert (by_id(bad)[fault].score or 0) < 70, fault
    assert by_id(squatty.reps[0])["HG-RATIO"].value == pytest.approx(60 / 83, abs=5e-3)
    assert "HG-RISE" not in by_id(clean.reps[0])


def test_one_fault_is_not_paid_twice(thresholds: Thresholds) -> None:
    """Ratio and knee bend are one fault: the sub-score counts the worse of them, once."""
    found = one_set(film(reps(figure.SQUATTY_HINGE)), thresholds, "rdl")
    criteria = by_id(found.reps[0])
    names = ("HG-RATIO", "HG-SHANK", "HG-BACK", "HG-RANGE", "HG-HEEL", "HG-LOCK")
    weight = {n: thresholds.criteria[n].weight for n in names}
    worst = {n: criteria[n].score or 0.0 for n in weight}
    worst["HG-RATIO"] = min(worst["HG-RATIO"], criteria["HG-KNEE"].score or 0.0)
    expected = sum(weight[n] * worst[n] for n in weight) / sum(weight.values())
    part = found.reps[0].scores[0]
    assert part.name == "hinge, side"
    assert part.score == pytest.approx(expected, abs=0.2)


def test_deadlift_reports_what_it_does_not_score(thresholds: Thresholds) -> None:
    found = one_set(film(from_the_floor(figure.FLOOR_PULL)), thresholds)
    for rep in found.reps:
        criteria = by_id(rep)
        for shown in ("HG-RATIO", "HG-KNEE", "HG-SHANK", "HG-RANGE"):
            one = criteria[shown]
            assert (one.status, one.score, one.severity, one.interval, one.p_fault) == ("measured", *[None] * 4), shown
            assert one.value is not None
            assert "not scored" in str(one.reason)
        for scored in ("HG-BACK", "HG-RISE", "HG-LOCK"):
            assert criteria[scored].score is not None, scored
        assert rep.scores[0].score is not None


def test_kettlebell_lifts_have_their_own_bins(thresholds: Thresholds) -> None:
    pose = Pose(shank=28.0, thigh=-72.0, trunk=30.0)
    ratio = 100.0 / 102.0
    found = one_set(film(reps(pose)), thresholds, "kettlebell")
    own = thresholds.criteria["HG-RATIO"].t_kettlebell
    assert own is not None
    for rep in found.reps:
        criteria = by_id(rep)
        assert criteria["HG-RATIO"].value == pytest.approx(ratio, abs=5e-3)
        assert criteria["HG-RATIO"].score == pytest.approx(float(score(ratio, own)), abs=1.5)
        assert criteria["HG-KNEE"].score is None
    assert (by_id(one_set(film(reps(pose)), thresholds, "rdl").reps[0])["HG-RATIO"].score or 0) < 5


@pytest.mark.parametrize("exercise", ["auto", "rdl"])
def test_spine_is_never_observable(exercise: str, thresholds: Thresholds) -> None:
    for yaw in (90.0, 0.0):
        for rep in one_set(film(reps(SQUAT), yaw), thresholds, exercise).reps:
            spine = by_id(rep)["HG-SPINE" if exercise == "rdl" else "SQ-SPINE"]
            assert (spine.status, spine.value, spine.score) == ("not_observable", None, None)
            assert "look at the replay" in str(spine.reason)


@pytest.mark.parametrize(("yaw", "words"), [(0.0, "from the front"), (180.0, "from behind"), (130.0, "at an angle")])
def test_views_that_show_nothing_score_nothing(yaw: float, words: str, thresholds: Thresholds) -> None:
    found = one_set(film(reps(SQUAT), yaw), thresholds)
    for rep in found.reps:
        for one in rep.criteria:
            frontal = one.id in ("SQ-KASR", "SQ-MKD", "SQ-SHIFT", "SQ-OBLIQ", "SQ-STANCE")
            if one.id in ("SQ-CTRL", "SQ-SPINE") or (frontal and yaw != 130.0):
                continue
            assert (one.status, one.value, one.score, one.p_fault) == ("not_observable", None, None, None)
            assert words in str(one.reason)
    parts = sub_scores(found.summary.scores)
    assert parts["depth & trunk, side"] == replace(parts["depth & trunk, side"], score=None, interval=None, coverage=0)
    assert parts["control & tempo"].score == 100
    assert found.summary.technique_total is None


def test_too_little_seen_is_no_score(thresholds: Thresholds) -> None:
    """Without the knee at the bottom only the rise, the heels and the lockout are left: 28 of 63."""
    motion = reps(SQUAT)
    bottom = np.abs((motion.time_s - 1.5) % Tempo().rep - 1.4) < 0.3
    found = one_set(hide(film(motion), bottom & (motion.time_s > 1.5), ["left_knee"]), thresholds)
    parts = sub_scores(found.summary.scores)
    assert parts["depth & trunk, side"].coverage == pytest.approx(28 / 63, abs=0.01)
    assert (parts["depth & trunk, side"].score, parts["depth & trunk, side"].interval) == (None, None)
    # with the ankle gone instead only the lean is lost: 48 of 63
    found = one_set(hide(film(motion), bottom & (motion.time_s > 1.5), ["left_ankle"]), thresholds)
    parts = sub_scores(found.summary.scores)
    assert parts["depth & trunk, side"].coverage == pytest.approx(48 / 63, abs=0.01)
    assert parts["depth & trunk, side"].score == 100


def test_errors_of_a_criterion(thresholds: Thresholds) -> None:
    yaw = 78.0
    (rep, *_) = one_set(film(reps(Pose(30, -84, 44, 90)), yaw), thresholds).reps
    depth, measured = by_id(rep)["SQ-DEPTH"], rep.measurements["depth_angle_bottom_deg"]
    assert depth.value == measured.value
    assert measured.sem_abs is not None
    assert measured.bias_bound is not None
    assert measured.value is not None
    sigma = float(total_error(measured.sem_abs, measured.bias_bound))
    assert depth.sem_abs == pytest.approx(sigma, abs=1e-3)
    assert depth.p_fault == pytest.approx(float(p_fault(measured.value, 4.0, sigma)), abs=1e-3)
    assert depth.p_fault == pytest.approx(0.69, abs=0.02)
    assert depth.score == pytest.approx(91.7, abs=2)
    assert depth.interval is not None
    low, high = depth.interval
    expected = score(np.array([6 + 1.645 * sigma, 6 - 1.645 * sigma]), thresholds.criteria["SQ-DEPTH"].t)
    assert (low, high) == pytest.approx(tuple(expected), abs=4)


def test_scores_lie_in_their_intervals_and_repeat(thresholds: Thresholds) -> None:
    track = film(hips_first(reps(Pose(26, -78, 48, 90)), 10.0))
    one, again = (one_set(track, thresholds) for _ in range(2))
    assert one == again
    for rep in one.reps:
        for c in rep.criteria:
            if c.interval is not None and c.score is not None:
                assert 0 <= c.interval[0] <= c.score + 0.1 <= c.interval[1] + 0.2 <= 100.2
    for part in one.summary.scores:
        if part.name == "knees & symmetry, front":
            assert (part.score, part.interval) == (None, None)
            continue
        assert part.interval is not None
        assert 0 <= part.interval[0] <= part.interval[1] <= 100


def test_partial_reps_do_not_enter_the_summary(thresholds: Thresholds) -> None:
    found = one_set(film(reps(SQUAT, (1.0, 1.0, 0.65, 1.0))), thresholds)
    assert [rep.kind for rep in found.reps] == ["full", "full", "partial", "full"]
    assert (by_id(found.reps[2])["SQ-DEPTH"].score or 0) < 50
    assert sub_scores(found.summary.scores)["depth & trunk, side"].score == 100


def test_summary_is_the_median_repetition(thresholds: Thresholds) -> None:
    tempo = Tempo()
    motion = reps(SQUAT, (1.0,) * 3, tempo)
    leaning = motion.time_s > 1.5 + 2 * tempo.rep
    lean = np.where(leaning, 25.0 * (1 - np.cos(np.radians(motion.thigh))), 0.0)
    found = one_set(film(replace(motion, trunk=motion.trunk + lean)), thresholds)
    each = [sub_scores(rep.scores)["depth & trunk, side"].score for rep in found.reps]
    assert each[:2] == [100, 100]
    assert (each[2] or 0) < 90
    assert sub_scores(found.summary.scores)["depth & trunk, side"].score == 100


def test_a_score_needs_enough_criteria(thresholds: Thresholds) -> None:
    """However much weight the few that were seen carry."""
    bottom_only = ("SQ-DEPTH", "SQ-LEAN")
    heavy = {
        name: replace(one, weight=100.0 if name in bottom_only else one.weight)
        for name, one in thresholds.criteria.items()
    }
    motion = reps(SQUAT)
    from_bottom = (motion.time_s - 1.5) % Tempo().rep - 1.4
    away = (np.abs(from_bottom) > 0.45) & (motion.time_s > 1.5)
    track = hide(film(motion), away, ["left_heel", "left_toe", "right_heel", "right_toe", "left_ankle"])
    for least, scored in ((2, True), (3, True), (5, False), (6, False)):
        limits = replace(thresholds, criteria=heavy, score=replace(thresholds.score, criteria_min=least))
        part = sub_scores(one_set(track, limits, "squat").summary.scores)["depth & trunk, side"]
        assert (part.score is not None) == scored, least


def test_adding_a_rule_moves_no_other_interval(thresholds: Thresholds) -> None:
    """Plausible values are drawn for each criterion by itself: a tempo that is asked for changes no depth."""
    track = film(reps(Pose(26, -78, 48, 90)))
    asked = Prescription(tempo=parse_tempo("3/1/1"))
    (plain,), (paced,) = (
        score_track(track, "squat", thresholds, prescription=p).sets for p in (NOTHING_PRESCRIBED, asked)
    )
    for before, after in zip(plain.reps, paced.reps, strict=True):
        after_by_id = by_id(after)
        assert all(c == after_by_id[name] for name, c in by_id(before).items())
