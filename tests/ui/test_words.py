"""What is said of a set in plain words."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from formdrift.assess import assess_seen
from formdrift.ui.words import ADD, for_the_app, headline

# The stick figure of the scoring tests is a plain module.
sys.path.insert(0, str(Path(__file__).parents[1] / "scoring"))

import figure


@pytest.mark.parametrize(
    ("exercise", "what"), [("auto", "repetition"), ("rdl", "repetition"), ("balance", "balance test")]
)
def test_what_was_not_found_is_called_what_it_is(exercise: str, what: str) -> None:
    found = assess_seen(figure.seen(figure.film(figure.reps(figure.STANDING))), exercise)
    assert headline(found.sets[0], found.sources[0].view) == f"No {what} found, seen from the side."


def test_pages_do_not_speak_of_the_command_line() -> None:
    said = "It is not clear who trains: person 0 (on the left) was taken, but it could be person 1 (in the middle)."
    assert for_the_app(f"{said} Choose with --subject 1.") == (
        "It is not clear who trains: the person on the left was taken, but it could be the person in the middle."
        " Click on them when you review the set."
    )
    assert for_the_app(f"{said} Choose with --subject 1.", ADD).endswith("Add the video as a set to choose them.")
    assert for_the_app("Leave it out, or say --exercise balance if it is a balance test.") == (
        "Leave it out, or choose the balance test if it is one."
    )
    assert for_the_app("They are not one set: score them one by one, or name the exercise with --exercise.") == (
        "They are not one set: add them one by one, or choose the exercise."
    )
