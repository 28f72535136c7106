"""The tables of the store. What a name doesn't say is said beside it."""

from __future__ import annotations

# read while the program runs, when SQLAlchemy maps the columns
import datetime as dt  # noqa: TC003
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, MetaData, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

JobState = Literal["waiting", "running", "done", "failed"]


class Base(DeclarativeBase):
    """Names every constraint, so that later migrations can change it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def _child(column: str) -> Mapped[int]:
    return mapped_column(ForeignKey(column, ondelete="CASCADE"), index=True)


class Person(Base):
    """Somebody who trains; a pseudonym is all that is asked for."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("height_cm IS NULL OR height_cm BETWEEN 80 AND 250", name="height"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pseudonym: Mapped[str] = mapped_column(unique=True)
    height_cm: Mapped[float | None]
    demo: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[dt.datetime]

    days: Mapped[list[Day]] = relationship(back_populates="person", cascade="all, delete-orphan", passive_deletes=True)
    notes: Mapped[list[Note]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    pain: Mapped[list[PainAnswer]] = relationship(cascade="all, delete-orphan", passive_deletes=True)


class Day(Base):
    """One training session of one person."""

    __tablename__ = "day"
    __table_args__ = (UniqueConstraint("person_id", "date"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = _child("person.id")
    date: Mapped[dt.date]

    person: Mapped[Person] = relationship(back_populates="days")
    sets: Mapped[list[TrainingSet]] = relationship(
        back_populates="day", cascade="all, delete-orphan", passive_deletes=True, order_by="TrainingSet.number"
    )


class TrainingSet(Base):
    """One set and what was said about it; nothing here is measured."""

    __tablename__ = "training_set"
    __table_args__ = (UniqueConstraint("day_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day_id: Mapped[int] = _child("day.id")
    number: Mapped[int]
    exercise: Mapped[str]
    load_kg: Mapped[float | None]
    reps_in_reserve: Mapped[float | None]
    tempo: Mapped[str | None]
    intent: Mapped[str | None]
    side: Mapped[str | None]
    eyes: Mapped[str | None]
    depth_target: Mapped[str | None]
    rest_s: Mapped[float | None]
    corrections: Mapped[str | None]  # what somebody set right by hand, as JSON: rep boundaries
    added_at: Mapped[dt.datetime]

    day: Mapped[Day] = relationship(back_populates="sets")
    videos: Mapped[list[Video]] = relationship(
        back_populates="set", cascade="all, delete-orphan", passive_deletes=True, order_by="Video.id"
    )
    assessments: Mapped[list[StoredAssessment]] = relationship(
        back_populates="set", cascade="all, delete-orphan", passive_deletes=True, order_by="StoredAssessment.id"
    )
    values: Mapped[list[SetValue]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    job: Mapped[Job | None] = relationship(back_populates="set", cascade="all, delete-orphan", passive_deletes=True)


class Video(Base):
    """A film of a set: where it lies, and the track that was made from it."""

    __tablename__ = "video"

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = _child("training_set.id")
    path: Mapped[str]
    ours: Mapped[bool]  # a copy in the data folder, erased with the person; otherwise the user's own file
    sha256: Mapped[str | None] = mapped_column(index=True)
    track_key: Mapped[str | None] = mapped_column(index=True)
    subject: Mapped[int | None]  # who the lifter is, when somebody said so

    set: Mapped[TrainingSet] = relationship(back_populates="videos")


class StoredAssessment(Base):
    """A result as it was made; the last one of a set counts."""

    __tablename__ = "assessment"

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = _child("training_set.id")
    made_at: Mapped[dt.datetime]
    formdrift: Mapped[str]
    thresholds: Mapped[str]
    json_zlib: Mapped[bytes]

    set: Mapped[TrainingSet] = relationship(back_populates="assessments")


class SetValue(Base):
    """One number of a set's last assessment, for lists and trends that can't read every result."""

    __tablename__ = "set_value"
    __table_args__ = (Index("ix_set_value_name_set", "name", "set_id"),)

    set_id: Mapped[int] = mapped_column(ForeignKey("training_set.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    unit: Mapped[str]
    text: Mapped[str | None]


class Note(Base):
    """What a coach wrote about a person or one of their sets."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = _child("person.id")
    set_id: Mapped[int | None] = mapped_column(ForeignKey("training_set.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]
    written_at: Mapped[dt.datetime]


class PainAnswer(Base):
    """An answer to the questions before training; a yes asks for a talk until somebody has had it."""

    __tablename__ = "pain_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = _child("person.id")
    asked_at: Mapped[dt.datetime]
    pain: Mapped[bool]
    text: Mapped[str | None]
    talked_at: Mapped[dt.datetime | None]


class Job(Base):
    """Work on a set that goes on in the background; the table is the truth, not anybody's memory."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("training_set.id", ondelete="CASCADE"), unique=True)
    state: Mapped[str]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[dt.datetime]

    set: Mapped[TrainingSet] = relationship(back_populates="job")
