"""What people can be told about how systems run."""

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import lazy_gettext as lazy
from sqlalchemy import select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.language import gettext as _
from servicedesk.core.permissions import granted
from servicedesk.notifications import events, things
from servicedesk.notifications.events import Event
from servicedesk.systems.models import Disturbance, DisturbanceSystem, System
from servicedesk.systems.policy import DisturbancePermission, SystemPermission

BEGUN = "disturbance_begun"
TOLD = "disturbance_told"
ENDED = "disturbance_ended"
ANNOUNCED = "maintenance_announced"


def _begun(_facts: Mapping[str, Any]) -> str:
    return _("En driftsforstyrrelse er begyndt")


def _told(facts: Mapping[str, Any]) -> str:
    if facts.get("is_resumed"):
        return _("Det er ikke løst alligevel")
    return _("Der er nyt om et servicevindue") if facts.get("is_planned") else _("Der er nyt om en driftsforstyrrelse")


def _ended(facts: Mapping[str, Any]) -> str:
    if facts.get("is_called_off"):
        return _("Servicevinduet er aflyst")
    return _("Servicevinduet er slut") if facts.get("is_planned") else _("Det virker igen")


def _announced(facts: Mapping[str, Any]) -> str:
    return _("Servicevindue i dag") if facts.get("stage") == "same_day" else _("Servicevindue om to arbejdsdage")


_RUNNING = lazy("Driftsstatus")

events.declare(
    Event(
        key=BEGUN,
        label=lazy("En driftsforstyrrelse begynder på et system, du følger"),
        group=_RUNNING,
        words=_begun,
    ),
    Event(
        key=TOLD,
        label=lazy("Nyt om noget, du oplever, eller om et system, du følger"),
        group=_RUNNING,
        words=_told,
    ),
    Event(key=ENDED, label=lazy("Det virker igen"), group=_RUNNING, words=_ended),
    Event(key=ANNOUNCED, label=lazy("Et servicevindue på et system, du følger"), group=_RUNNING, words=_announced),
)


def _names(ids: Collection[int], reader: Actor) -> dict[int, things.Thing]:
    """The disturbances that the reader may read, by the systems among theirs that he or she hears of."""
    query = (
        select(Disturbance.id, Disturbance.message, System.name)
        .join(DisturbanceSystem, DisturbanceSystem.disturbance_id == Disturbance.id)
        .join(System, System.id == DisturbanceSystem.system_id)
        .where(Disturbance.id.in_(ids), Disturbance.withdrawn_at.is_(None))
        .where(granted(DisturbancePermission.READ, reader), granted(SystemPermission.HEAR, reader))
        .order_by(System.name)
    )
    named: dict[int, tuple[str, list[str]]] = {}
    for id_, message, name in db.session.execute(query):
        named.setdefault(id_, (message, []))[1].append(name)
    return {id_: things.Thing(", ".join(names), message) for id_, (message, names) in named.items()}


things.declare("disturbance", _names)
