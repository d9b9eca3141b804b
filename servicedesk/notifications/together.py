"""News about several things that happened in one go: how it is called in the bell."""

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import lazy_gettext as lazy

from servicedesk.core.actor import Actor
from servicedesk.core.language import gettext as _
from servicedesk.notifications import events, things
from servicedesk.notifications.events import Event
from servicedesk.notifications.models import ByMail

TOGETHER = "together"


def _said(facts: Mapping[str, Any]) -> str:
    return events.said_of_many(facts.get("event"), facts["count"], facts)


def _nobody_chooses(_who: Actor) -> bool:
    return False


def _names(ids: Collection[int], _reader: Actor) -> dict[int, things.Thing]:
    """The notice itself says how many; which they are the page tells, for the reader."""
    return {id_: things.Thing(_("Flere på én gang"), "") for id_ in ids}


events.declare(
    Event(
        key=TOGETHER,
        label=lazy("Flere på én gang"),
        group=lazy("Flere på én gang"),
        words=_said,
        by_mail=ByMail.NEVER,
        is_for=_nobody_chooses,
    )
)
things.declare("together", _names)
