"""Who may see what has been looked up, and who has a package made of what is kept about somebody."""

from sqlalchemy import ColumnElement

from servicedesk.accountability.models import AccessPackage
from servicedesk.core.actor import Actor, Role
from servicedesk.core.lookups import LookUp
from servicedesk.core.permissions import Permission, declare
from servicedesk.organisation.models import Person
from servicedesk.organisation.scope import within


class LookUpPermission(Permission):
    """On a look-up."""

    READ = "read"


class AccessPermission(Permission):
    """On what is kept about people."""

    #: On a person: to have a package made. The officer alone: in it is what an administrator may not read either.
    ASK = "ask"
    #: On a package.
    OPEN = "open"


def is_of_watched_customer(who: Actor) -> ColumnElement[bool]:
    """Not for whoever has but a part of it."""
    return within(who.granted(Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER), customer=LookUp.customer_id)


def protects_person(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.DATA_PROTECTION_OFFICER), customer=Person.customer_id)


def protects_packages_person(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.DATA_PROTECTION_OFFICER), customer=AccessPackage.customer_id)


POLICY = declare(
    {
        LookUpPermission.READ: [[is_of_watched_customer]],
        AccessPermission.ASK: [[protects_person]],
        AccessPermission.OPEN: [[protects_packages_person]],
    }
)
