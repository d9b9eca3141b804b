"""Appointments, guidelines, and help that was given on the floor."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from servicedesk.core.causes import Cause
from servicedesk.core.db import Base, BigId, Instant, Json, enum_column
from servicedesk.organisation.models import Person, Unit
from servicedesk.superbrugere.rules import AppointmentKind, GuidelineTerms, Leeway
from servicedesk.systems.models import KnownError, System


class Appointment(Base):
    """A person is a superbruger in some units, for some systems or all, for a period, as a manager agreed.

    What the person may do follows from it: the role grants that `commands.appointing` writes with it.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", "period"),
        CheckConstraint("weekly_minutes BETWEEN 0 AND 2220", "weekly_minutes"),
        CheckConstraint("deputy_id IS NULL OR deputy_id != person_id", "deputy_is_another"),
        Index("ix_appointment_customer_id_ends_on", "customer_id", "ends_on"),
        Index("ix_appointment_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[AppointmentKind] = mapped_column(enum_column(AppointmentKind))
    starts_on: Mapped[date]
    #: The last day; empty while no end is known.
    ends_on: Mapped[date | None]
    #: The working time that is set aside for it each week.
    weekly_minutes: Mapped[int] = mapped_column(SmallInteger, default=0)
    #: The manager who agreed.
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Who stands in while the person is away, unless the absence names another.
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    #: Counts the changes, so that two people's do not overwrite each other.
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise")
    deputy: Mapped[Person | None] = relationship(foreign_keys=[deputy_id], lazy="raise")
    agreed_by: Mapped[Person | None] = relationship(foreign_keys=[agreed_by_id], lazy="raise")
    units: Mapped[list["AppointmentUnit"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    #: None for every system.
    systems: Mapped[list[System]] = relationship(
        secondary="appointment_system", order_by=System.name, lazy="raise", passive_deletes=True
    )

    def is_in_force(self, today: date) -> bool:
        return self.starts_on <= today and not self.is_over(today)

    @classmethod
    def is_not_over(cls, today: date) -> ColumnElement[bool]:
        """As a condition: it is in force or will be."""
        return or_(cls.ends_on.is_(None), cls.ends_on >= today)

    def is_over(self, today: date) -> bool:
        return self.ends_on is not None and self.ends_on < today


class AppointmentUnit(Base):
    """A unit that an appointment is over."""

    __tablename__ = "appointment_unit"

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    with_subunits: Mapped[bool] = mapped_column(default=True)

    unit: Mapped[Unit] = relationship(lazy="raise")


class AppointmentSystem(Base):
    """A system that an appointment is about."""

    __tablename__ = "appointment_system"

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), primary_key=True)
    system_id: Mapped[int] = mapped_column(ForeignKey("system.id"), primary_key=True)


class Guideline(Base):
    """What superbrugere may do, in general or with one system, as it is now; its versions tell what it was.

    The policy reads this row, so a new version holds at once.
    """

    __tablename__ = "guideline"
    __table_args__ = (
        UniqueConstraint("customer_id", "system_id"),
        Index(
            "uq_guideline_general",
            "customer_id",
            unique=True,
            sqlite_where=text("system_id IS NULL"),
            postgresql_where=text("system_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    #: None for the general one, which holds wherever a system has none of its own.
    system_id: Mapped[int | None] = mapped_column(ForeignKey("system.id"))
    #: Number of its newest version: 1, 2, 3 …
    version: Mapped[int]
    incident: Mapped[Leeway] = mapped_column(enum_column(Leeway, "incident_leeway"))
    request: Mapped[Leeway] = mapped_column(enum_column(Leeway, "request_leeway"))
    files_for: Mapped[bool]
    #: Superbrugere may write and mark known errors.
    writes_known: Mapped[bool] = mapped_column(default=False)
    #: How long a ticket may stay local, as a length in open time; empty when none does.
    local: Mapped[str | None]

    system: Mapped[System | None] = relationship(lazy="raise", viewonly=True)


class GuidelineVersion(Base):
    """A version of a guideline as it was published; never changed."""

    __tablename__ = "guideline_version"
    __table_args__ = (UniqueConstraint("guideline_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    guideline_id: Mapped[int] = mapped_column(ForeignKey("guideline.id"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: What it says in words, in Markdown.
    body: Mapped[str] = mapped_column(Text)
    told: Mapped[dict[str, Any]] = mapped_column(Json)

    @property
    def terms(self) -> GuidelineTerms:
        return GuidelineTerms.read(self.told)


class GuidelineAcceptance(Base):
    """A superbruger has read a version and goes by it."""

    __tablename__ = "guideline_acceptance"

    version_id: Mapped[int] = mapped_column(ForeignKey("guideline_version.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class FloorHelp(Base):
    """A superbruger helped somebody on the spot, with no ticket: solved at first contact by the local tier.

    It says nothing of who was helped. One form gives one row, however often it is sent.
    """

    __tablename__ = "floor_help"
    __table_args__ = (
        UniqueConstraint("person_id", "form_id"),
        CheckConstraint("people BETWEEN 1 AND 200", "people"),
        CheckConstraint("minutes BETWEEN 1 AND 480", "minutes"),
        Index("ix_floor_help_customer_id_helped_at", "customer_id", "helped_at"),
        Index("ix_floor_help_person_id_helped_at", "person_id", "helped_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    #: The superbruger who helped.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: The appointment that it was done under; another's when the superbruger stood in.
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"))
    #: Where somebody was helped.
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    #: None for what is about no system in particular.
    system_id: Mapped[int | None] = mapped_column(ForeignKey("system.id"))
    cause: Mapped[Cause] = mapped_column(enum_column(Cause))
    people: Mapped[int] = mapped_column(SmallInteger)
    #: How long it took altogether; empty when nobody counted.
    minutes: Mapped[int | None] = mapped_column(SmallInteger)
    #: What helped.
    known_error_id: Mapped[int | None] = mapped_column(ForeignKey("known_error.id"))
    note: Mapped[str] = mapped_column(default="")
    helped_at: Mapped[datetime] = mapped_column(Instant)
    #: When it was written down here: later than `helped_at` when there was no connection.
    made_at: Mapped[datetime] = mapped_column(Instant)
    guideline_version_id: Mapped[int] = mapped_column(ForeignKey("guideline_version.id"))
    form_id: Mapped[str]
    #: When it was taken back by whoever wrote it; it counts nowhere then.
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)

    unit: Mapped[Unit] = relationship(lazy="raise", viewonly=True, foreign_keys=[unit_id])
    system: Mapped[System | None] = relationship(lazy="raise", viewonly=True)
    known_error: Mapped[KnownError | None] = relationship(lazy="raise", viewonly=True)
