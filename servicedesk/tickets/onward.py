"""What comes after a ticket in the list that it was opened from.

The list travels in the address of the ticket's pages (`?from=team=me`), and lists belong to a capability above: it
offers how to find the next of one, and how to name it.
"""

from collections.abc import Callable
from typing import NamedTuple

from servicedesk.core.actor import Actor
from servicedesk.core.db import db, transaction
from servicedesk.tickets.models import Ticket, WorkHabit

#: A list's address longer than this is no list of ours.
LONGEST = 1_000


class Onward(NamedTuple):
    """Where one goes from a ticket that is done with."""

    #: An address of this site: the next ticket's, or the list's when there is none.
    href: str
    #: The next ticket's subject; None at the end of the list.
    subject: str | None


Finder = Callable[[str, Ticket, Actor], Onward | None]

_finders: list[Finder] = []


def offer(finder: Finder) -> None:
    if finder not in _finders:
        _finders.append(finder)


def find(came_from: str, ticket: Ticket, who: Actor) -> Onward | None:
    """What comes after the ticket in that list, as it is now."""
    return next((found for finder in _finders if (found := finder(came_from, ticket, who))), None)


def goes_on(who: Actor) -> bool:
    """Whether the person wants the next ticket to open by itself."""
    habit = db.session.get(WorkHabit, who.id)
    return habit is not None and habit.goes_on


def remember(wanted: bool, *, by: Actor) -> None:
    """Keeps what the person chose, if it is another choice than before."""
    if by.id is not None and wanted != goes_on(by):
        with transaction() as session:
            session.merge(WorkHabit(person_id=by.id, goes_on=wanted))
