"""Who may use and change saved views."""

from sqlalchemy import ColumnElement, false

from servicedesk.cockpit.models import SavedView, Sharing
from servicedesk.core.actor import Actor, Role
from servicedesk.core.permissions import Permission, declare
from servicedesk.organisation.scope import within

#: Roles that may share a view with everybody of their customer.
RUNNERS = (Role.SERVICEDESK_MANAGER, Role.ADMINISTRATOR)


class ViewPermission(Permission):
    """On a saved view."""

    #: To open it, pin it and copy it. What it shows is the ticket policy's to say.
    USE = "use"
    #: To rename, share and delete it.
    CHANGE = "change"


def is_own_view(who: Actor) -> ColumnElement[bool]:
    return false() if who.id is None else SavedView.owner_id == who.id


def is_shared_with_own_team(who: Actor) -> ColumnElement[bool]:
    return SavedView.team_id.in_(who.team_ids) if who.team_ids else false()


def is_shared_with_own_customer(who: Actor) -> ColumnElement[bool]:
    if not who.customer_ids:
        return false()
    return (SavedView.sharing == Sharing.CUSTOMER) & SavedView.customer_id.in_(who.customer_ids)


def is_for_everybody(_who: Actor) -> ColumnElement[bool]:
    """Not one that a team keeps to itself: the very name of it may tell too much."""
    return SavedView.sharing == Sharing.CUSTOMER


def runs_views_customer(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(*RUNNERS), customer=SavedView.customer_id)


def may_share_with_all(who: Actor, customer_id: int | None) -> bool:
    """Whether the person runs that whole customer."""
    grants = who.granted(*RUNNERS)
    return any(one.is_over_all or (one.is_over_customer and one.customer_id == customer_id) for one in grants)


POLICY = declare(
    {
        ViewPermission.USE: [
            [is_own_view],
            [is_shared_with_own_team],
            [is_shared_with_own_customer],
            [runs_views_customer, is_for_everybody],
        ],
        ViewPermission.CHANGE: [[is_own_view], [runs_views_customer, is_for_everybody]],
    }
)
