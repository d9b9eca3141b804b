"""What members of a network are told."""

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import lazy_gettext as lazy
from sqlalchemy import select

from servicedesk.core.actor import Actor, Role
from servicedesk.core.db import db
from servicedesk.core.errors import N_
from servicedesk.core.language import gettext as _
from servicedesk.core.permissions import granted
from servicedesk.notifications import events, things
from servicedesk.notifications.events import Event, by_whom
from servicedesk.superbrugere.networks.models import Network
from servicedesk.superbrugere.networks.policy import NetworkPermission

WRITTEN = "network_mail"
MEETING = "network_meeting"


def _is_superbruger(who: Actor) -> bool:
    return who.has_role(Role.SUPERBRUGER)


def _meets(facts: Mapping[str, Any]) -> str:
    match facts["what"]:
        case "called_off":
            return _("Mødet er aflyst")
        case "changed":
            return _("Mødet er ændret")
        case _:
            return _("Du er inviteret til et møde")


events.declare(
    Event(
        key=WRITTEN,
        label=lazy("Der er skrevet til et netværk, du er med i"),
        group=lazy("Henvendelser, du arbejder med"),
        words=by_whom(N_("%(by)s har skrevet til netværket"), N_("Der er skrevet til netværket")),
        is_for=_is_superbruger,
    ),
    Event(
        key=MEETING,
        label=lazy("Et møde i et netværk, du er med i"),
        group=lazy("Henvendelser, du arbejder med"),
        words=_meets,
        is_for=_is_superbruger,
    ),
)


def _names(ids: Collection[int], reader: Actor) -> Mapping[int, things.Thing]:
    query = select(Network.id, Network.name).where(Network.id.in_(ids), granted(NetworkPermission.READ, reader))
    return {id_: things.Thing(_("Netværk"), name) for id_, name in db.session.execute(query)}


things.declare("network", _names)
