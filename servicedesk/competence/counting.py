"""Tickets that were solved by showing somebody how, and how many people could have filed them.

Counted are ordinary tickets only: a secret one stands in no figure that others see. What is read here is of a customer
that the caller has been let in to see; `need.py` keeps to what the person may see of it.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, select

from servicedesk.competence.models import TicketTopic, Topic
from servicedesk.core.db import db
from servicedesk.organisation.models import Person, Unit
from servicedesk.tickets.filters import Filters, Span
from servicedesk.tickets.models import Ticket, is_of_competence
from servicedesk.tickets.workflow import Cause, Secrecy

#: By unit and system; None for no system in particular.
Counts = Mapping[tuple[int, int | None], int]


def conditions(customer_id: int, start: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    """Along the index of such tickets."""
    return (
        Ticket.customer_id == customer_id,
        is_of_competence(),
        Ticket.filed_at >= start,
        Ticket.filed_at < end,
        Ticket.secrecy == Secrecy.ORDINARY,
    )


def by_place(customer_id: int, start: datetime, end: datetime) -> Counts:
    rows = db.session.execute(place_query(customer_id, start, end))
    return {(unit_id, system_id): number for unit_id, system_id, number in rows}


def place_query(customer_id: int, start: datetime, end: datetime) -> Select[int, int | None, int]:
    """Answered from the index alone."""
    query = select(Ticket.unit_id, Ticket.system_id, func.count()).where(*conditions(customer_id, start, end))
    return query.group_by(Ticket.unit_id, Ticket.system_id)


class TopicCount(NamedTuple):
    topic_id: int
    unit_id: int
    tickets: int


def by_topic(customer_id: int, start: datetime, end: datetime) -> list[TopicCount]:
    """Of tickets that are still about the topic's system."""
    query = (
        select(TicketTopic.topic_id, Ticket.unit_id, func.count())
        .join(Ticket, Ticket.id == TicketTopic.ticket_id)
        .join(Topic, Topic.id == TicketTopic.topic_id)
        .where(*conditions(customer_id, start, end), Topic.system_id == Ticket.system_id)
        .group_by(TicketTopic.topic_id, Ticket.unit_id)
    )
    return [TopicCount(*row) for row in db.session.execute(query)]


def people_by_unit(customer_id: int) -> Mapping[int, int]:
    """Those who are active today, the units below not counted in."""
    query = select(Person.unit_id, func.count()).where(Person.customer_id == customer_id, Person.is_active)
    return {unit_id: number for unit_id, number in db.session.execute(query.group_by(Person.unit_id))}  # noqa: C416


def in_units(customer_id: int, start: datetime, end: datetime, *, path: str, system_id: int | None) -> int:
    """Of a subtree, about one system or all."""
    below = select(Unit.id).where(Unit.path.startswith(path))
    query = select(func.count()).where(*conditions(customer_id, start, end), Ticket.unit_id.in_(below))
    if system_id is not None:
        query = query.where(Ticket.system_id == system_id)
    return db.session.scalar(query) or 0


def of_people(ids: Collection[int], start: datetime, end: datetime, systems: Collection[int]) -> int:
    """About those people, and those systems; whatever system when none is named."""
    query = select(func.count()).where(
        Ticket.affected_id.in_(ids),
        is_of_competence(),
        Ticket.filed_at >= start,
        Ticket.filed_at < end,
        Ticket.secrecy == Secrecy.ORDINARY,
    )
    if systems:
        query = query.where(Ticket.system_id.in_(systems))
    return db.session.scalar(query) or 0


def behind(start: datetime, end: datetime, *marks: str, system_id: int | None = None) -> Filters:
    """The same tickets in the queue."""
    return Filters(
        only_open=False,
        causes=(Cause.COMPETENCE,),
        filed=Span(start, end),
        marks=marks,
        systems=() if system_id is None else (system_id,),
    )
