"""Work in the background: one set after the other, each in a process of its own, with its progress in the store."""

from __future__ import annotations

import json
import logging
import threading
import time
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from ..sessions import jobs
from ..sessions.records import keep_assessment, last_json
from ..sessions.store import Store
from ..sessions.tables import Day, TrainingSet, Video
from .home import file_of, proxy_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy.orm import Session

    from ..assess import SaidOfSet, SeenVideo, VideoAssessment

_log = logging.getLogger(__name__)
_LOOK_EVERY_S = 2.0
# the table needs no more news than this
_NEWS_EVERY_S = 0.5
_WHOLE = 1000
# of somebody's earlier sets so many have a say in what is usual for them
_HISTORY_SETS = 40
_DIED = "The program broke down on this set, twice: convert its videos to MP4 and try again."
_OUR_FAULT = "This set could not be scored, and that is our fault: the details stand in the terminal of the program."


class Worker:
    """Claims what waits in the store and has it done, until it is stopped.

    Parameters
    ----------
    store : Store
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._something = threading.Event()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="formdrift-worker", daemon=True)

    def start(self) -> None:
        """Go on with what a killed program left, and with whatever comes."""
        jobs.recover(self._store)
        self._thread.start()

    def wake(self) -> None:
        """Look for work now."""
        self._something.set()

    def stop(self) -> None:
        """End; what is under way goes back into the queue, and its process ends by itself."""
        self._ending.set()
        self._something.set()
        jobs.put_back(self._store)
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._ending.is_set():
            set_id = jobs.claim(self._store)
            if set_id is None:
                self._something.wait(_LOOK_EVERY_S)
                self._something.clear()
            else:
                self._do(set_id)

    def _do(self, set_id: int) -> None:
        from ..assess.batch.workers import WorkerDiedError, run_in_pool

        for _, answer in run_in_pool(assess_kept, [(self._store.folder, set_id)], 1):
            if isinstance(answer, WorkerDiedError):
                jobs.finish(self._store, set_id, _DIED)
            elif isinstance(answer, BaseException):
                _log.error("assessing a set failed", exc_info=answer)
                jobs.finish(self._store, set_id, _OUR_FAULT)


class _UnwantedError(Exception):
    """The set was erased or put back into the queue meanwhile."""


def assess_kept(work: tuple[Path, int]) -> None:
    """Assess a set of a store; what is wrong with its videos is kept as the end of its job."""
    from ..assess import USER_ERRORS

    folder, set_id = work
    store = Store(folder)
    try:
        _assess(store, set_id)
    except USER_ERRORS as error:
        jobs.finish(store, set_id, as_people_know_it(store, set_id, str(error)))
    except _UnwantedError:
        pass
    except OSError:
        # erasing takes away what is half written
        if jobs.progress(store, set_id, 0, 0):
            raise
    finally:
        store.close()


def _assess(store: Store, set_id: int) -> None:
    from ..assess import assess_drift, judge_set, look_and_keep

    with store.begin() as session:
        one = session.get(TrainingSet, set_id)
        if one is None:
            return
        videos = [(video.id, file_of(store, video)) for video in one.videos]
    model = model_of(store)
    seen = []
    for place, (video_id, path) in enumerate(videos):
        clip, name = look_and_keep(path, store.tracks, model, _teller(store, set_id, place, len(videos)))
        _note(store, video_id, name, clip)
        _write_proxy(store, set_id, video_id, path)
        if not jobs.progress(store, set_id, round(_WHOLE * (place + 1) / len(videos)), _WHOLE):
            _take_back_proxies(store, set_id)
            raise _UnwantedError
        seen.append(clip)
    kept = False
    while not kept:
        with store.begin() as session:
            one = session.get_one(TrainingSet, set_id)
            said, history = said_of(one), earlier(session, one)
        assessment = assess_drift(judge_set(seen, said), history)
        if not jobs.progress(store, set_id, _WHOLE, _WHOLE):
            raise _UnwantedError
        kept = keep(store, set_id, said, assessment)
    jobs.finish(store, set_id)


def as_people_know_it(store: Store, set_id: int, error: str) -> str:
    """Write an error without the names that only this program has for the videos of a set."""
    from .words import for_the_app

    with store.begin() as session:
        one = session.get(TrainingSet, set_id)
        videos = one.videos if one is not None else []
        for number, video in enumerate(videos, start=1):
            called = f"video {number}" if len(videos) > 1 else "this video"
            if video.ours:
                error = error.replace(f"'{file_of(store, video)}'", called).replace(f"'{video.path}'", called)
    return for_the_app(error[:1].upper() + error[1:])


def model_of(store: Store) -> str:
    """Return which weights the app works with: a file in the data folder may name others than the usual ones."""
    try:
        chosen = json.loads((store.folder / "settings.json").read_text(encoding="utf-8")).get("model")
    except (OSError, ValueError):
        chosen = None
    return chosen or "full"


def keep(store: Store, set_id: int, said: SaidOfSet, assessment: VideoAssessment) -> bool:
    """Keep a result of a set; not when somebody said something else of the set since `said` was read."""
    from ..assess import to_dict

    text = json.dumps(to_dict(assessment), ensure_ascii=False)
    with store.begin() as session:
        if said_of(session.get_one(TrainingSet, set_id)) != said:
            return False
        keep_assessment(session, set_id, assessment, text)
    return True


def judge_again(store: Store, set_id: int) -> VideoAssessment:
    """Judge a set from what was seen in its videos, as it is described now, and keep the result.

    Raises
    ------
    InputError
        When its videos don't go together any more, or what was seen is not there.
    """
    from ..assess import assess_drift, judge_set

    kept = False
    while not kept:
        with store.begin() as session:
            one = session.get_one(TrainingSet, set_id)
            said, clips, history = said_of(one), seen_of(store, one), earlier(session, one)
        assessment = assess_drift(judge_set(clips, said), history)
        kept = keep(store, set_id, said, assessment)
    return assessment


def seen_of(store: Store, one: TrainingSet) -> list[SeenVideo]:
    """Return what was seen in the videos of a set, from the store of tracks.

    Raises
    ------
    InputError
        When it is not there.
    """
    from ..assess import InputError, recall

    if not one.videos:
        raise InputError("This set came without a video.")
    return [recall(store.tracks, video.track_key or "", file_of(store, video)) for video in one.videos]


def said_of(one: TrainingSet) -> SaidOfSet:
    """Return what somebody said about a set, as the assessment wants it."""
    from ..assess import RepCorrection, SaidOfSet, read_prescription

    height = one.day.person.height_cm
    return SaidOfSet(
        exercise=one.exercise,
        prescription=read_prescription(
            tempo=one.tempo,
            intent=one.intent,  # type: ignore[arg-type]  # the pages offer no other words
            depth_target=one.depth_target or "parallel",  # type: ignore[arg-type]
            load=None if one.load_kg is None else f"{one.load_kg:g}",
            height_cm=height,
            side=one.side,  # type: ignore[arg-type]
            eyes=one.eyes,  # type: ignore[arg-type]
        ),
        subjects=tuple(video.subject for video in one.videos),
        corrections=tuple(RepCorrection(**said) for said in json.loads(one.corrections or "[]")),
    )


def earlier(session: Session, one: TrainingSet) -> list[VideoAssessment]:
    """Return the results of the same person's earlier days, oldest first; the latest of them are enough."""
    from ..assess import from_json

    before = (
        select(TrainingSet.id)
        .join(Day)
        .where(Day.person_id == one.day.person_id, Day.date < one.day.date)
        .order_by(Day.date.desc(), TrainingSet.number.desc())
        .limit(_HISTORY_SETS)
    )
    texts = [last_json(session, set_id) for set_id in session.scalars(before)]
    return [from_json(text) for text in reversed(texts) if text is not None]


def _note(store: Store, video_id: int, name: str, clip: SeenVideo) -> None:
    """Note what a video was found to be; the track of one that was erased meanwhile goes too."""
    known = {"track_key": name, "sha256": clip.people.lifter.source.sha256}
    with store.begin() as session:
        there = update(Video).where(Video.id == video_id).values(known).returning(Video.id)
        if session.scalar(there) is not None:
            return
        if session.scalar(select(Video.id).where(Video.track_key == name).limit(1)) is None:
            (store.tracks / f"{name}.npz").unlink(missing_ok=True)
    raise _UnwantedError


def _write_proxy(store: Store, set_id: int, video_id: int, path: Path) -> None:
    from ..assess import plays_in_browsers, write_proxy

    target = proxy_of(store, set_id, video_id)
    if not target.is_file() and not plays_in_browsers(path):
        write_proxy(path, target)


def _take_back_proxies(store: Store, set_id: int) -> None:
    """Remove the copies for browsers of a set that was erased while they were written."""
    with store.begin() as session:
        if session.get(TrainingSet, set_id) is not None:
            return
    for path in store.thumbnails.glob(f"{set_id}-*.mp4"):
        path.unlink(missing_ok=True)


def _teller(store: Store, set_id: int, place: int, count: int) -> Callable[[int, int], None]:
    """Return a callback that notes the progress of one of several videos; it ends work that nobody wants any more."""
    last_s = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal last_s
        if time.monotonic() - last_s < _NEWS_EVERY_S:
            return
        last_s = time.monotonic()
        share = (place + min(1.0, done / total)) / count if total else 0.0
        if not jobs.progress(store, set_id, round(_WHOLE * share), _WHOLE if total else 0):
            raise _UnwantedError

    return tell
