"""A superbruger's own page, and who helps a person, on the start page."""

from typing import Any

from flask import render_template

from servicedesk.core import clock, panels
from servicedesk.core.access import actor, requires
from servicedesk.core.actor import Actor, Role
from servicedesk.core.permissions import is_open
from servicedesk.superbrugere import corps, guidelines, queries
from servicedesk.superbrugere.guidelines import Published
from servicedesk.superbrugere.policy import CorpsPermission, FloorHelpPermission
from servicedesk.superbrugere.views import bp
from servicedesk.superbrugere.views.corps import chosen_customer, standing

#: Names on the start page.
NAMED = 2


@bp.get("/me", endpoint="own")
@requires(CorpsPermission.HELP)
def own_page() -> str:
    who, today = actor(), clock.today()
    customer = chosen_customer(who, CorpsPermission.HELP)
    held = corps.in_force(customer.id, today)
    acting = [one for one in held if one.acting is not None and one.acting.id == who.id]
    return render_template(
        "superbrugere/own.html",
        **standing(who, customer),
        own=[one for one in held if one.appointment.person_id == who.id],
        stood_for=[one for one in acting if one.appointment.person_id != who.id],
        may_give_help=is_open(FloorHelpPermission.GIVE, who),
        pending=guidelines.to_accept(who),
        guidelines=_concerning(who, guidelines.of_customer(customer.id)),
    )


def _concerning(who: Actor, some: list[Published]) -> list[Published]:
    """The general one, and those of the systems that the person helps with."""
    systems = {grant.system_id for grant in who.granted(Role.SUPERBRUGER)}
    return [one for one in some if None in systems or one.guideline.system_id in {None, *systems}]


def _at_start(_nothing: Any, who: Actor) -> str | None:
    """For those who do not work on tickets themselves: who helps them first."""
    if who.customer_id is None or who.unit_id is None or who.grants:
        return None
    helpers = [one for one in queries.in_unit(who.customer_id, who.unit_id, clock.today()) if one.id != who.id]
    return (
        render_template("superbrugere/_at_start.html", names=[one.name for one in helpers[:NAMED]]) if helpers else None
    )


panels.offer(panels.Place.START, _at_start, rank=60)
