"""Who sees overviews; what stands on them is filtered by what each reader oversees."""

from sqlalchemy import ColumnElement, false, or_, true

from servicedesk.core.actor import Actor
from servicedesk.core.permissions import Permission, declare, is_open
from servicedesk.organisation.models import Unit
from servicedesk.organisation.policy import is_root, runs_whole_customer
from servicedesk.tickets.policy import TicketPermission


class OverviewPermission(Permission):
    """On a customer, which is a root."""

    #: To see figures of the tickets that one oversees there.
    LOOK = "look"
    #: To see how the desk as a whole is run.
    RUN = "run"


def oversees_some_there(who: Actor) -> ColumnElement[bool]:
    if not is_open(TicketPermission.OVERSEE, who):
        return false()
    if any(grant.is_over_all for grant in who.grants):
        return true()
    return or_(false(), Unit.id.in_(sorted(who.customer_ids)))


declare(
    {
        OverviewPermission.LOOK: [[is_root, oversees_some_there]],
        OverviewPermission.RUN: [[is_root, runs_whole_customer, oversees_some_there]],
    }
)
