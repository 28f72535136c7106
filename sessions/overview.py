"""Lists for the pages: who is there, what they did, and the numbers of it, in few queries."""

from __future__ import annotations

import datetime as dt  # noqa: TC003
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select, true

from .tables import Day, Job, PainAnswer, Person, SetValue, TrainingSet

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

# names and numbers in one query hold so many sets at most: SQLite takes no more parameters
_AT_ONCE = 500


@dataclass(frozen=True)
class PersonLine:
    """Somebody, and when they last trained."""

    id: int
    pseudonym: str
    demo: bool
    height_cm: float | None
    sets: int
    last: dt.date | None


@dataclass(frozen=True)
class SetLine:
    """A set as lists show it; ``state`` is its job's, with the error of one that failed."""

    id: int
    person_id: int
    pseudonym: str
    date: dt.date
    number: int
    exercise: str
    load_kg: float | None
    state: str | None
    error: str | None
    done: int
    total: int


@dataclass(frozen=True)
class Number:
    """One number or word of a set."""

    value: float | None
    low: float | None
    high: float | None
    unit: str
    text: str | None


def people(session: Session) -> list[PersonLine]:
    """Return everybody by name."""
    rows = session.execute(
        select(
            Person.id,
            Person.pseudonym,
            Person.demo,
            Person.height_cm,
            func.count(TrainingSet.id),
            func.max(Day.date),
        )
        .outerjoin(Day, Day.person_id == Person.id)
        .outerjoin(TrainingSet, TrainingSet.day_id == Day.id)
        .group_by(Person.id)
        .order_by(func.lower(Person.pseudonym))
    )
    return [PersonLine(*row) for row in rows]


def sets_of(session: Session, person_id: int, most: int | None = None) -> list[SetLine]:
    """Return the sets of a person, the newest first; at most so many."""
    newest = _lines().where(Day.person_id == person_id).order_by(Day.date.desc(), TrainingSet.number.desc())
    return [SetLine(*tuple(row)) for row in session.execute(newest.limit(most))]


def set_line(session: Session, set_id: int) -> SetLine | None:
    """Return one set, None when there is none."""
    row = session.execute(_lines().where(TrainingSet.id == set_id)).first()
    return None if row is None else SetLine(*tuple(row))


def recent_sets(session: Session, days: int) -> list[SetLine]:
    """Return the sets of each person's last so many days, newest first."""
    ranked = select(
        Day.id, func.row_number().over(partition_by=Day.person_id, order_by=Day.date.desc()).label("rank")
    ).subquery()
    rows = session.execute(
        _lines()
        .join(ranked, and_(ranked.c.id == Day.id, ranked.c.rank <= days))
        .order_by(Day.date.desc(), TrainingSet.number.desc())
    )
    return [SetLine(*tuple(row)) for row in rows]


def unfinished(session: Session) -> list[SetLine]:
    """Return the sets that are waited for and those that failed, in the order of the queue."""
    rows = session.execute(_lines().where(Job.state.in_(("running", "waiting", "failed"))).order_by(Job.id))
    return [SetLine(*tuple(row)) for row in rows]


def numbers(session: Session, set_ids: Collection[int], kinds: Collection[str] = ()) -> dict[int, dict[str, Number]]:
    """Return the numbers of sets by the set and the name (see `values.Value.name`).

    With `kinds`, only those whose name is one of them, or begins with one that ends in a blank.
    """
    wanted = [
        SetValue.name.between(kind, kind + "\uffff") if kind.endswith(" ") else SetValue.name == kind for kind in kinds
    ]
    found: dict[int, dict[str, Number]] = {set_id: {} for set_id in set_ids}
    ids = list(found)
    for first in range(0, len(ids), _AT_ONCE):
        rows = session.execute(
            select(
                SetValue.set_id,
                SetValue.name,
                SetValue.value,
                SetValue.low,
                SetValue.high,
                SetValue.unit,
                SetValue.text,
            ).where(SetValue.set_id.in_(ids[first : first + _AT_ONCE]), or_(*wanted) if wanted else true())
        )
        for set_id, name, value, low, high, unit, text in rows:
            found[set_id][name] = Number(value, low, high, unit, text)
    return found


def names_of_numbers(session: Session, set_ids: Collection[int]) -> list[str]:
    """Return the names of all numbers that any of the sets has."""
    ids, found = list(set_ids), dict[str, None]()
    for first in range(0, len(ids), _AT_ONCE):
        some = SetValue.set_id.in_(ids[first : first + _AT_ONCE])
        found |= dict.fromkeys(
            session.scalars(select(SetValue.name).where(some, SetValue.value.is_not(None)).distinct())
        )
    return list(found)


def talks_wanted(session: Session) -> dict[int, PainAnswer]:
    """Return, by person, the newest answer of pain that nobody has talked about yet."""
    rows = session.scalars(
        select(PainAnswer).where(PainAnswer.pain, PainAnswer.talked_at.is_(None)).order_by(PainAnswer.id)
    )
    return {one.person_id: one for one in rows}


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            TrainingSet.id,
            Day.person_id,
            Person.pseudonym,
            Day.date,
            TrainingSet.number,
            TrainingSet.exercise,
            TrainingSet.load_kg,
            Job.state,
            Job.error,
            func.coalesce(Job.done, 0),
            func.coalesce(Job.total, 0),
        )
        .join(Day, TrainingSet.day_id == Day.id)
        .join(Person, Person.id == Day.person_id)
        .outerjoin(Job, Job.set_id == TrainingSet.id)
    )
