"""Reading the outbox, always for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.permissions import Permission, granted
from servicedesk.notifications.models import Delivery, OutboxMail
from servicedesk.notifications.policy import NotificationPermission
from servicedesk.organisation.models import Person

PAGE = 50


@dataclass(frozen=True)
class Line:
    """A mail as the outbox shows it: everything but what it says."""

    id: int
    made_at: datetime
    recipient: str | None
    address: str
    template: str
    delivery: Delivery
    attempts: int
    next_try_at: datetime
    sent_at: datetime | None
    last_error: str | None


def get(mail_id: int, who: Actor, permission: Permission) -> OutboxMail:
    """The mail, held against others who would change it; raises NotFoundError."""
    mine = granted(permission, who)
    mail = db.session.scalar(select(OutboxMail).where(OutboxMail.id == mail_id, mine).with_for_update(of=OutboxMail))
    if mail is None:
        raise NotFoundError
    return mail


def outbox(
    who: Actor, *, delivery: Delivery | None = None, before: int | None = None
) -> tuple[Sequence[Line], int | None]:
    """A page of mails, newest first, and the id before which the next page begins (None on the last)."""
    mail = OutboxMail
    found = (
        select(
            mail.id,
            mail.made_at,
            Person.name.label("recipient"),
            mail.address,
            mail.template,
            mail.delivery,
            mail.attempts,
            mail.next_try_at,
            mail.sent_at,
            mail.last_error,
        )
        .outerjoin(Person, Person.id == mail.person_id)
        .where(granted(NotificationPermission.SEE_OUTBOX, who))
        .order_by(mail.id.desc())
        .limit(PAGE + 1)
    )
    if delivery is not None:
        found = found.where(mail.delivery == delivery)
    if before is not None:
        found = found.where(mail.id < before)
    lines = [Line(**row._mapping) for row in db.session.execute(found)]
    return lines[:PAGE], lines[PAGE - 1].id if len(lines) > PAGE else None
