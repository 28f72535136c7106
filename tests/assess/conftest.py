from __future__ import annotations

import sys
from pathlib import Path

import pytest

from formdrift.assess import VideoAssessment, assess_seen

# The stick figure of the scoring tests is a plain module.
sys.path.insert(0, str(Path(__file__).parents[1] / "scoring"))

import figure


@pytest.fixture(scope="session")
def squat() -> VideoAssessment:
    """Four squats from the side, the third one partial."""
    return assess_seen(figure.seen(figure.film(figure.reps(figure.PARALLEL_SQUAT, (1.0, 1.0, 0.65, 1.0)))))


@pytest.fixture(scope="session")
def front() -> VideoAssessment:
    return assess_seen(figure.seen(figure.film(figure.reps(figure.PARALLEL_SQUAT), 0.0)))


@pytest.fixture(scope="session")
def still() -> VideoAssessment:
    return assess_seen(figure.seen(figure.film(figure.reps(figure.STANDING))))
