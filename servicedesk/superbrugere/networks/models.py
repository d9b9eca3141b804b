"""Networks, the mails to them, and their meetings."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from servicedesk.core.db import Base, BigId, Instant, enum_column
from servicedesk.organisation.models import Person
from servicedesk.superbrugere.rules import AppointmentKind
from servicedesk.systems.models import System


class Network(Base):
    """Superbrugere who belong together: those of a system, of a kind, or of both, and whoever is added by hand.

    Whom the rule means follows the appointments; it is never stored.
    """

    __tablename__ = "network"
    __table_args__ = (UniqueConstraint("customer_id", "name"), CheckConstraint("name != ''", "named"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str]
    about: Mapped[str] = mapped_column(Text, default="")
    #: The rule; with neither there are only those who were added.
    system_id: Mapped[int | None] = mapped_column(ForeignKey("system.id"))
    kind: Mapped[AppointmentKind | None] = mapped_column(enum_column(AppointmentKind, "network_kind"))
    #: Who writes to it and calls its meetings, beside the servicedesk manager.
    coordinator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    #: It is over; what was written in it stays.
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    #: Counts the changes, so that two people's do not overwrite each other.
    version: Mapped[int] = mapped_column(default=1)

    coordinator: Mapped[Person | None] = relationship(lazy="raise")
    system: Mapped[System | None] = relationship(lazy="raise")


class NetworkMember(Base):
    """Somebody who was added by hand."""

    __tablename__ = "network_member"
    __table_args__ = (Index("ix_network_member_person_id", "person_id"),)

    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class NetworkMail(Base):
    """What was written to everybody in a network; never changed."""

    __tablename__ = "network_mail"
    __table_args__ = (UniqueConstraint("form_id"), Index("ix_network_mail_network_id_id", "network_id", "id"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    #: Of the form, so that sending it twice writes once.
    form_id: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    subject: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    #: How many it went to.
    receivers: Mapped[int]

    by: Mapped[Person | None] = relationship(lazy="raise")


class Meeting(Base):
    """A meeting of a network, as calendars know it: one UID for ever, and a number that grows with each change."""

    __tablename__ = "network_meeting"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", "period"),
        CheckConstraint("title != ''", "titled"),
        UniqueConstraint("uid"),
        Index("ix_network_meeting_network_id_starts_at", "network_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    uid: Mapped[str]
    title: Mapped[str]
    #: A room, or the address of a meeting on the net.
    place: Mapped[str] = mapped_column(default="")
    #: In Markdown.
    agenda: Mapped[str] = mapped_column(Text, default="")
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    sequence: Mapped[int] = mapped_column(default=0)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)

    network: Mapped[Network] = relationship(lazy="raise")


class Coming(StrEnum):
    """What somebody answers to an invitation."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


class MeetingAnswer(Base):
    """Whether somebody comes."""

    __tablename__ = "meeting_answer"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("network_meeting.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    answer: Mapped[Coming] = mapped_column(enum_column(Coming))
    at: Mapped[datetime] = mapped_column(Instant)
