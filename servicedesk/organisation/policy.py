"""Who may do what to units, persons and teams."""

from sqlalchemy import ColumnElement, and_, false

from servicedesk.core.actor import Actor, Role
from servicedesk.core.permissions import Permission, Ways, declare
from servicedesk.organisation.models import Person, Team, Unit
from servicedesk.organisation.scope import within

STAFF = (Role.SUPPORTER, Role.SERVICEDESK_MANAGER)


class PersonPermission(Permission):
    """On a person."""

    #: To look the person up and see name, unit and how to reach him or her.
    FIND = "find"
    #: To file a ticket on the person's behalf.
    FILE_FOR = "file_for"
    #: The same, for anybody but oneself.
    FILE_FOR_OTHERS = "file_for_others"
    #: To file for the person because that is the work of one's desk, whatever it is about.
    FILE_FOR_AT_DESK = "file_for_at_desk"
    #: To say when the person is away and who stands in.
    PLAN_ABSENCE = "plan_absence"
    #: The same, for anybody but oneself.
    PLAN_ABSENCE_OF_OTHERS = "plan_absence_of_others"
    #: To write down what the person says in the telephone, with what he or she has under way beside it.
    TAKE_CALL = "take_call"
    #: To let the person follow a ticket of one's own.
    BRING = "bring"
    #: To change who the person is and what he or she may do.
    MANAGE = "manage"


class UnitPermission(Permission):
    """On a unit."""

    MANAGE = "manage"
    #: On a root: to change what concerns the whole customer, such as teams and imports.
    MANAGE_CUSTOMER = "manage_customer"
    #: On a root: to say how the customer's desk works.
    SET_UP_DESK = "set_up_desk"
    #: To open the start page of administration.
    OPEN_ADMINISTRATION = "open_administration"


class TeamPermission(Permission):
    """On a team."""

    MANAGE = "manage"


def is_self(who: Actor) -> ColumnElement[bool]:
    return false() if who.id is None else Person.id == who.id


def has_person_in_reach(who: Actor) -> ColumnElement[bool]:
    """Supporters and servicedesk managers: the persons of their subtree."""
    return within(who.granted(*STAFF), customer=Person.customer_id, unit=Person.unit_id)


def is_close_colleague(who: Actor) -> ColumnElement[bool]:
    """In the person's own unit."""
    return false() if who.unit_id is None else Person.unit_id == who.unit_id


def is_persons_superbruger(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.SUPERBRUGER), customer=Person.customer_id, unit=Person.unit_id)


def is_persons_manager(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.MANAGER), customer=Person.customer_id, unit=Person.unit_id)


def runs_persons_desk(who: Actor) -> ColumnElement[bool]:
    return within(
        who.granted(Role.ADMINISTRATOR, Role.SERVICEDESK_MANAGER), customer=Person.customer_id, unit=Person.unit_id
    )


def administers_person(who: Actor) -> ColumnElement[bool]:
    return within(
        who.granted(Role.ADMINISTRATOR),
        customer=Person.customer_id,
        unit=Person.unit_id,
    )


def administers_unit(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.ADMINISTRATOR), customer=Unit.customer_id, unit=Unit.id)


def is_root(_who: Actor) -> ColumnElement[bool]:
    return Unit.parent_id.is_(None)


def administers_whole_customer(who: Actor) -> ColumnElement[bool]:
    """Not an administrator of only a part of it."""
    return within(who.granted(Role.ADMINISTRATOR), customer=Unit.customer_id)


def runs_whole_customer(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.ADMINISTRATOR, Role.SERVICEDESK_MANAGER), customer=Unit.customer_id)


def runs_unit(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.ADMINISTRATOR, Role.SERVICEDESK_MANAGER), customer=Unit.customer_id, unit=Unit.id)


def administers_team(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.ADMINISTRATOR), customer=Team.customer_id)


def is_active_person(who: Actor) -> ColumnElement[bool]:
    return and_(Person.is_active)


def is_known_person(_who: Actor) -> ColumnElement[bool]:
    """Not one that was erased."""
    return Person.erased_at.is_(None)


_FILE_FOR_OTHERS: Ways = [[has_person_in_reach, is_active_person], [is_persons_superbruger, is_active_person]]

_FINDERS: Ways = [
    [is_self],
    [has_person_in_reach],
    [is_persons_superbruger],
    [is_persons_manager],
    [administers_person],
]

POLICY = declare(
    {
        PersonPermission.FIND: _FINDERS,
        PersonPermission.BRING: [*_FINDERS, [is_close_colleague, is_active_person]],
        PersonPermission.TAKE_CALL: [[has_person_in_reach, is_active_person]],
        PersonPermission.FILE_FOR: [[is_self], *_FILE_FOR_OTHERS],
        PersonPermission.FILE_FOR_OTHERS: _FILE_FOR_OTHERS,
        PersonPermission.FILE_FOR_AT_DESK: [[has_person_in_reach, is_active_person]],
        PersonPermission.PLAN_ABSENCE: [[is_self], [runs_persons_desk]],
        PersonPermission.PLAN_ABSENCE_OF_OTHERS: [[runs_persons_desk]],
        PersonPermission.MANAGE: [[administers_person, is_known_person]],
        UnitPermission.MANAGE: [[administers_unit]],
        UnitPermission.MANAGE_CUSTOMER: [[is_root, administers_whole_customer]],
        UnitPermission.SET_UP_DESK: [[is_root, runs_whole_customer]],
        UnitPermission.OPEN_ADMINISTRATION: [[runs_unit]],
        TeamPermission.MANAGE: [[administers_team]],
    }
)
