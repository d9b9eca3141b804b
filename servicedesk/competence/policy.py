"""Who sees what people lack, who offers what, and who plans visits."""

from sqlalchemy import ColumnElement, false, or_, select, true

from servicedesk.competence.models import Offer, Topic, Visit, VisitPerson
from servicedesk.core.actor import Actor, Role
from servicedesk.core.permissions import Permission, declare, granted
from servicedesk.organisation.models import Unit
from servicedesk.organisation.policy import STAFF, is_root
from servicedesk.organisation.scope import within
from servicedesk.systems.models import System
from servicedesk.systems.policy import SystemPermission, owns_system
from servicedesk.tickets.models import Ticket

_COORDINATORS = (Role.TRAINING_COORDINATOR, Role.SERVICEDESK_MANAGER)


class CompetencePermission(Permission):
    """On a unit together with a system."""

    #: To see how much people there need to be shown: counts and rates of tickets.
    SEE_NEED = "see_need"
    #: To see how large a share of them is trained.
    SEE_COVERAGE = "see_coverage"


class UnitCompetencePermission(Permission):
    """On a unit."""

    #: To see who of its people is trained in what, and its tickets about no system in particular.
    SEE_PEOPLE = "see_people"
    #: On a root: to see the pages about it, as far as one may see what stands there.
    LOOK = "look"
    #: On a root: to plan visits, to say what kind each unit is of, and to see what came of offers.
    COORDINATE = "coordinate"


class TopicPermission(Permission):
    """On a topic."""

    #: To rename it, to merge it, and to say what is offered.
    KEEP = "keep"


class OfferPermission(Permission):
    """On an offer. Nobody else hears of one."""

    READ = "read"
    ANSWER = "answer"


class VisitPermission(Permission):
    """On a visit."""

    READ = "read"
    #: To write down what was seen.
    NOTE = "note"
    #: To change it, to call it off and to say that it was held.
    CHANGE = "change"


def coordinates_unit(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(*_COORDINATORS), customer=Unit.customer_id, unit=Unit.id)


def coordinates_whole_customer(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(*_COORDINATORS), customer=Unit.customer_id)


def is_customer_of_own_role(who: Actor) -> ColumnElement[bool]:
    grants = who.granted(*_COORDINATORS, Role.MANAGER, Role.SYSTEM_OWNER, Role.SUPERBRUGER)
    if any(grant.is_over_all for grant in grants):
        return true()
    ids = {grant.customer_id for grant in grants if grant.customer_id is not None}
    return Unit.id.in_(ids) if ids else false()


def manages_unit(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.MANAGER), customer=Unit.customer_id, unit=Unit.id)


def helps_unit_with_system(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.SUPERBRUGER), customer=Unit.customer_id, unit=Unit.id, system=System.id)


def is_of_kept_system(who: Actor) -> ColumnElement[bool]:
    return Topic.system_id.in_(select(System.id).where(granted(SystemPermission.KEEP, who)))


def is_of_coordinated_customer(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(*_COORDINATORS), customer=Topic.customer_id)


def is_for_person(who: Actor) -> ColumnElement[bool]:
    return false() if who.id is None else Offer.person_id == who.id


def was_made_by_person(who: Actor) -> ColumnElement[bool]:
    return false() if who.id is None else Offer.by_id == who.id


def was_made_in_own_team(who: Actor) -> ColumnElement[bool]:
    if not who.team_ids or not who.has_role(*STAFF):
        return false()
    return Offer.ticket_id.in_(select(Ticket.id).where(Ticket.team_id.in_(who.team_ids)))


def coordinates_offers(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(*_COORDINATORS), customer=Offer.customer_id)


def coordinates_visits(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(*_COORDINATORS), customer=Visit.customer_id)


def manages_visited_unit(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.MANAGER), customer=Visit.customer_id, unit=Visit.unit_id)


def owns_visited_system(who: Actor) -> ColumnElement[bool]:
    owned = {grant.system_id for grant in who.granted(Role.SYSTEM_OWNER) if grant.system_id is not None}
    return or_(false(), Visit.system_id.in_(owned)) if owned else false()


def goes_there(who: Actor) -> ColumnElement[bool]:
    if who.id is None or not who.grants:
        return false()
    return Visit.id.in_(select(VisitPerson.visit_id).where(VisitPerson.person_id == who.id))


POLICY = declare(
    {
        CompetencePermission.SEE_NEED: [[coordinates_unit], [manages_unit], [owns_system], [helps_unit_with_system]],
        CompetencePermission.SEE_COVERAGE: [[coordinates_unit], [manages_unit], [owns_system]],
        UnitCompetencePermission.SEE_PEOPLE: [[coordinates_unit], [manages_unit]],
        UnitCompetencePermission.LOOK: [[is_root, is_customer_of_own_role]],
        UnitCompetencePermission.COORDINATE: [[is_root, coordinates_whole_customer]],
        TopicPermission.KEEP: [[is_of_kept_system], [is_of_coordinated_customer]],
        OfferPermission.READ: [[is_for_person], [was_made_by_person], [was_made_in_own_team], [coordinates_offers]],
        OfferPermission.ANSWER: [[is_for_person]],
        VisitPermission.READ: [[coordinates_visits], [manages_visited_unit], [owns_visited_system], [goes_there]],
        VisitPermission.NOTE: [[coordinates_visits], [goes_there]],
        VisitPermission.CHANGE: [[coordinates_visits]],
    }
)
