"""What people are told about their training."""

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
from servicedesk.training.models import Course, Session
from servicedesk.training.policy import SessionPermission

SESSION = "course_session"
REMINDER = "training_reminder"


def _about_session(facts: Mapping[str, Any]) -> str:
    match facts.get("what"):
        case "seated":
            return _("Du har fået plads på kurset")
        case "waiting":
            return _("Du står på venteliste til kurset")
        case "off":
            return _("Du er meldt af kurset")
        case "cancelled":
            return _("Kurset er aflyst")
        case _:
            return _("Kurset har fået nyt tidspunkt eller sted")


def _reminds(facts: Mapping[str, Any]) -> str:
    if facts.get("staff") and not facts.get("own"):
        return _("Nogen på din enhed mangler et obligatorisk kursus")
    return _("Der er noget, du skal lære")


events.declare(
    Event(
        key=SESSION,
        label=lazy("Et kursus, du er tilmeldt"),
        group=lazy("Din uddannelse"),
        words=_about_session,
    ),
    Event(
        key=REMINDER,
        label=lazy("Påmindelse om det, du eller dine medarbejdere skal lære"),
        group=lazy("Din uddannelse"),
        words=_reminds,
    ),
)


def _sessions(ids: Collection[int], reader: Actor) -> dict[int, things.Thing]:
    query = select(Session.id, Course.name).join(Course, Course.id == Session.course_id)
    rows = db.session.execute(query.where(Session.id.in_(ids), granted(SessionPermission.READ, reader)))
    return {id_: things.Thing(_("Kursus"), name) for id_, name in rows}


def _own(ids: Collection[int], reader: Actor) -> dict[int, things.Thing]:
    """Reminders are about the reader, and nobody else's."""
    return {id_: things.Thing(_("Uddannelse"), _("Det, du skal lære")) for id_ in ids if id_ == reader.id}


things.declare("session", _sessions)
things.declare("training", _own)
