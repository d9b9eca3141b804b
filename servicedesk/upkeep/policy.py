"""Who may read the audit log."""

from sqlalchemy import ColumnElement

from servicedesk.core.actor import Actor, Role
from servicedesk.core.audit import AuditLine
from servicedesk.core.permissions import Permission, declare
from servicedesk.organisation.scope import within


class UpkeepPermission(Permission):
    """On a line of the audit log."""

    READ_AUDIT = "read_audit"


def is_about_administered_customer(who: Actor) -> ColumnElement[bool]:
    """Not for an administrator of only a part: a line says whom it is about, but not in which unit."""
    return within(who.granted(Role.ADMINISTRATOR), customer=AuditLine.customer_id)


POLICY = declare({UpkeepPermission.READ_AUDIT: [[is_about_administered_customer]]})
