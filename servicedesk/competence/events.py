"""What people are told about visits."""

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import lazy_gettext as lazy
from sqlalchemy import select

from servicedesk.competence.models import Visit
from servicedesk.competence.policy import VisitPermission
from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.language import gettext as _
from servicedesk.core.permissions import granted, is_open
from servicedesk.notifications import events, things
from servicedesk.notifications.events import Event
from servicedesk.notifications.models import ByMail
from servicedesk.organisation.models import Unit

FOLLOWED_UP = "visit_followed_up"


def _words(facts: Mapping[str, Any]) -> str:
    return _("Sådan er det gået %(weeks)s uger efter serviceeftersynet", weeks=facts["weeks"])


def _reads(who: Actor) -> bool:
    return is_open(VisitPermission.READ, who)


events.declare(
    Event(
        key=FOLLOWED_UP,
        label=lazy("Et serviceeftersyn, du var med til, er fulgt op"),
        group=lazy("Henvendelser, du arbejder med"),
        words=_words,
        by_mail=ByMail.DIGEST,
        is_for=_reads,
    )
)


def _names(ids: Collection[int], reader: Actor) -> dict[int, things.Thing]:
    query = select(Visit.id, Unit.name).join(Unit, Unit.id == Visit.unit_id)
    query = query.where(Visit.id.in_(ids), granted(VisitPermission.READ, reader))
    return {id_: things.Thing(_("Serviceeftersyn"), name) for id_, name in db.session.execute(query)}


things.declare("visit", _names)
