"""Advice: what came back, the weightiest first, at most two."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import figure
import pytest
from figure import Pose, film, reps, unlocked

from formdrift.assess.language import cue_texts, safety_texts
from formdrift.scoring.cues import CUE_OF, Word, pick_cue, rep_cues, set_cues
from formdrift.scoring.result import Criterion, Exercise, Rep, SetResult, Summary
from formdrift.scoring.rubric import RULES
from formdrift.scoring.sets import score_track

if TYPE_CHECKING:
    from formdrift.scoring.thresholds import Thresholds

LANGUAGES = Path(__file__).parents[2] / "assess" / "language"
TEXTS = cue_texts()


def criterion(name: str, severity: float, p_fault: float | None) -> Criterion:
    status = "measured" if p_fault is not None else "not_observable"
    score = None if p_fault is None else 100 * (1 - severity)
    return Criterion(name, status, None, 1.0, "deg", 1.0, severity, score, (0, 100), p_fault, "sagittal")  # type: ignore[arg-type]


def a_set(*each_rep: dict[str, tuple[float, float | None]]) -> SetResult:
    """Return a set whose repetitions have the given severities and probabilities."""
    found = tuple(
        Rep(i, 0, "full", i, i, i, i, i, (), {}, tuple(criterion(n, *v) for n, v in criteria.items()), ())
        for i, criteria in enumerate(each_rep, start=1)
    )
    return SetResult(Exercise("auto", "squat", "squat", 1.0), found, Summary(len(found), 0, (), None, None))


def test_every_language_has_every_cue() -> None:
    for path in LANGUAGES.glob("*.toml"):
        cues = tomllib.loads(path.read_text(encoding="utf-8"))["cues"]
        assert set(cues) == set(CUE_OF.values())
        assert all(set(wordings) == {"external", "internal", "praise"} for wordings in cues.values())


def test_every_scored_criterion_but_the_range_has_a_cue() -> None:
    # range is limited by mobility: it is never a fault
    scored = {rule.id for rule in RULES if rule.exercises}
    assert scored - set(CUE_OF) == {"HG-RANGE"}
    assert set(CUE_OF) <= scored


def test_safety_is_said_in_every_language() -> None:
    for path in LANGUAGES.glob("*.toml"):
        safety = tomllib.loads(path.read_text(encoding="utf-8"))["safety"]
        assert set(safety) == {"footer", "ask", "stop", "get_help", "one_sided"}
    assert "does not diagnose or predict injury" in safety_texts()["footer"]
    assert safety_texts()["stop"].startswith("Stop if it hurts")


def test_no_sentence_frightens_or_blames() -> None:
    said = [*TEXTS.values(), *cue_texts(wording="internal").values(), *cue_texts(wording="praise").values()]
    for word in ("danger", "injur", "weak", "dysfunction", "bad form"):
        assert not any(word in text.lower() for text in said), word


def test_fine_sets_get_no_advice(thresholds: Thresholds) -> None:
    (one,) = score_track(film(reps(figure.PARALLEL_SQUAT)), "auto", thresholds).sets
    assert set_cues(one, TEXTS, thresholds) == ()


@pytest.mark.parametrize(
    ("pose", "cue"),
    [(Pose(22, -55, 25, 90), "shallow"), (Pose(30, -95, 75, 90), "forward_lean")],
)
def test_a_fault_in_every_repetition_is_named(pose: Pose, cue: str, thresholds: Thresholds) -> None:
    (one,) = score_track(film(reps(pose)), "squat", thresholds).sets
    first = set_cues(one, TEXTS, thresholds)[0]
    assert (first.id, first.text, first.reps) == (cue, TEXTS[cue], (1, 2, 3, 4))
    assert all(CUE_OF[name] == cue for name in first.evidence)


def test_one_slip_is_not_worth_a_word(thresholds: Thresholds) -> None:
    fine, slip = {"SQ-LEAN": (0.0, 0.1)}, {"SQ-LEAN": (1.0, 0.99)}
    assert set_cues(a_set(fine, slip, fine, fine), TEXTS, thresholds) == ()
    # nor two slips far apart
    assert set_cues(a_set(slip, fine, fine, fine, slip), TEXTS, thresholds) == ()
    (cue,) = set_cues(a_set(fine, slip, fine, slip, fine), TEXTS, thresholds)
    assert (cue.id, cue.reps) == ("forward_lean", (2, 4))


def test_only_likely_faults_count(thresholds: Thresholds) -> None:
    possible, unseen = {"SQ-DEPTH": (0.5, 0.79)}, {"SQ-DEPTH": (0.5, None)}
    assert set_cues(a_set(possible, possible), TEXTS, thresholds) == ()
    assert set_cues(a_set(unseen, unseen), TEXTS, thresholds) == ()


def test_the_weightiest_two_are_said(thresholds: Thresholds) -> None:
    rep = {"SQ-LOCK": (1.0, 0.99), "SQ-CTRL": (1.0, 0.99), "SQ-DEPTH": (0.9, 0.99), "SQ-KASR": (0.2, 0.9)}
    cues = set_cues(a_set(rep, rep, rep), TEXTS, thresholds)
    assert [cue.id for cue in cues] == ["shallow", "fast_descent"]


def test_the_same_words_are_said_once(thresholds: Thresholds) -> None:
    rep = {"SQ-LEAN": (0.5, 0.99), "SQ-RISE": (1.0, 0.99)}
    (cue,) = set_cues(a_set(rep, rep), TEXTS, thresholds)
    assert (cue.id, cue.evidence) == ("hips_rise_first", ("SQ-RISE",))


def test_missed_lockouts_ask_for_standing_tall(thresholds: Thresholds) -> None:
    (one,) = score_track(film(unlocked(figure.PARALLEL_SQUAT, Pose(20, -20, 0))), "squat", thresholds).sets
    assert "no_lockout" in [cue.id for cue in set_cues(one, TEXTS, thresholds)]


FINE: dict[str, tuple[float, float | None]] = {"SQ-DEPTH": (0.0, 0.1), "SQ-LEAN": (0.0, 0.1)}
SHALLOW: dict[str, tuple[float, float | None]] = {**FINE, "SQ-DEPTH": (0.8, 0.95)}
BOTH: dict[str, tuple[float, float | None]] = {"SQ-DEPTH": (0.8, 0.95), "SQ-LEAN": (0.5, 0.95)}
DEEPER = Word("correct", "shallow", ("SQ-DEPTH",))


def words(thresholds: Thresholds, *each_rep: dict[str, tuple[float, float | None]]) -> tuple[Word | None, ...]:
    return rep_cues(a_set(*each_rep).reps, thresholds)


def test_a_word_comes_when_a_fault_comes_back_and_then_not_for_three_repetitions(thresholds: Thresholds) -> None:
    said = words(thresholds, *[SHALLOW] * 7)
    assert said == (None, DEEPER, None, None, None, DEEPER, None)


def test_one_slip_gets_no_word(thresholds: Thresholds) -> None:
    assert words(thresholds, SHALLOW, FINE, FINE, SHALLOW, FINE) == (None,) * 5
    # two of three need not be neighbours, but the fault is there when the word is said
    assert words(thresholds, SHALLOW, FINE, SHALLOW) == (None, None, DEEPER)
    assert words(thresholds, SHALLOW, FINE, SHALLOW, FINE)[3] is None


def test_one_fault_at_a_time_the_weightier_first(thresholds: Thresholds) -> None:
    said = words(thresholds, *[BOTH] * 5)
    assert said == (None, DEEPER, None, None, None)


def test_a_fault_that_is_gone_is_praised_once_and_leaves_room(thresholds: Thresholds) -> None:
    lean: dict[str, tuple[float, float | None]] = {**FINE, "SQ-LEAN": (0.5, 0.95)}
    said = words(thresholds, BOTH, BOTH, lean, lean, lean, FINE, FINE)
    assert said == (
        None,
        DEEPER,
        None,
        Word("praise", "shallow"),
        Word("correct", "forward_lean", ("SQ-LEAN",)),
        None,
        Word("praise", "forward_lean"),
    )


def test_a_fault_that_can_no_longer_be_seen_is_not_praised(thresholds: Thresholds) -> None:
    unseen: dict[str, tuple[float, float | None]] = {"SQ-DEPTH": (0.0, None)}
    unsure: dict[str, tuple[float, float | None]] = {"SQ-DEPTH": (0.1, 0.6)}
    assert words(thresholds, SHALLOW, SHALLOW, unseen, unseen) == (None, DEEPER, None, None)
    assert words(thresholds, SHALLOW, SHALLOW, unsure, unsure) == (None, DEEPER, None, None)


def test_words_are_replayed_from_the_repetitions_alone(thresholds: Thresholds) -> None:
    reps_so_far = a_set(SHALLOW, BOTH, FINE, FINE, BOTH, SHALLOW, BOTH).reps
    all_at_once = rep_cues(reps_so_far, thresholds)
    assert tuple(pick_cue(reps_so_far[: n + 1], thresholds) for n in range(len(reps_so_far))) == all_at_once
    assert pick_cue((), thresholds) is None
