"""With which teams tickets may lie, and which of them receives new ones."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, case, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from servicedesk.core.db import db
from servicedesk.core.errors import N_, RefusedError
from servicedesk.organisation.models import Team
from servicedesk.systems.models import System
from servicedesk.tickets.workflow import Secrecy

_DUTY: Mapping[Secrecy, InstrumentedAttribute[bool]] = {
    Secrecy.ORDINARY: Team.is_first_line,
    Secrecy.CONFIDENTIAL: Team.receives_confidential,
    Secrecy.SECURITY: Team.receives_security,
}


def may_hold(customer_id: int, secrecy: Secrecy) -> ColumnElement[bool]:
    """A secret ticket lies with a team that is closed to others, an ordinary one with any of the rest."""
    is_secret = secrecy is not Secrecy.ORDINARY
    return and_(Team.customer_id == customer_id, Team.is_active, Team.is_closed.is_(is_secret))


def receives(secrecy: Secrecy) -> ColumnElement[bool]:
    """New tickets of that class come to the team, unless their system has one of its own."""
    return _DUTY[secrecy].is_(True)


def team_of(customer_id: int, secrecy: Secrecy, system: System | None) -> int | None:
    """Where a new ticket goes: the system's team, else the first line; a secret one to a team closed to others."""
    is_secret = secrecy is not Secrecy.ORDINARY
    own = Team.id == system.team_id if system is not None and not is_secret else false()
    query = select(Team.id).where(may_hold(customer_id, secrecy), or_(own, receives(secrecy)))
    found = db.session.scalar(query.order_by(case((own, 0), else_=1), Team.id).limit(1))
    if found is None and is_secret:
        raise RefusedError(
            N_("Der er endnu ikke et team, som må se den slags. Ring til servicedesken i stedet for at skrive.")
        )
    return found
