"""What is wrong now, on the pages of others."""

from datetime import datetime
from typing import Any

from flask import render_template

from servicedesk.core import clock, panels
from servicedesk.core.actor import Actor
from servicedesk.systems.queries import current_disturbances


def banner(who: Actor, now: datetime, system_id: int | None = None) -> str:
    """What the person should know before anything else; empty when all is well. With `system_id`, of that one alone."""
    found = current_disturbances(who, now, system_id)
    return render_template("systems/_banner.html", disturbances=found, now=now) if found else ""


def _at_start(_thing: Any, who: Actor) -> str | None:
    return banner(who, clock.now())


panels.offer(panels.Place.START, _at_start, rank=10)
