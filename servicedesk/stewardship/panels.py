"""The way to the owner's page, and the owner's systems on the start page."""

from typing import Any

from flask import render_template

from servicedesk.core import clock
from servicedesk.core.actor import Actor, Role
from servicedesk.core.panels import Place, offer
from servicedesk.core.permissions import is_open
from servicedesk.stewardship import reviews, standing
from servicedesk.systems import queries
from servicedesk.systems.policy import SystemPermission
from servicedesk.systems.rules import Phase

#: Systems that stand on the start page; the list has them all.
SHOWN = 8


def _at_start(_thing: Any, who: Actor) -> str | None:
    """For owners their own systems, for those who run the register what is overdue in it."""
    systems = queries.kept_by(who) if who.has_role(Role.SYSTEM_OWNER) else []
    overdue = reviews.overdue(who, clock.today()) if is_open(SystemPermission.MANAGE, who) else 0
    if not systems and not overdue:
        return None
    now = clock.now()
    running = [one for one in queries.current_disturbances(who, now) if one.phase(now) is Phase.RUNNING]
    return render_template(
        "stewardship/_start.html",
        systems=systems[:SHOWN],
        more=len(systems) - SHOWN,
        open=standing.open_by_system(systems, who),
        troubled={system.id for one in running for system in one.systems},
        overdue=overdue,
        today=clock.today(),
    )


def _action(system: Any, who: Actor) -> str | None:
    if not queries.may(SystemPermission.KEEP, system, who):
        return None
    return render_template("stewardship/_action.html", system=system)


offer(Place.START, _at_start, rank=30)
offer(Place.SYSTEM_ACTIONS, _action)
