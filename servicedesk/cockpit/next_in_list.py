"""A ticket among its neighbours in the view that it was opened from: a strip on its page, and what comes next.

The view travels in the address as the queue's own query. Whatever is in it is read as any view is: by filters that show
nobody more than he or she may see.
"""

from typing import NamedTuple
from urllib.parse import parse_qs

from flask import render_template, url_for
from werkzeug.datastructures import MultiDict

from servicedesk.core import clock, panels
from servicedesk.core.actor import Actor
from servicedesk.core.permissions import is_open
from servicedesk.tickets import lists, onward, soon
from servicedesk.tickets.filters import Filters
from servicedesk.tickets.models import Ticket
from servicedesk.tickets.neighbours import Neighbours, neighbours
from servicedesk.tickets.onward import Onward
from servicedesk.tickets.policy import TicketPermission
from servicedesk.tickets.queries import Held
from servicedesk.tickets.views.walking import address_of, came_from

#: A view has no more values than anybody can choose.
MOST_VALUES = 100


class Strip(NamedTuple):
    """Where a ticket stands, in words for the page."""

    place: str
    total: str
    previous: str | None
    next: str | None
    view: str


def filters_of(came_from: str) -> Filters:
    """The view that an address names; nonsense in it counts as nothing."""
    try:
        values = parse_qs(came_from, max_num_fields=MOST_VALUES)
    except ValueError:
        values = {}
    return Filters.read(MultiDict(values))


def _around(came_from: str, ticket: Ticket, who: Actor) -> Neighbours:
    return neighbours(soon.told(filters_of(came_from), who, clock.now()), who, ticket)


def find_next(came_from: str, ticket: Ticket, who: Actor) -> Onward | None:
    """The ticket after this one in that view, else the view itself."""
    if not is_open(TicketPermission.OVERSEE, who):
        return None
    around = _around(came_from, ticket, who)
    row = lists.listed([around.next], who).get(around.next) if around.next is not None else None
    if row is None:
        return Onward(f"{url_for('cockpit.queue')}?{came_from}", None)
    return Onward(address_of(row.id, came_from), row.subject)


def strip(held: Held, who: Actor) -> str | None:
    came = came_from()
    if came is None or not is_open(TicketPermission.OVERSEE, who):
        return None
    around = _around(came, held.ticket, who)
    shown = Strip(
        place=_capped(around.before + 1) if around.is_in_it else "",
        total=_capped(around.total),
        previous=address_of(around.previous, came) if around.previous is not None else None,
        next=address_of(around.next, came) if around.next is not None else None,
        view=f"{url_for('cockpit.queue')}?{came}",
    )
    return render_template("cockpit/_next_in_list.html", strip=shown)


def _capped(number: int) -> str:
    return f"{lists.COUNT_CAP}+" if number > lists.COUNT_CAP else str(number)


panels.offer(panels.Place.TICKET_TOP, strip, rank=10)
onward.offer(find_next)
