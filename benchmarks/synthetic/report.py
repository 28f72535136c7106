"""The tables of the accuracy benchmark, as Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from formdrift.assess.settings import load_thresholds
from formdrift.scoring.geometry import max_inclination_error
from formdrift.scoring.score import total_error
from formdrift.scoring.view import sagittal_error
from synthetic.curves import ANGLES
from synthetic.observe import MODELS
from synthetic.scenes import MOVEMENTS, YAWS_DEG
from synthetic.statistics import coverage, errors, extreme_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from synthetic.curves import Curves
    from synthetic.observe import Observation
    from synthetic.statistics import Errors

SIDE_DEG = (75, 90, 105)
JUDGED = ("knee", "hip", "trunk")
_SEM = {"knee": "knee_flexion", "hip": "hip_flexion", "trunk": "trunk_inclination"}
_SEGMENTS = {"knee": 2, "hip": 2, "trunk": 1}


@dataclass(frozen=True, eq=False)
class Reading:
    """One observation, read as the product does and as raw landmarks.

    Attributes
    ----------
    one : Observation
    product : Curves
        With calibration, in the plane that the view decides.
    picture, world : Curves
        Without calibration.
    """

    one: Observation
    product: Curves
    picture: Curves
    world: Curves

    @property
    def raw(self) -> Curves:
        """The plane of ``product``, without calibration."""
        return self.picture if self.product.kin.planar else self.world


def pick(readings: Iterable[Reading], model: str, **scene: object) -> list[Reading]:
    """Choose the readings of a model whose scenes have these values; a tuple holds several."""
    return [
        r
        for r in readings
        if r.one.model == model
        and all(
            getattr(r.one.scene, key) in (value if isinstance(value, tuple) else (value,))
            for key, value in scene.items()
        )
    ]


def angle_errors(read: Sequence[Curves], angle: str, *, surface: bool = False) -> Errors:
    """Pool the errors of an angle over observations."""
    if not read:
        return errors([], [])
    truths = [(c.surface if surface else c.joints)[angle] for c in read]
    return errors(np.concatenate([c.seen[angle] for c in read]), np.concatenate(truths))


def targets(readings: Sequence[Reading], splits: Sequence[str]) -> list[str]:
    """Show what calibration does: mean absolute errors at the side and at 45 degrees."""
    lines = _head(
        ["model", "split", "90° knee", "hip", "trunk", "75–105° knee", "hip", "trunk", "45° knee", "hip", "trunk"]
    )
    for model in MODELS:
        for split in splits:
            cells = []
            for yaws in ((90,), SIDE_DEG, (45,)):
                chosen = pick(readings, model, split=split, purpose="angles", yaw_deg=yaws)
                for angle in JUDGED:
                    before, after = _mae([r.raw for r in chosen], angle), _mae([r.product for r in chosen], angle)
                    cells.append(f"{before} → **{after}**")
            lines.append(_row([model, split, *cells]))
    return lines


def by_yaw(readings: Sequence[Reading], read: Callable[[Reading], Curves], *, surface: bool) -> list[str]:
    """Show every angle by model, movement and yaw: MAE, bias and SD, r, error of the peak of each repetition."""
    lines = _head(["model", "movement", "yaw", "from", *ANGLES])
    for model in MODELS:
        for movement in MOVEMENTS:
            for yaw in YAWS_DEG:
                chosen = pick(readings, model, movement=movement, purpose="angles", yaw_deg=yaw)
                if not chosen:
                    continue
                planar = sum(read(r).kin.planar for r in chosen)
                counts = ((planar, "picture"), (len(chosen) - planar, "world"))
                plane = ", ".join(f"{count} {name}" for count, name in counts if count)
                cells = [_cell(chosen, read, angle, surface=surface) for angle in ANGLES]
                lines.append(_row([model, movement, f"{yaw}°", plane, *cells]))
    return lines


def planes(readings: Sequence[Reading]) -> list[str]:
    """Compare picture and world landmarks, both as they are, against joint centres."""
    lines = _head(["model", "yaw", *(f"{angle}, picture / world" for angle in JUDGED)])
    for model in MODELS:
        for yaw in YAWS_DEG:
            chosen = pick(readings, model, purpose="angles", yaw_deg=yaw)
            cells = [" / ".join(_mae(read, angle) for read in _both(chosen)) for angle in JUDGED]
            lines.append(_row([model, f"{yaw}°", *cells]))
    return lines


def by_scene(readings: Sequence[Reading], key: str, purposes: tuple[str, ...], **scene: object) -> list[str]:
    """Show knee / hip / trunk MAE by yaw for each body or camera height."""
    lines = _head(["model", key.replace("_m", ", m"), *(f"{yaw}°" for yaw in YAWS_DEG)])
    for model in MODELS:
        chosen = pick(readings, model, purpose=purposes, **scene)
        for value in sorted({getattr(r.one.scene, key) for r in chosen}):
            cells = []
            for yaw in YAWS_DEG:
                read = [r.product for r in pick(chosen, model, **{key: value, "yaw_deg": yaw})]
                cells.append(" / ".join(_mae(read, angle) for angle in JUDGED))
            lines.append(_row([model, value, *cells]))
    return lines


def intervals(readings: Sequence[Reading], splits: Sequence[str]) -> list[str]:
    """Show how often the truth lies inside the stated 95 % interval, in clips that the product judges from the side."""
    lines = _head(["model", "split", "angle", "inside", "uncalibrated", "median width", "frames"])
    limits = load_thresholds()
    sem = limits.sem
    for model in MODELS:
        for split in splits:
            judged = [
                r
                for r in pick(readings, model, split=split, purpose=("angles", "height"))
                if r.product.kin.view.label == "sagittal"
            ]
            for angle in JUDGED:
                sigma = [
                    float(
                        total_error(
                            sem[_SEM[angle]].absolute,
                            _SEGMENTS[angle]
                            * max_inclination_error(sagittal_error(r.product.kin.view, limits.view.yaw_sem_deg)),
                        )
                    )
                    for r in judged
                ]
                inside, raw = (_inside([read(r) for r in judged], angle, sigma) for read in (_product, _picture))
                frames = sum(int(np.isfinite(r.product.seen[angle]).sum()) for r in judged)
                width = 2 * 1.96 * float(np.median(sigma)) if sigma else np.nan
                cells = [f"{100 * inside:.1f} %", f"{100 * raw:.1f} %", f"{width:.0f}°", frames]
                lines.append(_row([model, split, angle, *cells]))
    return lines


def _mae(read: Sequence[Curves], angle: str) -> str:
    found = angle_errors(read, angle)
    return f"{found.mae:.1f}" if found.n else "–"


def _inside(read: Sequence[Curves], angle: str, sigma: Sequence[float]) -> float:
    if not read:
        return float("nan")
    width = np.concatenate([np.full(len(c.seen[angle]), s) for c, s in zip(read, sigma, strict=True)])
    return coverage(
        np.concatenate([c.seen[angle] for c in read]), np.concatenate([c.joints[angle] for c in read]), width
    )


def _product(reading: Reading) -> Curves:
    return reading.product


def _picture(reading: Reading) -> Curves:
    return reading.picture


def _both(chosen: Sequence[Reading]) -> tuple[list[Curves], list[Curves]]:
    return [r.picture for r in chosen], [r.world for r in chosen]


def _cell(chosen: Sequence[Reading], read: Callable[[Reading], Curves], angle: str, *, surface: bool) -> str:
    found = angle_errors([read(r) for r in chosen], angle, surface=surface)
    if not found.n:
        return "–"
    peaks = []
    for reading in chosen:
        c, truth = read(reading), reading.one.truth
        spans = list(zip(truth.rep_start_s, truth.rep_end_s, strict=True))
        curve = (c.surface if surface else c.joints)[angle]
        estimate = np.where(np.isfinite(curve), c.seen[angle], np.nan)
        peaks.append(extreme_errors(estimate, curve, c.kin.time_s, spans, -1 if angle == "depth" else 1))
    peak = float(np.nanmean(np.concatenate(peaks)))
    r = "–" if np.isnan(found.r) else f"{found.r:.2f}"
    return f"**{found.mae:.1f}** {found.bias:+.1f} ± {found.sd:.1f}, {r}, {peak:+.1f}"


def _head(columns: Sequence[str]) -> list[str]:
    return [_row(columns), _row(["---", *["--:"] * (len(columns) - 1)])]


def _row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"
