"""Simulate sets without drift and write the quantiles of the detector's statistic to ``scoring/drift_tables.toml``.

Sets without history are simulated with an autocorrelation of 0.12 between neighbouring
repetitions, so that independent ones raise fewer false alarms than they may and ones that
are somewhat alike not many more. Sets with three earlier days are simulated for several
sizes of the day-to-day shift, and the largest quantile counts.
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
AUTOCORRELATION = 0.12
PAST_DAYS, PAST_REPS, PAST_METRICS = 3, 8, 3
DAY_SHIFTS = (0.6, 1.0, 2.0)
SERIES = 120_000
BATCH = 12_000


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=SERIES, help="series simulated for each quantile")
    series = parser.parse_args().series
    lines = [
        "# Made by benchmarks/drift_tables.py; do not edit.",
        'version = "2026.1"',
        f'made = "{series} simulated series a cell, autocorrelation {AUTOCORRELATION} without history;'
        f' {PAST_DAYS} earlier days, day shifts {DAY_SHIFTS}, with"',
        f"tails = {list(TAILS)}",
        f"lengths = {list(LENGTHS)}",
    ]
    for metrics in ALONE_METRICS:
        null = Null(autocorrelation=AUTOCORRELATION)
        rows = [quantiles(null, n, metrics, series) for n in LENGTHS]
        lines += _table("alone", metrics, rows)
    rows = [
        np.max([quantiles(Null(day_shift=s, past_days=PAST_DAYS), n, PAST_METRICS, series) for s in DAY_SHIFTS], axis=0)
        for n in LENGTHS
    ]
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
