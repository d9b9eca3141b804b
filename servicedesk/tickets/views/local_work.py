"""On a superbruger's own page: what waits, and what has come of what was done."""

from flask import render_template

from servicedesk.core import clock, panels
from servicedesk.core.actor import Actor
from servicedesk.tickets import lists, local_work
from servicedesk.tickets.filters import Filters
from servicedesk.tickets.workflow import Tier


def _own_work(_nothing: None, who: Actor) -> str:
    waiting = lists.count(Filters(tiers=(Tier.LOCAL,)), who)
    now = clock.now()
    own = local_work.of(who, now)
    return render_template(
        "tickets/_local_work.html",
        waiting=waiting,
        most=lists.COUNT_CAP,
        own=own,
        noted=own.weekly(clock.today()),
        shown=own.appraised[: local_work.SHOWN],
    )


panels.offer(panels.Place.SUPERBRUGER, _own_work)
