"""Seeing the CPR numbers that were hidden on a ticket: with a reason, on record, and no more than work needs."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from servicedesk.core import audit, clock, cpr, lookups
from servicedesk.core.actor import Actor, Grant, Role
from servicedesk.core.audit import AuditLine
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, RefusedError
from servicedesk.core.lookups import Look, Seen
from servicedesk.notifications.commands import News, tell
from servicedesk.organisation.actors import is_in_force, load_actors
from servicedesk.organisation.models import Person, RoleGrant
from servicedesk.tickets import events
from servicedesk.tickets.commands.writing import checked_text, hold
from servicedesk.tickets.hiding import HiddenNumber
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.policy import TicketPermission

#: More in a day is no longer somebody helping users one by one.
MOST_A_DAY = 20
MOST_REASON = 200
REVEALED, STOPPED = "cpr_revealed", "cpr_reveal_stopped"
_WATCHING = (Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR)


class TooManyError(RefusedError):
    """The person has seen so many today that somebody else should know why."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Du har vist CPR-numre %(most)s gange i dag, og flere kan du ikke vise. Databeskyttelsesrådgiveren "
                "har fået besked."
            ),
            most=MOST_A_DAY,
        )


def reveal(ticket_id: int, *, reason: str, by: Actor, now: datetime) -> Sequence[HiddenNumber]:
    """The numbers of a ticket, as they were written, in order; leaves a line in the audit log that says why.

    Raises NotFoundError, NotAllowedError, RefusedError without a reason, and TooManyError, which tells the officer for
    data protection.
    """
    with transaction() as session:
        ticket = hold(ticket_id, by, TicketPermission.DISPATCH).ticket
        why = cpr.hide(checked_text(reason, most=MOST_REASON)).text
        is_stopped = _times_today(by, now) >= MOST_A_DAY
        about: dict[str, Any] = {"subject": ("ticket", ticket_id), "customer_id": ticket.customer_id}
        audit.record("cpr_reveal_stopped" if is_stopped else "cpr_revealed", by=by, now=now, reason=why, **about)
        if is_stopped:
            _raise_alarm(ticket, by, now)
        query = select(HiddenNumber).where(HiddenNumber.ticket_id == ticket_id).order_by(HiddenNumber.id)
        numbers = [] if is_stopped else list(session.scalars(query))
        if numbers:
            look = Look(
                seen=Seen.NUMBERS, door="tickets.reveal", facts={"reason": why}, subject="ticket_id", keys=[ticket_id]
            )
            lookups.record([look], by=by, now=now)
    if is_stopped:
        raise TooManyError
    return numbers


def _times_today(by: Actor, now: datetime) -> int:
    # The person's row is locked: in two windows at once one does not see more.
    db.session.execute(select(Person.id).where(Person.id == by.id).with_for_update())
    begun = clock.day_begins(_today(now))
    query = select(func.count()).select_from(AuditLine)
    seen = query.where(AuditLine.by_id == by.id, AuditLine.action == REVEALED, AuditLine.at >= begun)
    return db.session.scalar(seen) or 0


def _raise_alarm(ticket: Ticket, by: Actor, now: datetime) -> None:
    """Once a day for each person: the first time says it all."""
    news = News(
        event=events.TOO_MANY_NUMBERS,
        thread=f"reveals-{by.id}",
        source=f"{STOPPED}:{by.id}:{_today(now).isoformat()}",
        path="/admin/audit?action=" + STOPPED,
        customer_id=ticket.customer_id,
        facts={"by": by.name, "most": MOST_A_DAY},
        template="cpr_alarm",
        mail={"number": by.initials, "subject": by.name, "most": MOST_A_DAY, "url": "/admin/audit?action=" + STOPPED},
    )
    tell(news, _watchers(ticket.customer_id, now), by=by, now=now)


def _watchers(customer_id: int, now: datetime) -> list[int]:
    today = _today(now)
    query = select(RoleGrant.person_id).where(RoleGrant.role.in_(_WATCHING), is_in_force(today))
    known = load_actors(set(db.session.scalars(query)), today=today)
    return [id_ for id_, who in known.items() if any(_watches(grant, customer_id) for grant in who.granted(*_WATCHING))]


def _today(now: datetime) -> date:
    return now.astimezone(clock.own_zone()).date()


def _watches(grant: Grant, customer_id: int) -> bool:
    return grant.is_over_all or (grant.is_over_customer and grant.customer_id == customer_id)
