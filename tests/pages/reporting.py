"""Overviews by mail: what the chief gets, and what a manager does."""

from datetime import timedelta
from typing import TYPE_CHECKING

from servicedesk.core import clock
from servicedesk.figures import commands as figures
from servicedesk.figures.slices import Slice
from servicedesk.insight.reports import commands
from servicedesk.notifications.models import OutboxMail

if TYPE_CHECKING:
    from tests.pages.town import Town


def tell(town: "Town") -> None:
    units = tuple(one.id for one in town.units.values())
    with town.desk.app.app_context():
        while figures.roll_up():
            pass
        for who, narrowed in (("manager", ()), ("chief", units), ("chief", ())):
            town.keys["report"] = _subscribe(town, who, narrowed)
    (*_others, mail) = town.desk.all(OutboxMail, template="monthly_report")
    town.keys["report_token"] = mail.facts["unsubscribe_url"].rpartition("/")[2]


def _subscribe(town: "Town", who: str, units: tuple[int, ...]) -> int:
    by, now = town.desk.actor(town.people[who]), clock.now()
    slice_ = Slice(customer_id=town.desk.home.id, first=202601, last=202601, units=units)
    row, _is_new = commands.subscribe(slice_, has_pdf=True, has_xlsx=not units, by=by, now=now - timedelta(days=40))
    commands.send_now(row.id, by=by, now=now)
    return row.id
