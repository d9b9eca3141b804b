"""Asking how the help was, when a ticket is closed: each ticket is looked at once, whoever looks."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, literal_column, select

from servicedesk.core.actor import SYSTEM
from servicedesk.core.db import db, transaction
from servicedesk.notifications.commands import News, tell
from servicedesk.organisation.models import Person
from servicedesk.surveys import events
from servicedesk.surveys.links import Purpose, digest, new_token
from servicedesk.surveys.models import Rating
from servicedesk.surveys.queries.settings import settings_of
from servicedesk.surveys.rules import BETWEEN_RATINGS, RATING_LASTS, Outcome
from servicedesk.tickets.models import Ticket, number_of
from servicedesk.tickets.workflow import Secrecy, State

#: What was closed before nobody remembers; an import of old cases asks nobody.
LOOKING_BACK = timedelta(days=3)


def ask_next(*, now: datetime) -> bool:
    """Looks at the next closed ticket that nobody has looked at; False when there is none.

    The ticket's row is claimed and what came of it written down with the telling: two workers, or a crash, ask once.
    """
    if db.session.execute(_unlooked(now)).first() is None:
        db.session.rollback()  # SQLite's only writer's place is not taken for nothing
        return False
    with transaction() as session:
        row = session.execute(_unlooked(now).with_for_update(skip_locked=True, of=Ticket)).first()
        if row is None:
            return False
        _look_at(row, now)
    return True


def _unlooked(now: datetime) -> Select[*tuple[Any, ...]]:
    columns = (Ticket.id, Ticket.customer_id, Ticket.unit_id, Ticket.system_id, Ticket.team_id, Ticket.assignee_id)
    return (
        select(*columns, Ticket.affected_id, Ticket.head, Ticket.secrecy, Ticket.subject)
        .where(*is_ratable(now), ~exists().where(Rating.ticket_id == Ticket.id))
        .order_by(Ticket.closed_at)
        .limit(1)
    )


def is_ratable(now: datetime) -> list[ColumnElement[bool]]:
    """Closed lately, and neither merged, cancelled nor about security."""
    return [
        # Said as the index says it: with a parameter in its place SQLite would not use it.
        and_(Ticket.state == literal_column(f"'{State.CLOSED.value}'"), Ticket.merged_into_id.is_(None)),
        Ticket.closed_at > now - LOOKING_BACK,
        Ticket.secrecy != Secrecy.SECURITY,
    ]


def _look_at(ticket: Any, now: datetime) -> None:
    outcome = _outcome(ticket, now)
    token = new_token()
    rating = Rating(
        ticket_id=ticket.id,
        customer_id=ticket.customer_id,
        person_id=ticket.affected_id,
        unit_id=ticket.unit_id,
        system_id=ticket.system_id,
        team_id=ticket.team_id,
        supporter_id=ticket.assignee_id,
        outcome=outcome,
        asked_at=now,
        expires_at=now + RATING_LASTS,
        digest=digest(token, Purpose.RATING) if outcome is Outcome.ASKED else None,
    )
    db.session.add(rating)
    db.session.flush()
    if outcome is Outcome.ASKED:
        _ask(ticket, token, now)


def _outcome(ticket: Any, now: datetime) -> Outcome:
    """The person's row is held, so that two workers with a ticket each do not both ask."""
    if not _is_chosen(ticket.head, settings_of(ticket.customer_id).share):
        return Outcome.NOT_CHOSEN
    db.session.execute(select(Person.id).where(Person.id == ticket.affected_id).with_for_update(key_share=True))
    lately = select(Rating.ticket_id).where(
        Rating.person_id == ticket.affected_id,
        Rating.is_asked(),
        Rating.asked_at > now - BETWEEN_RATINGS,
    )
    return Outcome.TOO_SOON if db.session.scalar(lately.limit(1)) is not None else Outcome.ASKED


def _is_chosen(head: str, share: int) -> bool:
    """By the digest of its journal, which nobody chooses: looked at again, the ticket is chosen again."""
    return int(head[:8], 16) % 100 < share


def _ask(ticket: Any, token: str, now: datetime) -> None:
    is_secret = ticket.secrecy is not Secrecy.ORDINARY
    facts = {"number": number_of(ticket.id), "url": f"/rating/{token}", "is_secret": is_secret}
    news = News(
        event=events.RATING_ASKED,
        thread=f"ticket-{ticket.id}",
        source=f"ticket-{ticket.id}:rating",
        path=f"/tickets/{ticket.id}/rating",
        customer_id=ticket.customer_id,
        template=events.RATING_ASKED,
        mail=facts if is_secret else {**facts, "subject": ticket.subject},
    )
    tell(news, [ticket.affected_id], by=SYSTEM, now=now)
