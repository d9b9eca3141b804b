"""What owners of systems are told."""

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import lazy_gettext as lazy
from sqlalchemy import select

from servicedesk.core.actor import Actor, Role
from servicedesk.core.db import db
from servicedesk.core.language import gettext as _
from servicedesk.core.permissions import granted
from servicedesk.notifications import events, things
from servicedesk.notifications.events import Event
from servicedesk.systems.models import System
from servicedesk.systems.policy import SystemPermission

REVIEW_DUE = "system_review_due"


def _is_owner(who: Actor) -> bool:
    return who.has_role(Role.SYSTEM_OWNER)


def _words(facts: Mapping[str, Any]) -> str:
    if facts.get("is_overdue"):
        return _("Den årlige gennemgang af systemet er overskredet")
    return _("Det er tid til den årlige gennemgang af systemet")


events.declare(
    Event(
        key=REVIEW_DUE,
        label=lazy("Et system, du ejer, skal gennemgås"),
        group=lazy("Driftsstatus"),
        words=_words,
        is_for=_is_owner,
    )
)


def _names(ids: Collection[int], reader: Actor) -> dict[int, things.Thing]:
    query = select(System.id, System.name).where(System.id.in_(ids), granted(SystemPermission.KEEP, reader))
    return {id_: things.Thing(name, _("Årlig gennemgang")) for id_, name in db.session.execute(query)}


things.declare("review", _names)
