"""The journal, its projection and what hangs on them."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    SmallInteger,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from servicedesk.core.db import Base, BigId, Instant, Json, enum_column
from servicedesk.tickets.changing import TicketChange as TicketChange
from servicedesk.tickets.workflow import Cause, Kind, Level, LinkKind, Priority, Secrecy, State, Tier
from sla import Phase

#: What people call a ticket: the prefix and its id.
NUMBER_PREFIX = "SD-"


#: Sorts after everything that is due.
NOT_DUE = datetime(9999, 1, 1, tzinfo=UTC)


def number_of(ticket_id: int) -> str:
    """The number that people see and say, such as SD-1042."""
    return f"{NUMBER_PREFIX}{ticket_id}"


class Visibility(StrEnum):
    """Who may read a journal entry of a ticket that they may read."""

    #: Everybody who may read the ticket.
    PUBLIC = "public"
    #: Only those who work on it.
    INTERNAL = "internal"


class EntryKind(StrEnum):
    """What happened."""

    FILED = "filed"
    REPLIED = "replied"
    NOTED = "noted"
    TAKEN = "taken"
    ASSIGNED = "assigned"
    MOVED = "moved"
    CHANGED = "changed"
    CLASSIFIED = "classified"
    WAITING = "waiting"
    RESUMED = "resumed"
    RESOLVED = "resolved"
    CONFIRMED = "confirmed"
    REOPENED = "reopened"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"
    UNMERGED = "unmerged"
    #: Another ticket was merged into this one.
    ABSORBED = "absorbed"
    #: That merge was undone.
    RELEASED = "released"
    LINKED = "linked"
    UNLINKED = "unlinked"
    FOLLOWED = "followed"
    UNFOLLOWED = "unfollowed"
    #: The agreement under which it stands was set, changed or withdrawn.
    AGREED = "agreed"
    #: A share of a clock's target was used; the servicedesk itself writes it, as it does a breach.
    WARNED = "warned"
    BREACHED = "breached"
    #: A date was agreed with the user by hand.
    PROMISED = "promised"
    #: What was said here in passing became a ticket of its own.
    SPLIT_OFF = "split_off"
    #: A superbruger passed it on to the servicedesk, or the time with one ran out.
    ESCALATED = "escalated"
    #: The servicedesk asked a superbruger to see to it out there.
    HANDED_BACK = "handed_back"
    #: The servicedesk said whether an escalation told what it needed.
    APPRAISED = "appraised"


#: What the clocks write. Whoever is at the ticket meanwhile is not stopped by it.
BY_CLOCKS = frozenset({EntryKind.AGREED, EntryKind.WARNED, EntryKind.BREACHED})


class PriorityColumn(TypeDecorator[Priority]):
    """A priority kept as its number, so that it sorts."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: Priority | int | None, dialect: Any) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Any) -> Priority | None:
        return None if value is None else Priority(value)


def _where(condition: str) -> dict[str, Any]:
    """For an index over a part of the rows."""
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}


#: To be said in a query as it is here, so that it runs along their index.
OF_COMPETENCE = "cause = 'missing_competence'"


class Ticket(Base):
    """The projection of a ticket's journal, kept for fast lists. Only the commands write it."""

    __tablename__ = "ticket"
    __table_args__ = (
        CheckConstraint("state != 'resolved' OR solution IS NOT NULL", "resolved_says_how"),
        CheckConstraint("state != 'resolved' OR cause IS NOT NULL", "resolved_says_why"),
        CheckConstraint(
            "is_open = (state IN ('new', 'open', 'waiting_user', 'waiting_supplier'))",
            "open_states",
        ),
        CheckConstraint("priority BETWEEN 1 AND 4", "priority"),
        CheckConstraint("(closed_at IS NULL) = (state NOT IN ('closed', 'cancelled'))", "closed_states"),
        UniqueConstraint("form_id"),
        UniqueConstraint("source_name", "source_number"),
        # The queue in each of its orders; what comes after the id is tested without fetching the row. Tickets are
        # counted along the index by due time, and those that wait for an answer found along the one by change.
        Index(
            "ix_ticket_by_priority",
            "customer_id",
            "is_open",
            "priority",
            "filed_at",
            "id",
            "state",
        ),
        Index("ix_ticket_by_filed", "customer_id", "is_open", "filed_at", "id", "state"),
        Index(
            "ix_ticket_by_updated",
            "customer_id",
            "is_open",
            "updated_at",
            "id",
            "state",
            "team_id",
            "secrecy",
            "is_unanswered",
        ),
        Index("ix_ticket_by_due", "customer_id", "is_open", "due_order", "id", "state", "team_id", "secrecy"),
        # What the worker looks for: as long as what is due, however many are open.
        Index("ix_ticket_next_look_at", "next_look_at", **_where("next_look_at IS NOT NULL")),
        Index("ix_ticket_by_team", "team_id", "is_open", "priority", "filed_at", "id"),
        Index(
            "ix_ticket_by_assignee",
            "assignee_id",
            "is_open",
            "priority",
            "filed_at",
            "id",
        ),
        # A person's own, a unit's and a system's tickets, newest first; those that have not ended, and all.
        Index("ix_ticket_alive_by_filer", "filer_id", "id", **_where("closed_at IS NULL")),
        Index("ix_ticket_alive_by_affected", "affected_id", "id", **_where("closed_at IS NULL")),
        Index("ix_ticket_by_filer", "filer_id", "id"),
        Index("ix_ticket_by_affected", "affected_id", "id"),
        Index("ix_ticket_by_unit", "unit_id", "is_open", "id"),
        Index("ix_ticket_by_system", "system_id", "is_open", "id"),
        # Those that were solved by showing somebody how: counted by unit and system, and listed. SQLite only counts
        # along it without fetching rows when the cause that is asked for stands in it, too.
        Index(
            "ix_ticket_of_competence",
            *("customer_id", "filed_at", "unit_id", "system_id", "secrecy", "id", "cause"),
            **_where(OF_COMPETENCE),
        ),
        # With the many rows that are not merged in it, SQLite would think it of no use.
        Index("ix_ticket_merged_into_id", "merged_into_id", **_where("merged_into_id IS NOT NULL")),
        # What was closed lately, and can be rated.
        Index("ix_ticket_closed_at", "closed_at", **_where("state = 'closed' AND merged_into_id IS NULL")),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    system_id: Mapped[int | None] = mapped_column(ForeignKey("system.id"))
    kind: Mapped[Kind] = mapped_column(enum_column(Kind))
    secrecy: Mapped[Secrecy] = mapped_column(enum_column(Secrecy), default=Secrecy.ORDINARY)
    tier: Mapped[Tier] = mapped_column(enum_column(Tier), default=Tier.SERVICEDESK)
    state: Mapped[State] = mapped_column(enum_column(State), default=State.NEW)
    is_open: Mapped[bool] = mapped_column(default=True)
    subject: Mapped[str]
    impact: Mapped[Level] = mapped_column(enum_column(Level, "impact"))
    urgency: Mapped[Level] = mapped_column(enum_column(Level, "urgency"))
    priority: Mapped[Priority] = mapped_column(PriorityColumn)
    #: Who filed it, and whom it is about; the same person unless it was filed on behalf of somebody.
    filer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    affected_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    cause: Mapped[Cause | None] = mapped_column(enum_column(Cause))
    solution: Mapped[str | None]
    filed_at: Mapped[datetime] = mapped_column(Instant)
    first_answered_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    reopen_count: Mapped[int] = mapped_column(SmallInteger, default=0)
    #: The user wrote last, and staff have not answered since.
    is_unanswered: Mapped[bool] = mapped_column(default=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    #: What is promised: the version of the agreement under which it stands.
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_version.id"))
    #: A date agreed with the user by hand; no pause moves it.
    promised_at: Mapped[datetime | None] = mapped_column(Instant)
    #: Clocks before this are history from elsewhere: nobody is warned of them.
    silent_until: Mapped[datetime | None] = mapped_column(Instant)
    #: The earliest due time of the clocks that run with the user; empty while none does.
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    #: The same for sorting: NOT_DUE instead of nothing.
    due_order: Mapped[datetime] = mapped_column(
        Instant, default=NOT_DUE, server_default=text(f"'{NOT_DUE:%Y-%m-%d %H:%M:%S.%f}'")
    )
    #: When a clock next needs attention, or a solved ticket closes by itself; empty when nothing is to come.
    next_look_at: Mapped[datetime | None] = mapped_column(Instant)
    #: Number of the last journal entry, and its digest.
    version: Mapped[int]
    head: Mapped[str]
    #: Where an imported ticket comes from: the system's name and the number it has there.
    source_name: Mapped[str | None]
    source_number: Mapped[str | None]
    #: Id of the form that it was filed with: sending it twice files one ticket.
    form_id: Mapped[str]

    @property
    def number(self) -> str:
        return number_of(self.id)


def is_of_competence() -> ColumnElement[bool]:
    """That it was needed because somebody lacked competence, along their index."""
    return Ticket.cause == literal_column("'missing_competence'")


#: Columns of a ticket that its clocks say rather than the journal alone, as they hang on calendars too.
CLOCK_COLUMNS = frozenset({"due_at", "due_order", "next_look_at"})


class Entry(Base):
    """One line of a ticket's journal: appended, never changed.

    `digest` covers the entry and the digest before it, so that a journal changed by hand is found out.
    """

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("ticket_id", "seq"),
        # A warning and a breach come once in a cycle of their clock, whoever looks.
        Index("uq_entry_once", "ticket_id", "once", unique=True, **_where("once IS NOT NULL")),
        # What somebody has passed on and solved; the other entries of a busy person are no part of it.
        Index("ix_entry_done_by", "by_id", "kind", "at", **_where("kind IN ('escalated', 'resolved')")),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    #: 1, 2, 3 … within the ticket.
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[EntryKind] = mapped_column(enum_column(EntryKind))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    visibility: Mapped[Visibility] = mapped_column(enum_column(Visibility))
    #: The ticket's state from here on.
    state: Mapped[State] = mapped_column(enum_column(State))
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str]
    #: "CLOCK STAGE CYCLE" of a warning or breach, from `data`.
    once: Mapped[str | None]


#: The clocks of suppliers: to be said in a query as it is here, so that it runs along their index.
OF_SUPPLIER = "substr(name, 1, 3) = 'uc:'"


class TicketClock(Base):
    """What a clock of a ticket shows since its last change; a cache of the fold over the journal.

    While it runs, `elapsed` is as of the last change and `due_at` holds until the next.
    """

    __tablename__ = "ticket_clock"
    __table_args__ = (
        # What a supplier has had, by when that began; the users' clocks, of which there are many, are no part of it.
        Index("ix_ticket_clock_of_supplier", "name", "started_at", **_where(OF_SUPPLIER)),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    #: "response", "resolution", "update", "local", "ola:TEAM" or "uc:SUPPLIER".
    name: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    phase: Mapped[Phase] = mapped_column(enum_column(Phase))
    is_running: Mapped[bool]
    cycle: Mapped[int] = mapped_column(SmallInteger)
    #: The target in words of `agreements.terms`, and the calendar that it is reckoned in.
    target: Mapped[str]
    hours_id: Mapped[int | None] = mapped_column(ForeignKey("opening_hours.id"))
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    #: Since when it is paused.
    paused_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    breached_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    #: "met", "breached", or what ended it.
    outcome: Mapped[str | None]
    #: Open time in microseconds: used, and used in pauses.
    elapsed: Mapped[int] = mapped_column(BigId)
    paused: Mapped[int] = mapped_column(BigId)
    #: Wall time in microseconds between being solved and reopened.
    stopped: Mapped[int] = mapped_column(BigId)
    #: Open time that counted after it was due.
    overrun: Mapped[int] = mapped_column(BigId)
    #: When it was looked at: folded again to then, it shows the same.
    as_of: Mapped[datetime] = mapped_column(Instant)


class Follower(Base):
    """A person who follows a ticket; a projection of its journal."""

    __tablename__ = "follower"
    __table_args__ = (Index("ix_follower_person_id_ticket_id", "person_id", "ticket_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class Link(Base):
    """How a ticket stands to another; each link is kept from both sides. A projection of the journals."""

    __tablename__ = "link"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, index=True)
    kind: Mapped[LinkKind] = mapped_column(enum_column(LinkKind), primary_key=True)


class Attachment(Base):
    """A file that came with a journal entry; the bytes lie in the attachment store under a random name."""

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("stored_name"),
        Index("ix_attachment_ticket_id_seq", "ticket_id", "seq"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    #: The entry that it came with.
    seq: Mapped[int]
    visibility: Mapped[Visibility] = mapped_column(enum_column(Visibility))
    name: Mapped[str]
    stored_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigId)
    sha256: Mapped[str]


class WorkHabit(Base):
    """How a person likes to get through a list of tickets; no row means the usual."""

    __tablename__ = "work_habit"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: After a ticket is done with, the next of the list opens by itself.
    goes_on: Mapped[bool] = mapped_column(default=False)


class PriorityRule(Base):
    """One cell of a customer's impact × urgency matrix."""

    __tablename__ = "priority_rule"

    customer_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    impact: Mapped[Level] = mapped_column(enum_column(Level, "impact"), primary_key=True)
    urgency: Mapped[Level] = mapped_column(enum_column(Level, "urgency"), primary_key=True)
    priority: Mapped[Priority] = mapped_column(PriorityColumn)
