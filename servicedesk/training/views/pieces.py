"""What several pages of training share."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from servicedesk.core import web
from servicedesk.core.actor import Actor
from servicedesk.core.errors import N_, NotFoundError
from servicedesk.core.permissions import Permission, is_open
from servicedesk.organisation import choosing
from servicedesk.organisation.changes import FieldRefusedError
from servicedesk.organisation.models import Unit
from servicedesk.training import queries
from servicedesk.training.policy import CoordinationPermission, LearnerPermission


def places(who: Actor) -> list[tuple[str, str, bool]]:
    """The pages beside each other, for those who may open them."""
    known = [
        (_("Min uddannelse"), "training.mine", True),
        (_("Kurser"), "training.courses", True),
        (_("Mine medarbejdere"), "training.staff", is_open(LearnerPermission.SEE_STATUS, who)),
        (_("Lokal oplæring"), "training.instructions", is_open(LearnerPermission.INSTRUCT, who)),
        (_("Krav"), "training.requirements", is_open(CoordinationPermission.COORDINATE, who)),
        (_("Alle medarbejdere"), "training.people", is_open(LearnerPermission.KEEP, who)),
    ]
    return [(text, url_for(endpoint), request.endpoint == endpoint) for text, endpoint, may in known if may]


def chosen_customer(
    who: Actor, permission: CoordinationPermission = CoordinationPermission.COORDINATE_CUSTOMER
) -> Unit:
    """The customer that the address names, else the person's own or the first that he or she coordinates."""
    known = customers(who, permission)
    asked = web.key_in_address("customer")
    found = next((one for one in known if one.id == asked), None) if asked else next(iter(known), None)
    if found is None:
        raise NotFoundError
    return found


def customers(who: Actor, permission: CoordinationPermission) -> list[Unit]:
    """Of whose units the person coordinates any; whoever coordinates a part has that part's customer."""
    if permission is CoordinationPermission.COORDINATE_CUSTOMER:
        return queries.customers(who)
    return queries.customers_of_parts(who)


def standing(who: Actor, customer: Unit) -> dict[str, Any]:
    """What a coordinator's page shows beside its own: which customer, and whether there are others."""
    known = customers(who, CoordinationPermission.COORDINATE)
    return {"places": places(who), "customer": customer, "customers": [(one.id, one.name) for one in known]}


def person_id_of(key: int | None, typed: str | None, who: Actor, field: str, permission: Permission) -> int | None:
    """The one chosen from the suggestions, else the one whom the text names; raises FieldRefusedError."""
    asked = (typed or "").strip()
    if key is not None or not asked:
        return key
    one = choosing.the_one(asked, choosing.choose(asked, who, permission))
    if one is None:
        raise FieldRefusedError(field, N_("Vælg en person fra listen, eller skriv initialerne."))
    return one.id
