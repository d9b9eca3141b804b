"""On a system's page in the register: who helps with it in the reader's own unit."""

from typing import Any

from flask import render_template

from servicedesk.core import clock
from servicedesk.core.actor import Actor
from servicedesk.core.panels import Place, offer
from servicedesk.superbrugere import queries


def _panel(system: Any, who: Actor) -> str | None:
    if who.unit_id is None or who.customer_id is None or who.customer_id != system.customer_id:
        return None
    helpers = queries.covering(who.customer_id, who.unit_id, system.id, clock.today())
    return render_template("superbrugere/_of_system.html", system=system, helpers=helpers)


offer(Place.SYSTEM, _panel, rank=30)
