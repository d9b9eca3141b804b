"""Who may erase people, hold things back and say how long they are kept."""

from sqlalchemy import ColumnElement

from servicedesk.core.actor import Actor, Role
from servicedesk.core.permissions import Permission, declare
from servicedesk.organisation.models import Person, Unit
from servicedesk.organisation.policy import is_known_person, is_root
from servicedesk.organisation.scope import within
from servicedesk.privacy.models import Erasure, LegalHold
from servicedesk.tickets.models import Ticket

#: Over a whole customer: whoever is erased may be met in every unit.
_GUARDS = (Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR)


class PrivacyPermission(Permission):
    """On the data of people."""

    #: On a person: to erase him or her.
    ERASE = "erase"
    #: On an erasure: to see how far it has come.
    FOLLOW = "follow"
    #: On a person or a ticket: to hold them back, whatever the rules say.
    HOLD_PERSON = "hold_person"
    HOLD_TICKET = "hold_ticket"
    #: On what is held back: to let it go.
    RELEASE = "release"
    #: On a customer: to say how long things are kept, and see what that comes to.
    SET_RETENTION = "set_retention"
    #: To have nothing else to do here than to look after it.
    WATCH = "watch"


def guards_person(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(*_GUARDS), customer=Person.customer_id)


def is_officer_for_person(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.DATA_PROTECTION_OFFICER), customer=Person.customer_id)


def guards_erasure(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(*_GUARDS), customer=Erasure.customer_id)


def is_officer_for_ticket(who: Actor) -> ColumnElement[bool]:
    """It says nothing of the ticket: who holds back its number needs to read nothing."""
    return within(who.granted(Role.DATA_PROTECTION_OFFICER), customer=Ticket.customer_id)


def is_officer_for_hold(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.DATA_PROTECTION_OFFICER), customer=LegalHold.customer_id)


def guards_customer(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(*_GUARDS), customer=Unit.customer_id)


def is_officer_for_customer(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.DATA_PROTECTION_OFFICER), customer=Unit.customer_id)


POLICY = declare(
    {
        PrivacyPermission.ERASE: [[guards_person, is_known_person]],
        PrivacyPermission.FOLLOW: [[guards_erasure]],
        PrivacyPermission.HOLD_PERSON: [[is_officer_for_person, is_known_person]],
        PrivacyPermission.HOLD_TICKET: [[is_officer_for_ticket]],
        PrivacyPermission.RELEASE: [[is_officer_for_hold]],
        PrivacyPermission.SET_RETENTION: [[is_root, guards_customer]],
        PrivacyPermission.WATCH: [[is_root, is_officer_for_customer]],
    }
)
