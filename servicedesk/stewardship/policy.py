"""Who may follow what a supplier does."""

from sqlalchemy import ColumnElement, false, select

from servicedesk.agreements.models import Supplier
from servicedesk.core.actor import Actor, Role
from servicedesk.core.permissions import Permission, declare
from servicedesk.organisation.scope import within
from servicedesk.systems.models import System
from servicedesk.systems.policy import owns_system


class SupplierPermission(Permission):
    """On a supplier."""

    #: To see what it has had, and how it kept what it promised; of which tickets is the tickets' policy to say.
    FOLLOW = "follow"


def is_supplier_of_run_customer(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.ADMINISTRATOR, Role.SERVICEDESK_MANAGER), customer=Supplier.customer_id)


def delivers_owned_system(who: Actor) -> ColumnElement[bool]:
    if not who.granted(Role.SYSTEM_OWNER):
        return false()
    return Supplier.id.in_(select(System.supplier_id).where(owns_system(who), System.supplier_id.is_not(None)))


POLICY = declare({SupplierPermission.FOLLOW: [[is_supplier_of_run_customer], [delivers_owned_system]]})
