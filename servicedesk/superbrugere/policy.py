"""Who appoints superbrugere and says what they may do."""

from sqlalchemy import ColumnElement, and_, false, or_, select

from servicedesk.core.actor import Actor, Grant, Role
from servicedesk.core.permissions import Permission, declare, extend
from servicedesk.organisation.models import Person, Unit
from servicedesk.organisation.policy import STAFF, is_root, runs_whole_customer
from servicedesk.organisation.scope import within
from servicedesk.superbrugere.models import Appointment, AppointmentUnit, FloorHelp, Guideline
from servicedesk.systems.models import System
from servicedesk.systems.policy import SystemPermission, is_in_use


class AppointmentPermission(Permission):
    """On an appointment."""

    READ = "read"
    #: To change it and to end it.
    CHANGE = "change"
    #: To see what its superbruger has done, in figures.
    SEE_FIGURES = "see_figures"


class CorpsPermission(Permission):
    """On a customer, which is a root: its superbrugere as a whole."""

    #: To see who is a superbruger where, and by which guidelines.
    READ = "read"
    #: The same, for those to whom it is a part of their work: it stands in their menu.
    WATCH = "watch"
    #: To have a page of one's own as a superbruger.
    HELP = "help"
    #: To appoint, and to publish guidelines.
    MANAGE = "manage"


class FloorHelpPermission(Permission):
    """On help that was given on the floor."""

    #: To write it down; asked of the person as he or she was on the day of the help.
    GIVE = "give"
    READ = "read"
    #: To correct it and to take it back.
    CHANGE = "change"


class MandatePermission(Permission):
    """On a colleague together with a system, or with none: what an appointment and a guideline let a superbruger do."""

    #: To file on the colleague's behalf about the system.
    FILE_FOR = "file_for"


def is_within_own_appointments(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.SUPERBRUGER), customer=Person.customer_id, unit=Person.unit_id, system=System.id)


def guideline_lets_file(_who: Actor) -> ColumnElement[bool]:
    """The guideline of the system, or else the general one; what none speaks of is left to superbrugere."""
    has_own = Guideline.system_id.is_not(None)
    own = select(Guideline.system_id).where(has_own)
    general_refuses = select(Guideline.customer_id).where(~has_own, ~Guideline.files_for)
    return or_(
        System.id.in_(own.where(Guideline.files_for)),
        and_(or_(System.id.is_(None), System.id.not_in(own)), Person.customer_id.not_in(general_refuses)),
    )


def is_system_of_own_appointments(who: Actor) -> ColumnElement[bool]:
    """Wherever in the organisation it is used: what is known of a system is the same everywhere."""
    grants = who.granted(Role.SUPERBRUGER)
    about_all = {grant.customer_id for grant in grants if grant.system_id is None and grant.customer_id is not None}
    named = {grant.system_id for grant in grants if grant.system_id is not None}
    ways = [System.customer_id.in_(about_all)] if about_all else []
    return or_(false(), *ways, *([System.id.in_(named)] if named else []))


def guideline_lets_note(_who: Actor) -> ColumnElement[bool]:
    """Where no guideline says that they are instructed in it, they are not."""
    has_own = Guideline.system_id.is_not(None)
    own = select(Guideline.system_id).where(has_own)
    general = select(Guideline.customer_id).where(~has_own, Guideline.writes_known)
    return or_(
        System.id.in_(own.where(Guideline.writes_known)),
        and_(System.id.not_in(own), System.customer_id.in_(general)),
    )


def is_own_appointment(who: Actor) -> ColumnElement[bool]:
    """As the superbruger, as the deputy or as the manager who agreed."""
    if who.id is None:
        return false()
    return or_(Appointment.person_id == who.id, Appointment.deputy_id == who.id, Appointment.agreed_by_id == who.id)


def is_ones_own(who: Actor) -> ColumnElement[bool]:
    return false() if who.id is None else Appointment.person_id == who.id


def is_agreed_by_person(who: Actor) -> ColumnElement[bool]:
    return false() if who.id is None else Appointment.agreed_by_id == who.id


def manages_corps(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.SERVICEDESK_MANAGER), customer=Appointment.customer_id)


def is_over_managed_units(who: Actor) -> ColumnElement[bool]:
    """It is over a unit that the person is the manager of."""
    managed = within(who.granted(Role.MANAGER), customer=Unit.customer_id, unit=Unit.id)
    over = select(AppointmentUnit.appointment_id).join(Unit, Unit.id == AppointmentUnit.unit_id)
    return false() if not who.has_role(Role.MANAGER) else Appointment.id.in_(over.where(managed))


def is_of_served_corps(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(*STAFF, Role.ADMINISTRATOR), customer=Appointment.customer_id)


def runs_corps(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.SERVICEDESK_MANAGER, Role.ADMINISTRATOR), customer=Appointment.customer_id)


def is_of_somebody_else(who: Actor) -> ColumnElement[bool]:
    """Nobody gives himself or herself anything, not as a deputy either."""
    if who.id is None:
        return false()
    return Appointment.person_id != who.id


def has_customer_to_do_with(who: Actor) -> ColumnElement[bool]:
    return Unit.id.in_(who.customer_ids) if who.customer_ids else false()


def is_customer_of_own_role(who: Actor) -> ColumnElement[bool]:
    return has_customer_to_do_with(who) if who.grants else false()


def has_superbrugere_with_person_among(who: Actor) -> ColumnElement[bool]:
    helped = {grant.customer_id for grant in who.granted(Role.SUPERBRUGER) if grant.customer_id is not None}
    return Unit.id.in_(helped) if helped else false()


def mandates(who: Actor) -> list[Grant]:
    """What the person may do by the appointments in force, own ones and those of whom he or she stands in for."""
    return [grant for grant in who.granted(Role.SUPERBRUGER) if grant.appointment_id is not None]


def is_own_help(who: Actor) -> ColumnElement[bool]:
    return false() if who.id is None else FloorHelp.person_id == who.id


def is_help_in_own_area(who: Actor) -> ColumnElement[bool]:
    """Where the person has an appointment for, and with a system that it is about."""
    return within(mandates(who), customer=FloorHelp.customer_id, unit=FloorHelp.unit_id, system=FloorHelp.system_id)


def is_under_appointment_in_force(who: Actor) -> ColumnElement[bool]:
    held = {grant.appointment_id for grant in mandates(who)}
    return FloorHelp.appointment_id.in_(held) if held else false()


POLICY = declare(
    {
        AppointmentPermission.READ: [[is_own_appointment], [is_over_managed_units], [is_of_served_corps]],
        AppointmentPermission.SEE_FIGURES: [[is_ones_own], [is_agreed_by_person], [manages_corps]],
        MandatePermission.FILE_FOR: [[is_within_own_appointments, guideline_lets_file]],
        AppointmentPermission.CHANGE: [[runs_corps, is_of_somebody_else]],
        CorpsPermission.READ: [[is_root, has_customer_to_do_with], [is_root, runs_whole_customer]],
        CorpsPermission.WATCH: [[is_root, is_customer_of_own_role], [is_root, runs_whole_customer]],
        CorpsPermission.HELP: [[is_root, has_superbrugere_with_person_among]],
        CorpsPermission.MANAGE: [[is_root, runs_whole_customer]],
        FloorHelpPermission.GIVE: [[is_own_help, is_help_in_own_area, is_under_appointment_in_force]],
        FloorHelpPermission.READ: [[is_own_help]],
        FloorHelpPermission.CHANGE: [[is_own_help, is_under_appointment_in_force]],
    }
)
extend({SystemPermission.NOTE: [[is_in_use, is_system_of_own_appointments, guideline_lets_note]]})
