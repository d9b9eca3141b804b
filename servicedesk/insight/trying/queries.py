"""Reading trials, and the tickets that they are about."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import granted
from servicedesk.insight.trying.models import AgreementTrial
from servicedesk.insight.trying.policy import TrialPermission
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.policy import TicketPermission

#: How many a person looks back on.
RECENT = 20


def get(trial_id: int, who: Actor) -> AgreementTrial:
    """Raises NotFoundError."""
    query = select(AgreementTrial).where(AgreementTrial.id == trial_id, granted(TrialPermission.SEE, who))
    found = db.session.scalar(query)
    if found is None:
        raise NotFoundError
    return found


def recent(customer_id: int, who: Actor) -> Sequence[AgreementTrial]:
    """The person's own, newest first."""
    query = select(AgreementTrial).where(AgreementTrial.customer_id == customer_id, granted(TrialPermission.SEE, who))
    return db.session.scalars(query.order_by(AgreementTrial.id.desc()).limit(RECENT)).all()


def oldest_unfinished() -> AgreementTrial | None:
    query = select(AgreementTrial).where(AgreementTrial.ended_at.is_(None)).order_by(AgreementTrial.id).limit(1)
    return db.session.scalar(query)


def conditions(customer_id: int, systems: Sequence[int], who: Actor) -> list[ColumnElement[bool]]:
    """The tickets that the person oversees; those about the agreement's systems, where it names any."""
    found = [Ticket.customer_id == customer_id, granted(TicketPermission.OVERSEE, who)]
    return [*found, Ticket.system_id.in_(systems)] if systems else found


def bounds(trial: AgreementTrial) -> tuple[datetime, datetime]:
    """From the first day until just before the second instant."""
    return clock.day_begins(trial.first), clock.day_begins(trial.last + timedelta(days=1))
