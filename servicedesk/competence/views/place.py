"""Whose figures a page shows, of which part of the organisation and of when."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import request, url_for
from sqlalchemy import select

from servicedesk.competence import counting, topics
from servicedesk.competence.policy import UnitCompetencePermission
from servicedesk.core import web
from servicedesk.core.actor import Actor
from servicedesk.core.alphabet import in_order
from servicedesk.core.db import db
from servicedesk.core.errors import NotFoundError
from servicedesk.core.periods import Period
from servicedesk.core.permissions import granted, is_open
from servicedesk.organisation.models import Unit
from servicedesk.tickets.policy import TicketPermission

#: Without a period in the address; and no longer than this, whoever asks.
USUAL, LONGEST = timedelta(days=364), timedelta(days=731)


def customers(who: Actor, permission: UnitCompetencePermission = UnitCompetencePermission.LOOK) -> list[Unit]:
    """The own one first."""
    query = select(Unit).where(granted(permission, who), Unit.is_active)
    found = in_order(db.session.scalars(query), lambda unit: unit.name)
    return sorted(found, key=lambda unit: unit.id != who.customer_id)


def chosen(who: Actor, permission: UnitCompetencePermission = UnitCompetencePermission.LOOK) -> Unit:
    """The customer that the address names, else the person's own or the first."""
    known, asked = customers(who, permission), web.key_in_address("customer")
    found = next((one for one in known if one.id == asked), None) if asked else next(iter(known), None)
    if found is None:
        raise NotFoundError
    return found


def standing(who: Actor, customer: Unit) -> dict[str, Any]:
    """What every page about a customer needs."""
    coordinated = customers(who, UnitCompetencePermission.COORDINATE)
    return {
        "customer": customer,
        "customers": [(one.id, one.name) for one in customers(who)],
        "coordinates": any(one.id == customer.id for one in coordinated),
        "keeps_topics": topics.keeps_any(who),
    }


def period() -> Period:
    return web.asked_period(USUAL, LONGEST)


def address() -> dict[str, str]:
    """What of the page's own address goes on with its links."""
    names = ("customer", "unit", "kind", "from", "to", "show", "minutes")
    return {name: request.args[name][:100] for name in names if request.args.get(name)}


Link = Callable[..., str]


def linker(when: Period, who: Actor) -> Link | None:
    """Answers the list of the tickets behind a number; None for those who see no lists."""
    if not is_open(TicketPermission.OVERSEE, who):
        return None

    def link(*marks: str, system_id: int | None = None) -> str:
        filters = counting.behind(*when.instants, *marks, system_id=system_id)
        return url_for("cockpit.queue", **filters.address())

    return link
