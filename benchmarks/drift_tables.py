"""Simulate sets without drift and write the quantiles of the detector's statistic to ``scoring/drift_tables.toml``.

Neighbouring repetitions are simulated somewhat alike, so that independent ones raise fewer
false alarms than they may and ones that are more alike not many more; how much that takes
depends on the length and on whether earlier days show the autocorrelation. Sets with three
earlier days are simulated for several sizes of the day-to-day shift, and the largest
quantile counts.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from formdrift.scoring.drift_batch import statistics
from formdrift.scoring.simulate import Null, simulate

if TYPE_CHECKING:
    from numpy.typing import NDArray

TARGET = Path(__file__).parents[1] / "scoring" / "drift_tables.toml"
TAILS = (0.5, 0.3, 0.2, 0.1, 0.05, 0.03, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005)
LENGTHS = (*range(5, 17), 18, 20, 25, 30, 40)
ALONE_METRICS = (1, 3, 6)
LONG = 12
# autocorrelation of short and of long sets, without and with history
ALONE_ALIKE, PAST_ALIKE = (0.16, 0.12), (0.0, 0.08)
PAST_DAYS, PAST_REPS, PAST_METRICS = 3, 8, 3
DAY_SHIFTS = (0.6, 1.0, 2.0)
SERIES = 45_000
BATCH = 12_000


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=SERIES, help="series simulated for each quantile")
    series = parser.parse_args().series
    lines = [
        "# Made by benchmarks/drift_tables.py; do not edit.",
        'version = "2026.1"',
        f'made = "{series} simulated series a cell, autocorrelation {ALONE_ALIKE} without history;'
        f' {PAST_ALIKE}, {PAST_DAYS} earlier days, day shifts {DAY_SHIFTS} with"',
        f"tails = {list(TAILS)}",
        f"lengths = {list(LENGTHS)}",
    ]
    for metrics in ALONE_METRICS:
        rows = [quantiles(Null(autocorrelation=ALONE_ALIKE[n >= LONG]), n, metrics, series) for n in LENGTHS]
        lines += _table("alone", metrics, rows)
    rows = []
    for n in LENGTHS:
        nulls = [Null(PAST_ALIKE[n >= LONG], day_shift=shift, past_days=PAST_DAYS) for shift in DAY_SHIFTS]
        rows.append(np.max([quantiles(null, n, PAST_METRICS, series) for null in nulls], axis=0))
    lines += _table("with_past", PAST_METRICS, rows)
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


def quantiles(null: Null, reps: int, metrics: int, series: int) -> NDArray[np.float64]:
    """Simulate the statistic of sets of a length and return its quantiles."""
    rng = np.random.default_rng([reps, metrics, round(10 * null.day_shift)])
    rows = max(1, BATCH // metrics)
    found = [
        statistics(*simulate(rng, rows, reps, metrics=metrics, null=null, past_reps=PAST_REPS)).ravel()
        for _ in range(-(-series // (rows * metrics)))
    ]
    return np.quantile(np.concatenate(found), 1.0 - np.array(TAILS))


def _table(name: str, metrics: int, rows: list[NDArray[np.float64]]) -> list[str]:
    listed = ",\n".join("  [" + ", ".join(f"{q:.3f}" for q in row) + "]" for row in rows)
    return ["", f"[[{name}]]", f"metrics = {metrics}", "quantiles = [", listed + ",", "]"]


if __name__ == "__main__":
    main()
