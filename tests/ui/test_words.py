"""What is said of a set in plain words."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from formdrift.assess import assess_seen
from formdrift.ui.words import headline

# The stick figure of the scoring tests is a plain module.
sys.path.insert(0, str(Path(__file__).parents[1] / "scoring"))

import figure


@pytest.mark.parametrize(
    ("exercise", "what"), [("auto", "repetition"), ("rdl", "repetition"), ("balance", "balance test")]
)
def test_what_was_not_found_is_called_what_it_is(exercise: str, what: str) -> None:
    found = assess_seen(figure.seen(figure.film(figure.reps(figure.STANDING))), exercise)
    assert headline(found.sets[0], found.sources[0].view) == f"No {what} found, seen from the side."
