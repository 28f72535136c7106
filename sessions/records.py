"""Putting people, sets and results into the store, and finding them again."""

from __future__ import annotations

import datetime as dt
import zlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TypedDict, Unpack

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from .errors import StoreError
from .tables import Day, Job, Note, PainAnswer, Person, SetValue, StoredAssessment, TrainingSet, Video
from .values import values_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from ..scoring.result import Assessment


class Said(TypedDict, total=False):
    """What somebody said about a set; everything may be left out."""

    load_kg: float | None
    reps_in_reserve: float | None
    tempo: str | None
    intent: str | None
    side: str | None
    eyes: str | None
    depth_target: str | None
    rest_s: float | None


@dataclass(frozen=True)
class TrendPoint:
    """One number of one set on one day, with what makes sets comparable."""

    set_id: int
    date: dt.date
    number: int
    exercise: str
    load_kg: float | None
    value: float
    low: float | None
    high: float | None
    unit: str
    view: str | None
    model: str | None


def now() -> dt.datetime:
    """Return the time, in UTC and without a zone, as the database keeps it."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def add_person(session: Session, pseudonym: str, height_cm: float | None = None, *, demo: bool = False) -> Person:
    """Add somebody.

    Raises
    ------
    StoreError
        When the pseudonym is empty or taken, or the height is none of a person's.
    """
    name = _tidy(pseudonym)
    if not name:
        raise StoreError("Give a name to call this person by; it needn't be the real one.")
    if _named(session, name) is not None:
        raise StoreError(f"There is somebody called '{name}' already: choose another name.")
    if height_cm is not None and not 80 <= height_cm <= 250:
        raise StoreError(f"A height of {height_cm:g} cm can't be right: give it in centimetres, such as 172.")
    person = Person(pseudonym=name, height_cm=height_cm, demo=demo, added_at=now())
    session.add(person)
    session.flush()
    return person


def find_person(session: Session, pseudonym: str) -> Person:
    """Return the person of a name.

    Raises
    ------
    StoreError
        When there is none.
    """
    person = _named(session, _tidy(pseudonym))
    if person is None:
        raise StoreError(f"There is nobody called '{pseudonym}': check the spelling in the app's list.")
    return person


def find_or_add_person(session: Session, pseudonym: str, height_cm: float | None = None) -> Person:
    """Return the person of a name, somebody new where there is none; a height that is given counts from now on.

    Raises
    ------
    StoreError
        As `add_person` does.
    """
    person = _named(session, _tidy(pseudonym)) or add_person(session, pseudonym, height_cm)
    person.height_cm = height_cm or person.height_cm
    return person


def _named(session: Session, name: str) -> Person | None:
    return session.scalar(select(Person).where(func.lower(Person.pseudonym) == name.lower()))


def _tidy(pseudonym: str) -> str:
    return " ".join(pseudonym.split())


def add_set(
    session: Session,
    person_id: int,
    date: dt.date,
    exercise: str,
    videos: Sequence[Video],
    **said: Unpack[Said],
) -> TrainingSet:
    """Add a set at the end of a person's day, waiting to be assessed.

    Parameters
    ----------
    session : Session
    person_id : int
    date : date
        Of the training session; made when it is the first set of the day.
    exercise : str
        ``auto`` or one of the command line's.
    videos : sequence of Video
        New ones: several are clips or views of the same set.
    **said
        See `Said`.
    """
    day = session.scalar(select(Day).where(Day.person_id == person_id, Day.date == date))
    if day is None:
        day = Day(person_id=person_id, date=date)
        session.add(day)
        session.flush()
    last = session.scalar(select(func.max(TrainingSet.number)).where(TrainingSet.day_id == day.id)) or 0
    one = TrainingSet(day_id=day.id, number=last + 1, exercise=exercise, added_at=now(), videos=list(videos), **said)
    one.job = Job(state="waiting", changed_at=now())
    session.add(one)
    session.flush()
    return one


def keep_assessment(session: Session, set_id: int, assessment: Assessment, json: str) -> None:
    """Keep a result of a set and its numbers; earlier results stay, the newest counts.

    Parameters
    ----------
    session : Session
    set_id : int
    assessment : Assessment
    json : str
        The same assessment as JSON.
    """
    session.add(
        StoredAssessment(
            set_id=set_id,
            made_at=now(),
            formdrift=assessment.versions.formdrift,
            thresholds=assessment.versions.thresholds,
            json_zlib=zlib.compress(json.encode()),
        )
    )
    for old in session.scalars(select(SetValue).where(SetValue.set_id == set_id)):
        session.delete(old)
    session.flush()
    session.add_all(SetValue(set_id=set_id, **asdict(value)) for value in values_of(assessment))
    session.flush()


def last_json(session: Session, set_id: int) -> str | None:
    """Return the newest result of a set as JSON, None while there is none."""
    packed = session.scalar(
        select(StoredAssessment.json_zlib)
        .where(StoredAssessment.set_id == set_id)
        .order_by(StoredAssessment.id.desc())
        .limit(1)
    )
    return None if packed is None else zlib.decompress(packed).decode()


def last_made_at(session: Session, set_id: int) -> dt.datetime | None:
    """Return when the newest result of a set was made, in UTC; None while there is none."""
    return session.scalar(select(func.max(StoredAssessment.made_at)).where(StoredAssessment.set_id == set_id))


def trend(session: Session, person_id: int, name: str) -> list[TrendPoint]:
    """Return one number (see `values.Value.name`) of all of a person's sets, in their order."""
    words = {word: aliased(SetValue) for word in ("view", "model", "detected")}
    view, model, detected = (
        select(value.text).where(value.set_id == TrainingSet.id, value.name == word).scalar_subquery()
        for word, value in words.items()
    )
    rows = session.execute(
        select(
            TrainingSet.id,
            Day.date,
            TrainingSet.number,
            func.iif(TrainingSet.exercise == "auto", func.coalesce(detected, "auto"), TrainingSet.exercise),
            TrainingSet.load_kg,
            SetValue.value,
            SetValue.low,
            SetValue.high,
            SetValue.unit,
            view,
            model,
        )
        .join(Day, TrainingSet.day_id == Day.id)
        .join(SetValue, SetValue.set_id == TrainingSet.id)
        .where(Day.person_id == person_id, SetValue.name == name, SetValue.value.is_not(None))
        .order_by(Day.date, TrainingSet.number)
    )
    return [TrendPoint(*row) for row in rows]


def add_note(session: Session, person_id: int, text: str, set_id: int | None = None) -> Note:
    """Keep what a coach wrote."""
    if not text.strip():
        raise StoreError("The note is empty: write something first.")
    note = Note(person_id=person_id, set_id=set_id, text=text.strip(), written_at=now())
    session.add(note)
    session.flush()
    return note


def answer_pain(session: Session, person_id: int, pain: bool, text: str | None = None) -> PainAnswer:
    """Keep an answer to the questions before training."""
    answer = PainAnswer(person_id=person_id, asked_at=now(), pain=pain, text=text or None)
    session.add(answer)
    session.flush()
    return answer


def wants_talk(session: Session, person_id: int) -> PainAnswer | None:
    """Return the newest answer of pain that nobody has talked about yet."""
    return session.scalar(
        select(PainAnswer)
        .where(PainAnswer.person_id == person_id, PainAnswer.pain, PainAnswer.talked_at.is_(None))
        .order_by(PainAnswer.id.desc())
        .limit(1)
    )
