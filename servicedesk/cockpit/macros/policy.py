"""Who has which macro, and who may change it."""

from sqlalchemy import ColumnElement, false, or_

from servicedesk.cockpit.macros.models import Audience, Macro
from servicedesk.core.actor import Actor, Role
from servicedesk.core.permissions import Permission, declare
from servicedesk.organisation.policy import STAFF
from servicedesk.organisation.scope import within

_WORKERS = (*STAFF, Role.SUPERBRUGER)


class MacroPermission(Permission):
    """On a macro."""

    #: To see it and to run it; what it does to a ticket is the ticket's own to allow.
    USE = "use"
    EDIT = "edit"
    #: To make one that everybody has.
    SHARE = "share"


def is_own_macro(who: Actor) -> ColumnElement[bool]:
    """Whoever works on no tickets any more has none."""
    if who.id is None or not who.has_role(*_WORKERS):
        return false()
    return (Macro.owner_id == who.id) & (Macro.audience == Audience.OWN)


def is_own_teams_macro(who: Actor) -> ColumnElement[bool]:
    if not who.team_ids or not who.has_role(*STAFF):
        return false()
    return (Macro.audience == Audience.TEAM) & Macro.team_id.in_(who.team_ids)


def is_everybodys_macro(who: Actor) -> ColumnElement[bool]:
    """Of a customer for whom the person works: by a role in any part of it, or through a team."""
    customers = {grant.customer_id for grant in who.granted(*STAFF)} | set(who.team_customer_ids)
    if not who.has_role(*STAFF):
        return false()
    is_over_all = any(grant.is_over_all for grant in who.granted(*STAFF))
    reached = Macro.customer_id.is_not(None) if is_over_all else Macro.customer_id.in_(customers - {None})
    return (Macro.audience == Audience.ALL) & reached


def runs_macros_customer(who: Actor) -> ColumnElement[bool]:
    return within(who.granted(Role.SERVICEDESK_MANAGER, Role.ADMINISTRATOR), customer=Macro.customer_id)


def is_for_all(_who: Actor) -> ColumnElement[bool]:
    return Macro.audience == Audience.ALL


def is_shared(_who: Actor) -> ColumnElement[bool]:
    return or_(Macro.audience == Audience.TEAM, Macro.audience == Audience.ALL)


POLICY = declare(
    {
        MacroPermission.USE: [
            [is_own_macro],
            [is_own_teams_macro],
            [is_everybodys_macro],
            [is_shared, runs_macros_customer],
        ],
        MacroPermission.EDIT: [[is_own_macro], [is_own_teams_macro], [is_shared, runs_macros_customer]],
        MacroPermission.SHARE: [[is_for_all, runs_macros_customer]],
    }
)
