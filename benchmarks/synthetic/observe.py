"""Scenes rendered and looked at once, kept in a cache folder outside the repository."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache as remember
from functools import partial
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
from platformdirs import user_cache_path

from formdrift.assess.seen import look
from formdrift.pose.store import Key, Stored, TrackStore
from formdrift.sample_videos.render import Truth, read_truth, render, truth_path

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Sequence

    from formdrift.pose.track import PoseTrack
    from synthetic.scenes import Scene

MODELS = ("lite", "full", "heavy")
ENGINE = "blazepose-onnx"


@dataclass(frozen=True, eq=False)
class Observation:
    """A scene, its truth, and the landmarks that one model saw in it."""

    scene: Scene
    model: str
    truth: Truth
    track: PoseTrack


def observe(scene: Scene, models: tuple[str, ...], cache: Path) -> list[Observation]:
    """Render a scene and run the models over it, unless the cache has them already.

    What is cached is named by the scene and by the source of the programs that made it.
    """
    cv2.setNumThreads(1)
    clip = cache / f"{_key(json.dumps(asdict(scene.scenario), sort_keys=True), 'sample_videos')}.mp4"
    if not truth_path(clip).exists():
        cache.mkdir(parents=True, exist_ok=True)
        render(scene.scenario, clip)
    truth = read_truth(truth_path(clip))
    return [Observation(scene, model, truth, _track(clip, model)) for model in models]


def observe_all(wanted: Sequence[tuple[Scene, tuple[str, ...]]], cache: Path) -> list[Observation]:
    """Observe many scenes, each with its models, in two processes."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(partial(_warm, cache=cache), wanted))
    return [one for scene, models in wanted for one in observe(scene, models, cache)]


def add_cache_option(parser: ArgumentParser) -> None:
    """Let the user say where clips and landmarks are kept between runs."""
    parser.add_argument("--cache", type=Path, default=user_cache_path("formdrift") / "accuracy", metavar="FOLDER")


def _warm(wanted: tuple[Scene, tuple[str, ...]], cache: Path) -> None:
    observe(*wanted, cache)


def _track(clip: Path, model: str) -> PoseTrack:
    key = Key(clip.stem, ENGINE, model, _key(model, "assess", "models", "pose", "vision"))
    store = TrackStore(clip.parent)
    stored = store.load(key)
    if stored is None:
        seen = look(clip, ENGINE, model)
        stored = Stored(seen.people, seen.engine)
        store.save(key, stored)
    return stored.people.lifter


def _key(what: str, *rooms: str) -> str:
    """Name something by its description and the programs and data that made it."""
    return hashlib.sha256("".join([what, *map(_source, rooms)]).encode()).hexdigest()[:20]


@remember
def _source(room: str) -> str:
    digest = hashlib.sha256()
    root = Path(str(files(f"formdrift.{room}")))
    for path in sorted(p for p in root.rglob("*") if p.suffix in (".py", ".npz", ".toml")):
        # what is shipped or learned changes neither a render nor a track
        if not {"clips", "scenarios", "calibrations.toml"} & set(path.parts):
            digest.update(path.read_bytes())
    return digest.hexdigest()
