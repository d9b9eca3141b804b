"""Who may read the audit log, and who may see how the workers fare."""

from sqlalchemy import ColumnElement, false, true

from servicedesk.core.actor import Actor, Role
from servicedesk.core.audit import AuditLine
from servicedesk.core.permissions import Permission, declare
from servicedesk.notifications.models import OutboxMail
from servicedesk.organisation.scope import within
from servicedesk.tickets.models import Ticket


class UpkeepPermission(Permission):
    """On a line of the audit log."""

    READ_AUDIT = "read_audit"
    #: To have nothing else to do here than to read it.
    WATCH = "watch"


class HealthPermission(Permission):
    """On what works by itself."""

    #: On a worker: whether it lives, and how its jobs go.
    SEE = "see"
    #: On a ticket: to hear, in a number, that something about it is due.
    COUNT_DUE = "count_due"
    #: On a mail in the outbox: to hear, in a number, that it waits.
    COUNT_MAIL = "count_mail"


RUNNERS = (Role.ADMINISTRATOR, Role.SERVICEDESK_MANAGER)


def is_about_administered_customer(who: Actor) -> ColumnElement[bool]:
    """Not for whoever has but a part of it: a line says whom it is about, but not in which unit."""
    return within(who.granted(Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER), customer=AuditLine.customer_id)


def is_about_watched_customer(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.DATA_PROTECTION_OFFICER), customer=AuditLine.customer_id)


def runs_a_customer(who: Actor) -> ColumnElement[bool]:
    """Workers serve all customers alike: whoever runs a whole one may see them."""
    runs = any(grant.is_over_all or grant.is_over_customer for grant in who.granted(*RUNNERS))
    return true() if runs else false()


def runs_tickets_customer(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(*RUNNERS), customer=Ticket.customer_id)


def runs_recipients_customer(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(*RUNNERS), customer=OutboxMail.customer_id)


POLICY = declare(
    {
        UpkeepPermission.READ_AUDIT: [[is_about_administered_customer]],
        UpkeepPermission.WATCH: [[is_about_watched_customer]],
        HealthPermission.SEE: [[runs_a_customer]],
        HealthPermission.COUNT_DUE: [[runs_tickets_customer]],
        HealthPermission.COUNT_MAIL: [[runs_recipients_customer]],
    }
)
