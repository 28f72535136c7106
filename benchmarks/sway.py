"""Balance: descriptors against published values, sway against rendered people, and what a change must be to show.

Run as ``python benchmarks/sway.py [--cache FOLDER]``; writes its section of ``RESULTS.md``. The first run
renders an hour's worth of clips. Real series are read from ``../shared/data/sway`` and left out where absent.
"""

from __future__ import annotations

import argparse
import csv
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from formdrift.assess.settings import load_thresholds
from formdrift.pose.clean import clean
from formdrift.sample_videos.render.body import load_body
from formdrift.scoring.balance import FS_HZ, assess_balance
from formdrift.scoring.kinematics import kinematics
from formdrift.scoring.prescription import Prescription
from formdrift.scoring.result import Sway, SwayDescriptor
from formdrift.scoring.sway import bds_descriptors, sway_2d
from formdrift.scoring.sway_change import compare, sampling_error
from results import write_section
from synthetic.observe import add_cache_option, observe
from synthetic.stance import HOLD_S, SHAKE_DEG, another_body, grid, sets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from formdrift.sample_videos.render import Truth
    from formdrift.scoring.balance import AssessedTrial
    from synthetic.observe import Observation
    from synthetic.stance import Stance

    Floats = NDArray[np.float64]

TITLE = "Balance and sway"
MODEL = "full"
REAL = Path(__file__).parents[2] / "shared" / "data" / "sway"
CONDITIONS = ("eyes-open_solid-ground", "eyes-closed_solid-ground", "eyes-open_foam", "eyes-closed_foam")
_TRIAL_S, _PAIRS = 18.0, 1000
_SPECTRA = {"flat, 0.05–0.6 Hz": (0.6, 0.0), "falling as 1/f, 0.05–2 Hz": (2.0, 1.0)}
_GROWTHS = (1.0, 1.25, 1.5, 2.0)


def published() -> str:
    """Compare descriptors of 40 force-plate trials with the published ones."""
    with (REAL / "bds" / "reference.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    worst = dict.fromkeys(("COParea", "COPvelo", "COPmfreq"), 0.0)
    for row in rows:
        trial = REAL / "bds" / f"{row['Trial']}.txt"
        found = bds_descriptors(*np.loadtxt(trial, skiprows=1, usecols=(7, 8)).T, 100.0)
        for name in worst:
            worst[name] = max(worst[name], abs(found[name].value / float(row[name]) - 1.0))
    each = ", ".join(f"{name} {error:.0e}" for name, error in worst.items())
    return f"{len(rows)} force-plate trials (Santos and Duarte 2016): largest relative difference {each}."


def conditions() -> str:
    """Describe a markerless centre of mass in four conditions that should be in order."""
    rows = ["| condition | path, mm | RMS, mm | 95 % ellipse, mm² |", "|---|--:|--:|--:|"]
    for name in CONDITIONS:
        path = REAL / "freemocap_balance" / f"com_ground_{name}.csv"
        found = sway_2d(*np.loadtxt(path, delimiter=",", skiprows=1).T, 30.0)
        cells = [f"{found[each].value:.0f}" for each in ("TOTEX", "RMS", "AREA-PE95")]
        rows.append(f"| {name.replace('_', ', ').replace('-', ' ')} | {' | '.join(cells)} |")
    return "\n".join(rows)


def trials_of(one: Observation) -> tuple[AssessedTrial, ...]:
    """Assess the balance in a clip as the product does, with the body's stature."""
    track = clean(one.track)
    height_m = float(np.ptp(load_body(one.scene.body).vertices[:, 2]))
    view = kinematics(track, load_thresholds()).view
    return assess_balance(track, view, Prescription(height_m=height_m), two_feet=True)


def true_rms_mm(truth: Truth, sway: Sway) -> float:
    """Return the true sway of the centre of mass in the time that was analysed, along the axis that was seen."""
    inside = (truth.time_s >= sway.analysed_s[0]) & (truth.time_s <= sway.analysed_s[1])
    axis = 1 if sway.axis == "antero-posterior" else 0
    return 1000.0 * float(truth.com_m[inside, axis].std())


def accuracy(looked: Sequence[tuple[Stance, Observation]]) -> str:
    """Write what was found of known sway, one row a clip."""
    rows = [
        "| picture | camera | view | commanded | true | found | off | less noise | noise floor | SNR | verdict |",
        "|---|---|---|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    for stance, one in looked:
        lead = (
            f"| {stance.size} | {'hand' if stance.hand_held else 'tripod'} | {stance.yaw_deg}° | {stance.sway_mm:g} |"
        )
        for trial in trials_of(one) or [None]:
            rows.append(f"{lead} {_accuracy_cells(trial, one)} |")
    return "\n".join(rows)


def _accuracy_cells(trial: AssessedTrial | None, one: Observation) -> str:
    if trial is None:
        return "– | – | – | – | – | – | no trial found"
    sway = trial.sway
    true = true_rms_mm(one.truth, sway)
    rms = sway.descriptors.get("RMS")
    if rms is None or rms.snr is None:
        return f"{true:.1f} | – | – | – | – | – | {sway.status}: {sway.reason}"
    raw = float(trial.path.std())
    off = f"{100 * (raw / true - 1):+.0f} %" if true > 0.1 else "–"
    less = "–" if rms.corrected is None else f"{rms.corrected:.1f}"
    return f"{true:.1f} | {raw:.1f} | {off} | {less} | {raw / rms.snr:.1f} | {rms.snr:.1f} | {sway.status}"


def growing(looked: dict[str, Observation]) -> str:
    """Write how sway grows over the times on one leg of a set, and within one."""
    rows = ["| set | true, mm | found, mm | last against first | within each |", "|---|---|---|---|---|"]
    for name, one in looked.items():
        sways = [trial.sway for trial in trials_of(one)]
        true = " ".join(f"{true_rms_mm(one.truth, s):.1f}" for s in sways)
        found = " ".join(f"{s.descriptors['RMS'].value or np.nan:.1f}" for s in sways)
        change = "–"
        if len(sways) > 1:
            c = compare(sways[:1], sways[-1:])
            change = f"× {c.ratio:.2f} ({c.ci95[0]:.2f}–{c.ci95[1]:.2f}), {c.verdict}"
        within = "; ".join(f"× {s.growth.factor:.1f}, {s.growth.verdict}" if s.growth else "–" for s in sways)
        rows.append(f"| {name} | {true} | {found} | {change} | {within} |")
    return "\n".join(rows)


def simulated(spectrum: tuple[float, float], random: np.random.Generator, count: int) -> Floats:
    """Draw independent trials of random sway, (count, N), of one expected RMS."""
    highest_hz, slope = spectrum
    n = round(8 * _TRIAL_S * FS_HZ)
    frequency = np.fft.rfftfreq(n, 1.0 / FS_HZ)
    inside = (frequency >= 0.05) & (frequency <= highest_hz)
    shape = np.where(inside, np.maximum(frequency, 0.05) ** (-slope / 2.0), 0.0)
    noise = np.fft.rfft(random.standard_normal((count, n)), axis=1) * shape
    path = np.fft.irfft(noise, n, axis=1)[:, : round(_TRIAL_S * FS_HZ)]
    return np.asarray(path / np.sqrt((shape**2).sum()))


def detection() -> str:
    """Count how often a change of random sway is reported, by how large it is and how many trials there are."""
    rows = [
        "| sway | trials a side | MDC95 | " + " | ".join(f"× {g:g}" for g in _GROWTHS) + " |",
        "|---|--:|--:|" + "--:|" * len(_GROWTHS),
    ]
    template = _template()
    for name, spectrum in _SPECTRA.items():
        for trials in (1, 2, 3):
            random = np.random.default_rng(trials)
            cells, least = [], []
            for growth in _GROWTHS:
                found = 0
                for _ in range(_PAIRS):
                    paths = simulated(spectrum, random, 2 * trials)
                    each = [_as_sway(template, p * (growth if i >= trials else 1.0)) for i, p in enumerate(paths)]
                    change = compare(each[:trials], each[trials:])
                    found += change.verdict != "no_detectable_change"
                    least.append(change.mdc95_pct)
                cells.append(f"{100 * found / _PAIRS:.1f} %")
            rows.append(f"| {name} | {trials} | {np.median(least):.0f} % | {' | '.join(cells)} |")
    return "\n".join(rows)


def _template() -> Sway:
    return Sway(
        stance="single-leg",
        side="left",
        eyes=None,
        axis="medio-lateral",
        start_s=0.0,
        end_s=_TRIAL_S,
        held_s=_TRIAL_S,
        ended_by="foot_down",
        errors=(),
        analysed_s=(0.0, _TRIAL_S),
        filter_hz=3.0,
        scale=None,
        camera_shake=None,
        sampling_error=None,
        status="measured",
        reason=None,
        descriptors={},
    )


def _as_sway(template: Sway, path: Floats) -> Sway:
    rms = SwayDescriptor(float(path.std()), "mm", None, None, None, None, "measured", None)
    return replace(template, sampling_error=sampling_error(path, FS_HZ), descriptors={"RMS": rms})


def page(looked: Sequence[tuple[Stance, Observation]], body: str, grown: str) -> str:
    """Write the section."""
    real = (
        [published(), "### A markerless centre of mass in four conditions\n\n" + conditions()] if REAL.is_dir() else []
    )
    return "\n\n".join(
        [
            *real,
            f"### Known sway of rendered people\n\nRendered, not real: {HOLD_S:.0f} s on the left leg, woman_slim at"
            f" 3.3 m, 15 frames a second, model {MODEL}, stature given. RMS of the centre of mass along the axis that"
            " the view shows, mm, in the time that was analysed; found is as seen, 'less noise' has the noise floor"
            f" taken out in quadrature. In the hand the camera turns by {SHAKE_DEG}° RMS about each axis. Sway is"
            " shown from a signal-to-noise ratio of 2.",
            accuracy(looked),
            "### The same of a heavy man\n\n" + body,
            "### Sway that grows\n\n" + grown,
            "### What a change must be to show\n\nSimulated pairs of trials of"
            f" {_TRIAL_S:.0f} s, {_PAIRS} a cell: how often a change is reported. × 1 is no change: those are false"
            " alarms, at most 5 %. MDC95 is the smallest increase that such trials can show.",
            detection(),
        ]
    )


def main() -> int:
    """Measure, print and write the section."""
    parser = argparse.ArgumentParser(description="Measure what one camera tells about balance.")
    add_cache_option(parser)
    cache = parser.parse_args().cache

    def look(stances: Sequence[Stance]) -> list[tuple[Stance, Observation]]:
        return [(stance, observe(stance.scene, (MODEL,), cache)[0]) for stance in stances]

    grown = {name: observe(scene, (MODEL,), cache)[0] for name, scene in sets().items()}
    text = page(look(grid()), accuracy(look(another_body())), growing(grown))
    write_section(TITLE, text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
