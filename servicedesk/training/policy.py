"""Who may do what with courses, requirements and records.

A record says something about a person: his or her own, and the coordinator's. A manager sees how the present staff of
the own units stands and no more; a supporter sees one word on a ticket (`panels.py`).
"""

from sqlalchemy import ColumnElement, and_, false, or_, select

from servicedesk.core.actor import Actor, Role
from servicedesk.core.permissions import Permission, declare
from servicedesk.organisation.models import Person, Unit
from servicedesk.organisation.scope import within
from servicedesk.training.models import Course, Record, Requirement, Session

COORDINATORS = (Role.TRAINING_COORDINATOR, Role.SERVICEDESK_MANAGER)


class LearnerPermission(Permission):
    """On a person."""

    #: To see how he or she stands, as a manager, and nothing of how it came about.
    SEE_STATUS = "see_status"
    #: To see what he or she has taken, and to add to it and correct it.
    KEEP = "keep"
    #: To note that he or she was shown something on the spot.
    INSTRUCT = "instruct"


class CoursePermission(Permission):
    """On a course."""

    READ = "read"
    #: To change it, and to say when it is held.
    MANAGE = "manage"


class SessionPermission(Permission):
    """On one time that a course is held."""

    READ = "read"
    #: To see who comes, and to note who came.
    HOLD = "hold"
    MANAGE = "manage"


class RequirementPermission(Permission):
    """On a requirement."""

    MANAGE = "manage"


class RecordPermission(Permission):
    """On a record."""

    READ = "read"
    #: To withdraw it, with a reason.
    CORRECT = "correct"


class CoordinationPermission(Permission):
    """On a unit."""

    #: To say what is required of the people in it, and to see how they stand.
    COORDINATE = "coordinate"
    #: The same for a whole customer: its courses, and files with records.
    COORDINATE_CUSTOMER = "coordinate_customer"


def is_present(_who: Actor) -> ColumnElement[bool]:
    """Not somebody who has left."""
    return and_(Person.is_active)


def is_on_staff(who: Actor) -> ColumnElement[bool]:
    """Works where the person is a manager."""
    return within(who.granted(Role.MANAGER), customer=Person.customer_id, unit=Person.unit_id)


def is_coordinated(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(*COORDINATORS), customer=Person.customer_id, unit=Person.unit_id)


def is_helped_by(who: Actor) -> ColumnElement[bool]:
    """Works in a unit where the person is a superbruger."""
    return within(who.granted(Role.SUPERBRUGER), customer=Person.customer_id, unit=Person.unit_id)


def is_other(who: Actor) -> ColumnElement[bool]:
    """Nobody vouches for himself or herself."""
    return false() if who.id is None else Person.id != who.id


def is_own_customers_course(who: Actor) -> ColumnElement[bool]:
    if who.customer_id is None:
        return false()
    return and_(Course.customer_id == who.customer_id, Course.is_active)


def coordinates_course(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(*COORDINATORS), customer=Course.customer_id)


def sees_coordinated_course(who: Actor) -> ColumnElement[bool]:
    """Coordinators of a part see the courses of the whole."""
    grants = who.granted(*COORDINATORS)
    if any(grant.is_over_all for grant in grants):
        return within(grants, customer=Course.customer_id)
    served = {grant.customer_id for grant in grants if grant.customer_id is not None}
    return Course.customer_id.in_(served) if served else false()


def is_own_customers_session(who: Actor) -> ColumnElement[bool]:
    return false() if who.customer_id is None else Session.customer_id == who.customer_id


def is_instructor(who: Actor) -> ColumnElement[bool]:
    return false() if who.id is None else Session.instructor_id == who.id


def coordinates_session(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(*COORDINATORS), customer=Session.customer_id)


def coordinates_requirement(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(*COORDINATORS), customer=Requirement.customer_id, unit=Requirement.unit_id)


def is_own_record(who: Actor) -> ColumnElement[bool]:
    return false() if who.id is None else Record.person_id == who.id


def is_coordinated_record(who: Actor) -> ColumnElement[bool]:
    grants = who.granted(*COORDINATORS)
    if not grants:
        return false()
    whole = [grant for grant in grants if grant.path is None or grant.is_over_customer]
    parts = [grant for grant in grants if grant not in whole]
    conditions = [within(whole, customer=Record.customer_id)] if whole else []
    if parts:
        there = select(Person.id).where(within(parts, customer=Person.customer_id, unit=Person.unit_id))
        conditions.append(Record.person_id.in_(there))
    return or_(false(), *conditions)


def is_anothers_record(who: Actor) -> ColumnElement[bool]:
    return false() if who.id is None else Record.person_id != who.id


def coordinates_unit(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(*COORDINATORS), customer=Unit.customer_id, unit=Unit.id)


def coordinates_whole_customer(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(*COORDINATORS), customer=Unit.customer_id)


def is_root(_who: Actor) -> ColumnElement[bool]:
    return Unit.parent_id.is_(None)


POLICY = declare(
    {
        LearnerPermission.SEE_STATUS: [[is_on_staff, is_present]],
        LearnerPermission.KEEP: [[is_coordinated]],
        LearnerPermission.INSTRUCT: [[is_helped_by, is_present, is_other], [is_coordinated, is_present, is_other]],
        CoursePermission.READ: [[is_own_customers_course], [sees_coordinated_course]],
        CoursePermission.MANAGE: [[coordinates_course]],
        SessionPermission.READ: [[is_own_customers_session], [is_instructor], [coordinates_session]],
        SessionPermission.HOLD: [[is_instructor], [coordinates_session]],
        SessionPermission.MANAGE: [[coordinates_session]],
        RequirementPermission.MANAGE: [[coordinates_requirement]],
        RecordPermission.READ: [[is_own_record], [is_coordinated_record]],
        RecordPermission.CORRECT: [[is_coordinated_record, is_anothers_record]],
        CoordinationPermission.COORDINATE: [[coordinates_unit]],
        CoordinationPermission.COORDINATE_CUSTOMER: [[is_root, coordinates_whole_customer]],
    }
)
