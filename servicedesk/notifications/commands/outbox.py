"""Putting a mail into the outbox, and giving one that was given up another try."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from servicedesk.core import audit
from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.core.errors import N_, ConflictError
from servicedesk.notifications import queries
from servicedesk.notifications.models import Delivery, OutboxMail
from servicedesk.notifications.policy import NotificationPermission
from servicedesk.organisation.models import Person


def add(
    *,
    template: str,
    person: Person,
    facts: dict[str, Any],
    now: datetime,
    thread_id: str | None = None,
    message_id: str | None = None,
) -> None:
    """Tells `person` something, as part of the caller's transaction; nothing happens without a mailbox.

    `facts` are what templates/emails/TEMPLATE.txt needs. A `url` in them is a path of this site ("/tickets/12"); its
    host is added when the mail is sent. `thread_id` names the conversation, `message_id` this mail in it; both are
    what stands before the @, and the rest is added when the mail is sent.
    """
    check_in_transaction()
    if person.is_active and person.email:
        mail = mail_to(person, person.email, template, facts, now, thread_id, message_id)
        db.session.add(OutboxMail(**mail))


def mail_to(
    person: Person,
    address: str,
    template: str,
    facts: Mapping[str, Any],
    now: datetime,
    thread_id: str | None,
    message_id: str | None,
) -> dict[str, Any]:
    """The columns of a mail in the outbox."""
    return {
        "made_at": now,
        "customer_id": person.customer_id,
        "person_id": person.id,
        "address": address,
        "locale": person.locale,
        "template": template,
        "facts": {"recipient": person.name, **facts},
        "message_id": message_id or secrets.token_hex(16),
        "thread_id": thread_id,
        "next_try_at": now,
    }


def check_in_transaction() -> None:
    if not db.session().info.get("in_transaction"):
        raise RuntimeError("what is told belongs to the transaction of what it tells about")


def send_again(mail_id: int, *, by: Actor, now: datetime) -> None:
    """A mail that was given up waits again, with all its tries before it."""
    with transaction():
        mail = queries.get(mail_id, by, NotificationPermission.SEND_AGAIN)
        if mail.delivery is not Delivery.DEAD:
            raise ConflictError(N_("Mailen er ikke opgivet og kan derfor ikke sendes igen."))
        mail.delivery = Delivery.WAITING
        mail.attempts = 0
        mail.next_try_at = now
        audit.record("mail_sent_again", by=by, now=now, subject=("mail", mail.id), customer_id=mail.customer_id)
