"""The secret address of a person's calendar of planned maintenance."""

import secrets
from datetime import datetime

from sqlalchemy import delete, select

from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.db import transaction
from servicedesk.organisation.models import Person
from servicedesk.signin.queries import token_digest
from servicedesk.systems.models import CalendarLink

#: 256 bits, which nobody guesses.
OCTETS = 32


def make_calendar_link(*, by: Actor, now: datetime) -> str:
    """A new secret, to be shown once: only its digest is kept. The one before is worth nothing from now on."""
    token = secrets.token_urlsafe(OCTETS)
    with transaction() as session:
        # Of two who ask at once for the same person, one waits for the other.
        session.execute(select(Person.id).where(Person.id == by.id).with_for_update())
        session.execute(delete(CalendarLink).where(CalendarLink.person_id == by.id))
        session.add(CalendarLink(person_id=by.id, digest=token_digest(token), made_at=now))
        audit.record("calendar_link_made", by=by, now=now)
    return token


def revoke_calendar_link(*, by: Actor, now: datetime) -> None:
    """Nobody fetches by it any more; without one nothing happens."""
    with transaction() as session:
        gone = delete(CalendarLink).where(CalendarLink.person_id == by.id).returning(CalendarLink.person_id)
        if session.scalars(gone).all():
            audit.record("calendar_link_revoked", by=by, now=now)
