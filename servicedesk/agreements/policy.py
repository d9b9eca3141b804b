"""Who may read and change what is agreed: a permission on the customer, as an agreement holds for all of it."""

from sqlalchemy import ColumnElement, false

from servicedesk.core.actor import Actor
from servicedesk.core.permissions import Permission, declare
from servicedesk.organisation.models import Unit
from servicedesk.organisation.policy import is_root, runs_whole_customer


class AgreementPermission(Permission):
    """On a root: its agreements and calendars."""

    #: What is promised is no secret.
    READ = "read"
    MANAGE = "manage"


def is_customer_of_person(who: Actor) -> ColumnElement[bool]:
    return Unit.id.in_(who.customer_ids) if who.customer_ids else false()


POLICY = declare(
    {
        AgreementPermission.READ: [[is_root, is_customer_of_person], [is_root, runs_whole_customer]],
        AgreementPermission.MANAGE: [[is_root, runs_whole_customer]],
    }
)
