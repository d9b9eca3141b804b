"""Whose turn it is, in few words for those who work."""

from servicedesk.core.language import gettext as _
from servicedesk.tickets.lists import Row
from servicedesk.tickets.workflow import State


def whose_turn(row: Row) -> str:
    match row.state:
        case State.NEW:
            return _("Ny, venter på os")
        case State.OPEN if row.is_unanswered:
            return _("Brugeren har skrevet")
        case State.OPEN:
            return _("Hos %(name)s", name=row.assignee) if row.assignee else _("Hos os")
        case State.WAITING_USER:
            return _("Venter på brugeren")
        case State.WAITING_SUPPLIER:
            return _("Venter på leverandøren")
        case State.RESOLVED:
            return _("Løst, venter på bekræftelse")
        case _:
            return _("Afsluttet")
