"""Who may see ratings and their figures, follow them up, and run surveys."""

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from servicedesk.core.actor import Actor, Role
from servicedesk.core.permissions import Permission, declare
from servicedesk.organisation.models import TeamMember, Unit
from servicedesk.organisation.policy import STAFF
from servicedesk.organisation.scope import within
from servicedesk.surveys.models import Cell, Figure, Rating, Survey
from servicedesk.surveys.rules import FEWEST_IN_TEAM, About
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.policy import is_in_own_team, is_ordinary
from servicedesk.tickets.workflow import Secrecy


class RatingPermission(Permission):
    """On a rating; whoever asks joins its ticket."""

    #: To read how the help was rated, and what was written.
    READ = "read"
    #: To see to one that calls for it.
    FOLLOW_UP = "follow_up"
    #: To see figures of one's own.
    SEE_OWN_FIGURES = "see_own_figures"


class FigurePermission(Permission):
    """On a figure of ratings."""

    SEE = "see"


class SurveyPermission(Permission):
    """On a survey."""

    #: To build, open and close it, and to see all that is told of it.
    RUN = "run"
    #: To see what is told of units of one's own.
    SEE_RESULTS = "see_results"


class CellPermission(Permission):
    """On what is told of a unit's answers to a survey."""

    SEE = "see"


class AskingPermission(Permission):
    """On a customer's root unit: to say how its users are asked."""

    SET = "set"


# ------------------------------------------------------------------------------------------------ ratings


def is_raters_own(who: Actor) -> ColumnElement[bool]:
    return false() if who.id is None else Rating.person_id == who.id


def is_rated(who: Actor) -> ColumnElement[bool]:
    """The supporter, or the superbruger, who had the ticket."""
    return false() if who.id is None else Rating.supporter_id == who.id


def is_rated_supporter(who: Actor) -> ColumnElement[bool]:
    return is_rated(who) if who.has_role(*STAFF) else false()


def runs_tickets_desk(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.SERVICEDESK_MANAGER), customer=Ticket.customer_id, unit=Ticket.unit_id)


def is_secret(_who: Actor) -> ColumnElement[bool]:
    return Ticket.secrecy != Secrecy.ORDINARY


# ------------------------------------------------------------------------------------------------ figures


def is_no_small_team(_who: Actor) -> ColumnElement[bool]:
    """A team of few is a person, and others see no figures of persons."""
    members = select(func.count()).where(TeamMember.team_id == Figure.team_id).correlate(Figure).scalar_subquery()
    return or_(Figure.team_id.is_(None), members >= FEWEST_IN_TEAM)


def runs_figures_desk(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.SERVICEDESK_MANAGER), customer=Figure.customer_id)


def leads_figures_unit(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.MANAGER), customer=Figure.customer_id, unit=Figure.unit_id)


def is_of_unit(_who: Actor) -> ColumnElement[bool]:
    """A leader of a whole customer is asked for by the customer alone."""
    return Figure.about == About.UNIT


def is_of_own_team(who: Actor) -> ColumnElement[bool]:
    return Figure.team_id.in_(who.team_ids) if who.team_ids and who.has_role(*STAFF) else false()


def is_of_owned_system(who: Actor) -> ColumnElement[bool]:
    """Whoever leads units as well sees those: two ways of dividing the same answers would tell more than either."""
    owned = {grant.system_id for grant in who.granted(Role.SYSTEM_OWNER) if grant.system_id is not None}
    return Figure.system_id.in_(owned) if owned and not who.has_role(Role.MANAGER) else false()


# ------------------------------------------------------------------------------------------------ surveys


def runs_survey(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.SERVICEDESK_MANAGER), customer=Survey.customer_id)


def has_cells_of_led_unit(who: Actor) -> ColumnElement[bool]:
    led = leads_cells_unit(who)
    return false() if not who.has_role(Role.MANAGER) else exists().where(and_(Cell.survey_id == Survey.id, led))


def runs_cells_desk(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.SERVICEDESK_MANAGER), customer=Cell.customer_id)


def leads_cells_unit(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.MANAGER), customer=Cell.customer_id, unit=Cell.unit_id)


def is_root(_who: Actor) -> ColumnElement[bool]:
    return Unit.parent_id.is_(None)


def runs_customers_desk(who: Actor) -> ColumnElement[bool]:
    """All of it, not a part."""
    return within(who.granted(Role.SERVICEDESK_MANAGER), customer=Unit.customer_id)


POLICY = declare(
    {
        RatingPermission.READ: [
            [is_raters_own],
            [is_in_own_team],
            [is_rated, is_ordinary],
            [runs_tickets_desk, is_ordinary],
        ],
        # Nobody outside of a closed team knows of its tickets: there the team itself sees to it.
        RatingPermission.FOLLOW_UP: [[runs_tickets_desk, is_ordinary], [is_in_own_team, is_secret]],
        RatingPermission.SEE_OWN_FIGURES: [[is_rated_supporter]],
        FigurePermission.SEE: [
            [runs_figures_desk, is_no_small_team],
            [leads_figures_unit, is_of_unit],
            [is_of_own_team, is_no_small_team],
            [is_of_owned_system],
        ],
        SurveyPermission.RUN: [[runs_survey]],
        SurveyPermission.SEE_RESULTS: [[runs_survey], [has_cells_of_led_unit]],
        CellPermission.SEE: [[runs_cells_desk], [leads_cells_unit]],
        AskingPermission.SET: [[is_root, runs_customers_desk]],
    }
)
