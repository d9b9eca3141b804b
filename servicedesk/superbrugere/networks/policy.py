"""Who sees a network, writes to it and calls its meetings."""

from datetime import date

from sqlalchemy import ColumnElement, Date, bindparam, exists, false, or_, select

from servicedesk.core import clock
from servicedesk.core.actor import Actor, Role
from servicedesk.core.permissions import Permission, declare
from servicedesk.organisation.scope import within
from servicedesk.superbrugere.models import Appointment, AppointmentSystem
from servicedesk.superbrugere.networks.models import Network, NetworkMember


class NetworkPermission(Permission):
    """On a network."""

    READ = "read"
    #: To write to everybody in it, and to call, change and call off meetings.
    COORDINATE = "coordinate"
    #: To say who belongs to it, who coordinates it, and that it is over.
    MANAGE = "manage"


def _today() -> date:
    return clock.now().astimezone(clock.own_zone()).date()


#: Asked for each time a query is carried out: conditions are kept for longer than a day.
TODAY = bindparam("networks_today", callable_=_today, type_=Date())


def is_meant_by_rule() -> ColumnElement[bool]:
    """An appointment of a network's customer, in force today, is of the system and the kind that its rule names."""
    about = exists().where(
        AppointmentSystem.appointment_id == Appointment.id, AppointmentSystem.system_id == Network.system_id
    )
    return (
        (Appointment.customer_id == Network.customer_id)
        & or_(Network.system_id.is_not(None), Network.kind.is_not(None))
        & or_(Network.system_id.is_(None), about)
        & or_(Network.kind.is_(None), Network.kind == Appointment.kind)
        & (Appointment.starts_on <= TODAY)
        & or_(Appointment.ends_on.is_(None), Appointment.ends_on >= TODAY)
    )


def is_member_by_rule(who: Actor) -> ColumnElement[bool]:
    if who.id is None or not who.has_role(Role.SUPERBRUGER):
        return false()
    own = select(Appointment.id).where(Appointment.person_id == who.id, is_meant_by_rule())
    return own.correlate(Network).exists()


def is_added(who: Actor) -> ColumnElement[bool]:
    if who.id is None:
        return false()
    return Network.id.in_(select(NetworkMember.network_id).where(NetworkMember.person_id == who.id))


def is_coordinator(who: Actor) -> ColumnElement[bool]:
    """As long as he or she has any part in the work."""
    return Network.coordinator_id == who.id if who.id is not None and who.grants else false()


def is_not_closed(_who: Actor) -> ColumnElement[bool]:
    return Network.closed_at.is_(None)


def runs_networks_customer(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.SERVICEDESK_MANAGER, Role.ADMINISTRATOR), customer=Network.customer_id)


POLICY = declare(
    {
        NetworkPermission.READ: [
            [is_member_by_rule, is_not_closed],
            [is_added, is_not_closed],
            [is_coordinator],
            [runs_networks_customer],
        ],
        NetworkPermission.COORDINATE: [[is_coordinator, is_not_closed], [runs_networks_customer, is_not_closed]],
        NetworkPermission.MANAGE: [[runs_networks_customer]],
    }
)
