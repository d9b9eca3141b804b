"""Who may look into the outbox."""

from sqlalchemy import ColumnElement

from servicedesk.core.actor import Actor, Role
from servicedesk.core.permissions import Permission, declare
from servicedesk.notifications.models import OutboxMail
from servicedesk.organisation.scope import within


class NotificationPermission(Permission):
    """On a mail in the outbox."""

    #: To see to whom it goes and how far it has come; what it says is nobody's to read here.
    SEE_OUTBOX = "see_outbox"
    #: To let a mail that was given up have another try.
    SEND_AGAIN = "send_again"


def administers_recipients(who: Actor) -> ColumnElement[bool]:
    """Administrators of a whole customer: its mails are not told apart by unit."""
    return within(who.granted(Role.ADMINISTRATOR), customer=OutboxMail.customer_id)


POLICY = declare(
    {
        NotificationPermission.SEE_OUTBOX: [[administers_recipients]],
        NotificationPermission.SEND_AGAIN: [[administers_recipients]],
    }
)
