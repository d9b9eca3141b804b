"""What people can be told about the work as a superbruger."""

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
from servicedesk.organisation.models import Unit
from servicedesk.superbrugere.models import Guideline
from servicedesk.superbrugere.policy import CorpsPermission
from servicedesk.systems.models import System

GUIDELINE = "guideline_published"


def _is_superbruger(who: Actor) -> bool:
    return who.has_role(Role.SUPERBRUGER)


events.declare(
    Event(
        key=GUIDELINE,
        label=lazy("En retningslinje for superbrugere er udgivet på ny"),
        group=lazy("Henvendelser, du arbejder med"),
        words=by_whom(N_("%(by)s har udgivet en ny udgave. Læs den, og accepter den"), N_("Der er en ny udgave")),
        is_for=_is_superbruger,
        still_for=_is_superbruger,
    )
)


def _names(ids: Collection[int], reader: Actor) -> Mapping[int, things.Thing]:
    query = select(Guideline.id, System.name).outerjoin(System, System.id == Guideline.system_id)
    known = select(Unit.id).where(granted(CorpsPermission.READ, reader)).correlate(None)
    rows: Any = db.session.execute(query.where(Guideline.id.in_(ids), Guideline.customer_id.in_(known)))
    return {id_: things.Thing(_("Retningslinje"), system or _("Generel")) for id_, system in rows}


things.declare("guideline", _names)
