"""Saying what a ticket was about, and keeping the list of topics tidy."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from servicedesk.competence import topics
from servicedesk.competence.models import TicketTopic, Topic, UnitKind
from servicedesk.competence.policy import UnitCompetencePermission
from servicedesk.competence.topics import Remedy
from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import sort_key
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotFoundError, RefusedError
from servicedesk.core.permissions import granted
from servicedesk.organisation.changes import FieldRefusedError, hold
from servicedesk.organisation.models import Unit
from servicedesk.tickets import queries as tickets
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.workflow import Cause, Secrecy

MOST_NAME = 80
MOST_KIND = 40


def name_topic(ticket_id: int, name: str, *, by: Actor, now: datetime) -> Topic:
    """Says afterwards what a ticket that was solved by showing somebody how was about.

    Raises ConflictError for any other ticket.
    """
    with transaction():
        held = tickets.hold(ticket_id, by, lock=True)
        held.need(TicketPermission.READ_INTERNAL)
        if held.ticket.cause is not Cause.COMPETENCE or held.ticket.secrecy is not Secrecy.ORDINARY:
            raise ConflictError(N_("Kun en henvendelse, der er løst ved at vise hvordan, har et emne."))
        return set_topic(held.ticket, name, by=by, now=now)


def set_topic(ticket: Ticket, name: str, *, by: Actor, now: datetime) -> Topic:
    """As part of a transaction that holds the ticket; a topic that is new is made."""
    if ticket.system_id is None:
        raise FieldRefusedError("topic", N_("Vælg først, hvilket system henvendelsen handler om."))
    topic = _found(ticket.system_id, name) or _made(ticket.customer_id, ticket.system_id, name, by, now)
    named = db.session.get(TicketTopic, ticket.id)
    if named is None:
        db.session.add(TicketTopic(ticket_id=ticket.id, topic_id=topic.id, by_id=by.id, at=now))
    else:
        named.topic_id, named.by_id, named.at = topic.id, by.id, now
    db.session.flush()
    return topic


def _found(system_id: int, name: str) -> Topic | None:
    query = select(Topic).where(Topic.system_id == system_id, Topic.key == _key(name))
    return db.session.scalar(query.where(Topic.merged_into_id.is_(None)))


def _made(customer_id: int, system_id: int, name: str, by: Actor, now: datetime) -> Topic:
    hold(customer_id)  # two who name the same new topic at once make one
    known = _found(system_id, name)
    if known is not None:
        return known
    topic = Topic(
        customer_id=customer_id, system_id=system_id, name=_checked(name), key=_key(name), by_id=by.id, made_at=now
    )
    db.session.add(topic)
    db.session.flush()
    _record("topic_made", topic, by, now)
    return topic


def _checked(name: str, field: str = "topic") -> str:
    plain = " ".join(name.split())
    if not sort_key(plain):
        raise FieldRefusedError(field, N_("Skriv et emne, fx “Genåbne en sag”."))
    if len(plain) > MOST_NAME:
        raise FieldRefusedError(field, N_("Emnet er for langt: der er plads til %(most)s tegn."), most=MOST_NAME)
    return plain


def _key(name: str) -> str:
    return sort_key(_checked(name))


# ------------------------------------------------------------------------------------------------ keeping tidy


def change_topic(
    topic_id: int, *, name: str, remedy: Remedy | None, seen: int | None, by: Actor, now: datetime
) -> Topic:
    """Another name, or another thing to offer. Raises FieldRefusedError when another topic has the name."""
    with transaction():
        topic = _held(topic_id, by, seen)
        if remedy is not None and remedy not in {choice.remedy for choice in topics.choices(topic.system_id)}:
            raise FieldRefusedError("remedy", N_("Vælg noget fra listen."))
        before = topic.name
        topic.name, topic.key = _checked(name, "name"), sort_key(_checked(name, "name"))
        topic.course_id, topic.known_error_id = remedy or Remedy()
        topic.version += 1
        try:
            db.session.flush()
        except IntegrityError as error:
            raise FieldRefusedError("name", N_("Et andet emne hedder det samme. Læg dem sammen i stedet.")) from error
        _record("topic_changed", topic, by, now, before=before, remedy=str(remedy or ""))
    return topic


def merge_topics(topic_id: int, into_id: int, *, by: Actor, now: datetime) -> Topic:
    """Two that are the same become one: the tickets of the first are the second's from now on."""
    with transaction() as session:
        topic, into = _held(topic_id, by, None), _held(into_id, by, None)
        if topic.id == into.id or topic.system_id != into.system_id:
            raise RefusedError(N_("Vælg et andet emne for det samme system."))
        session.execute(update(TicketTopic).where(TicketTopic.topic_id == topic.id).values(topic_id=into.id))
        session.execute(update(Topic).where(Topic.merged_into_id == topic.id).values(merged_into_id=into.id))
        topic.merged_into_id = into.id
        topic.version += 1
        _record("topic_merged", topic, by, now, into=into.name)
    return into


def _held(topic_id: int, by: Actor, seen: int | None) -> Topic:
    customer_id = topics.get(topic_id, by).customer_id
    hold(customer_id)
    topic = topics.get(topic_id, by)
    if seen is not None and seen != topic.version:
        raise ConflictError(N_("Emnet er ændret, siden du åbnede siden. Se det igen, og ret så."))
    return topic


def set_kinds(customer_id: int, kinds: Mapping[int, str], *, by: Actor, now: datetime) -> None:
    """Says what kind of place each of those units is; "" for none. Raises NotFoundError."""
    with transaction() as session:
        root = select(Unit.id).where(Unit.id == customer_id, granted(UnitCompetencePermission.COORDINATE, by))
        if session.scalar(root) is None:
            raise NotFoundError
        hold(customer_id)
        own = set(session.scalars(select(Unit.id).where(Unit.customer_id == customer_id, Unit.id.in_(kinds))))
        known = {row.unit_id: row for row in session.scalars(select(UnitKind).where(UnitKind.unit_id.in_(own)))}
        changed = 0
        for unit_id in own:
            changed += _set_kind(customer_id, unit_id, " ".join(kinds[unit_id].split())[:MOST_KIND], known.get(unit_id))
        if changed:
            subject = ("unit", customer_id)
            audit.record("unit_kinds_set", by=by, now=now, subject=subject, customer_id=customer_id, changed=changed)


def _set_kind(customer_id: int, unit_id: int, kind: str, row: UnitKind | None) -> bool:
    if kind == (row.kind if row else ""):
        return False
    if row is None:
        db.session.add(UnitKind(unit_id=unit_id, customer_id=customer_id, kind=kind))
    elif kind:
        row.kind = kind
    else:
        db.session.delete(row)
    return True


def _record(action: str, topic: Topic, by: Actor, now: datetime, **facts: object) -> None:
    subject = ("topic", topic.id)
    audit.record(action, by=by, now=now, subject=subject, customer_id=topic.customer_id, name=topic.name, **facts)
