"""Reading: whom an erasure reaches, what stands in its way, what is held back, and what is old enough to go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, Text, exists, false, func, or_, select, type_coerce, union
from sqlalchemy.orm import aliased

from servicedesk.core.actor import Actor
from servicedesk.core.audit import AuditLine
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation import choosing
from servicedesk.organisation.models import Person, Unit
from servicedesk.privacy import retention, rewriting, sweeping
from servicedesk.privacy.models import Erasure, LegalHold, RetentionRule, RetentionRun
from servicedesk.privacy.policy import PrivacyPermission
from servicedesk.privacy.rules import Known, scrub_all
from servicedesk.tickets.models import Attachment, Entry, Follower, Link, Ticket
from servicedesk.tickets.redacting import Redaction, RedactionCause
from servicedesk.tickets.workflow import State

#: People who are offered by what is typed.
MOST_FOUND = 20
#: So many entries are read together.
_AT_ONCE = 500


# ------------------------------------------------------------------------------------------------ whom it reaches


def tickets_of(person_id: int) -> Subquery:
    """Ids of the tickets that the person is on."""
    ways = [
        *(select(Ticket.id.label("ticket_id")).where(column == person_id) for column in _ON_TICKET),
        select(Follower.ticket_id).where(Follower.person_id == person_id),
    ]
    return union(*ways).subquery()


_ON_TICKET = (Ticket.filer_id, Ticket.affected_id, Ticket.assignee_id)


def tickets_worked_by(person_id: int) -> set[int]:
    """Ids of the tickets on which the person did something. Reads all journals."""
    return set(db.session.scalars(select(Entry.ticket_id).where(Entry.by_id == person_id).distinct()))


def known_alone(person: Person) -> Known:
    """What nobody else is known by: a name that two people have tells nothing outside of their own tickets."""
    same = select(Person.id).where(Person.id != person.id, Person.erased_at.is_(None), Person.name == person.name)
    known = rewriting.known_of(person, by_parts=False)
    is_shared = db.session.scalar(same.limit(1)) is not None
    return Known("", known.initials, known.email, known.phone, known.word, False) if is_shared else known


def tickets_naming(person: Person) -> set[int]:
    """Ids of tickets in whose journals the person is met by what nobody else is known by. Reads all journals."""
    known = known_alone(person)
    is_met = or_(*(type_coerce(Entry.data, Text).contains(one, autoescape=True) for one in sweeping.needles(known)))
    query = select(Entry.id, Entry.ticket_id, Entry.data).where(or_(false(), is_met)).order_by(Entry.id).limit(_AT_ONCE)
    found: set[int] = set()
    last = 0
    while rows := db.session.execute(query.where(Entry.id > last)).all():
        found |= {row.ticket_id for row in rows if scrub_all(row.data, [known]) != row.data}
        last = rows[-1].id
    return found


@dataclass(frozen=True)
class Preview:
    """What an erasure comes to."""

    tickets: int
    files: int
    mails: int
    drafts: int
    notices: int
    records: int
    ratings: int
    audit_lines: int


def preview(person: Person) -> Preview:
    tables, own = db.metadata.tables, or_(Ticket.filer_id == person.id, Ticket.affected_id == person.id)

    def rows(name: str) -> int:
        table = tables[name]
        return db.session.scalar(select(func.count()).select_from(table).where(table.c.person_id == person.id)) or 0

    files = select(func.count(Attachment.id)).join(Ticket, Ticket.id == Attachment.ticket_id).where(own)
    about = (AuditLine.subject_kind == "person") & (AuditLine.subject_id == person.id)
    lines = select(func.count(AuditLine.id)).where(about)
    return Preview(
        tickets=db.session.scalar(select(func.count(Ticket.id)).where(own)) or 0,
        files=db.session.scalar(files) or 0,
        mails=rows("outbox_mail"),
        drafts=rows("draft"),
        notices=rows("notice"),
        records=rows("training_record"),
        ratings=rows("rating"),
        audit_lines=db.session.scalar(lines) or 0,
    )


# ------------------------------------------------------------------------------------------------ what is held back


def held_people(customer_id: int) -> list[int]:
    standing = select(LegalHold.person_id).where(LegalHold.customer_id == customer_id, LegalHold.released_at.is_(None))
    return [id_ for id_ in db.session.scalars(standing) if id_ is not None]


def held_tickets(customer_id: int) -> list[int]:
    """Those that are named, and all that hang together with them by links and merges."""
    standing = select(LegalHold.ticket_id).where(LegalHold.customer_id == customer_id, LegalHold.released_at.is_(None))
    held: set[int] = set()
    new = {id_ for id_ in db.session.scalars(standing) if id_ is not None}
    while new:
        held |= new
        new = set(db.session.scalars(_beside(sorted(new)))) - held
    return sorted(held)


def _beside(ids: Sequence[int]) -> Any:
    return union(
        select(Link.other_id).where(Link.ticket_id.in_(ids)),
        select(Ticket.id).where(Ticket.merged_into_id.in_(ids)),
        select(Ticket.merged_into_id).where(Ticket.id.in_(ids), Ticket.merged_into_id.is_not(None)),
    )


class Obstacle(StrEnum):
    """What stands in the way of erasing somebody."""

    ACTIVE = "active"
    OPEN_TICKETS = "open_tickets"
    ASSIGNED = "assigned"
    HELD = "held"
    ON_HELD_TICKET = "on_held_ticket"


def obstacles(person: Person) -> list[Obstacle]:
    ways = _ways(person.customer_id)
    asked = select(*(condition.label(name.value) for name, condition in ways.items())).where(Person.id == person.id)
    row = db.session.execute(asked).one()
    return [name for name in ways if row._mapping[name.value]]


def _ways(customer_id: int) -> dict[Obstacle, ColumnElement[bool]]:
    """Each as a condition on a person."""
    of_person = or_(Ticket.filer_id == Person.id, Ticket.affected_id == Person.id)
    held = held_tickets(customer_id)
    is_on = or_(of_person, Ticket.assignee_id == Person.id, Ticket.id.in_(_followed()))
    return {
        Obstacle.ACTIVE: Person.is_active.is_(True),
        Obstacle.OPEN_TICKETS: exists().where(Ticket.closed_at.is_(None), of_person),
        Obstacle.ASSIGNED: exists().where(Ticket.is_open, Ticket.assignee_id == Person.id),
        Obstacle.HELD: Person.id.in_(held_people(customer_id)),
        Obstacle.ON_HELD_TICKET: exists().where(Ticket.id.in_(held), is_on),
    }


def _followed() -> Select[Any]:
    return select(Follower.ticket_id).where(Follower.person_id == Person.id).correlate(Person)


@dataclass(frozen=True)
class Held:
    """A hold, as the page shows it."""

    row: LegalHold
    person: str | None
    placed_by: str


def holds(who: Actor) -> list[Held]:
    """What is held back now, newest first."""
    person, by = aliased(Person), aliased(Person)
    query = select(LegalHold, person.name, by.name).outerjoin(person, person.id == LegalHold.person_id)
    query = query.join(by, by.id == LegalHold.placed_by_id).where(LegalHold.released_at.is_(None))
    query = query.where(granted(PrivacyPermission.RELEASE, who)).order_by(LegalHold.id.desc()).limit(500)
    return [Held(row, name, placed_by) for row, name, placed_by in db.session.execute(query)]


def hold_on(person_id: int) -> LegalHold | None:
    query = select(LegalHold).where(LegalHold.person_id == person_id, LegalHold.released_at.is_(None))
    return db.session.scalar(query)


# ------------------------------------------------------------------------------------------------ what is old


def rules(customer_id: int) -> dict[str, int | None]:
    """Months by what is kept; None for ever."""
    told = db.session.scalars(select(RetentionRule).where(RetentionRule.customer_id == customer_id))
    return {**retention.usual(), **{row.what: row.months for row in told}}


def cutoffs(customer_id: int, now: datetime) -> dict[str, datetime]:
    """What is older goes, by what it is."""
    told = rules(customer_id)
    return {what: retention.months_before(now, months) for what, months in told.items() if months is not None}


def old_tickets(customer_id: int, before: datetime) -> list[ColumnElement[bool]]:
    """Closed before that, not anonymised since they last changed, and held back by nobody."""
    done = exists().where(
        Redaction.ticket_id == Ticket.id,
        Redaction.cause == RedactionCause.RETENTION,
        Redaction.up_to_seq == Ticket.version,
    )
    people = held_people(customer_id)
    return [
        Ticket.customer_id == customer_id,
        Ticket.is_open.is_(False),
        Ticket.state.in_((State.CLOSED, State.CANCELLED)),
        Ticket.closed_at < before,
        ~done,
        Ticket.id.not_in(held_tickets(customer_id)),
        Ticket.filer_id.not_in(people),
        Ticket.affected_id.not_in(people),
    ]


def people_who_left(customer_id: int, before: datetime) -> list[ColumnElement[bool]]:
    """Deactivated before that for the last time, with nothing in the way; when others left, nobody knows."""
    left = select(func.max(AuditLine.at)).where(
        AuditLine.subject_kind == "person", AuditLine.subject_id == Person.id, AuditLine.action == "person_deactivated"
    )
    return [
        Person.customer_id == customer_id,
        Person.erased_at.is_(None),
        left.correlate(Person).scalar_subquery() < before,
        ~exists().where(Erasure.person_id == Person.id),
        *(~condition for condition in _ways(customer_id).values()),
    ]


def plan(customer_id: int, now: datetime) -> dict[str, int]:
    """How many of what a run at `now` would do something to: the dry run."""
    counts: dict[str, int] = {}
    before = cutoffs(customer_id, now)
    if retention.TICKETS in before:
        query = select(func.count(Ticket.id)).where(*old_tickets(customer_id, before[retention.TICKETS]))
        counts[retention.TICKETS] = db.session.scalar(query) or 0
    if retention.PEOPLE in before:
        query = select(func.count(Person.id)).where(*people_who_left(customer_id, before[retention.PEOPLE]))
        counts[retention.PEOPLE] = db.session.scalar(query) or 0
    for one in retention.offered():
        if one.what in before:
            counts[one.what] = one.count(customer_id, before[one.what])
    return counts


# ------------------------------------------------------------------------------------------------ for pages


def customers(who: Actor) -> list[Unit]:
    query = select(Unit).where(granted(PrivacyPermission.SET_RETENTION, who)).order_by(Unit.name, Unit.id)
    return list(db.session.scalars(query))


def get_customer(customer_id: int, who: Actor) -> Unit:
    query = select(Unit).where(Unit.id == customer_id, granted(PrivacyPermission.SET_RETENTION, who))
    found = db.session.scalar(query)
    if found is None:
        raise NotFoundError
    return found


def find_people(q: str, who: Actor) -> list[tuple[Person, str]]:
    """As `choosing.choose` finds people, but also those who have left: with their units."""
    conditions = choosing.matches(q)
    if not conditions:
        return []
    query = select(Person, Unit.name).join(Unit, Unit.id == Person.unit_id)
    query = query.where(granted(PrivacyPermission.ERASE, who), *conditions)
    return [(one, unit) for one, unit in db.session.execute(query.order_by(Person.sort_name).limit(MOST_FOUND))]


def erasures(who: Actor, most: int = 20) -> list[Erasure]:
    query = select(Erasure).where(granted(PrivacyPermission.FOLLOW, who))
    return list(db.session.scalars(query.order_by(Erasure.id.desc()).limit(most)))


def get_erasure(erasure_id: int, who: Actor) -> Erasure:
    query = select(Erasure).where(Erasure.id == erasure_id, granted(PrivacyPermission.FOLLOW, who))
    found = db.session.scalar(query)
    if found is None:
        raise NotFoundError
    return found


def erasure_of(person_id: int) -> Erasure | None:
    return db.session.scalar(select(Erasure).where(Erasure.person_id == person_id))


def runs(customer_id: int, most: int = 5) -> list[RetentionRun]:
    query = select(RetentionRun).where(RetentionRun.customer_id == customer_id)
    return list(db.session.scalars(query.order_by(RetentionRun.id.desc()).limit(most)))


def last_redaction(ticket_id: int) -> Redaction | None:
    query = select(Redaction).where(Redaction.ticket_id == ticket_id).order_by(Redaction.id.desc())
    return db.session.scalar(query.limit(1))
