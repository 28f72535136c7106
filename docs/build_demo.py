"""Make the demo person of the app: six sessions of rendered sets, assessed as everybody's are.

Run it in the repository's environment after a change that makes results look otherwise::

    python docs/build_demo.py FOLDER

FOLDER keeps the rendered clips and their tracks, so that a second run takes seconds.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np

from formdrift.assess import assess_drift, from_dict, to_dict
from formdrift.assess.kept import SaidOfSet, judge_set, look_and_keep
from formdrift.assess.prescribed import read_prescription
from formdrift.sample_videos.render import render_file

ROOT = Path(__file__).parents[1]
CLIPS = ROOT / "sample_videos" / "clips"
TARGET = ROOT / "ui" / "demo"
# how much knee, trunk and pace change a repetition from the fifth on: less from week to week
FADING = ((-3.5, 2.8, 0.11), (-2.6, 2.2, 0.09), (-1.8, 1.5, 0.06), (-0.9, 0.8, 0.03), (0.0, 0.0, 0.0))
# days before the last session, and what was done: a number is one of `FADING`, a name a clip that is shipped
SESSIONS: tuple[tuple[int, tuple[tuple[int | str, str, float | None], ...]], ...] = (
    (35, ((0, "squat", None), ("squat_front_knees_in", "squat", None))),
    (28, ((1, "squat", None),)),
    (21, ((2, "squat", None), ("rdl_side", "rdl", None))),
    (14, ((3, "squat", None),)),
    (7, ((4, "squat", None), ("squat_front", "squat", None))),
    (0, (("balance_before", "balance", None), ("fatigue_side", "squat", None), ("balance_after", "balance", None))),
)
# the app shows the video of these with everything that is drawn over it
WITH_TRACK = ("fatigue_side", "squat_front")


def rendered(number: int, folder: Path) -> Path:
    """Return the clip of a week, rendered when it isn't there."""
    clip = folder / f"s{number + 1}.mp4"
    if not clip.is_file():
        knee, trunk, slower = FADING[number]
        text = (CLIPS / "squat_side.toml").read_text(encoding="utf-8")
        for old, new in (
            ("seed = 21", f"seed = {301 + number}"),
            ("knee_flexion_deg = -4.0", f"knee_flexion_deg = {knee}"),
            ("trunk_inclination_deg = 3.0", f"trunk_inclination_deg = {trunk}"),
            ("ascent = 0.12", f"ascent = {slower}"),
        ):
            assert old in text, old
            text = text.replace(old, new)
        scenario = clip.with_suffix(".toml")
        scenario.write_text(text + "\n[video]\nfps = 15\nnoise = 1.0\ncrf = 27\n", encoding="utf-8")
        render_file(scenario, clip)
    return clip


def small(path: Path) -> bytes:
    """Return a file of tracks with its numbers rounded: to a quarter of a pixel, and to the centimetre."""
    with np.load(path) as arrays:
        kept = {name: arrays[name] for name in arrays.files}
    for name, step in (("xy_px", 0.25), ("visibility", 0.05), ("world_m", 0.01)):
        if name in kept:
            kept[name] = (np.round(kept[name] / step) * step).astype(np.float32)
    stream = BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **kept)
    return stream.getvalue()


def main(folder: Path) -> None:
    """Write the bundle."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(TARGET / "tracks", ignore_errors=True)
    (TARGET / "tracks").mkdir(parents=True)
    sessions, history = [], []
    for days_ago, sets in SESSIONS:
        made = []
        for what, exercise, load_kg in sets:
            clip = CLIPS / f"{what}.mp4" if isinstance(what, str) else rendered(what, folder)
            seen, track = look_and_keep(clip, folder / "tracks")
            load = None if load_kg is None else f"{load_kg:g}"
            said = SaidOfSet(exercise, read_prescription(load=load, eyes="open" if exercise == "balance" else None))
            assessment = assess_drift(judge_set([seen], said), history)
            named = replace(assessment, sources=tuple(replace(s, path=clip.name) for s in assessment.sources))
            shipped = isinstance(what, str)
            made.append(
                {
                    "exercise": exercise,
                    "load_kg": load_kg,
                    "clip": what if shipped else None,
                    "track": track if what in WITH_TRACK else None,
                    "result": to_dict(named),
                }
            )
            if what in WITH_TRACK:
                (TARGET / "tracks" / f"{track}.npz").write_bytes(small(folder / "tracks" / f"{track}.npz"))
            fatigue = assessment.sets[0].fatigue
            print(days_ago, what, assessment.sets[0].summary.full_reps, fatigue.sentence if fatigue else "")
        history += [from_dict(one["result"]) for one in made]
        sessions.append({"days_ago": days_ago, "sets": made})
    text = json.dumps({"sessions": sessions}, ensure_ascii=False, separators=(",", ":"))
    # without a time stamp, the same results give the same file
    (TARGET / "demo.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
