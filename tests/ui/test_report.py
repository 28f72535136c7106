from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from formdrift.assess import SubScore, VideoAssessment, assess_seen
from formdrift.ui.report import print_assessment
from formdrift.ui.words import sub_score

# The stick figure of the scoring tests is a plain module.
sys.path.insert(0, str(Path(__file__).parents[1] / "scoring"))

import figure


@pytest.fixture(scope="module")
def hinges() -> VideoAssessment:
    """Hinges from the side: their criteria need more than 80 columns."""
    return assess_seen(figure.seen(figure.film(figure.reps(figure.RDL))), "rdl")


@pytest.mark.parametrize("width", [60, 80, 100])
def test_nothing_is_cut_off_on_a_narrow_terminal(
    width: int, hinges: VideoAssessment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    print_assessment(hinges, terminal=True)
    shown = capsys.readouterr().out
    assert "…" not in shown
    assert max(len(line) for line in shown.splitlines()) <= width
    headings = [line for line in shown.splitlines() if line.lstrip().startswith("rep ")]
    measured = [c.id for c in hinges.sets[0].reps[0].criteria if c.value is not None]
    assert [word for line in headings for word in line.split() if "-" in word] == measured
    rows = [line for line in shown.splitlines() if re.match(r" *1 ", line)]
    assert len(rows) == len(headings)


def test_the_legend_says_whose_scores_those_are_and_what_a_dash_means(
    hinges: VideoAssessment, capsys: pytest.CaptureFixture[str]
) -> None:
    print_assessment(hinges, terminal=False)
    shown = capsys.readouterr().out
    assert "scores are those of the middle repetition" in shown
    assert "– not seen" in shown


def test_a_sub_score_blames_the_view_for_nothing_else() -> None:
    assert sub_score(SubScore("control & tempo", None, None, 0.0)) == "control & tempo: not seen"
    assert "not scored, too little" in sub_score(SubScore("control & tempo", None, None, 0.3))


def test_a_wide_output_has_one_table(hinges: VideoAssessment, capsys: pytest.CaptureFixture[str]) -> None:
    print_assessment(hinges, terminal=False)
    assert sum(line.startswith("rep ") for line in capsys.readouterr().out.splitlines()) == 1
