"""With which teams tickets may lie, and which of them receives new ones."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

from servicedesk.organisation.models import Team
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
