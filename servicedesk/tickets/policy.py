"""Who may do what to tickets."""

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from servicedesk.core.actor import Actor, Role
from servicedesk.core.permissions import Permission, Ways, declare
from servicedesk.organisation.scope import within
from servicedesk.superbrugere.models import Guideline
from servicedesk.superbrugere.rules import Leeway, at_least
from servicedesk.tickets import looked_up as looked_up
from servicedesk.tickets.models import Follower, Ticket
from servicedesk.tickets.workflow import Kind, Secrecy, Tier


class TicketPermission(Permission):
    """On a ticket."""

    READ = "read"
    #: To read notes and what else is only for those who work on it.
    READ_INTERNAL = "read_internal"
    REPLY = "reply"
    #: To say that the solution works, or that it does not.
    JUDGE = "judge"
    CANCEL = "cancel"
    FOLLOW = "follow"
    #: To see it among the tickets of one's desk, area, unit or system, rather than as one's own.
    OVERSEE = "oversee"
    #: To take, change, pause, note, link and merge.
    WORK = "work"
    #: To say how it was solved.
    RESOLVE = "resolve"
    #: To give it to a team or a colleague of the servicedesk, and to a superbruger.
    DISPATCH = "dispatch"
    #: To pass it on from a superbruger to the servicedesk.
    ESCALATE = "escalate"


def is_users(who: Actor) -> ColumnElement[bool]:
    """Filed by the person, or on his or her behalf."""
    return false() if who.id is None else or_(Ticket.filer_id == who.id, Ticket.affected_id == who.id)


def is_followed(who: Actor) -> ColumnElement[bool]:
    if who.id is None:
        return false()
    return Ticket.id.in_(select(Follower.ticket_id).where(Follower.person_id == who.id))


def is_ordinary(_who: Actor) -> ColumnElement[bool]:
    return Ticket.secrecy == Secrecy.ORDINARY


def is_local(_who: Actor) -> ColumnElement[bool]:
    return Ticket.tier == Tier.LOCAL


def is_in_own_team(who: Actor) -> ColumnElement[bool]:
    """A supporter's team has it; a confidential or security ticket is known there and nowhere else."""
    if not who.team_ids or not who.has_role(Role.SUPPORTER, Role.SERVICEDESK_MANAGER):
        return false()
    return Ticket.team_id.in_(who.team_ids)


def is_at_own_desk(who: Actor) -> ColumnElement[bool]:
    return _within(who, Role.SUPPORTER, Role.SERVICEDESK_MANAGER)


def is_own_superbruger_area(who: Actor) -> ColumnElement[bool]:
    return _within(who, Role.SUPERBRUGER)


def guideline_lets_forward(_who: Actor) -> ColumnElement[bool]:
    """The guideline of its system, or else the general one, lets a superbruger see and pass on such a ticket."""
    return _guideline_lets(Leeway.FORWARD)


def guideline_lets_answer(_who: Actor) -> ColumnElement[bool]:
    return _guideline_lets(Leeway.ANSWER)


def guideline_lets_solve(_who: Actor) -> ColumnElement[bool]:
    return _guideline_lets(Leeway.SOLVE)


def _guideline_lets(leeway: Leeway) -> ColumnElement[bool]:
    """What no guideline speaks of is left to superbrugere; but without one, nothing comes to the local tier."""
    return or_(
        and_(Ticket.kind == Kind.INCIDENT, _lets(Guideline.incident, leeway)),
        and_(Ticket.kind == Kind.REQUEST, _lets(Guideline.request, leeway)),
    )


def _lets(column: InstrumentedAttribute[Leeway], leeway: Leeway) -> ColumnElement[bool]:
    has_own = Guideline.system_id.is_not(None)
    own = select(Guideline.system_id).where(has_own)
    lets = column.in_(at_least(leeway))
    general_refuses = select(Guideline.customer_id).where(~has_own, ~lets)
    return or_(
        Ticket.system_id.in_(own.where(lets)),
        and_(
            or_(Ticket.system_id.is_(None), Ticket.system_id.not_in(own)),
            Ticket.customer_id.not_in(general_refuses),
        ),
    )


def is_in_managed_unit(who: Actor) -> ColumnElement[bool]:
    return _within(who, Role.MANAGER)


def is_on_owned_system(who: Actor) -> ColumnElement[bool]:
    return _within(who, Role.SYSTEM_OWNER)


def _within(who: Actor, *roles: Role) -> ColumnElement[bool]:
    return within(
        who.granted(*roles),
        customer=Ticket.customer_id,
        unit=Ticket.unit_id,
        system=Ticket.system_id,
    )


_DESK: Ways = [[is_in_own_team], [is_at_own_desk, is_ordinary]]
_AT_HAND: Ways = [[is_own_superbruger_area, is_ordinary, guideline_lets_forward]]
_OVERSEERS: Ways = [
    *_DESK,
    *_AT_HAND,
    [is_in_managed_unit, is_ordinary],
    [is_on_owned_system, is_ordinary],
]
_READERS: Ways = [[is_users], [is_followed, is_ordinary], *_OVERSEERS]

POLICY = declare(
    {
        TicketPermission.READ: _READERS,
        TicketPermission.OVERSEE: _OVERSEERS,
        TicketPermission.READ_INTERNAL: [*_DESK, *_AT_HAND],
        TicketPermission.REPLY: [
            [is_users],
            *_DESK,
            [is_own_superbruger_area, is_ordinary, guideline_lets_answer],
        ],
        TicketPermission.JUDGE: [[is_users]],
        TicketPermission.CANCEL: [[is_users], *_DESK],
        TicketPermission.FOLLOW: _READERS,
        TicketPermission.WORK: [*_DESK, [is_own_superbruger_area, is_ordinary, is_local, guideline_lets_answer]],
        TicketPermission.RESOLVE: [*_DESK, [is_own_superbruger_area, is_ordinary, is_local, guideline_lets_solve]],
        TicketPermission.DISPATCH: _DESK,
        TicketPermission.ESCALATE: [
            [is_users, is_ordinary, is_local],
            [is_in_own_team, is_ordinary, is_local],
            [is_at_own_desk, is_ordinary, is_local],
            [is_own_superbruger_area, is_ordinary, is_local, guideline_lets_forward],
        ],
    }
)
