"""Who has looked, and what was changed about the person: when and for what, and not by whom."""

from sqlalchemy import select

from servicedesk.accountability import words
from servicedesk.accountability.package.part import Rows, Whose
from servicedesk.accountability.queries import is_about
from servicedesk.core.audit import AuditLine
from servicedesk.core.db import db
from servicedesk.core.lookups import LookUp
from servicedesk.tickets.models import number_of
from servicedesk.upkeep.words import ACTIONS


def look_ups(whose: Whose) -> Rows:
    query = select(LookUp).where(is_about(whose.person_id)).order_by(LookUp.id)
    return [
        {
            "at": line.at,
            "purpose": words.purpose(line),
            "ticket": number_of(line.ticket_id) if line.ticket_id else None,
            "role": words.roles(line),
        }
        for line in db.session.scalars(query)
    ]


def changes(whose: Whose) -> Rows:
    line = AuditLine
    query = select(line.at, line.action).where(line.subject_kind == "person", line.subject_id == whose.person_id)
    rows = db.session.execute(query.order_by(line.id))
    return [{"at": row.at, "action": str(ACTIONS.get(row.action, row.action))} for row in rows]
