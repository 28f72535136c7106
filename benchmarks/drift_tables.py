"""Simulate sets without drift and write the quantiles of the detector's statistic to ``scoring/drift_tables.toml``.

A tail probability is that of a metric among so many independent ones, read off the largest
of them. It holds where repetitions are independent, and where neighbours are alike by 0.3
the family-wise rate is at most 1.4 times as large (twice as large for a single metric,
which tells too little of how alike its neighbours are): the larger of the two quantiles
counts. Several signs that Hommel's adjustment joins add up to 0.7 % to that. Sets with
three earlier days are simulated for several sizes of the day-to-day shift, and the largest
counts.
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
LENGTHS = (*range(5, 13), 14, 16, 20, 30, 40)
METRICS = (1, 3, 5)
ALIKE, MORE_WHERE_ALIKE, MORE_OF_ONE = 0.3, 1.4, 2.0
PAST_DAYS, PAST_REPS = 3, 8
DAY_SHIFTS = (1.0, 2.0)
SERIES = 60_000
BATCH = 12_000


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=SERIES, help="series simulated for each quantile")
    series = parser.parse_args().series
    lines = [
        "# Made by benchmarks/drift_tables.py; do not edit.",
        'version = "2026.3"',
        f'made = "{series} simulated series a cell; {MORE_WHERE_ALIKE} times the family-wise rate'
        f" (one metric {MORE_OF_ONE}) at autocorrelation {ALIKE};"
        f' with_past: {PAST_DAYS} earlier days of {PAST_REPS} repetitions, day shifts {DAY_SHIFTS}"',
        f"tails = {list(TAILS)}",
        f"lengths = {list(LENGTHS)}",
    ]
    alone = [(Null(), Null(autocorrelation=ALIKE))]
    with_past = [
        (Null(day_shift=shift, past_days=PAST_DAYS), Null(ALIKE, day_shift=shift, past_days=PAST_DAYS))
        for shift in DAY_SHIFTS
    ]
    for name, nulls in (("alone", alone), ("with_past", with_past)):
        for metrics in METRICS:
            rows = [
                np.max([quantiles(*pair, reps=n, metrics=metrics, series=series) for pair in nulls], axis=0)
                for n in LENGTHS
            ]
            lines += _table(name, metrics, rows)
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


def quantiles(independent: Null, alike: Null, *, reps: int, metrics: int, series: int) -> NDArray[np.float64]:
    """Simulate the statistic of sets of a length and return the quantiles that serve both nulls."""
    family = 1.0 - (1.0 - np.array(TAILS)) ** metrics
    more = MORE_WHERE_ALIKE if metrics > 1 else MORE_OF_ONE
    plain = np.quantile(_largest(independent, reps, metrics, series), 1.0 - family)
    raised = np.quantile(_largest(alike, reps, metrics, series), 1.0 - np.minimum(more * family, 1.0))
    return np.maximum(plain, raised)


def _largest(null: Null, reps: int, metrics: int, series: int) -> NDArray[np.float64]:
    rng = np.random.default_rng([reps, metrics, round(10 * null.day_shift), round(10 * null.autocorrelation)])
    rows = max(1, BATCH // metrics)
    found = [
        statistics(*simulate(rng, rows, reps, metrics=metrics, null=null, past_reps=PAST_REPS)).max(axis=1)
        for _ in range(-(-series // (rows * metrics)))
    ]
    return np.concatenate(found)


def _table(name: str, metrics: int, rows: list[NDArray[np.float64]]) -> list[str]:
    listed = ",\n".join("  [" + ", ".join(f"{q:.3f}" for q in row) + "]" for row in rows)
    return ["", f"[[{name}]]", f"metrics = {metrics}", "quantiles = [", listed + ",", "]"]


if __name__ == "__main__":
    main()
