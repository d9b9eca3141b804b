"""Of what about reports people hear, and who still may when the mail leaves."""

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import lazy_gettext as lazy
from sqlalchemy import ColumnElement, select

from servicedesk.core.actor import Actor
from servicedesk.core.db import db
from servicedesk.core.language import gettext as _
from servicedesk.core.permissions import granted
from servicedesk.insight.models import ReportSubscription
from servicedesk.insight.overview.policy import OverviewPermission
from servicedesk.insight.reports.policy import ReportPermission
from servicedesk.notifications import events, things
from servicedesk.notifications.events import Event
from servicedesk.organisation.models import Unit

#: The mail with the report, which is no event: whoever asked for it gets it, and nobody else.
REPORT = "monthly_report"
ENDED = "report_ended"


def _ended(_facts: Mapping[str, Any]) -> str:
    return _("Du får ikke længere månedsrapporten på mail")


events.declare(
    Event(key=ENDED, label=lazy("En månedsrapport, du får, er stoppet"), group=lazy("Overblik"), words=_ended)
)


def _named(ids: Collection[int], reader: Actor, *conditions: ColumnElement[bool]) -> dict[int, things.Thing]:
    query = select(ReportSubscription.id).where(
        ReportSubscription.id.in_(ids), granted(ReportPermission.KEEP, reader), *conditions
    )
    return {id_: things.Thing(_("Månedsrapport"), "") for id_ in db.session.scalars(query)}


def _reports(ids: Collection[int], reader: Actor) -> dict[int, things.Thing]:
    """The reader's own that are on, while there is an overview for him or her."""
    looks = select(Unit.id).where(granted(OverviewPermission.LOOK, reader))
    row = ReportSubscription
    return _named(ids, reader, row.ended_at.is_(None), row.customer_id.in_(looks))


def _ended_reports(ids: Collection[int], reader: Actor) -> dict[int, things.Thing]:
    return _named(ids, reader, ReportSubscription.ended_at.is_not(None))


things.declare("report", _reports)
things.declare("endedreport", _ended_reports)
