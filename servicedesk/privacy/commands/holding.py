"""Holding back a person or a ticket, and letting go."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from servicedesk.core import audit, cpr
from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError, NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.organisation import queries as organisation
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.privacy.models import Erasure, LegalHold
from servicedesk.privacy.policy import PrivacyPermission
from servicedesk.tickets.models import Ticket

LONGEST_REASON = 500


def hold_person(person_id: int, *, reason: str, by: Actor, now: datetime) -> LegalHold:
    with transaction() as session:
        person = organisation.get_person(person_id, by, PrivacyPermission.HOLD_PERSON)
        if session.scalar(select(Erasure.id).where(Erasure.person_id == person.id)) is not None:
            raise ConflictError(N_("Personen er ved at blive slettet og kan ikke holdes tilbage."))
        return _hold({"person_id": person.id}, person.customer_id, reason, by, now)


def hold_ticket(ticket_id: int, *, reason: str, by: Actor, now: datetime) -> LegalHold:
    """With every ticket that is linked to it or merged into it."""
    with transaction() as session:
        query = select(Ticket.customer_id).where(Ticket.id == ticket_id)
        customer_id = session.scalar(query.where(granted(PrivacyPermission.HOLD_TICKET, by)))
        if customer_id is None:
            raise FieldRefusedError("ticket", N_("Der er ingen henvendelse med det nummer."))
        return _hold({"ticket_id": ticket_id}, customer_id, reason, by, now)


def _hold(thing: dict[str, int], customer_id: int, reason: str, by: Actor, now: datetime) -> LegalHold:
    reason = cpr.hide(" ".join(reason.split())).text
    if not reason or len(reason) > LONGEST_REASON:
        raise FieldRefusedError("reason", N_("Skriv hvorfor, med højst %(most)s tegn."), most=LONGEST_REASON)
    held = LegalHold(**thing, customer_id=customer_id, reason=reason, placed_at=now, placed_by_id=by.id)
    try:
        with db.session.begin_nested():
            db.session.add(held)
    except IntegrityError:
        raise ConflictError(N_("Det bliver allerede holdt tilbage.")) from None
    _record("legal_hold_placed", held, by, now, reason=reason)
    return held


def release(hold_id: int, *, by: Actor, now: datetime) -> LegalHold:
    """What was released stays released, whoever asks again."""
    with transaction() as session:
        query = select(LegalHold).where(LegalHold.id == hold_id, granted(PrivacyPermission.RELEASE, by))
        held = session.scalar(query.with_for_update())
        if held is None:
            raise NotFoundError
        if held.released_at is None:
            held.released_at, held.released_by_id = now, by.id
            _record("legal_hold_released", held, by, now)
    return held


def _record(action: str, held: LegalHold, by: Actor, now: datetime, **facts: Any) -> None:
    subject = ("person", held.person_id) if held.person_id is not None else ("ticket", held.ticket_id or 0)
    audit.record(action, by=by, now=now, subject=subject, customer_id=held.customer_id, **facts)
