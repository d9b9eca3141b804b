"""Whether single keys do something for a person."""

from servicedesk.core.actor import Actor
from servicedesk.core.permissions import is_open
from servicedesk.core.preferences import Preference, declare, one_of
from servicedesk.tickets.policy import TicketPermission

ON, OFF = "on", "off"

CHOSEN = declare(Preference[str | None]("keys", None, one_of(ON, OFF)))


def are_on(who: Actor) -> bool:
    """As chosen; otherwise on for those who work in the queue, and off for everybody else.

    Whoever speaks to the computer, or leans on its keys, may set them off by accident (WCAG 2.1.4); an employee who
    comes twice a year should not have to find out why. Keys with Ctrl are always on.
    """
    chosen = CHOSEN.of(who)
    return is_open(TicketPermission.OVERSEE, who) if chosen is None else chosen == ON
