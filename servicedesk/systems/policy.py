"""Who may do what to systems."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import aliased

from servicedesk.core.actor import Actor, Grant, Role
from servicedesk.core.permissions import Permission, declare, granted
from servicedesk.organisation.models import Unit
from servicedesk.organisation.policy import STAFF
from servicedesk.organisation.scope import within
from servicedesk.systems.models import Disturbance, DisturbanceSystem, KnownError, System, SystemUnit
from servicedesk.systems.rules import Audience, KnownErrorState


class SystemPermission(Permission):
    """On a system."""

    #: To say that a ticket is about it.
    CHOOSE = "choose"
    #: To add it, to give it another name, owner or team, and to take it out of use.
    MANAGE = "manage"
    #: To see how it does, and to change what else the register says of it.
    KEEP = "keep"
    #: To sign that what the register says of it is right.
    SIGN = "sign"
    #: To read in the register what it is and who answers for it.
    LOOK_UP = "look_up"
    #: To hear what is wrong with it and what is known.
    HEAR = "hear"
    #: To hear what is known among those who work on its tickets.
    HEAR_AS_STAFF = "hear_as_staff"
    #: To tell people about it: known errors, disturbances, planned maintenance.
    INFORM = "inform"
    #: To write known errors about it.
    NOTE = "note"


class KnownErrorPermission(Permission):
    """On a known error."""

    READ = "read"
    CHANGE = "change"


class DisturbancePermission(Permission):
    """On a disturbance or on planned maintenance."""

    READ = "read"
    #: To tell how it goes, to end it, and to take it back.
    CHANGE = "change"


def is_in_use(_who: Actor) -> ColumnElement[bool]:
    return System.is_active.is_(True)


def is_used_where_person_works(who: Actor) -> ColumnElement[bool]:
    """A system of the person's own customer, used everywhere or in a subtree with the person's unit in it."""
    if who.customer_id is None or who.unit_id is None:
        return false()
    own = select(Unit.path).where(Unit.id == who.unit_id).correlate(None).scalar_subquery()
    around = select(SystemUnit.system_id).join(Unit, Unit.id == SystemUnit.unit_id).where(own.startswith(Unit.path))
    somewhere = select(SystemUnit.system_id).correlate(None)
    is_used = or_(System.id.not_in(somewhere), System.id.in_(around.correlate(None)))
    return (System.customer_id == who.customer_id) & is_used


def is_of_own_customer(who: Actor) -> ColumnElement[bool]:
    """Which systems the organisation has is no secret in it."""
    return false() if who.customer_id is None else (System.customer_id == who.customer_id)


def is_of_served_customer(who: Actor) -> ColumnElement[bool]:
    """Staff serve a subtree; a ticket from there may be about any system of that customer."""
    grants = who.granted(*STAFF, Role.SUPERBRUGER)
    if any(grant.is_over_all for grant in grants):
        return within(grants, customer=System.customer_id)
    served = {grant.customer_id for grant in grants if grant.customer_id is not None}
    return System.customer_id.in_(served) if served else false()


def runs_system(who: Actor) -> ColumnElement[bool]:
    """Administrators and servicedesk managers: systems of their customer, or those used only in their subtree."""
    return _is_used_only_within(who.granted(Role.ADMINISTRATOR, Role.SERVICEDESK_MANAGER))


def _is_used_only_within(grants: Sequence[Grant]) -> ColumnElement[bool]:
    """Systems of a whole customer in the grants, and those of which every unit that uses them lies in one of them."""
    parts = [grant for grant in grants if grant.path is not None and not grant.is_over_customer]
    all_of_customer = within(grants, customer=System.customer_id)
    if not parts:
        return all_of_customer
    used = select(SystemUnit.system_id).join(Unit, Unit.id == SystemUnit.unit_id)
    inside = within(parts, customer=Unit.customer_id, unit=Unit.id)
    only_inside = System.id.in_(used.where(inside).correlate(None)) & System.id.not_in(
        used.where(~inside).correlate(None)
    )
    return or_(all_of_customer, only_inside)


def is_of_customer_served_by_staff(who: Actor) -> ColumnElement[bool]:
    """As `is_of_served_customer`, but for those alone who work at the desk."""
    grants = who.granted(*STAFF)
    if any(grant.is_over_all for grant in grants):
        return within(grants, customer=System.customer_id)
    served = {grant.customer_id for grant in grants if grant.customer_id is not None}
    return System.customer_id.in_(served) if served else false()


def is_in_staffs_reach(who: Actor) -> ColumnElement[bool]:
    """Supporters and servicedesk managers: systems of their customer, or those used only in their subtree."""
    return _is_used_only_within(who.granted(*STAFF))


def owns_system(who: Actor) -> ColumnElement[bool]:
    owned = {grant.system_id for grant in who.granted(Role.SYSTEM_OWNER) if grant.system_id is not None}
    return System.id.in_(owned) if owned else false()


def looks_after_system(who: Actor) -> ColumnElement[bool]:
    """The system's manager and whoever stands in for that one."""
    if who.id is None:
        return false()
    return or_(System.manager_id == who.id, System.deputy_id == who.id)


def is_named_owner(who: Actor) -> ColumnElement[bool]:
    """The owner in person, not whoever else has the role over it."""
    return false() if who.id is None else (System.owner_id == who.id)


def _systems_open_to(who: Actor, permission: SystemPermission) -> ColumnElement[bool]:
    return KnownError.system_id.in_(select(System.id).where(granted(permission, who)))


def is_not_deleted(_who: Actor) -> ColumnElement[bool]:
    return KnownError.deleted_at.is_(None)


def is_active_for_everybody(_who: Actor) -> ColumnElement[bool]:
    return (KnownError.audience == Audience.EVERYBODY) & (KnownError.state == KnownErrorState.ACTIVE)


def is_about_system_heard_of(who: Actor) -> ColumnElement[bool]:
    return _systems_open_to(who, SystemPermission.HEAR)


def is_about_system_worked_on(who: Actor) -> ColumnElement[bool]:
    return _systems_open_to(who, SystemPermission.HEAR_AS_STAFF)


def is_about_system_informed_of(who: Actor) -> ColumnElement[bool]:
    return false() if not _may_inform(who) else _systems_open_to(who, SystemPermission.INFORM)


def is_for_everybody(_who: Actor) -> ColumnElement[bool]:
    return KnownError.audience == Audience.EVERYBODY


def is_about_system_noted_on(who: Actor) -> ColumnElement[bool]:
    return false() if not who.grants else _systems_open_to(who, SystemPermission.NOTE)


def is_not_withdrawn(_who: Actor) -> ColumnElement[bool]:
    return Disturbance.withdrawn_at.is_(None)


def concerns_system_heard_of(who: Actor) -> ColumnElement[bool]:
    concerned = select(DisturbanceSystem.disturbance_id).join(System, System.id == DisturbanceSystem.system_id)
    return Disturbance.id.in_(concerned.where(granted(SystemPermission.HEAR, who)))


def concerns_only_systems_informed_of(who: Actor) -> ColumnElement[bool]:
    """Whoever answers for one system does not speak for the others that are down with it."""
    if not _may_inform(who):
        return false()
    concern = aliased(DisturbanceSystem)
    informed = select(System.id).where(granted(SystemPermission.INFORM, who))
    beyond = select(concern.system_id).where(
        concern.disturbance_id == Disturbance.id, concern.system_id.not_in(informed)
    )
    return ~beyond.correlate(Disturbance).exists()


def _may_inform(who: Actor) -> bool:
    return who.has_role(*STAFF, Role.SYSTEM_OWNER)


POLICY = declare(
    {
        SystemPermission.CHOOSE: [[is_used_where_person_works, is_in_use], [is_of_served_customer, is_in_use]],
        SystemPermission.MANAGE: [[runs_system]],
        SystemPermission.KEEP: [[runs_system], [owns_system], [looks_after_system]],
        SystemPermission.SIGN: [[owns_system, is_named_owner]],
        SystemPermission.LOOK_UP: [
            [is_of_own_customer, is_in_use],
            [is_of_served_customer, is_in_use],
            [owns_system],
            [looks_after_system],
            [runs_system],
        ],
        SystemPermission.HEAR: [
            [is_used_where_person_works, is_in_use],
            [is_of_served_customer, is_in_use],
            [owns_system],
            [looks_after_system],
            [runs_system],
        ],
        SystemPermission.HEAR_AS_STAFF: [[is_of_customer_served_by_staff], [owns_system]],
        SystemPermission.INFORM: [[is_in_staffs_reach], [owns_system]],
        SystemPermission.NOTE: [[is_in_staffs_reach], [owns_system]],
        KnownErrorPermission.READ: [
            [is_active_for_everybody, is_not_deleted, is_about_system_heard_of],
            [is_not_deleted, is_about_system_worked_on],
            [is_about_system_informed_of],
            [is_for_everybody, is_not_deleted, is_about_system_noted_on],
        ],
        KnownErrorPermission.CHANGE: [
            [is_about_system_informed_of],
            [is_for_everybody, is_not_deleted, is_about_system_noted_on],
        ],
        DisturbancePermission.READ: [
            [is_not_withdrawn, concerns_system_heard_of],
            [concerns_only_systems_informed_of],
        ],
        DisturbancePermission.CHANGE: [[concerns_only_systems_informed_of]],
    }
)
