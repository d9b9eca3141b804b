"""The tables of competence: topics, offers, and visits with what came of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from servicedesk.competence.rules import Answer, FindingKind, VisitState
from servicedesk.core.db import Base, BigId, Instant, Json, enum_column
from servicedesk.organisation.models import Person, Unit
from servicedesk.systems.models import System

_IN_USE = text("merged_into_id IS NULL")
_DUE = text("done_at IS NULL")


class Topic(Base):
    """What about a system people need to be shown, such as "Genåbne en sag"."""

    __tablename__ = "topic"
    __table_args__ = (
        CheckConstraint("name != ''", "named"),
        CheckConstraint("course_id IS NULL OR known_error_id IS NULL", "one_remedy"),
        # One of the name, however it is spelt; what was merged keeps its own.
        Index("uq_topic_in_use", "system_id", "key", unique=True, sqlite_where=_IN_USE, postgresql_where=_IN_USE),
        Index("ix_topic_customer_id", "customer_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    system_id: Mapped[int] = mapped_column(ForeignKey("system.id"))
    name: Mapped[str]
    #: The name in one plain spelling.
    key: Mapped[str]
    #: What is offered to whoever lacked it; with neither, what the system's courses are.
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    known_error_id: Mapped[int | None] = mapped_column(ForeignKey("known_error.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    #: The topic that this one turned out to be; its tickets are that one's.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    #: Counts the changes, so that two people's do not overwrite each other.
    version: Mapped[int] = mapped_column(default=1)

    system: Mapped[System] = relationship(lazy="raise")


class TicketTopic(Base):
    """The topic of a ticket that was solved by showing somebody how."""

    __tablename__ = "ticket_topic"
    __table_args__ = (Index("ix_ticket_topic_topic_id", "topic_id", "ticket_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class Offer(Base):
    """A course or an article that somebody was offered with the solution of his or her ticket."""

    __tablename__ = "course_offer"
    __table_args__ = (
        UniqueConstraint("ticket_id"),
        CheckConstraint("(course_id IS NULL) != (known_error_id IS NULL)", "offers_one_thing"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", "answer_has_time"),
        Index("ix_course_offer_person_id", "person_id"),
        Index("ix_course_offer_customer_id_made_at", "customer_id", "made_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    #: Whom the ticket is about.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    known_error_id: Mapped[int | None] = mapped_column(ForeignKey("known_error.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[Answer | None] = mapped_column(enum_column(Answer))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    #: Where he or she signed up.
    session_id: Mapped[int | None] = mapped_column(ForeignKey("course_session.id"))


class UnitKind(Base):
    """What kind of place a unit is, such as "Skole": it is held against those of its kind."""

    __tablename__ = "unit_kind"
    __table_args__ = (CheckConstraint("kind != ''", "told"), Index("ix_unit_kind_customer_id", "customer_id"))

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str]


class Visit(Base):
    """That people of the servicedesk go out to a unit to see how a system, or everything, is used there."""

    __tablename__ = "visit"
    __table_args__ = (
        UniqueConstraint("form_id"),
        CheckConstraint("goals != ''", "has_goals"),
        Index("ix_visit_customer_id_on", "customer_id", "visit_on"),
        Index("ix_visit_unit_id", "unit_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    #: Empty for everything that the unit uses.
    system_id: Mapped[int | None] = mapped_column(ForeignKey("system.id"))
    visit_on: Mapped[date]
    goals: Mapped[str] = mapped_column(Text)
    state: Mapped[VisitState] = mapped_column(enum_column(VisitState), default=VisitState.PLANNED)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    #: Of the form, so that sending it twice plans once.
    form_id: Mapped[str]
    #: Counts the changes, so that two people's do not overwrite each other.
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id], lazy="raise")
    system: Mapped[System | None] = relationship(lazy="raise")
    people: Mapped[list[Person]] = relationship(
        secondary="visit_person", order_by=Person.sort_name, lazy="raise", viewonly=True
    )


class VisitPerson(Base):
    """Somebody who goes there."""

    __tablename__ = "visit_person"
    __table_args__ = (Index("ix_visit_person_person_id", "person_id"),)

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class Finding(Base):
    """Something that was seen on a visit, and what became of it."""

    __tablename__ = "visit_finding"
    __table_args__ = (
        UniqueConstraint("form_id"),
        CheckConstraint("body != ''", "says_something"),
        CheckConstraint("kind = 'course' OR course_id IS NULL", "course_of_proposal"),
        CheckConstraint("kind = 'ticket' OR ticket_id IS NULL", "ticket_of_finding"),
        Index("ix_visit_finding_visit_id_id", "visit_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    kind: Mapped[FindingKind] = mapped_column(enum_column(FindingKind), default=FindingKind.NOTE)
    body: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    form_id: Mapped[str]
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    #: The course that is proposed to be held there.
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    #: When a proposal was dealt with.
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class FollowUp(Base):
    """How things went after a visit: when that is to be looked at, and what was found then."""

    __tablename__ = "visit_follow_up"
    __table_args__ = (Index("ix_visit_follow_up_due", "due_on", sqlite_where=_DUE, postgresql_where=_DUE),)

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    weeks: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    due_on: Mapped[date]
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    #: The figures as they were then; see effects.py.
    told: Mapped[dict[str, Any] | None] = mapped_column(Json)
