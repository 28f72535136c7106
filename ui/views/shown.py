"""What Review keeps in memory of the sets that were looked at last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from ...assess import choose, from_json, judge_set
from ...sessions.tables import TrainingSet
from ..home import home
from ..stage import boxes, faces, skeleton
from ..work import said_of, seen_of

if TYPE_CHECKING:
    import datetime as dt

    from ...assess import VideoAssessment


@dataclass(frozen=True, eq=False)
class ShownVideo:
    """What the player needs of one video of a set."""

    video_id: int
    size: tuple[int, int]
    time_s: Any
    skeleton: dict[str, Any]
    people: list[dict[str, Any]] | None
    faces: list[list[list[float]]]
    subject: int


@st.cache_data(max_entries=32, show_spinner=False)
def result_of(text: str) -> VideoAssessment:
    """Return the result that was stored as this text."""
    return from_json(text)


@st.cache_resource(max_entries=8, show_spinner=False)
def videos_of(set_id: int, made_at: dt.datetime | None) -> tuple[VideoAssessment, tuple[ShownVideo, ...]]:
    """Return the set judged anew with its curves, and what is drawn over its videos.

    The time of the result parts it from a set that was erased: SQLite gives its number to the next one.
    """
    store = home().store
    with store.begin() as session:
        one = session.get_one(TrainingSet, set_id)
        said, clips = said_of(one), seen_of(store, one)
        ids = [video.id for video in one.videos]
        subjects = [video.subject for video in one.videos]
    chosen = [clip if who is None else choose(clip, who) for clip, who in zip(clips, subjects, strict=True)]
    films = tuple(
        ShownVideo(
            video_id,
            clip.people.lifter.frame_size,
            clip.people.lifter.time_s,
            skeleton(clip),
            boxes(clip),
            faces(clip),
            clip.people.subject,
        )
        for video_id, clip in zip(ids, chosen, strict=True)
    )
    return judge_set(clips, said), films


def forget_shown() -> None:
    """Keep nothing: what was erased is not to stay in memory either."""
    result_of.clear()
    videos_of.clear()
