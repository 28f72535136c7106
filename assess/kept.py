"""A set that is kept: its videos looked at once, judged as often as somebody corrects what is said about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import av

from ..pose.estimate import make_engine, track_key
from ..pose.store import StoreError, TrackStore
from ..scoring.balance_sets import BALANCE
from ..scoring.prescription import NOTHING_PRESCRIBED
from .errors import InputError
from .seen import choose, look, recalled
from .several import assess_as_one_set, assess_stances, assess_two_views
from .video import assess_seen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ..scoring.corrections import RepCorrection
    from ..scoring.prescription import Prescription
    from .seen import SeenVideo
    from .video import VideoAssessment

    Progress = Callable[[int, int], None]

ENGINE, MODEL = "blazepose-onnx", "full"


@dataclass(frozen=True)
class SaidOfSet:
    """What somebody said about a set.

    Attributes
    ----------
    exercise : str
        ``auto`` or what was trained.
    prescription : Prescription
    subjects : tuple of (int or None)
        For each video which of the people in it; None for the likeliest.
    corrections : tuple of RepCorrection
        What was set right by hand about repetitions.
    """

    exercise: str = "auto"
    prescription: Prescription = NOTHING_PRESCRIBED
    subjects: tuple[int | None, ...] = ()
    corrections: tuple[RepCorrection, ...] = ()


def look_and_keep(
    path: Path, tracks: Path, model: str = MODEL, progress: Progress | None = None
) -> tuple[SeenVideo, str]:
    """Look at a video once and keep how everybody moved; returns what was seen with the name it is kept under.

    Portraits are not kept: whoever corrects who the lifter is points at them in the video.

    Parameters
    ----------
    path : Path
    tracks : Path
        Folder of the track store.
    model : str
        Weights of the engine `ENGINE`.
    progress : callable, optional
        As in `look`.

    Raises
    ------
    InputError, VideoError, ModelError, EngineError
    """
    seen = look(path, ENGINE, model, progress, store=TrackStore(tracks, portraits=False))
    engine = make_engine(ENGINE, model)
    try:
        key = track_key(seen.people.lifter.source.sha256, engine)
    finally:
        engine.close()
    return seen, key.file.removesuffix(".npz")


def recall(tracks: Path, name: str, video: Path) -> SeenVideo:
    """Return what was seen in a video, from where it is kept; needs no video.

    Raises
    ------
    InputError
        When it isn't there any more, or damaged.
    """
    try:
        return recalled(tracks / f"{name}.npz", str(video))
    except StoreError as error:
        raise InputError(
            f"What was seen in '{video.name}' is not kept, or was by another release: have it looked at again."
        ) from error


def judge_set(clips: Sequence[SeenVideo], said: SaidOfSet) -> VideoAssessment:
    """Judge one set from one or more videos of it.

    Two videos from the side and from the front are two views; all others are pieces of one set.

    Raises
    ------
    InputError
        When the videos don't show one set.
    """
    subjects = (*said.subjects, *[None] * len(clips))
    chosen = [c if who is None else choose(c, who) for c, who in zip(clips, subjects, strict=False)]
    if len(chosen) == 1:
        return assess_seen(chosen[0], said.exercise, None, said.prescription, said.corrections)
    if said.exercise == BALANCE:
        return assess_stances(chosen, [said.prescription] * len(chosen))
    if len(chosen) == 2:
        views = [assess_seen(one, said.exercise).sources[0].view.label for one in chosen]
        if (views[0] == "frontal") != (views[1] == "frontal"):
            return assess_two_views(chosen[0], chosen[1], said.exercise, None, said.prescription, said.corrections)
    return assess_as_one_set(chosen, said.exercise, None, said.prescription, said.corrections)


def filmed_on(path: Path) -> dt.date | None:
    """Return the day that a camera wrote into its video, in this machine's time zone; None where it wrote none."""
    try:
        with av.open(str(path)) as container:
            said = container.metadata.get("creation_time", "")
        day = dt.datetime.fromisoformat(said).astimezone().date()
    except (av.FFmpegError, OSError, ValueError, OverflowError):
        return None
    # cameras whose clock was never set write their makers' first day
    return day if dt.date(2000, 1, 1) < day <= dt.date.today() else None
