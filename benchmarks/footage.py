"""Drift in real clips, several as one set: they lie in ``shared/data`` beside the repository, not in it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from formdrift.assess import assess_as_one_set, load_thresholds, look
from formdrift.assess.settings import load_drift_tables
from formdrift.scoring.drift import detect
from formdrift.scoring.features import series_to_test

if TYPE_CHECKING:
    from formdrift.assess import SeenVideo
    from formdrift.scoring.result import SetResult

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "videos"
LIFTS, LOOP = "deadlift_faults_tby66", "squat_coach_zhmai/side_bodyweight.mp4"


def as_one_set() -> list[tuple[str, str, str, str]] | None:
    """Return what is claimed of each joined set: its name, the metrics, the first onset, and what is wanted."""
    if not (FOLDER / LIFTS).is_dir():
        return None
    sets = {
        "`c_1` then `k_1`, side": (_joined("c_1", "k_1"), "onset 11 ± 1"),
        "`a_2` then `k_2`, oblique": (_joined("a_2", "k_2"), "onset 11 ± 1"),
        "`c_1` alone": (_joined("c_1"), "none"),
        "a looped clip of squats": (_assessed((_seen(LOOP),), "auto"), "none"),
    }
    rows = []
    for name, (one, wanted) in sets.items():
        claimed = [d for d in one.drift if d.verdict != "no_detectable_change"]
        onsets = ", ".join(f"{d.onset_rep} {d.onset_interval}" for d in claimed)
        rows.append((name, ", ".join(d.metric for d in claimed) or "none", onsets or "–", wanted))
    return rows


def random_orders(count: int) -> float:
    """Return the percentage of random orders of the reps of one correct take in which anything is claimed."""
    series, tables = series_to_test(_joined("c_1")), load_drift_tables()
    rng, claims = np.random.default_rng(0), 0
    for _ in range(count):
        order = rng.permutation(len(series[0].value))
        shuffled = [replace(one, value=one.value[order]) for one in series]
        claims += any(d.verdict != "no_detectable_change" for d in detect(shuffled, tables))
    return 100.0 * claims / count


def _joined(*takes: str) -> SetResult:
    return _assessed(tuple(_seen(f"{LIFTS}/0016{take}.mp4") for take in takes), "kettlebell")


def _assessed(seen: tuple[SeenVideo, ...], exercise: str) -> SetResult:
    return max(assess_as_one_set(list(seen), exercise, load_thresholds()).sets, key=lambda one: len(one.reps))


@cache
def _seen(path: str) -> SeenVideo:
    return look(FOLDER / path)
