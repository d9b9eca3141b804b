"""The tables of training."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from servicedesk.core.actor import Role
from servicedesk.core.db import Base, BigId, Instant, Json, enum_column
from servicedesk.organisation.models import Person, Unit
from servicedesk.systems.models import System
from servicedesk.training.rules import CourseKind, SignUpState, Source

_HOLDS = text("withdrawn_at IS NULL")
_OF_SESSION = text("session_id IS NOT NULL AND withdrawn_at IS NULL")
_COUNTS = text("state IN ('signed_up', 'waiting')")


class Course(Base):
    """Something to learn: a course in a room or on the net, an instruction on the spot, or a guideline to sign."""

    __tablename__ = "course"
    __table_args__ = (
        UniqueConstraint("customer_id", "name"),
        CheckConstraint("name != ''", "named"),
        CheckConstraint("minutes IS NULL OR minutes > 0", "takes_time"),
        CheckConstraint("kind = 'guideline' OR version = 0", "only_guidelines_have_versions"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str]
    kind: Mapped[CourseKind] = mapped_column(enum_column(CourseKind, "course_kind"))
    #: In Markdown.
    description: Mapped[str] = mapped_column(Text, default="")
    #: Where a course on the net is taken.
    link: Mapped[str] = mapped_column(default="")
    minutes: Mapped[int | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    #: Of a guideline: the newest text's number. Who signed an earlier one is asked again.
    version: Mapped[int] = mapped_column(default=0)
    #: Counts the changes, so that two people's do not overwrite each other.
    changes: Mapped[int] = mapped_column(default=0)

    #: What it teaches the use of; none when it is about IT in general.
    systems: Mapped[list[System]] = relationship(
        secondary="course_system", order_by=System.name, lazy="raise", viewonly=True
    )


class CourseSystem(Base):
    """That a course teaches the use of a system."""

    __tablename__ = "course_system"
    __table_args__ = (Index("ix_course_system_system_id", "system_id"),)

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    system_id: Mapped[int] = mapped_column(ForeignKey("system.id"), primary_key=True)


class GuidelineText(Base):
    """What a guideline for safe use of IT says in one of its versions; never changed."""

    __tablename__ = "guideline_text"
    __table_args__ = (CheckConstraint("body != ''", "says_something"),)

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: In Markdown.
    body: Mapped[str] = mapped_column(Text)
    #: What is new in it, for those who signed the one before.
    news: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Session(Base):
    """One time that a course is held, as calendars know it: one UID for ever, and a number that grows."""

    __tablename__ = "course_session"
    __table_args__ = (
        UniqueConstraint("uid"),
        CheckConstraint("ends_at > starts_at", "period"),
        CheckConstraint("seats > 0", "has_seats"),
        Index("ix_course_session_course_id_starts_at", "course_id", "starts_at"),
        Index("ix_course_session_customer_id_starts_at", "customer_id", "starts_at"),
        Index("ix_course_session_instructor_id", "instructor_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    uid: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    #: A room, or the address of a meeting on the net.
    place: Mapped[str] = mapped_column(default="")
    seats: Mapped[int]
    instructor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    sequence: Mapped[int] = mapped_column(default=0)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)

    course: Mapped[Course] = relationship(lazy="raise")
    instructor: Mapped[Person | None] = relationship(foreign_keys=[instructor_id], lazy="raise")


class SignUp(Base):
    """Somebody's place at a session, or in the line for one; who came first is told by the time, then the number."""

    __tablename__ = "course_sign_up"
    __table_args__ = (
        UniqueConstraint("session_id", "person_id"),
        Index("ix_course_sign_up_person_id", "person_id"),
        Index(
            "ix_course_sign_up_in_line",
            "session_id",
            "state",
            "at",
            "id",
            sqlite_where=_COUNTS,
            postgresql_where=_COUNTS,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("course_session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[SignUpState] = mapped_column(enum_column(SignUpState, "state"))
    at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    #: Grows with each change of this one's place; added to the session's own number for his or her calendar.
    sequence: Mapped[int] = mapped_column(default=0)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    session: Mapped[Session] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise")


class Requirement(Base):
    """Who is to have taken which course, by when, and how long it holds.

    Of a system it concerns those who work where the system is used; without one, everybody. A unit (with those below
    it), a role at the desk and a title narrow that down, all that are given together.
    """

    __tablename__ = "requirement"
    __table_args__ = (
        CheckConstraint("deadline_days >= 0", "deadline"),
        CheckConstraint("validity_months IS NULL OR validity_months > 0", "validity"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", "period"),
        Index("ix_requirement_customer_id", "customer_id"),
        Index("ix_requirement_course_id", "course_id"),
        Index("ix_requirement_system_id", "system_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    system_id: Mapped[int | None] = mapped_column(ForeignKey("system.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[Role | None] = mapped_column(enum_column(Role))
    #: Such as "Sygeplejerske"; empty for whatever title.
    title: Mapped[str] = mapped_column(default="")
    #: Else it is recommended.
    is_mandatory: Mapped[bool] = mapped_column(default=True)
    #: After taking up the job, or after the requirement began when that was later.
    deadline_days: Mapped[int] = mapped_column(default=30)
    #: How long a record meets it; empty for ever.
    validity_months: Mapped[int | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    #: Why, in words for those whom it concerns.
    note: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_why: Mapped[str] = mapped_column(default="")
    #: Counts the changes, so that two people's do not overwrite each other.
    version: Mapped[int] = mapped_column(default=1)

    course: Mapped[Course] = relationship(lazy="raise")
    system: Mapped[System | None] = relationship(lazy="raise")
    unit: Mapped[Unit | None] = relationship(foreign_keys=[unit_id], lazy="raise")


class Record(Base):
    """That somebody has learnt something, or need not; never changed, only withdrawn with a reason."""

    __tablename__ = "training_record"
    __table_args__ = (
        CheckConstraint("expires_on IS NULL OR expires_on >= obtained_on", "period"),
        CheckConstraint("source = 'exemption' OR ends_on IS NULL", "only_exemptions_end"),
        CheckConstraint("source != 'exemption' OR reason != ''", "exemption_says_why"),
        CheckConstraint("withdrawn_at IS NULL OR withdrawn_why != ''", "withdrawal_says_why"),
        Index("ix_training_record_person_id", "person_id"),
        Index("ix_training_record_customer_id_course_id", "customer_id", "course_id"),
        # Once each, however often a list is sent in or a file is read.
        Index(
            "uq_training_record_known_once",
            "person_id",
            "course_id",
            "obtained_on",
            "source",
            "version",
            unique=True,
            sqlite_where=_HOLDS,
            postgresql_where=_HOLDS,
        ),
        Index(
            "uq_training_record_of_session",
            "session_id",
            "person_id",
            unique=True,
            sqlite_where=_OF_SESSION,
            postgresql_where=_OF_SESSION,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    obtained_on: Mapped[date]
    #: The last day, when what was shown says one; how long it meets a requirement is the requirement's to say.
    expires_on: Mapped[date | None]
    source: Mapped[Source] = mapped_column(enum_column(Source, "source"))
    #: What was shown: a certificate's number, who taught it, the file it came in.
    evidence: Mapped[str] = mapped_column(default="")
    #: Why somebody is exempt.
    reason: Mapped[str] = mapped_column(default="")
    #: The last day of an exemption; empty while no end is known.
    ends_on: Mapped[date | None]
    #: The version of the guideline that was signed; 0 for whatever is no guideline.
    version: Mapped[int] = mapped_column(default=0)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("course_session.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_why: Mapped[str] = mapped_column(default="")

    course: Mapped[Course] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise")


class Reminder(Base):
    """That somebody was reminded in a week, and of what: nobody is twice in one."""

    __tablename__ = "training_reminder"
    __table_args__ = (Index("ix_training_reminder_customer_id_week_on", "customer_id", "week_on"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: The week's Monday.
    week_on: Mapped[date] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    #: What it was about, so that the next one is sent when there is something new to say.
    told: Mapped[list[Any]] = mapped_column(Json)


class ReminderRound(Base):
    """That everybody of a customer was looked at on a day: whoever looks again that day need not."""

    __tablename__ = "training_round"

    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    done_at: Mapped[datetime] = mapped_column(Instant)
