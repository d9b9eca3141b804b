"""Who may do what to systems."""

from sqlalchemy import ColumnElement, false, or_, select

from servicedesk.core.actor import Actor, Role
from servicedesk.core.permissions import Permission, declare
from servicedesk.organisation.models import Unit
from servicedesk.organisation.policy import STAFF
from servicedesk.organisation.scope import within
from servicedesk.systems.models import System


class SystemPermission(Permission):
    """On a system."""

    #: To say that a ticket is about it.
    CHOOSE = "choose"
    #: To change what the register says of it.
    MANAGE = "manage"


def is_in_use(_who: Actor) -> ColumnElement[bool]:
    return System.is_active.is_(True)


def is_used_where_person_works(who: Actor) -> ColumnElement[bool]:
    """A system of the person's own customer, used everywhere or in a subtree with the person's unit in it."""
    if who.customer_id is None or who.unit_id is None:
        return false()
    own = select(Unit.path).where(Unit.id == who.unit_id).correlate(None).scalar_subquery()
    around = select(Unit.id).where(own.startswith(Unit.path)).correlate(None)
    return (System.customer_id == who.customer_id) & or_(System.unit_id.is_(None), System.unit_id.in_(around))


def is_of_served_customer(who: Actor) -> ColumnElement[bool]:
    """Staff serve a subtree; a ticket from there may be about any system of that customer."""
    grants = who.granted(*STAFF, Role.SUPERBRUGER)
    if any(grant.is_over_all for grant in grants):
        return within(grants, customer=System.customer_id)
    served = {grant.customer_id for grant in grants if grant.customer_id is not None}
    return System.customer_id.in_(served) if served else false()


def runs_system(who: Actor) -> ColumnElement[bool]:
    """Administrators and servicedesk managers: systems of their customer, or those used only in their subtree."""
    grants = who.granted(Role.ADMINISTRATOR, Role.SERVICEDESK_MANAGER)
    return within(grants, customer=System.customer_id, unit=System.unit_id)


POLICY = declare(
    {
        SystemPermission.CHOOSE: [[is_used_where_person_works, is_in_use], [is_of_served_customer, is_in_use]],
        SystemPermission.MANAGE: [[runs_system]],
    }
)
