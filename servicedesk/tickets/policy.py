"""Who may do what to tickets."""

from sqlalchemy import ColumnElement, false, or_, select

from servicedesk.core.actor import Actor, Role
from servicedesk.core.permissions import Permission, Ways, declare
from servicedesk.organisation.scope import within
from servicedesk.tickets.models import Follower, Ticket
from servicedesk.tickets.workflow import Secrecy, Tier


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
    #: To take, assign, move, change, pause, note, resolve, link and merge.
    WORK = "work"


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
_OVERSEERS: Ways = [
    *_DESK,
    [is_own_superbruger_area, is_ordinary],
    [is_in_managed_unit, is_ordinary],
    [is_on_owned_system, is_ordinary],
]
_READERS: Ways = [[is_users], [is_followed, is_ordinary], *_OVERSEERS]

POLICY = declare(
    {
        TicketPermission.READ: _READERS,
        TicketPermission.OVERSEE: _OVERSEERS,
        TicketPermission.READ_INTERNAL: [
            *_DESK,
            [is_own_superbruger_area, is_ordinary],
        ],
        TicketPermission.REPLY: [
            [is_users],
            *_DESK,
            [is_own_superbruger_area, is_ordinary],
        ],
        TicketPermission.JUDGE: [[is_users]],
        TicketPermission.CANCEL: [[is_users], *_DESK],
        TicketPermission.FOLLOW: _READERS,
        TicketPermission.WORK: [
            *_DESK,
            [is_own_superbruger_area, is_ordinary, is_local],
        ],
    }
)
